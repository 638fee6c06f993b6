"""F057 to F082 in worlds: silent while the product does as promised, loud once it does not."""

from dataclasses import replace
from typing import Any, Final

import msgspec
import pytest

from cloud_sync.county.alarms import CLONE_SUSPECT
from cloud_sync.county.histories import gaps
from cloud_sync.county.ingest import ledger
from cloud_sync.county.ingest.ingest import Ingest
from cloud_sync.station import session
from cloud_sync.station.talks.live import LiveTalk
from cloud_sync.station.talks.state_talk import StateTalk
from cloud_sync.station.uplink import (
    Acknowledged,
    Event,
    Moment,
    SaveCursor,
    SendBatch,
    SendHello,
    Step,
    TimePassed,
    Uplink,
    Welcomed,
    step,
)
from cloud_sync.wire.framing import frame
from cloud_sync.wire.messages import Ack, Batch, Message
from edge.daemon import station as station_module
from edge.domain import remote
from edge.domain.decision import Decision
from edge.domain.inputs import Input, RemoteOpenAsked, TokenScanned
from edge.domain.policy import Policy
from edge.domain.remote_facts import RemoteEnded
from edge.domain.state import State
from edge.domain.station import decide
from edge.kernel.ids import StationId
from edge.kernel.time import Expiry
from edge.simulation.catalogue.fault import Fault
from edge.simulation.catalogue.playing import play
from edge.simulation.catalogue.syncing import FAULTS
from edge.simulation.keys import Keyring
from tests.simulation.faults import SEEDS, Shown, code_of, not_shown, played

pytestmark = pytest.mark.slow

LONG_DAYS: Final = {"F076": 1.0, "F080": 30.0}
"""How long the longest of their worlds lasts; a month takes some seconds even there."""
FEW_SEEDS: Final = 8
SHORT: Final = [fault for fault in played(FAULTS) if fault.code not in LONG_DAYS]


SHOWN: Final = {
    "F057": Shown(words=("the broker took facts", "no fact counts as delivered")),
    "F058": Shown(words=("the station greets anew within 120 s",)),
    "F059": Shown(
        words=("every fact is at the county once, and the station knows it within 240 s",)
    ),
    "F060": Shown(
        words=("every fact is at the county once, and the station knows it within 240 s",)
    ),
    "F061": Shown(words=("facts were sent", "an old batch adds nothing")),
    "F062": Shown(words=("an old ACK takes nothing back",)),
    "F063": Shown(words=("the county dies within 60 s", "no answer leaves")),
    "F064": Shown(words=("the county dies within 60 s", "nothing half was kept")),
    "F065": Shown(words=("the county has forgotten something",)),
    "F066": Shown(
        words=("the card has forgotten old facts", "the county is told of a gap within 240 s")
    ),
    "F069": Shown(words=("one command is one pulse", "one command has one end")),
    "F070": Shown(words=("a command that was kept back opens nothing",)),
    "F071": Shown(words=("no door of the other station moves",)),
    "F072": Shown(words=("the older one opens nothing any more",)),
    "F073": Shown(words=("something was said", "the newest words are stored within 120 s")),
    "F074": Shown(
        words=("the power goes within 10 s", "nothing is pulsed by itself after the start")
    ),
    "F076": Shown(words=("all came through in the seconds between",)),
    "F080": Shown(words=("the county has heard nothing all the while",)),
}


@pytest.mark.parametrize("fault", SHORT, ids=code_of)
def test_a_fault_of_the_way_to_the_county_does_no_harm(fault: Fault) -> None:
    assert not_shown(fault, SHOWN[fault.code], SEEDS) == []


@pytest.mark.parametrize("code", LONG_DAYS)
def test_a_fault_that_lasts_does_no_harm_and_lasts_as_long_as_is_promised(code: str) -> None:
    fault = next(fault for fault in FAULTS if fault.code == code)
    reports = [play(fault, seed) for seed in range(FEW_SEEDS)]
    assert [report.told() for report in reports if report.troubles] == []
    assert max(report.virtual_s for report in reports) > LONG_DAYS[code] * 86_400.0


