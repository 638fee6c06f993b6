"""How each fact changes the state. Decisions never touch the state but through these."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from edge.domain import clock_facts, county_facts, facts, journal_facts, machine_facts, remote_facts
from edge.domain.folds import (
    boots,
    cells,
    county,
    desk,
    doors,
    epochs,
    parcels,
    pickups,
    power,
    remote,
    timekeeping,
)
from edge.domain.state import State
from edge.kernel.time import Instant

Fold = Callable[[State, Any, Instant], State]

FOLDS: Final[Mapping[type[facts.Fact], Fold]] = {
    facts.StationStarted: doors.station_started,
    machine_facts.StationSteady: boots.lasted,
    machine_facts.SafeEntered: boots.safe_entered,
    machine_facts.SafeLeft: boots.lasted,
    machine_facts.StationStopping: power.stopping,
    machine_facts.PowerLost: power.lost,
    machine_facts.PowerRestored: power.restored,
    machine_facts.BatteryLow: power.battery_low,
    facts.KeeperSignedIn: desk.signed_in,
    facts.KeeperSignedOut: desk.signed_out,
    facts.CheckInBegun: desk.check_in_begun,
    facts.CheckInEnded: desk.check_in_ended,
    facts.ParcelReceived: parcels.received,
    facts.CellReserved: cells.reserved,
    facts.CellFreed: cells.freed,
    facts.CellQuestioned: cells.questioned,
    facts.CellFaulted: cells.faulted,
    facts.DoorAsked: doors.asked,
    facts.DoorOpened: doors.opened,
    facts.DoorShut: doors.shut,
    facts.DoorForced: doors.forced,
    facts.DoorSilent: doors.silent,
    facts.DoorLeftOpen: doors.left_open,
    facts.DoorReminded: doors.reminded,
    facts.DoorUnseen: doors.unseen,
    facts.ParcelStored: parcels.stored,
    facts.PhoneTailNoted: parcels.phone_tail_noted,
    facts.CheckInUndone: parcels.check_in_undone,
    facts.PickupCodeIssued: pickups.code_issued,
    facts.PickupCodeRevoked: pickups.code_revoked,
    facts.PickupAccepted: pickups.accepted,
    facts.PickupRefused: pickups.refused,
    facts.ParcelPickedUp: parcels.picked_up,
    facts.ParcelPutBack: parcels.put_back,
    facts.ParcelMissing: parcels.missing,
    journal_facts.SnapshotNoted: epochs.snapshot_noted,
    journal_facts.JournalJudged: epochs.judged,
    journal_facts.EpochStarted: epochs.started,
    journal_facts.EpochCountSigned: epochs.count_signed,
    county_facts.CountyStateApplied: county.noted,
    county_facts.NoticeRead: county.noted,
    remote_facts.RemoteAccepted: remote.accepted,
    remote_facts.RemoteRefused: remote.refused,
    remote_facts.RemoteEnded: remote.ended,
    clock_facts.ClockSynced: timekeeping.synced,
}
