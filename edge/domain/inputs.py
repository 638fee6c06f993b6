"""Reports and wishes from outside: what the station is told, each with its moment.

Anything random that a decision may need comes along in `fresh`, so that the core draws nothing.
"""

from dataclasses import dataclass

from edge.domain.advice import ParcelAdvice
from edge.domain.county_word import CountyWord, EndedPass
from edge.domain.journal_facts import EpochStarted
from edge.domain.place_facts import Choice, Flag, Seen
from edge.domain.proxy_facts import Relation
from edge.kernel.ids import AuthId, CellId, CredentialId, KeeperId, Mac, PhoneTail, WaybillNo
from edge.kernel.time import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupSecret:
    """One random pickup code, clear and hashed; clear text goes to a slip and nowhere else.

    `sealed` is the same for the county alone, empty as long as it has said no key for it.
    """

    credential: CredentialId
    digits: str
    token: str
    code_mac: Mac
    token_mac: Mac
    sealed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """Unused random values for one decision; several secrets, should the first be taken."""

    auth: AuthId
    secrets: tuple[PickupSecret, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Told at one moment."""

    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class StationBooted(Input):
    """The daemon has come up; nobody knows what happened to doors that were in motion.

    `epoch` is how a journal began that nothing has been written to yet, by a GRANT.
    """

    version: str
    epoch: EpochStarted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotKept(Input):
    """The store keeps what the station knew right after the fact `seq`."""

    seq: int
    digest: str
    ran_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyJudged(Input):
    """What the county said of this journal: `ok`, or why it takes none of its facts."""

    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSigned(Input):
    """The keeper has counted what lies in the cells after the journal went on by a GRANT."""

    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedInOrder(Input):
    """The daemon was told to end and does; the last that it hears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeeperEntered(Input):
    """A keeper proved who they are (PIN checked by the shell)."""

    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeeperLeft(Input):
    """The keeper signed out or the session ran out."""

    keeper: KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInSwitched(Input):
    """The keeper turns check-in on (scanned waybills are received) or off."""

    keeper: KeeperId
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaybillScanned(Input):
    """A barcode that reads as a waybill number, from the scanner or typed by the keeper.

    `advice` is what a manifest says of it; `is_seal`: it is a bag's number, which no parcel has.
    """

    waybill_no: WaybillNo
    fresh: Fresh
    advice: ParcelAdvice | None = None
    is_seal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenScanned(Input):
    """A pickup QR held before the scanner; only its keyed hash comes in."""

    token_mac: Mac
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTyped(Input):
    """Phone tail and eight digits typed at the kiosk."""

    phone_tail: PhoneTail
    code_mac: Mac
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneTailGiven(Input):
    """The keeper typed the last four digits of the recipient's phone number."""

    keeper: KeeperId
    waybill_no: WaybillNo
    phone_tail: PhoneTail
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorMoved(Input):
    """The sensor of one door, after debouncing; None when the board cannot tell."""

    cell: CellId
    is_open: bool | None
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class PulseFailed(Input):
    """The lock board did not take the unlock or left the bus: nobody knows if the lock moved.

    `attempt` is that of the pulse: the word on the first may come after the second was asked for.
    """

    cell: CellId
    auth: AuthId
    attempt: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenReported(Input):
    """The person says of a door without a sign that it did open and the parcel is out."""

    cell: CellId
    auth: AuthId


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerMoved(Input):
    """The supply tells how the station is fed; `mains` is None where it cannot tell."""

    mains: bool | None
    battery_percent: int | None
    low: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAsked(Input):
    """The shell is about to have the machine switched off; `reason` is a word key."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed(Input):
    """A tick; deadlines are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorStuckReported(Input):
    """The person at the door says that it did not open: the one human retry."""

    cell: CellId
    auth: AuthId
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBackAsked(Input):
    """The person wants the same door again, within ten minutes of collecting."""

    auth: AuthId
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Who comes for whom; names are masked, `phone_tail` is what the proxy says of the owner's."""

    name: str
    relation: Relation
    owner: str
    phone_tail: PhoneTail


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAsked(Input):
    """The keeper hands a parcel out after checking the person; `seen` is what she ticked.

    `proxy` is set where it is not the addressee who came.
    """

    keeper: KeeperId
    waybill_no: WaybillNo
    fresh: Fresh
    seen: frozenset[Seen] = frozenset()
    proxy: Stand | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOutUndone(Input):
    """The keeper takes back that a parcel was handed out from its slot."""

    keeper: KeeperId
    waybill_no: WaybillNo


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAsked(Input):
    """The keeper chooses where a parcel is to lie: the one in hand, or the next where None."""

    keeper: KeeperId
    waybill_no: WaybillNo | None
    choice: Choice | None
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAsked(Input):
    """The keeper wants a parcel elsewhere than where it lies."""

    keeper: KeeperId
    waybill_no: WaybillNo
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagsGiven(Input):
    """The keeper says what is to be minded about a parcel; 0 fen is no cash due."""

    keeper: KeeperId
    waybill_no: WaybillNo
    flags: tuple[Flag, ...]
    cash_due_fen: int
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLockAsked(Input):
    """The keeper takes a cell off the offer, with a reason."""

    keeper: KeeperId
    cell: CellId
    reason: str
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class CellUnlockAsked(Input):
    """The keeper offers a cell again."""

    keeper: KeeperId
    cell: CellId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReprintAsked(Input):
    """The keeper wants a new slip: a new code is issued and the old one revoked."""

    keeper: KeeperId
    waybill_no: WaybillNo
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInCancelled(Input):
    """The keeper takes back the check-in that is under way or done by mistake."""

    keeper: KeeperId
    waybill_no: WaybillNo
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class CellInspected(Input):
    """The keeper answers "what is inside?" of a cell that needs a look, or returns it to use."""

    keeper: KeeperId
    cell: CellId
    holds: WaybillNo | None
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteOpenAsked(Input):
    """A live command of the county, proven to be its own: open one cell, once.

    `digest` is SHA-256 over the whole command, `in_scope` whether it names this station and its
    epoch, `nonce_alive` whether its nonce was good at this very moment; from here on it is not.
    """

    command: str
    digest: str
    in_scope: bool
    seq: int
    nonce_alive: bool
    cell: CellId
    parcel_tail: str
    not_after_ms: int
    operator: str
    reason: str
    approvals: tuple[str, ...]
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLearned(Input):
    """The county told the time: at this moment it is `county_ms`, +- `error_ms`."""

    county_ms: int
    error_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellOpenAsked(Input):
    """The keeper opens a cell by hand, with a reason, to look inside."""

    keeper: KeeperId
    cell: CellId
    reason: str
    fresh: Fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyStateTold(Input):
    """The county told what holds from now on; `words` follow without a gap what is stored.

    `ended` are those of them that end a pass for a proxy.
    """

    words: tuple[CountyWord, ...]
    sweep: int
    ended: tuple[EndedPass, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAcknowledged(Input):
    """The keeper says of a notice of the county that it is read."""

    keeper: KeeperId
    notice: str
    seq: int
