"""What station and county say to each other, as values; `framing.payload` has their bytes.

The protocol in short: HELLO, WELCOME with a verdict, then one BATCH in flight and its ACK.
An ACK names the county's applied position and hash; it is cumulative, so a lost or repeated
one does no harm, and after a gap it tells the station where to go on. Beside that: a snapshot up
and a GRANT down for a journal that cannot go on as it was, the state stream down with its
cumulative ack, live commands bound to a nonce, and questions with a deadline.

A field with a default came later than its message: whoever does not send it is older.
"""

from typing import Any, Final

import msgspec

from edge.kernel.errors import CunyiError

MAX_MESSAGE: Final = 64_000
"""Bytes on the wire: small enough for every broker's default limit (128 kB at the smallest)."""
MAX_UNPACKED: Final = 4_000_000
"""Bytes after decompression: bounds what a forged message can make us allocate."""


class MessageError(CunyiError):
    """The bytes are no message of ours: counted and dropped, nothing changes."""


class Position(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place in a station's journal; `hash` is 64 hex digits, seq 0 means before the first.

    Before the first fact of an epoch that a GRANT began, the hash is that of its parent's last
    fact; before the very first it is GENESIS.
    """

    epoch: int
    seq: int
    hash: str


# -- the journal


class Hello(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="hello"):
    """A station introduces itself, with a nonce that the answer must carry.

    `oldest_seq` is the first fact that it still keeps. `boot_id` is drawn at each start and
    `machine` is a hash of the board's own serial number, empty where it has none: together with
    `boot` they show a second copy of one card. `grant` names the GRANT that began this epoch.
    `county_gen`, `applied_seq` and `durable_seq` are what the county last told, `state_seq` how
    far the state stream has come, `fence` the highest number of a live command.
    """

    nonce: str
    head: Position
    oldest_seq: int
    boot: int
    software: str
    cells: int
    boot_id: str = ""
    machine: str = ""
    grant: str = ""
    county_gen: str = ""
    applied_seq: int = 0
    durable_seq: int = 0
    state_seq: int = 0
    fence: int = 0


class Welcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="welcome"):
    """The county's answer.

    `verdict` is ok, rollback, fork, clone_suspect, new_epoch, reenrol or unknown_station; with
    new_epoch, `grant` names the GRANT that waits to be fetched. Between two batches the station
    rests `pace_ms`, and sends at most `max_facts` in one. `snapshot_seq` is up to where the county
    holds a snapshot of this station. `county_time_ms` is fresh, because the nonce is.
    """

    nonce: str
    session: str
    county_gen: str
    verdict: str
    applied: Position
    durable_seq: int
    county_time_ms: int
    grant: str = ""
    pace_ms: int = 0
    max_facts: int = 1_000
    snapshot_seq: int = 0


class Batch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="batch"):
    """Facts in order, as their canonical bytes; `previous` is the position before the first.

    `last` is the chain hash after the last fact, 64 hex digits: a byte changed on the way is
    seen before anything is stored. Empty means not given.
    """

    session: str
    previous: Position
    facts: list[msgspec.Raw]
    last: str = ""


class Ack(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="ack"):
    """Committed at the county up to `applied`; only what is `durable` may ever be pruned."""

    session: str
    county_gen: str
    applied: Position
    durable_seq: int
    note: str
    pace_ms: int = 0


class SnapshotPiece(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="snapshot"
):
    """Piece `index` of `count` of what the station knew right after the fact `at`.

    `digest` is SHA-256 of the whole, in hex. A `gap_from` above 0 says that the facts from there
    up to `at` exist nowhere any more: the county notes the gap and goes on after `at`.
    """

    session: str
    at: Position
    gap_from: int
    digest: str
    index: int
    count: int
    data: bytes


class SnapshotTaken(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="snapshot_taken"
):
    """The next piece that the county wants of a snapshot; `count` itself when all is committed."""

    session: str
    at_seq: int
    digest: str
    next: int


class GrantAsk(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="grant_ask"
):
    """The station wants one piece of the GRANT that a WELCOME named."""

    grant: str
    index: int


class GrantPiece(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="grant"
):
    """Piece `index` of `count` of a GRANT; `digest` is SHA-256 of the whole, in hex."""

    grant: str
    digest: str
    index: int
    count: int
    data: bytes


class GrantGap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Facts `first` up to `last` of an epoch exist nowhere any more; `hash` is that of the last."""

    epoch: int
    first: int
    last: int
    hash: str


class GrantBody(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What a GRANT says, once its pieces are put together: how a station begins a new epoch.

    The new journal follows `parent`, the county's own position. `snapshot` is the station's newest
    at the county, taken right after the fact `snapshot_seq` (0 and empty where there is none), and
    `tail` the canonical bytes of all facts after it, up to the parent: of more than one epoch
    where the parent's had no snapshot yet. Where the county was put back and no card had them any
    more, `gaps` says which facts the tail lacks, in their order. `boot` is the highest count of
    starts that the county has heard of: the next one is above it, though the facts that told of it
    are gone.
    """

    grant: str
    station: str
    epoch: int
    parent: Position
    snapshot_seq: int
    snapshot: bytes
    tail: list[bytes]
    fence: int
    state_seq: int
    reason: str
    made_ms: int
    gaps: list[GrantGap] = []
    boot: int = 0


# -- the state stream


class StateItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that holds from now on; a later item of the same kind and key replaces it.

    A `body` of None takes it back.
    """

    seq: int
    kind: str
    key: str
    body: dict[str, Any] | None


class StateItems(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="state"
):
    """What follows `previous_seq` without a gap.

    Once all of it is stored, whatever was last said below number `sweep` is forgotten; 0 sweeps
    nothing. That is how a county that was put back says everything anew. Only a revocation stays
    until an item without a body takes it back: that county may have forgotten it.
    """

    session: str
    previous_seq: int
    items: list[StateItem]
    sweep: int = 0


class StateAck(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="state_ack"
):
    """Everything up to `seq` is stored; after a gap it says from where to send again."""

    session: str
    seq: int


# -- live commands


class LiveRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="live_request"
):
    """The county would command something, and needs a nonce for it. Changes nothing."""

    command: str
    action: str
    cell: int


class LiveNonce(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="live_nonce"
):
    """Good for one command, in this boot and session, for `lives_ms` from now on."""

    command: str
    nonce: str
    lives_ms: int
    epoch: int
    fence: int


class LiveCommand(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="live_command"
):
    """Do this now, once, or never. `seq` is above the fence; `not_after_ms` by the county's clock.

    `parcel_tail` is the end of the waybill that the operator expects behind the door, empty for
    an empty cell. `approvals` names everybody who approved, the operator first.
    """

    command: str
    station: str
    epoch: int
    seq: int
    nonce: str
    action: str
    cell: int
    parcel_tail: str
    not_after_ms: int
    operator: str
    reason: str
    approvals: list[str]


class LiveResult(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="live_result"
):
    """What became of a command, told ahead of the fact that says so for good."""

    command: str
    result: str


# -- questions


class Ask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="ask"):
    """A question with a deadline; it changes nothing at the county and may be lost."""

    question: str
    kind: str
    body: dict[str, Any]


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="answer"):
    """The answer to one question; not `known` is no "no"."""

    question: str
    known: bool
    body: dict[str, Any]


