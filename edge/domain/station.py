"""The station as a whole: every input finds its noun, every fact its fold."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from immutables import Map

from edge.domain import (
    boots,
    check_in,
    codes,
    collection,
    consent,
    consent_inputs,
    county_state,
    damage,
    deadlines,
    desk,
    door_reports,
    epochs,
    hamlet_inputs,
    hamlets,
    handing,
    inputs,
    inspection,
    label_desk,
    label_inputs,
    loading,
    minding,
    placing,
    power,
    proxies,
    proxy_inputs,
    proxy_pass,
    proxy_visit,
    remote,
    return_inputs,
    returns,
    timekeeping,
    trip,
    trip_inputs,
    trouble_desk,
    unbagging,
)
from edge.domain.answers import Refusal
from edge.domain.cabinet import FREE
from edge.domain.changing import replace
from edge.domain.deadlines import next_deadline_ms
from edge.domain.decision import Decision
from edge.domain.door import UNSEEN
from edge.domain.facts import Fact, StationStarted
from edge.domain.folds import FOLDS
from edge.domain.policy import Policy
from edge.domain.rest import let_doors_rest
from edge.domain.settlement import cut_short
from edge.domain.state import State, running_ms
from edge.kernel.errors import Refused
from edge.kernel.time import Instant

__all__ = ["decide", "evolve", "initial_state", "next_deadline_ms"]

Decide = Callable[[State, Any, Policy], Decision]


def initial_state(policy: Policy) -> State:
    """A station about which nothing is known but its cells."""
    return State(
        doors=Map({cell.cell: UNSEEN for cell in policy.cells}),
        cells=Map({cell.cell: FREE for cell in policy.cells}),
    )


def decide(state: State, told: inputs.Input, policy: Policy) -> Decision:
    """Facts, wishes and an answer for one input. Raises Refused for a person's impossible wish."""
    if isinstance(told, AT_THE_DESK) and state.desk.keeper != told.keeper:
        raise Refused(Refusal.NOT_SIGNED_IN)
    return let_doors_rest(state, told.at, DECISIONS[type(told)](state, told, policy))


def evolve(state: State, fact: Fact, at: Instant) -> State:
    """The state after a fact; `at` is the moment of the decision that it belongs to."""
    ran_ms = running_ms(state, at)
    return replace(FOLDS[type(fact)](state, fact, at), ran_ms=ran_ms, seen_at=at)


def _boot(state: State, told: inputs.StationBooted, policy: Policy) -> Decision:
    """Whatever was in motion is settled by a sensor or a person, never by a pulse."""
    started = StationStarted(version=told.version)
    doubts = [fact for cell in sorted(state.doors) for fact in cut_short(state, cell)]
    unknown = remote.cut_off(state)
    began = () if told.epoch is None else (told.epoch,)
    return Decision(facts=(*began, started, *doubts, *unknown, *boots.begin(state, policy)))


AT_THE_DESK: Final = (
    inputs.CountSigned,
    inputs.CheckInSwitched,
    inputs.PhoneTailGiven,
    inputs.ReleaseAsked,
    inputs.ReprintAsked,
    inputs.CheckInCancelled,
    inputs.CellInspected,
    inputs.CellOpenAsked,
    inputs.NoticeAcknowledged,
    trip_inputs.CourierArrived,
    trip_inputs.BagUnscanned,
    trip_inputs.BagFoundDamaged,
    trip_inputs.BagsTurned,
    trip_inputs.CountDisputed,
    trip_inputs.HandoverAgreed,
    trip_inputs.BagDone,
    inputs.PlaceAsked,
    inputs.MoveAsked,
    inputs.FlagsGiven,
    inputs.HandOutUndone,
    inputs.CellLockAsked,
    inputs.CellUnlockAsked,
    *return_inputs.BY_KEEPER,
    consent_inputs.ConsentGiven,
    consent_inputs.ContactFailed,
    *proxy_inputs.BY_KEEPER,
    *hamlet_inputs.BY_KEEPER,
    *label_inputs.BY_KEEPER,
)
"""Wishes of the keeper who is signed in, and of nobody else."""

