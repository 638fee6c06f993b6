"""What the station says to the county next: decided here without clock, chance, disk or network.

    DOWN --link rose--> GREETING --welcome ok--> OPEN --odd answer--> PAUSING --time--> GREETING
                            `--any other verdict--> HELD --time--> GREETING

The pipe loses, repeats and reorders, and the county may have been put back to an older copy.
Therefore:

1. Only a WELCOME, bound to our HELLO by its nonce, may move the cursor back. An ACK moves it
   forward, and only where our own hash at that place is the county's: a number proves nothing.
2. Whatever does not fit (another session, another county generation, a gap, another hash) is
   settled by a new HELLO, never by guessing.
3. One batch is in flight. What stays unanswered is asked after with an empty batch, which costs
   little on a slow line and shows whether the facts or only their ACK got lost.
4. Waits grow with full jitter until facts arrive at the county again; nobody ever gives up.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from cloud_sync.station.ports import Cursor
from cloud_sync.wire.messages import Ack, Position, Welcome

ANSWER_MS: Final = 3_000
"""A county answers within a second, also over a slow line: this much is always waited."""
BACKOFF_FIRST_MS: Final = 1_000
BACKOFF_CAP_MS: Final = 30_000
"""5,000 stations that wait for one county ask it some 300 times a second, which it can bear."""
PROBE_MS: Final = 20_000
"""An idle link is asked after this often, so that nobody is shown online who is not."""
HELD_MS: Final = 30_000
"""A county that did not take us is asked again after this and up to as much again."""
SILENT: Final = 2
"""So many sendings unanswered in a row and the county counts as away."""
VERDICTS: Final = frozenset({"rollback", "fork", "unknown_station"})
"""Why a county does not take our facts; any other word of a newer county reads as `refused`."""
_MAX_DOUBLINGS: Final = 10


class Phase(StrEnum):
    """How far the talk with the county is."""

    DOWN = "down"
    PAUSING = "pausing"
    GREETING = "greeting"
    OPEN = "open"
    HELD = "held"


class Flight(StrEnum):
    """What was sent in this session and not answered yet."""

    NOTHING = "nothing"
    PROBE = "probe"
    BATCH = "batch"


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
    """A WELCOME came; `mine` is our own place at its applied seq, None where we keep nothing."""

    welcome: Welcome
    mine: Position | None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An ACK came; `mine` as in Welcomed."""

    ack: Ack
    mine: Position | None


@dataclass(frozen=True, slots=True)
class TimePassed:
    """It may be time for something."""


Event = LinkRose | LinkFell | JournalGrew | Welcomed | Acknowledged | TimePassed


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


@dataclass(frozen=True, slots=True)
class SaveCursor:
    """Keep what the county acknowledged."""

    cursor: Cursor


Action = SendHello | SendBatch | SaveCursor


@dataclass(frozen=True, slots=True, kw_only=True)
class Uplink:
    """The whole state. `due_ms` is when `TimePassed` matters next, None while nothing is awaited.

    `silence` counts sendings without an answer, `setbacks` everything that failed since facts
    last arrived; the first is what is shown, the second what makes waits grow.
    """

    head_seq: int
    cursor: Cursor
    phase: Phase = Phase.DOWN
    nonce: str = ""
    session: str = ""
    flight: Flight = Flight.NOTHING
    due_ms: int | None = None
    answered: bool = False
    silence: int = 0
    setbacks: int = 0
    verdict: str = ""

    @property
    def waiting(self) -> int:
        """Facts that the county has not acknowledged."""
        return max(0, self.head_seq - self.cursor.applied_seq)

    @property
    def online(self) -> bool:
        """Whether the county answered just now and takes our facts."""
        return self.answered and self.silence < SILENT and not self.verdict


Step = tuple[Uplink, tuple[Action, ...]]


def step(uplink: Uplink, event: Event, moment: Moment) -> Step:
    """The state after an event and what to do about it, in this order."""
    match event:
        case LinkRose():
            return _greet(replace(uplink, answered=False, silence=0), moment)
        case LinkFell():
            return _fall(uplink), ()
        case JournalGrew(head_seq):
            return _speak(replace(uplink, head_seq=head_seq), moment)
        case Welcomed(welcome, mine):
            return _welcomed(uplink, welcome, mine, moment)
        case Acknowledged(ack, mine):
            return _acknowledged(uplink, ack, mine, moment)
    return _time_passed(uplink, moment)


def _fall(uplink: Uplink) -> Uplink:
    return replace(
        uplink,
        phase=Phase.DOWN,
        nonce="",
        session="",
        flight=Flight.NOTHING,
        due_ms=None,
        answered=False,
        silence=0,
    )


def _greet(uplink: Uplink, moment: Moment) -> Step:
    greeting = replace(
        uplink,
        phase=Phase.GREETING,
        nonce=moment.nonce,
        session="",
        flight=Flight.NOTHING,
        due_ms=_answer_by(uplink, moment),
    )
    return greeting, (SendHello(moment.nonce),)


def _pause(uplink: Uplink, moment: Moment) -> Uplink:
    """Something did not fit: greet anew, soon the first time, later and later while it goes on."""
    return replace(
        uplink,
        phase=Phase.PAUSING,
        session="",
        flight=Flight.NOTHING,
        due_ms=moment.now_ms + _jitter_ms(uplink, moment),
        setbacks=uplink.setbacks + 1,
    )


def _hold(uplink: Uplink, verdict: str, moment: Moment) -> Uplink:
    """The county does not take our facts, or we may not send them: a person must look."""
    return replace(
        uplink,
        phase=Phase.HELD,
        nonce="",
        session="",
        flight=Flight.NOTHING,
        due_ms=moment.now_ms + HELD_MS + int(HELD_MS * moment.share),
        verdict=verdict,
    )


