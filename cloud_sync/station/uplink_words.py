"""The uplink's words: what happens to it, and what it wants done."""

from dataclasses import dataclass
from enum import StrEnum

from cloud_sync.station.ports import Cursor
from cloud_sync.wire.messages import Ack, Position, SnapshotTaken, Welcome


class Phase(StrEnum):
    """How far the talk with the county is."""

    DOWN = "down"
    PAUSING = "pausing"
    GREETING = "greeting"
    OPEN = "open"
    FILLING = "filling"
    HELD = "held"


class Flight(StrEnum):
    """What was sent in this session and not answered yet. RESTING: answered, and the next waits."""

    NOTHING = "nothing"
    PROBE = "probe"
    BATCH = "batch"
    RESTING = "resting"


# -- events


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something happened, and the chance for what it sets off.

    `now_ms` is monotonic, `nonce` fresh and unguessable, `share` evenly spread over 0 <= x < 1.
    """

    now_ms: int
    nonce: str
    share: float


@dataclass(frozen=True, slots=True)
class LinkRose:
    """The broker took us in: whatever was sent before is lost."""


@dataclass(frozen=True, slots=True)
class LinkFell:
    """The broker is gone."""


@dataclass(frozen=True, slots=True)
class JournalGrew:
    """The journal's newest fact."""

    head_seq: int


@dataclass(frozen=True, slots=True)
class Welcomed:
    """A WELCOME came; `mine` is our own place at its applied seq, None where we keep nothing.

    `base` is the place before the first fact that we keep, None where that is the beginning.
    """

    welcome: Welcome
    mine: Position | None
    base: Position | None = None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An ACK came; `mine` as in Welcomed."""

    ack: Ack
    mine: Position | None


@dataclass(frozen=True, slots=True)
class Told:
    """The county told which piece of our snapshot it wants.

    `at` is where that snapshot was taken and `count` how many pieces it has; None and 0 where it
    is no snapshot of ours.
    """

    taken: SnapshotTaken
    at: Position | None
    count: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """The county does not know the key that our last HELLO was signed with."""


@dataclass(frozen=True, slots=True)
class TimePassed:
    """It may be time for something."""


Event = LinkRose | LinkFell | JournalGrew | Welcomed | Acknowledged | Told | Unknown | TimePassed


# -- actions


@dataclass(frozen=True, slots=True)
class SendHello:
    """Introduce the station with this nonce."""

    nonce: str


@dataclass(frozen=True, slots=True)
class SendBatch:
    """Send facts after a place, or none of them, which only asks where the county is."""

    session: str
    after_seq: int
    empty: bool
    max_facts: int = 1_000


@dataclass(frozen=True, slots=True)
class SaveCursor:
    """Keep what the county acknowledged."""

    cursor: Cursor


@dataclass(frozen=True, slots=True)
class SendPiece:
    """Send a piece of the oldest snapshot: from `gap_from` up to it the facts exist nowhere."""

    session: str
    gap_from: int
    index: int


@dataclass(frozen=True, slots=True)
class FetchGrant:
    """A GRANT waits for us."""

    grant: str


Action = SendHello | SendBatch | SaveCursor | SendPiece | FetchGrant