def _believes_the_broker(patch: pytest.MonkeyPatch) -> None:
    """What was handed to the broker counts as delivered."""

    def trusting(uplink: Uplink, event: Event, moment: Moment) -> Step:
        after, actions = step(uplink, event, moment)
        if any(isinstance(action, SendBatch) for action in actions):
            cursor = replace(after.cursor, applied_seq=after.head_seq)
            return replace(after, cursor=cursor), (*actions, SaveCursor(cursor))
        return after, actions

    patch.setattr(session, "step", trusting)


def _greets_only_once(patch: pytest.MonkeyPatch) -> None:
    greeted: set[int] = set()

    def shy(uplink: Uplink, event: Event, moment: Moment) -> Step:
        after, actions = step(uplink, event, moment)
        hellos = [action for action in actions if isinstance(action, SendHello)]
        if hellos and greeted:
            return after, tuple(action for action in actions if action not in hellos)
        greeted.update(map(id, hellos))
        return after, actions

    patch.setattr(session, "step", shy)


def _never_asks_again(patch: pytest.MonkeyPatch) -> None:
    def silent(uplink: Uplink, event: Event, moment: Moment) -> Step:
        if isinstance(event, TimePassed):
            return replace(uplink, due_ms=None), ()
        return step(uplink, event, moment)

    patch.setattr(session, "step", silent)


def _never_goes_back(patch: pytest.MonkeyPatch) -> None:
    """Facts that were acknowledged once are never sent again."""

    def stubborn(uplink: Uplink, event: Event, moment: Moment) -> Step:
        after, actions = step(uplink, event, moment)
        kept = uplink.cursor.applied_seq
        if after.cursor.applied_seq >= kept:
            return after, actions
        return replace(after, cursor=replace(after.cursor, applied_seq=kept)), tuple(
            replace(action, after_seq=kept) if isinstance(action, SendBatch) else action
            for action in actions
        )

    patch.setattr(session, "step", stubborn)