# -- hints


class Heartbeat(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="heartbeat"
):
    """Telemetry, never journalled: how the station is and what it has not yet delivered.

    `retained` counts, since its start, messages that somebody left on its topics at the broker.
    """

    boot: int
    up_ms: int
    head_seq: int
    waiting: int
    devices: dict[str, str]
    simulated: bool
    retained: int = 0


class Goodbye(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="goodbye"):
    """The last will, or a clean stop: a hint only."""

    clean: bool


class NotEnrolled(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="not_enrolled"
):
    """The county does not know the key of the frame with this SHA-256; signed, not sealed."""

    frame: str


Upward = Hello | Batch | SnapshotPiece | GrantAsk | StateAck | LiveNonce | LiveResult
Downward = (
    Welcome
    | Ack
    | SnapshotTaken
    | GrantPiece
    | StateItems
    | LiveRequest
    | LiveCommand
    | NotEnrolled
)
Telemetry = Heartbeat | Goodbye
Message = (
    Hello
    | Batch
    | SnapshotPiece
    | GrantAsk
    | StateAck
    | LiveNonce
    | LiveResult
    | Welcome
    | Ack
    | SnapshotTaken
    | GrantPiece
    | StateItems
    | LiveRequest
    | LiveCommand
    | NotEnrolled
    | Ask
    | Answer
    | Heartbeat
    | Goodbye
)
