"""F091 to F101 in worlds: silent while cards and codes do as promised, loud once they do not."""

from dataclasses import replace
from typing import Any, Final

import pytest

from cloud_sync.county.ingest import reception
from edge.daemon import station as station_module
from edge.daemon.county import grants
from edge.domain.decision import Decision
from edge.domain.inputs import CodeTyped, CountyJudged, Input, TokenScanned
from edge.domain.pickup import Credential
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.domain.station import decide
from edge.kernel.ids import CellId
from edge.simulation.catalogue.bench import Bench
from edge.simulation.catalogue.fault import Fault
from edge.simulation.catalogue.identities import FAULTS
from edge.simulation.catalogue.playing import play
from tests.simulation.faults import SEEDS, Shown, code_of, not_shown, played

pytestmark = pytest.mark.slow


SHOWN: Final = {
    "F091": Shown(
        words=(
            "the county refuses an empty card within 240 s",
            "it is a new epoch",
            "the count can be signed",
        )
    ),
    "F092": Shown(
        words=(
            "two machines of one name are an alarm within 240 s",
            "one of them at least is refused",
        )
    ),
    "F093": Shown(
        words=(
            "the county tells it within 240 s",
            "a code that was spent opens nothing",
            "and nothing is pulsed",
        )
    ),
    "F095": Shown(words=("each code is one parcel's",)),
    "F096": Shown(words=("each on its own", "all are collected")),
    "F098": Shown(
        words=(
            "whoever shows it again is told that it was collected, and when",
            "nothing is pulsed",
        )
    ),
    "F099": Shown(
        sometimes=(
            "the new slip opens the door",
            "the old slip opens nothing",
            "the old slip is told to be replaced",
        ),
    ),
    "F100": Shown(words=("the pickup keeps its door",)),
    "F101": Shown(
        words=("the other one is told that it is gone", "there was one pulse", "it left once")
    ),
}


@pytest.mark.parametrize("fault", played(FAULTS), ids=code_of)
def test_a_fault_of_cards_and_codes_does_no_harm(fault: Fault) -> None:
    assert not_shown(fault, SHOWN[fault.code], SEEDS) == []


def test_before_the_county_has_told_it_a_spent_code_opens_its_door_once_more() -> None:
    """What the page admits of F093: an old image knows nothing of what came after it."""
    asked = list[str]()

    async def alone(bench: Bench) -> None:
        waybill_no = await bench.parcel()
        image, slip = bench.world.image(bench.node), bench.village.slips.out[waybill_no]
        assert await bench.village.collect(waybill_no, by_code=True)
        bench.world.put_back(bench.node, image)
        bench.world.road.cut(bench.node.around.station)
        await bench.back_on()
        await bench.world.sleep(5.0)
        reply = await bench.village.show(slip, by_code=True)
        asked.append("" if reply is None else reply.key)

    fault = next(fault for fault in FAULTS if fault.code == "F093")
    assert play(replace(fault, scenario=alone), 1).troubles == ()
    assert asked == ["door_open"]


def _forgets_a_doubt_at_the_next_greeting(patch: pytest.MonkeyPatch) -> None:
    """Two machines that take turns are never noticed."""
    met = reception._met  # noqa: SLF001 - the mistake sits in this very step

    def forgetful(talk: Any, hello: Any) -> Any:
        return replace(met(talk, hello), doubted="")

    patch.setattr(reception, "_met", forgetful)


def _serves_from_an_old_image(patch: pytest.MonkeyPatch) -> None:
    def careless(state: State, told: Input, policy: Policy) -> Decision:
        if isinstance(told, CountyJudged):
            return Decision()
        return decide(state, told, policy)

    patch.setattr(station_module, "decide", careless)


def _opens_for_the_tail_alone(patch: pytest.MonkeyPatch) -> None:
    """Any code of a phone opens whatever that phone has here."""

    def lazy(state: State, told: Input, policy: Policy) -> Decision:
        if isinstance(told, CodeTyped):
            live = [
                state.credentials[key]
                for key in sorted(state.by_tail.get(told.phone_tail, ()))
                if state.credentials[key].live
            ]
            if live:
                told = replace(told, code_mac=live[0].code_mac)
        return decide(state, told, policy)

    patch.setattr(station_module, "decide", lazy)


def _never_spends_a_code(patch: pytest.MonkeyPatch) -> None:
    def generous(parcel: Any, known: Credential) -> Decision:
        del parcel, known
        return Decision()

    patch.setattr("edge.domain.collection._refuse_dead", generous)


def _gives_a_pickup_and_a_release(patch: pytest.MonkeyPatch) -> None:
    """Whoever hands a parcel out does not look whether its door is in use."""
    patch.setattr("edge.domain.collection.require_at_rest", lambda *_all: None)
    patch.setattr("edge.domain.collection.require_shut", lambda *_all: None)


def _prints_over_a_pickup(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("edge.domain.codes.require_at_rest", lambda *_all: None)


def _gives_one_authorisation_to_all(patch: pytest.MonkeyPatch) -> None:
    def thrifty(state: State, told: Input, policy: Policy) -> Decision:
        if isinstance(told, CodeTyped | TokenScanned) and state.parcels:
            known = [one.ended_by for one in state.parcels.values() if one.ended_by]
            if known:
                told = replace(told, fresh=replace(told.fresh, auth=known[0]))
        return decide(state, told, policy)

    patch.setattr(station_module, "decide", thrifty)


def _looks_for_a_parcel_in_the_next_cell(patch: pytest.MonkeyPatch) -> None:
    """What a pickup opens is not where its parcel lies."""

    def astray(state: State, told: Input, policy: Policy) -> Decision:
        decision = decide(state, told, policy)
        if isinstance(told, TokenScanned) and decision.reply is not None and decision.reply.ok:
            cell = decision.reply.cell
            other = CellId(1) if cell != CellId(1) else CellId(2)
            return replace(decision, reply=replace(decision.reply, cell=other))
        return decision

    patch.setattr(station_module, "decide", astray)


def _keeps_the_key_of_the_new_card(patch: pytest.MonkeyPatch) -> None:
    """Parcels come back with the grant, and nobody's slip fits them."""
    patch.setattr(grants, "_key", lambda _handover: None)


PLANTED: Final = (
    ("F091", _keeps_the_key_of_the_new_card),
    ("F092", _forgets_a_doubt_at_the_next_greeting),
    ("F093", _serves_from_an_old_image),
    ("F095", _opens_for_the_tail_alone),
    ("F096", _gives_one_authorisation_to_all),
    ("F098", _never_spends_a_code),
    ("F099", _prints_over_a_pickup),
    ("F100", _looks_for_a_parcel_in_the_next_cell),
    ("F101", _gives_a_pickup_and_a_release),
)
