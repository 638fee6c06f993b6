"""The single-writer loop: one input at a time is decided, stored, folded, then acted on."""

import asyncio
import contextlib
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from edge import wire_map
from edge.daemon.county.grants import epoch_to_tell
from edge.daemon.front import Announcement, InputMaker, LinkView, PrintQueueView
from edge.daemon.metrics import StationMetrics
from edge.daemon.store_thread import StoreCalls
from edge.domain import proxy_inputs
from edge.domain.answers import Refusal
from edge.domain.decision import Decision
from edge.domain.effects import Durable, Effect, Reply
from edge.domain.facts import Fact
from edge.domain.inputs import (
    CodeTyped,
    DoorStuckReported,
    Fresh,
    Input,
    KeeperEntered,
    KeeperLeft,
    PutBackAsked,
    RemoteOpenAsked,
    StationBooted,
    TakenReported,
    TokenScanned,
    WaybillScanned,
)
from edge.domain.policy import Policy
from edge.domain.remote import by_county
from edge.domain.state import State
from edge.domain.station import AT_THE_DESK, decide, evolve
from edge.domain.trip_inputs import (
    HandoverHeldUp,
    SealScanned,
)
from edge.kernel.errors import CunyiError, Refused, StoreError
from edge.kernel.time import Clock, Instant
from edge.store.database import Entry, Store

log = structlog.get_logger(__name__)

_KEEPER_INPUTS = (KeeperEntered, KeeperLeft, *AT_THE_DESK)
_KIOSK_INPUTS = (
    CodeTyped,
    TokenScanned,
    DoorStuckReported,
    TakenReported,
    PutBackAsked,
    proxy_inputs.ProxyOpenAsked,
    proxy_inputs.PassScanned,
)


class Chance(Protocol):
    """Where fresh random values come from: the system, or a simulator's seed."""

    def fresh(self) -> Fresh:
        """Values for one decision, never drawn before."""


@dataclass(slots=True)
class _Wish:
    make: InputMaker
    answer: "asyncio.Future[Reply | None]"
    announce: bool = False


@dataclass(slots=True)
class _Screen:
    """What pages see besides the state, and the bell that wakes them."""

    version: int = 0
    announcement: Announcement | None = None
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def ring(self) -> None:
        self.version += 1
        self.bell.set()
        self.bell = asyncio.Event()


