"""What the station says to the county next: decided here without clock, chance, disk or network.

    DOWN --link rose--> GREETING --welcome ok--> OPEN --odd answer--> PAUSING --time--> GREETING
                            |--ok, older than what we keep--> FILLING --snapshot taken--> OPEN
                            `--any other verdict--> HELD --time--> GREETING

The pipe loses, repeats and reorders, and the county may have been put back to an older copy.
Therefore:

1. Only a WELCOME, bound to our HELLO by its nonce, may move the cursor back. An ACK moves it
   forward, and only where our own hash at that place is the county's: a number proves nothing.
2. Whatever does not fit (another session, another county generation, a gap, another hash) is
   settled by a new HELLO, never by guessing.
3. One batch is in flight. What stays unanswered is asked after with an empty batch, which costs
   little on a slow line and shows whether the facts or only their ACK got lost.
4. Where the county wants facts that we keep no more, it gets the snapshot that our oldest kept
   fact follows, and goes on from there: the gap is said, never passed over. No answer has more
   than one message sent, and a repeated one none.
5. Waits grow with full jitter until facts arrive at the county again; nobody ever gives up.
"""

from dataclasses import dataclass, replace
from typing import Final

from cloud_sync.station.ports import Cursor
from cloud_sync.station.uplink_words import (
    Acknowledged,
    Action,
    Event,
    FetchGrant,
    Flight,
    JournalGrew,
    LinkFell,
    LinkRose,
    Moment,
    Phase,
    SaveCursor,
    SendBatch,
    SendHello,
    SendPiece,
    TimePassed,
    Told,
    Unknown,
    Welcomed,
)
from cloud_sync.wire.messages import Ack, Position, Welcome

__all__ = [
    "Acknowledged",
    "Action",
    "Event",
    "FetchGrant",
    "Flight",
    "JournalGrew",
    "LinkFell",
    "LinkRose",
    "Moment",
    "Phase",
    "SaveCursor",
    "SendBatch",
    "SendHello",
    "SendPiece",
    "Step",
    "TimePassed",
    "Told",
    "Unknown",
    "Uplink",
    "Welcomed",
    "step",
]