def _passes_over_a_gap_in_silence(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(gaps, "note_gap", lambda *_all, **_settled: None)


def _moves_no_place(patch: pytest.MonkeyPatch) -> None:
    """Facts are committed, and where the journal stands is not."""
    note = ledger.note

    def forgetful(connection: Any, station: Any, **columns: Any) -> None:
        if "hash" not in columns:
            note(connection, station, **columns)

    patch.setattr(ledger, "note", forgetful)


def _takes_every_nonce(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(LiveTalk, "_burn", lambda _self, _command: True)
    patch.setattr("edge.domain.remote.judge", lambda _at, _until: Expiry.VALID)


def _has_no_fence(patch: pytest.MonkeyPatch) -> None:
    def blind(state: State, told: Input, policy: Policy) -> Decision:
        if isinstance(told, RemoteOpenAsked):
            state = replace(state, remote=replace(state.remote, fence=0))
        return decide(state, told, policy)

    patch.setattr(station_module, "decide", blind)


def _remembers_no_command(patch: pytest.MonkeyPatch) -> None:
    """Neither which it was, nor its number, nor its nonce."""

    def blank(state: State, told: Input, policy: Policy) -> Decision:
        if isinstance(told, RemoteOpenAsked):
            remote = replace(state.remote, fence=0, seen=state.remote.seen.__class__())
            state = replace(state, remote=remote)
        return decide(state, told, policy)

    patch.setattr(station_module, "decide", blank)
    _takes_every_nonce(patch)


def _hears_no_word(patch: pytest.MonkeyPatch) -> None:
    async def deaf(_self: StateTalk, _message: Message) -> None:
        """Nothing is stored."""

    patch.setattr(StateTalk, "hear", deaf)


def _claims_to_know(patch: pytest.MonkeyPatch) -> None:
    """A start says of a command that was cut off that its door opened."""

    def certain(state: State, told: Input, policy: Policy) -> Decision:
        decision = decide(state, told, policy)
        return replace(
            decision,
            facts=tuple(
                replace(fact, result="opened") if isinstance(fact, RemoteEnded) else fact
                for fact in decision.facts
            ),
        )

    patch.setattr(station_module, "decide", certain)


def _needs_the_county_to_open(patch: pytest.MonkeyPatch) -> None:
    """An old way of building it: no network, no parcel."""

    def leaning(state: State, told: Input, policy: Policy) -> Decision:
        if isinstance(told, TokenScanned) and told.at.wall_hi_ms is None:
            return Decision()
        return decide(state, told, policy)

    patch.setattr(station_module, "decide", leaning)


def _believes_any_ack(patch: pytest.MonkeyPatch) -> None:
    """Of whatever session and generation, and also where it goes back."""

    def trusting(uplink: Uplink, event: Event, moment: Moment) -> Step:
        if isinstance(event, Acknowledged):
            ack = msgspec.structs.replace(
                event.ack, session=uplink.session, county_gen=uplink.cursor.county_gen
            )
            after, actions = step(uplink, Acknowledged(ack, event.mine), moment)
            cursor = replace(after.cursor, applied_seq=ack.applied.seq)
            return replace(after, cursor=cursor), actions
        return step(uplink, event, moment)

    patch.setattr(session, "step", trusting)


def _never_believes_a_welcome(patch: pytest.MonkeyPatch) -> None:
    def sullen(uplink: Uplink, event: Event, moment: Moment) -> Step:
        return (uplink, ()) if isinstance(event, Welcomed) else step(uplink, event, moment)

    patch.setattr(session, "step", sullen)


def _calls_what_is_late_a_copy(patch: pytest.MonkeyPatch) -> None:
    """A batch of a talk that is over must be another machine's."""
    batch = Ingest._batch  # noqa: SLF001 - the mistake stands here

    def suspicious(self: Ingest, station: StationId, late: Batch) -> Ack | None:
        ack = batch(self, station, late)
        if ack is not None and ack.note == "stale_session":
            self.alarm(station, CLONE_SUSPECT, "it spoke out of turn")
        return ack

    patch.setattr(Ingest, "_batch", suspicious)


def _obeys_whatever_it_can_read(patch: pytest.MonkeyPatch) -> None:
    """One key for all stations, frames bound to no topic, and nobody asks whom a command means."""
    add = Keyring.add

    def same_for_all(self: Keyring, station: StationId) -> None:
        add(self, station)
        keys = vars(self)["_stations"]
        keys[station] = next(iter(keys.values()))

    bound = frame._bound  # noqa: SLF001 - the mistake stands here
    patch.setattr(Keyring, "add", same_for_all)
    patch.setattr(frame, "_bound", lambda header, _where: bound(header, ""))
    patch.setattr(remote, "_LOOKS", remote._LOOKS[1:])  # noqa: SLF001 - the same
    _takes_every_nonce(patch)


PLANTED: Final = (
    ("F057", _believes_the_broker),
    ("F058", _greets_only_once),
    ("F059", _moves_no_place),
    ("F060", _moves_no_place),
    ("F061", _calls_what_is_late_a_copy),
    ("F062", _believes_any_ack),
    ("F063", _never_asks_again),
    ("F064", _never_asks_again),
    ("F065", _never_goes_back),
    ("F066", _passes_over_a_gap_in_silence),
    ("F069", _remembers_no_command),
    ("F070", _takes_every_nonce),
    ("F071", _obeys_whatever_it_can_read),
    ("F072", _has_no_fence),
    ("F073", _hears_no_word),
    ("F074", _claims_to_know),
    ("F076", _never_believes_a_welcome),
    ("F080", _needs_the_county_to_open),
)
