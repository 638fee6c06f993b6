"""F022 to F043 in worlds: silent while doors do as promised, loud once they do not."""

from dataclasses import replace
from typing import Final

import pytest

from edge.daemon import station as station_module
from edge.daemon.devices.actuate import Actuator
from edge.domain import collection, deadlines, door_reports
from edge.domain.decision import Decision
from edge.domain.door import DOOR_STEPS, Door, DoorState
from edge.domain.effects import Effect, OpenDoor
from edge.domain.facts import CellFreed, DoorOpened, Fact, Purpose
from edge.domain.inputs import DoorMoved, Input, TakenReported
from edge.domain.policy import Policy
from edge.domain.settlement import left_open
from edge.domain.state import State, door_of
from edge.domain.station import DECISIONS, decide
from edge.kernel.ids import CellId
from edge.simulation.catalogue.doors import FAULTS
from edge.simulation.catalogue.fault import Fault
from tests.simulation.defences.every import DEFENCES
from tests.simulation.faults import Shown, code_of, not_shown, played

pytestmark = pytest.mark.slow

PLAYED: Final = played(FAULTS)
CROWDED: Final = frozenset({"F042"})
"""A world with twenty-four doors takes its time."""
FEW_SEEDS: Final = 3
MANY_SEEDS: Final = 10

SHOWN: Final = {
    "F022": Shown(
        facts={"door.silent": 2, "cell.faulted": 1, "parcel.picked_up": 1},
        words=(
            "a door has three seconds to open",
            "one pulse until a person asks again",
            "the retry is of the same authorisation",
            "two pulses and no third",
            "the door is for the repairman",
        ),
    ),
    "F023": Shown(
        facts={"door.reminded": 1, "door.left_open": 1, "parcel.picked_up": 2},
        words=(
            "the voice waits for ten seconds",
            "the alarm waits for a minute",
            "another cell is taken",
            "the free cell within 1 s",
        ),
    ),
    "F024": Shown(
        facts={"door.left_open": 1, "cell.questioned": 1},
        words=("it does not catch", "it is no offer", "another cell is taken", "shut, it is free"),
    ),
    "F025": Shown(
        facts={"door.silent": 2, "cell.faulted": 1},
        sometimes=(
            "two pulses and no third",
            "the keeper hands it out",
            "the parcel is inside",
            "the parcel lies in another cell",
            "its lock was fired twice and no more",
        ),
    ),
    "F026": Shown(
        facts={"door.forced": 1, "cell.questioned": 1},
        words=(
            "the alarm within 2 s",
            "no parcel goes into that cell",
            "nobody calls it empty while it says open",
            "a look frees the cell",
        ),
    ),
    "F027": Shown(
        facts={"door.silent": 1, "cell.faulted": 1, "parcel.picked_up": 1},
        words=(
            "the person's word is taken",
            "no opening is claimed that nobody saw",
            "nobody calls it empty without a look",
            "one pulse",
        ),
    ),
    "F028": Shown(
        facts={"door.opened": 2, "parcel.picked_up": 1},
        words=("one opening, one shutting, no alarm",),
    ),
    "F029": Shown(
        facts={"door.forced": 1, "cell.questioned": 2, "door.silent": 1},
        words=(
            "no second pulse",
            "whoever asks again is sent to the keeper",
            "neither is free before somebody has looked",
        ),
    ),
    "F030": Shown(
        facts={"door.forced": 1, "cell.questioned": 2, "parcel.picked_up": 1},
        words=("no second pulse", "neither is free before somebody has looked"),
    ),
    "F031": Shown(
        facts={"door.forced": 1, "cell.questioned": 1},
        words=("the alarm within 2 s", "the keeper's turn", "an alarm is no pickup"),
        sometimes=("the parcel is in dispute",),
    ),
    "F032": Shown(
        facts={"parcel.put_back": 1, "parcel.picked_up": 1},
        words=(
            "the same authorisation",
            "the keeper has to look what is inside",
            "there is no third time",
            "the same door twice",
        ),
    ),
    "F039": Shown(
        facts={"door.unseen": 4, "parcel.picked_up": 1},
        words=("the door cannot be seen now", "no pulse at a door that nobody sees"),
        sometimes=("nothing is pulsed by itself", "a look, for nobody has watched it"),
    ),
    "F041": Shown(
        facts={"door.unseen": 4, "parcel.picked_up": 1},
        words=("no pulse at a door that nobody sees", "nothing is pulsed by itself"),
        sometimes=("a door found open is in doubt",),
    ),
    "F042": Shown(
        facts={"door.asked": 40, "parcel.picked_up": 20},
        words=("every slip is good", "each once", "nobody waits for long"),
    ),
    "F043": Shown(
        facts={"station.safe_entered": 1, "station.safe_left": 1, "cell.faulted": 1},
        words=(
            "the cell is for the repairman",
            "its code fires no lock a third time",
            "the kiosk says why and until when",
            "each pulse was a person's wish",
        ),
    ),
}