class Station:
    """Owns the state. Everything that happens comes through `tell`, one input after another."""

    def __init__(  # noqa: PLR0913 - a composition root passes each collaborator by name
        self,
        *,
        store: Store,
        store_thread: StoreCalls,
        policy: Policy,
        state: State,
        clock: Clock,
        chance: Chance,
        metrics: StationMetrics,
    ) -> None:
        self.policy = policy
        self.state = state
        self.place = store.head()
        """The fact after which `state` is what is known, and its hash."""
        self.metrics = metrics
        self._store = store
        self._store_thread = store_thread
        self._clock = clock
        self._chance = chance
        self._fresh = chance.fresh()
        self._inbox: asyncio.Queue[_Wish] = asyncio.Queue()
        self._act: Callable[[Effect], None] = _ignore
        self._speak: Callable[[Reply], None] = _stay_silent
        self._on_grown: list[Callable[[], None]] = []
        self._screen = _Screen()
        self._under_way: _Wish | None = None
        self._failed: StoreError | None = None

    # -- what others hang on

    def carry_out_with(self, act: Callable[[Effect], None]) -> None:
        """Name who carries out effects; called after the facts are on disk, must not block."""
        self._act = act

    def speak_with(self, speak: Callable[[Reply], None]) -> None:
        """Name who says answers aloud; must not block."""
        self._speak = speak

    def when_journal_grows(self, tell: Callable[[], None]) -> None:
        """Call `tell` after each commit."""
        self._on_grown.append(tell)

    # -- inputs

    def now(self) -> Instant:
        """The present moment."""
        return self._clock.now()

    async def tell(self, make: InputMaker, *, announce: bool = False) -> Reply | None:
        """Decide and commit one input; returns once its facts are on disk.

        Raises Refused when the person may not do this now, StoreError when nothing can be stored.
        """
        if self._failed is not None:
            raise self._failed
        answer: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
        self._inbox.put_nowait(_Wish(make, answer, announce))
        return await answer

    def report(self, make: InputMaker, *, announce: bool = False) -> None:
        """Tell without waiting: for sensors, which nobody can refuse."""
        answer: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(_note_unheard)
        self._inbox.put_nowait(_Wish(make, answer, announce))

    def draw_anew(self) -> None:
        """What chance gives is other from here on: drop what was drawn before."""
        self._fresh = self._chance.fresh()

    async def run(self) -> None:
        """The loop. Ends only by cancellation or by a failure, after which nothing moves."""
        try:
            while True:
                self._under_way = await self._inbox.get()
                await self._answer(self._under_way)
                self._under_way = None
        except StoreError as failure:
            log.critical("store_failed", reason=str(failure))
            self._end(failure)
            raise
        except BaseException:
            self._end(StoreError("the station is stopping"))
            raise

    async def _answer(self, wish: _Wish) -> None:
        try:
            reply = await self._handle(wish.make)
        except Refused as refusal:
            if wish.announce:  # whoever held a code before the scanner looks at a screen
                self.announce(Reply(key=refusal.reason, ok=False))
            self._speak(Reply(key=refusal.reason, ok=False))
            _settle(wish.answer, refusal)
            return
        if wish.announce and reply is not None:
            self.announce(reply)
        if reply is not None:
            self._speak(reply)
        if not wish.answer.done():
            wish.answer.set_result(reply)

    async def boot(self, software: str) -> None:
        """Store that the station has started; doors in motion become unknown, none is pulsed."""
        epoch = await self._store_thread.run(epoch_to_tell, self._store)
        await self._handle(lambda at, _fresh: StationBooted(at=at, version=software, epoch=epoch))

    async def _handle(self, make: InputMaker) -> Reply | None:
        told = make(self._clock.now(), self._fresh)
        actor = actor_of(told)
        decision = decide(self.state, told, self.policy)
        to_store = bool(decision.facts or _durable(decision))  # a label may come without a fact
        if to_store:
            await self._commit(decision, told, actor)
        for effect in decision.effects:
            if not isinstance(effect, Durable):
                self._act(effect)
        if to_store:
            self._screen.ring()
            for tell in self._on_grown:
                tell()
        for fact in decision.facts:  # last: whoever waits at a door does not wait for this
            self.metrics.facts.labels(kind=fact.KIND).inc()
            log.info(fact.KIND, by=actor, **_loggable(fact))
        return decision.reply

    async def _commit(self, decision: Decision, told: Input, actor: str) -> None:
        try:
            entries = [entry_of(fact, actor) for fact in decision.facts]
        except wire_map.WireMapError as unfit:
            log.critical("fact_unfit", actor=actor, reason=str(unfit))
            raise Refused(Refusal.TRY_AGAIN) from unfit
        with self.metrics.commit_seconds.time():
            durable = _durable(decision)
            stored = self._store_thread.begin(self._store.commit, entries, durable, told.at)
            # While the card works: what follows from the facts, and fresh values for next time.
            state = self.state
            for fact in decision.facts:
                state = evolve(state, fact, told.at)
            self._fresh = self._chance.fresh()
            self.place = await stored
        self.state = state

    def _end(self, failure: StoreError) -> None:
        # Nobody may wait for an answer that never comes.
        self._failed = failure
        if self._under_way is not None:
            _settle(self._under_way.answer, failure)
        while not self._inbox.empty():
            _settle(self._inbox.get_nowait().answer, failure)

    # -- screens

    @property
    def version(self) -> int:
        """Grows with everything that a page might show."""
        return self._screen.version

    def ring(self) -> None:
        """Something outside the state changed: a device, the link, the print queue."""
        self._screen.ring()

    def speak(self, reply: Reply) -> None:
        """Say something aloud that no input was the cause of."""
        self._speak(reply)

    def announce(self, reply: Reply) -> None:
        """Put an answer on the screens for whoever stands there."""
        last = self._screen.announcement
        serial = last.serial + 1 if last else 1
        self._screen.announcement = Announcement(serial=serial, reply=reply, at=self.now())
        self._screen.ring()

    def announcement(self) -> Announcement | None:
        """The latest answer to something that came in by the scanner."""
        return self._screen.announcement

    async def changed(self, seen: int, timeout_s: float) -> int:
        """Wait until `version` is above `seen`, or the time-out; returns the version."""
        bell = self._screen.bell
        if self._screen.version <= seen:
            # Not wait_for: Python 3.11 loses a cancellation in it that comes with the bell.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await bell.wait()
        return self._screen.version


def _ignore(_effect: Effect) -> None:
    """Before the hardware is attached nothing is carried out."""


def _stay_silent(_reply: Reply) -> None:
    """Before a loudspeaker is attached nothing is said."""


def _durable(decision: Decision) -> list[Durable]:
    return [effect for effect in decision.effects if isinstance(effect, Durable)]


def _settle(answer: "asyncio.Future[Reply | None]", error: CunyiError) -> None:
    if not answer.done():
        answer.set_exception(error)


def _note_unheard(answer: "asyncio.Future[Reply | None]") -> None:
    if not answer.cancelled() and (error := answer.exception()) is not None:
        log.warning("report_refused", reason=str(error))


def actor_of(told: Input) -> str:
    """Who is answerable for an input, as the envelope records it."""
    if isinstance(told, HandoverHeldUp):
        return f"courier:{told.courier}"
    if isinstance(told, _KEEPER_INPUTS):
        return f"keeper:{told.keeper}"
    if isinstance(told, _KIOSK_INPUTS):
        return "kiosk"
    if isinstance(told, RemoteOpenAsked):
        return by_county(told.operator)
    return "desk" if isinstance(told, WaybillScanned | SealScanned) else "station"


def entry_of(fact: Fact, actor: str) -> Entry:
    """A fact with its wire body, ready for the journal."""
    kind, schema, body = wire_map.to_body(fact)
    return Entry(fact=fact, actor=actor, kind=kind, schema=schema, body=body)


# Who knows an authorisation may open its door again (second pulse, put-back) without signing in.
_SECRET_FIELDS = frozenset({"code_mac", "token_mac", "auth", "visit", "sealed"})


def _loggable(fact: Fact) -> dict[str, object]:
    names = (part.name for part in dataclasses.fields(fact))
    return {name: getattr(fact, name) for name in names if name not in _SECRET_FIELDS}


__all__ = ["LinkView", "PrintQueueView", "Station", "actor_of", "entry_of"]