ANSWER_MS: Final = 3_000
"""A county answers within a second, also over a slow line: this much is always waited."""
BACKOFF_FIRST_MS: Final = 1_000
BACKOFF_CAP_MS: Final = 30_000
"""5,000 stations that wait for one county ask it some 300 times a second, which it can bear."""
PROBE_MS: Final = 60_000
"""An idle link is asked after this often, so that nobody is shown online for long who is not.

Many villages hang on a SIM card that is paid by the megabyte, and whatever is to be said asks
by itself: more often would cost more and find out nothing that somebody waits for."""
HELD_MS: Final = 30_000
"""A county that did not take us is asked again after this and up to as much again."""
SILENT: Final = 2
"""So many sendings unanswered in a row and the county counts as away."""
VERDICTS: Final = frozenset(
    {"rollback", "fork", "clone_suspect", "new_epoch", "reenrol", "unknown_station"}
)
"""Why a county does not take our facts; any other word of a newer county reads as `refused`."""
MOST_PACE_MS: Final = 60_000
"""No county may have us rest longer than this between two batches."""
_MAX_DOUBLINGS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Uplink:
    """The whole state. `due_ms` is when `TimePassed` matters next, None while nothing is awaited.

    `pace_ms` and `max_facts` are how the county wants batches; `gap_from` and `piece` are what it
    got last of our snapshot while the phase is FILLING, `wanted` the piece it asked for last.
    `silence` counts sendings without an answer,
    `setbacks` everything that failed since facts last arrived; the first is what is shown, the
    second what makes waits grow.
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
    pace_ms: int = 0
    max_facts: int = 1_000
    gap_from: int = 0
    piece: int = 0
    wanted: int = 0

    @property
    def waiting(self) -> int:
        """Facts that the county has not acknowledged."""
        return max(0, self.head_seq - self.cursor.applied_seq)

    @property
    def online(self) -> bool:
        """Whether the county answered just now and takes our facts."""
        return self.answered and self.silence < SILENT and not self.verdict


Step = tuple[Uplink, tuple[Action, ...]]


def step(uplink: Uplink, event: Event, moment: Moment) -> Step:  # noqa: PLR0911 - a table
    """The state after an event and what to do about it, in this order."""
    match event:
        case LinkRose():
            return _greet(replace(uplink, answered=False, silence=0), moment)
        case LinkFell():
            return _fall(uplink), ()
        case JournalGrew(head_seq):
            return _speak(replace(uplink, head_seq=head_seq), moment)
        case Welcomed():
            return _welcomed(uplink, event, moment)
        case Acknowledged(ack, mine):
            return _acknowledged(uplink, ack, mine, moment)
        case Told():
            return _told(uplink, event, moment)
        case Unknown():
            return _unknown(uplink, moment)
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
    if uplink.flight is Flight.RESTING:
        rested = replace(uplink, flight=Flight.NOTHING, due_ms=moment.now_ms + PROBE_MS)
        return _speak(rested, moment)
    return _missed(
        replace(uplink, silence=uplink.silence + 1, setbacks=uplink.setbacks + 1), moment
    )


def _missed(uplink: Uplink, moment: Moment) -> Step:
    """What was sent last has not been answered."""
    if uplink.phase is Phase.OPEN:
        return _probe(uplink, moment)
    if uplink.phase is Phase.FILLING:
        # A county that was put back meanwhile knows nothing of this session, and says nothing.
        return _fill(uplink, moment) if uplink.silence < SILENT else _greet(uplink, moment)
    # The same nonce once more, so that an answer slower than our wait still finds us; then a new
    # one, because a county that has seen a later HELLO keeps silent about an earlier one.
    nonce = uplink.nonce if uplink.silence % 2 else moment.nonce
    waiting = replace(uplink, nonce=nonce, due_ms=_answer_by(uplink, moment))
    return waiting, (SendHello(nonce),)


def _welcomed(uplink: Uplink, event: Welcomed, moment: Moment) -> Step:
    welcome = event.welcome
    if uplink.phase is not Phase.GREETING or welcome.nonce != uplink.nonce:
        return uplink, ()
    heard = replace(uplink, answered=True, silence=0)
    if welcome.verdict != "ok":
        verdict = welcome.verdict if welcome.verdict in VERDICTS else "refused"
        waits = welcome.grant if verdict == "new_epoch" else ""
        return _hold(heard, verdict, moment), (FetchGrant(waits),) if waits else ()
    ready = replace(
        heard,
        nonce="",
        session=welcome.session,
        pace_ms=_bounded(welcome.pace_ms),
        max_facts=max(1, welcome.max_facts),
        verdict="",
    )
    if event.base is not None and _lies_before(welcome.applied, event.base):
        return _begin_to_fill(ready, welcome, event.base, moment)
    if event.mine is None:
        return _hold(heard, "rollback", moment), ()  # the county has what we no longer have
    if event.mine != welcome.applied:
        # The county cannot see this by itself: show it, so that it keeps ours apart and tells.
        evidence = SendBatch(welcome.session, event.mine.seq, empty=False)
        return _hold(heard, "fork", moment), (evidence,)
    cursor = _reset(uplink.cursor, welcome)
    open_to = replace(
        ready,
        phase=Phase.OPEN,
        cursor=cursor,
        head_seq=max(uplink.head_seq, cursor.applied_seq),
        flight=Flight.RESTING if ready.pace_ms else Flight.NOTHING,
        due_ms=moment.now_ms + (ready.pace_ms or PROBE_MS),
    )
    talking, actions = _speak(open_to, moment)
    return talking, (*_saved(uplink.cursor, cursor), *actions)


def _lies_before(applied: Position, base: Position) -> bool:
    return (applied.epoch, applied.seq) < (base.epoch, base.seq)


def _begin_to_fill(uplink: Uplink, welcome: Welcome, base: Position, moment: Moment) -> Step:
    cursor = _reset(uplink.cursor, welcome)
    if welcome.applied.epoch != base.epoch:
        cursor = Cursor(county_gen=welcome.county_gen)
    gap_from = welcome.applied.seq + 1
    filling, actions = _fill(replace(uplink, cursor=cursor, gap_from=gap_from, wanted=0), moment)
    return filling, (*_saved(uplink.cursor, cursor), *actions)


def _fill(uplink: Uplink, moment: Moment) -> Step:
    piece = SendPiece(uplink.session, uplink.gap_from, uplink.wanted)
    filling = replace(uplink, phase=Phase.FILLING, piece=uplink.wanted)
    return replace(filling, due_ms=_answer_by(uplink, moment)), (piece,)


def _told(uplink: Uplink, event: Told, moment: Moment) -> Step:
    taken = event.taken
    if uplink.phase is not Phase.FILLING or taken.session != uplink.session or event.at is None:
        return uplink, ()
    heard = replace(uplink, silence=0, wanted=max(0, taken.next))
    if uplink.piece < taken.next < event.count:
        return _fill(heard, moment)
    if taken.next <= uplink.piece:
        # Repeated or late, perhaps. Did each of them have a piece sent, a line that doubles would
        # make ever more of them: what is wanted goes when the wait is over.
        return heard, ()
    return _pause(heard, moment), ()  # its next WELCOME tells that it goes on behind the gap


def _unknown(uplink: Uplink, moment: Moment) -> Step:
    """Only whoever is waiting for a WELCOME can be told that."""
    if uplink.phase is not Phase.GREETING:
        return uplink, ()
    return _hold(replace(uplink, answered=True, silence=0), "unknown_station", moment), ()


def _acknowledged(uplink: Uplink, ack: Ack, mine: Position | None, moment: Moment) -> Step:
    if uplink.phase is not Phase.OPEN or ack.session != uplink.session:
        return uplink, ()
    heard = replace(uplink, silence=0, pace_ms=_bounded(ack.pace_ms))
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
        rests = moved and heard.pace_ms > 0
        heard = replace(
            heard,
            flight=Flight.RESTING if rests else Flight.NOTHING,
            setbacks=setbacks,
            due_ms=moment.now_ms + (heard.pace_ms if rests else PROBE_MS),
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
    after, empty = uplink.cursor.applied_seq, flight is Flight.PROBE
    sent = SendBatch(uplink.session, after, empty=empty, max_facts=uplink.max_facts)
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


def _bounded(pace_ms: int) -> int:
    return max(0, min(pace_ms, MOST_PACE_MS))


def _answer_by(uplink: Uplink, moment: Moment) -> int:
    return moment.now_ms + ANSWER_MS + _jitter_ms(uplink, moment)


def _jitter_ms(uplink: Uplink, moment: Moment) -> int:
    doublings = min(uplink.setbacks, _MAX_DOUBLINGS)
    return int(min(BACKOFF_CAP_MS, BACKOFF_FIRST_MS << doublings) * moment.share)