DECISIONS: Final[Mapping[type[inputs.Input], Decide]] = {
    inputs.StationBooted: _boot,
    inputs.EndedInOrder: boots.end,
    inputs.SnapshotKept: epochs.note_snapshot,
    inputs.CountyJudged: epochs.note_verdict,
    inputs.CountSigned: epochs.sign_count,
    inputs.KeeperEntered: desk.enter,
    inputs.KeeperLeft: desk.leave,
    inputs.CheckInSwitched: desk.switch_check_in,
    inputs.WaybillScanned: check_in.scan_waybill,
    inputs.CheckInCancelled: check_in.cancel,
    inputs.PhoneTailGiven: codes.give_phone_tail,
    inputs.ReprintAsked: codes.reprint,
    inputs.TokenScanned: collection.scan_token,
    inputs.CodeTyped: collection.type_code,
    inputs.ReleaseAsked: collection.release,
    inputs.PutBackAsked: collection.put_back,
    inputs.DoorMoved: door_reports.door_moved,
    inputs.PulseFailed: door_reports.pulse_failed,
    inputs.DoorStuckReported: door_reports.report_stuck,
    inputs.TakenReported: door_reports.report_taken,
    inputs.TimePassed: deadlines.time_passed,
    inputs.PowerMoved: power.power_moved,
    inputs.StopAsked: power.stop,
    inputs.CellInspected: inspection.inspect,
    inputs.CellOpenAsked: inspection.open_cell,
    inputs.CountyStateTold: county_state.told,
    inputs.NoticeAcknowledged: county_state.read_notice,
    inputs.RemoteOpenAsked: remote.open_cell,
    inputs.ClockLearned: timekeeping.learn,
    trip_inputs.CourierArrived: trip.arrive,
    trip_inputs.SealScanned: trip.scan,
    trip_inputs.BagUnscanned: trip.unscan,
    trip_inputs.BagFoundDamaged: trip.damage,
    trip_inputs.BagsTurned: trip.turn,
    trip_inputs.CountDisputed: trip.dispute,
    trip_inputs.HandoverHeldUp: trip.hold_up,
    trip_inputs.HandoverAgreed: trip.agree,
    trip_inputs.BagDone: unbagging.done,
    inputs.PlaceAsked: placing.choose_place,
    inputs.MoveAsked: placing.move,
    inputs.FlagsGiven: minding.note,
    inputs.HandOutUndone: handing.undo_hand_out,
    inputs.CellLockAsked: placing.lock_cell,
    inputs.CellUnlockAsked: placing.unlock_cell,
    return_inputs.RefusalTold: returns.refuse,
    return_inputs.DamageTold: damage.note,
    return_inputs.ReminderTold: returns.remind,
    return_inputs.ExtensionAsked: returns.extend,
    return_inputs.ReturnAsked: returns.ask,
    return_inputs.ReturnUndoAsked: returns.undo,
    return_inputs.BaggingAsked: returns.bag,
    return_inputs.LoadingAsked: loading.load_all,
    return_inputs.TroubleTold: trouble_desk.note,
    consent_inputs.ConsentGiven: consent.note,
    consent_inputs.ContactFailed: consent.reached_nobody,
    proxy_inputs.ProxyWanted: proxies.make,
    proxy_inputs.ProxyRevokeAsked: proxies.revoke,
    proxy_inputs.ProxyAnswered: proxy_visit.answer,
    proxy_inputs.ProxyOpenAsked: proxy_visit.open_next,
    hamlet_inputs.HamletGiven: hamlets.note,
    hamlet_inputs.HamletListAsked: hamlets.print_lists,
    label_inputs.ShelfLabelAsked: label_desk.print_shelf,
    label_inputs.BagLabelAsked: label_desk.print_bag,
    proxy_inputs.PassScanned: proxy_pass.scan,
}