def _time_passed(uplink: Uplink, moment: Moment) -> Step:
    if uplink.due_ms is None or moment.now_ms < uplink.due_ms:
        return uplink, ()
    if uplink.phase in (Phase.PAUSING, Phase.HELD):
        return _greet(uplink, moment)
    if uplink.phase is Phase.OPEN and uplink.flight is Flight.NOTHING:
        return _probe(uplink, moment)
    missed = replace(uplink, silence=uplink.silence + 1, setbacks=uplink.setbacks + 1)
    if uplink.phase is Phase.OPEN:
        return _probe(missed, moment)
    # The same nonce once more, so that an answer slower than our wait still finds us; then a new
    # one, because a county that has seen a later HELLO keeps silent about an earlier one.
    nonce = uplink.nonce if missed.silence % 2 else moment.nonce
    waiting = replace(missed, nonce=nonce, due_ms=_answer_by(missed, moment))
    return waiting, (SendHello(nonce),)


def _welcomed(uplink: Uplink, welcome: Welcome, mine: Position | None, moment: Moment) -> Step:
    if uplink.phase is not Phase.GREETING or welcome.nonce != uplink.nonce:
        return uplink, ()
    heard = replace(uplink, answered=True, silence=0)
    if welcome.verdict != "ok":
        verdict = welcome.verdict if welcome.verdict in VERDICTS else "refused"
        return _hold(heard, verdict, moment), ()
    if mine is None:
        return _hold(heard, "rollback", moment), ()  # the county has what we no longer have
    if mine != welcome.applied:
        # The county cannot see this by itself: show it, so that it keeps ours apart and tells.
        evidence = SendBatch(welcome.session, mine.seq, empty=False)
        return _hold(heard, "fork", moment), (evidence,)
    cursor = _reset(uplink.cursor, welcome)
    ready = replace(
        heard,
        phase=Phase.OPEN,
        nonce="",
        session=welcome.session,
        cursor=cursor,
        head_seq=max(uplink.head_seq, mine.seq),
        due_ms=moment.now_ms + PROBE_MS,
        verdict="",
    )
    talking, actions = _speak(ready, moment)
    return talking, (*_saved(uplink.cursor, cursor), *actions)


def _acknowledged(uplink: Uplink, ack: Ack, mine: Position | None, moment: Moment) -> Step:
    if uplink.phase is not Phase.OPEN or ack.session != uplink.session:
        return uplink, ()
    heard = replace(uplink, silence=0)
    if ack.note == "fork":
        return _hold(heard, "fork", moment), ()
    if ack.note == "corrupt":
        return heard, ()  # changed on its way; asked after like anything lost
    odd = ack.note != "" or ack.county_gen != uplink.cursor.county_gen
    if odd or mine != ack.applied:
        return _pause(heard, moment), ()
    cursor = _advance(uplink.cursor, ack)
    heard = replace(heard, cursor=cursor, head_seq=max(uplink.head_seq, ack.applied.seq))
    moved = cursor.applied_seq > uplink.cursor.applied_seq
    if moved or uplink.flight is Flight.PROBE:
        setbacks = 0 if moved or not heard.waiting else uplink.setbacks
        heard = replace(
            heard, flight=Flight.NOTHING, setbacks=setbacks, due_ms=moment.now_ms + PROBE_MS
        )
    talking, actions = _speak(heard, moment)
    return talking, (*_saved(uplink.cursor, cursor), *actions)


def _speak(uplink: Uplink, moment: Moment) -> Step:
    """Send the next facts if the county is listening and nothing is in flight."""
    if uplink.phase is not Phase.OPEN or uplink.flight is not Flight.NOTHING or not uplink.waiting:
        return uplink, ()
    return _ask(uplink, Flight.BATCH, moment)


def _probe(uplink: Uplink, moment: Moment) -> Step:
    return _ask(uplink, Flight.PROBE, moment)


def _ask(uplink: Uplink, flight: Flight, moment: Moment) -> Step:
    sent = SendBatch(uplink.session, uplink.cursor.applied_seq, empty=flight is Flight.PROBE)
    return replace(uplink, flight=flight, due_ms=_answer_by(uplink, moment)), (sent,)


def _reset(cursor: Cursor, welcome: Welcome) -> Cursor:
    """The county's own word about where it is, also when that is behind what it once said."""
    applied = welcome.applied.seq
    durable = max(0, min(welcome.durable_seq, applied))
    if welcome.county_gen == cursor.county_gen:
        durable = min(applied, max(durable, cursor.durable_seq))
    return Cursor(county_gen=welcome.county_gen, applied_seq=applied, durable_seq=durable)


def _advance(cursor: Cursor, ack: Ack) -> Cursor:
    durable = min(ack.durable_seq, ack.applied.seq)
    return replace(
        cursor,
        applied_seq=max(cursor.applied_seq, ack.applied.seq),
        durable_seq=max(cursor.durable_seq, durable),
    )


def _saved(before: Cursor, after: Cursor) -> tuple[SaveCursor, ...]:
    return (SaveCursor(after),) if after != before else ()


def _answer_by(uplink: Uplink, moment: Moment) -> int:
    return moment.now_ms + ANSWER_MS + _jitter_ms(uplink, moment)


def _jitter_ms(uplink: Uplink, moment: Moment) -> int:
    doublings = min(uplink.setbacks, _MAX_DOUBLINGS)
    return int(min(BACKOFF_CAP_MS, BACKOFF_FIRST_MS << doublings) * moment.share)
