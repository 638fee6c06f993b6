"""A station's HELLO: who speaks, whether its journal goes on from ours, and what it is told.

    unknown_station  neither listed nor enrolled
    reenrol          the card sits in another board than the one that was enrolled
    new_epoch        a GRANT waits for its device
    rollback         its newest fact lies before our place: an old image, or facts were lost
    fork             another history, or an epoch that is over or that nobody granted
    clone_suspect    the history fits, but another copy of the card has spoken since
    ok               its facts are taken

A HELLO that does not come from the card that speaks leaves the present session as it is, so that
a late message costs nothing; the second one within a start of that card raises the alarm.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import structlog
from sqlalchemy import Connection

from cloud_sync.county import alarms
from cloud_sync.county.histories import gaps
from cloud_sync.county.histories.grants import Granting
from cloud_sync.county.ingest import ledger
from cloud_sync.county.ingest.conversation import Conversation, conversation_with, keep
from cloud_sync.county.ingest.ledger import Place
from cloud_sync.county.metrics import CountyMetrics
from cloud_sync.wire.messages import Hello
from edge.kernel.ids import StationId

log = structlog.get_logger(__name__)

Admits = Callable[[Connection, StationId], bool]
"""Whether a station that is not in the ledger yet may come in."""
_KEPT_FROM_SYNC: Final = frozenset({"rollback", "fork", "clone_suspect", "reenrol"})
_OVER_WHEN_IT_FITS: Final = (
    alarms.ROLLBACK,
    alarms.UNKNOWN_STATION,
    alarms.CORRUPT,
    alarms.REENROL,
)
_OVER_IN_A_NEW_EPOCH: Final = (
    alarms.ROLLBACK,
    alarms.FORK,
    alarms.CLONE_SUSPECT,
    alarms.REENROL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeting:
    """What a HELLO led to."""

    verdict: str
    place: Place
    session: str = ""
    grant: str = ""


class Reception:
    """See the module's docstring. Works inside the caller's transaction."""

    def __init__(
        self,
        granting: Granting,
        *,
        admits: Admits,
        clock_ms: Callable[[], int],
        draw: Callable[[int], bytes],
        metrics: CountyMetrics,
    ) -> None:
        self._granting, self._admits = granting, admits
        self._clock_ms, self._draw = clock_ms, draw
        self._metrics = metrics

    def greet(self, connection: Connection, station: StationId, hello: Hello) -> Greeting | None:
        """None for a HELLO of an earlier talk: silence is the answer."""
        place = self._admit(connection, station)
        if place is None:
            return Greeting(verdict="unknown_station", place=ledger.START)
        talk = conversation_with(connection, station)
        if talk.knows(hello.nonce) and not talk.is_latest(hello.nonce):
            return None
        card = self._granting.card_of(connection, station)
        if card is not None and card.machine and hello.machine and card.machine != hello.machine:
            return self._refuse(connection, station, hello, talk, place, "reenrol")
        waiting = self._granting.waiting(connection, station)
        if waiting and hello.grant != waiting:
            self._seen(connection, station, hello, "new_epoch")
            return Greeting(verdict="new_epoch", place=place, grant=waiting)
        if hello.head.epoch > place.epoch:
            begun = self._begin(connection, station, hello, talk, place)
            if begun is None:
                return self._refuse(connection, station, hello, talk, place, "fork")
            talk, place = begun
        return self._judge(connection, station, hello, talk, place)

    def _admit(self, connection: Connection, station: StationId) -> Place | None:
        place = ledger.place_of(connection, station)
        if place is not None:
            return place
        if self._admits(connection, station) and ledger.has_room(connection):
            ledger.register(connection, station, station)
            return ledger.START
        detail = "it said hello, but it is not on this county's list"
        self._alarm(connection, station, alarms.UNKNOWN_STATION, detail)
        return None

    # -- a new epoch

    def _begin(
        self,
        connection: Connection,
        station: StationId,
        hello: Hello,
        talk: Conversation,
        place: Place,
    ) -> tuple[Conversation, Place] | None:
        """Go on in the epoch that a GRANT of ours began, also one that was forgotten here."""
        epoch = hello.head.epoch
        parent = self._granting.proves(station, epoch, hello.grant)
        if parent is None:
            return None
        alarms.clear_alarms(connection, station, _OVER_IN_A_NEW_EPOCH, self._clock_ms())
        if not gaps.reach(connection, station, place, parent, self._clock_ms()):
            return None
        self._granting.taken(connection, station, epoch, hello.grant)
        begun = ledger.begin_epoch(
            connection, station, epoch, parent, hello.grant, self._clock_ms()
        )
        log.warning("epoch_begun", station=station, epoch=epoch, parent=parent.seq)
        return replace(talk, boot=0, boot_id="", earlier_boots=(), grant_id=hello.grant), begun

    # -- the same epoch

    def _judge(
        self,
        connection: Connection,
        station: StationId,
        hello: Hello,
        talk: Conversation,
        place: Place,
    ) -> Greeting:
        fits = _history(hello, talk, place)
        repeated = talk.is_latest(hello.nonce)
        if (
            fits == "rollback"
            and repeated
            and talk.agreed
            and _is_ours(connection, station, place, hello)
        ):
            fits = "ok"  # a late copy of a HELLO that was right when it was said
        if talk.is_of_another_card(hello) or hello.head.epoch < place.epoch:
            verdict = "clone_suspect" if fits == "ok" else fits
            return self._refuse(connection, station, hello, talk, place, verdict)
        if not repeated:
            talk = replace(talk, session=self._draw(16).hex(), nonces=talk.with_nonce(hello.nonce))
        talk = replace(talk, agreed=fits == "ok")
        if fits == "ok":
            talk = _met(talk, hello)
            alarms.clear_alarms(connection, station, _OVER_WHEN_IT_FITS, self._clock_ms())
        else:
            self._tell(connection, station, hello, fits)
        keep(connection, station, talk)
        self._seen(connection, station, hello, fits)
        return Greeting(verdict=fits, place=place, session=talk.session)

    def _refuse(  # noqa: PLR0913, PLR0917 - who, what and why
        self,
        connection: Connection,
        station: StationId,
        hello: Hello,
        talk: Conversation,
        place: Place,
        verdict: str,
    ) -> Greeting:
        """Answer, and leave the present session to whoever has it."""
        sure = verdict == "reenrol" or hello.head.epoch > place.epoch or not talk.session
        if sure or talk.doubted not in {"", hello.nonce}:
            self._tell(connection, station, hello, verdict)
        keep(connection, station, replace(talk, doubted=hello.nonce))
        self._seen(connection, station, hello, verdict)
        return Greeting(verdict=verdict, place=place)

    def _tell(self, connection: Connection, station: StationId, hello: Hello, verdict: str) -> None:
        detail = f"its head is fact {hello.head.seq} of epoch {hello.head.epoch}"
        if verdict == "clone_suspect":
            detail = f"start {hello.boot} spoke after a later one, or beside another of its number"
        if verdict == "reenrol":
            detail = "its card sits in another board than the one that was enrolled"
        self._alarm(connection, station, verdict, detail)
        self._metrics.forks.inc(verdict == "fork")

    def _alarm(self, connection: Connection, station: StationId, kind: str, detail: str) -> None:
        alarms.raise_alarm(connection, station, kind, detail, self._clock_ms())

    def _seen(self, connection: Connection, station: StationId, hello: Hello, verdict: str) -> None:
        ledger.note(
            connection,
            station,
            software=hello.software,
            cells=hello.cells,
            boot=hello.boot,
            verdict=verdict,
            seen_ms=self._clock_ms(),
            parted=False,
        )


def _history(hello: Hello, talk: Conversation, place: Place) -> str:
    """Whether the station's journal is ours and goes on from our place."""
    head = hello.head
    if head.epoch != place.epoch or (talk.grant_id and hello.grant not in {"", talk.grant_id}):
        return "fork"
    if head.seq > place.seq:
        return "ok"  # the station compares our hash with its own before it sends
    if head.seq < place.seq:  # also with a hash that is not ours: every start writes a fact
        return "rollback"
    return "ok" if head.hash == place.hash.hex() else "fork"


def _is_ours(connection: Connection, station: StationId, place: Place, hello: Hello) -> bool:
    """Whether the station's head is a place of the history that is committed here."""
    known = ledger.hash_at(connection, station, place, hello.head.seq)
    return known is not None and known.hex() == hello.head.hash


def _met(talk: Conversation, hello: Hello) -> Conversation:
    """What a good HELLO tells of the card and of the station."""
    return replace(
        talk,
        boot=hello.boot,
        boot_id=hello.boot_id,
        earlier_boots=talk.boots_before(hello.boot_id),
        machine=hello.machine,
        # Two machines that take turns each greet well in between: only a new start forgets it.
        doubted=talk.doubted if hello.boot_id == talk.boot_id else "",
        oldest_seq=hello.oldest_seq,
        head_seq=hello.head.seq,
        state_seq=hello.state_seq,
        fence=max(talk.fence, hello.fence),
    )