@pytest.mark.parametrize("fault", PLAYED, ids=code_of)
def test_a_fault_of_doors_happens_and_does_no_harm(fault: Fault) -> None:
    seeds = FEW_SEEDS if fault.code in CROWDED else MANY_SEEDS
    assert not_shown(fault, SHOWN[fault.code], seeds) == []


# -- mistakes


def _never_minds_an_open_door(patch: pytest.MonkeyPatch) -> None:
    """A door that stays open is told, and nothing is settled by it."""
    patch.setattr(deadlines, "left_open", lambda *_all: ())


def _offers_an_open_cell(patch: pytest.MonkeyPatch) -> None:
    def hasty(state: State, cell: CellId) -> tuple[Fact, ...]:
        return (*left_open(state, cell), CellFreed(cell=cell))

    patch.setattr(deadlines, "left_open", hasty)


def _claims_an_opening(patch: pytest.MonkeyPatch) -> None:
    """Whoever says that a parcel is out has it written that the door was seen open."""

    def sure(state: State, told: Input, policy: Policy) -> Decision:
        decision = decide(state, told, policy)
        if isinstance(told, TakenReported) and decision.facts:
            opened = DoorOpened(cell=told.cell, auth=told.auth)
            return replace(decision, facts=(opened, *decision.facts))
        return decision

    patch.setattr(station_module, "decide", sure)


def _takes_each_word_for_news(patch: pytest.MonkeyPatch) -> None:
    """A reading that says what is known already is written once more."""
    causes, news = door_reports._CAUSES, door_reports._NEWS  # noqa: SLF001 - the mistake stands here

    def gullible(state: State, told: DoorMoved, policy: Policy) -> Decision:
        now = DOOR_STEPS[door_of(state, told.cell).door, causes[told.is_open]]
        return news[now](state, told, policy) if now in news else Decision()

    patch.setitem(DECISIONS, DoorMoved, gullible)


def _sees_no_wrong_door(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(door_reports, "_just_pulsed", lambda *_all: [])


def _opens_again_and_is_sure(patch: pytest.MonkeyPatch) -> None:
    """A door that was opened once more is no reason to look what is inside."""
    patch.setattr(collection, "question", lambda *_all: ())


def _tries_again_once_it_is_seen(patch: pytest.MonkeyPatch) -> None:
    """The board is back, the door is shut, so the pulse is sent anew."""

    def eager(state: State, told: Input, policy: Policy) -> Decision:
        decision = decide(state, told, policy)
        if isinstance(told, DoorMoved) and told.is_open is False:
            door = door_of(state, told.cell)
            cut_off = door.door is Door.UNKNOWN and door.purpose is Purpose.PICKUP
            if cut_off and door.auth is not None:
                again = OpenDoor(cell=told.cell, auth=door.auth, attempt=door.attempt)
                return replace(decision, effects=(*decision.effects, again))
        return decision

    patch.setattr(station_module, "decide", eager)


def _fires_at_a_door_unseen(patch: pytest.MonkeyPatch) -> None:
    """What nobody sees is taken to be shut."""

    def hopeful(state: State, cell: CellId) -> DoorState:
        door = door_of(state, cell)
        return replace(door, door=Door.SHUT) if door.door is Door.UNKNOWN else door

    patch.setattr(collection, "door_of", hopeful)


def _fires_twice_to_be_sure(patch: pytest.MonkeyPatch) -> None:
    act = Actuator.act

    def sure(self: Actuator, effect: Effect) -> None:
        act(self, effect)
        act(self, effect)

    patch.setattr(Actuator, "act", sure)


PLANTED: Final = (
    ("F022", DEFENCES["fires_no_silent_lock_by_itself"].off),
    ("F023", _never_minds_an_open_door),
    ("F024", _offers_an_open_cell),
    ("F025", DEFENCES["retries_once_at_most"].off),
    ("F026", DEFENCES["doubts_a_forced_cell"].off),
    ("F027", _claims_an_opening),
    ("F028", _takes_each_word_for_news),
    ("F029", _sees_no_wrong_door),
    ("F030", _sees_no_wrong_door),
    ("F031", DEFENCES["tells_of_a_forced_door"].off),
    ("F032", _opens_again_and_is_sure),
    ("F039", _tries_again_once_it_is_seen),
    ("F041", _fires_at_a_door_unseen),
    ("F042", _fires_twice_to_be_sure),
    ("F043", DEFENCES["counts_short_starts"].off),
)
