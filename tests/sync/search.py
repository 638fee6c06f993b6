"""The real uplink in a small world: seen whole where it is tiny, wandered through where it is not.

What the protocol promises is searched in tests/sync/model, where stations too are models, and so
small that restores, copies and GRANTs fit. Here the code that ships takes every step, in every
order of messages and timers: what is searched is whether it keeps to that protocol. A hash is the
whole prefix, so it never collides. The network is a set that only grows: a message in it may
arrive never, once, often, or after all others.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from cloud_sync.station.ports import Cursor
from cloud_sync.station.uplink import (
    Acknowledged,
    Event,
    JournalGrew,
    LinkFell,
    LinkRose,
    Moment,
    Phase,
    SendBatch,
    SendHello,
    Step,
    TimePassed,
    Uplink,
    Welcomed,
    step,
)
from cloud_sync.wire.messages import Ack, Position, Welcome
from tests.sync.model import breadth_first
from tests.sync.model.breadth_first import Seen

Facts = tuple[int, ...]
StepFunction = Callable[[Uplink, Event, Moment], Step]


class Greeting(NamedTuple):
    """A HELLO as the model's county reads it."""

    nonce: str
    facts: Facts


class Parcel(NamedTuple):
    """A BATCH: what lies before it, and what it brings."""

    session: str
    before: Facts
    facts: Facts


Answer = Welcome | Ack
Packet = Greeting | Parcel | Answer


class Post(NamedTuple):
    """A station: its journal and its uplink."""

    facts: Facts
    uplink: Uplink


class County(NamedTuple):
    """The county: only `facts`, `gen` and `forked` outlive a restart of its process."""

    gen: int
    facts: Facts
    forked: bool
    nonces: tuple[str, ...]


class World(NamedTuple):
    """Everything there is, and how much may still go wrong."""

    first: Post
    second: Post | None
    county: County
    backup: Facts
    packets: frozenset[Packet]
    made: int
    greeted: int
    restores: int
    restarts: int


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much may happen."""

    facts: int = 2
    hellos: int = 2
    restores: int = 0
    restarts: int = 0
    clone: bool = False


NEW = Uplink(head_seq=0, cursor=Cursor())
START = World(
    first=Post((), NEW),
    second=None,
    county=County(gen=0, facts=(), forked=False, nonces=()),
    backup=(),
    packets=frozenset(),
    made=0,
    greeted=0,
    restores=0,
    restarts=0,
)


def place(facts: Facts) -> Position:
    """A position whose hash is the history itself."""
    return Position(epoch=1, seq=len(facts), hash=repr(facts))


# -- the county


def receive(county: County, packet: Greeting | Parcel) -> tuple[County, Answer | None]:
    """The model's county takes a message and answers, or keeps silent about an older HELLO."""
    if isinstance(packet, Greeting):
        late = packet.nonce in county.nonces[:-1]
        return (county, None) if late else _welcome(county, packet)
    before = county.facts
    known = before[: len(packet.before)]
    if not county.nonces or packet.session != f"{county.gen}:{county.nonces[-1]}":
        note = "stale_session"
    elif len(packet.before) > len(before):
        note = "gap"
    elif known != packet.before or _clash(before, packet):
        county, note = county._replace(forked=True), "fork"
    else:
        offered = packet.before + packet.facts
        county, note = county._replace(facts=before + offered[len(before) :]), ""
    return county, Ack(
        session=packet.session,
        county_gen=str(county.gen),
        applied=place(county.facts),
        durable_seq=0,
        note=note,
    )


def _clash(known: Facts, packet: Parcel) -> bool:
    offered = packet.before + packet.facts
    shared = min(len(offered), len(known))
    return offered[:shared] != known[:shared]


def _welcome(county: County, packet: Greeting) -> tuple[County, Answer]:
    nonces = county.nonces
    if packet.nonce not in nonces:
        nonces = (*nonces, packet.nonce)
    shared = county.facts[: len(packet.facts)]
    verdict = "ok"
    if shared != packet.facts[: len(shared)]:
        verdict = "fork"
    elif len(packet.facts) < len(county.facts):
        verdict = "rollback"
    if len(packet.facts) > len(county.facts):
        verdict = "ok"  # a real county knows only the head's hash, which is beyond its own
    county = county._replace(nonces=nonces, forked=county.forked or verdict == "fork")
    return county, Welcome(
        nonce=packet.nonce,
        session=f"{county.gen}:{packet.nonce}",
        county_gen=str(county.gen),
        verdict=verdict,
        applied=place(county.facts),
        durable_seq=0,
        county_time_ms=0,
    )


# -- a station


def turn(
    post: Post, event: Event, nonce: str, act: StepFunction = step
) -> tuple[Post, list[Packet]]:
    """One step of the real uplink; time and counters are folded so that the world stays finite."""
    now_ms = post.uplink.due_ms or 0 if isinstance(event, TimePassed) else 0
    uplink, actions = act(post.uplink, event, Moment(now_ms=now_ms, nonce=nonce, share=0.0))
    sent: list[Packet] = []
    for action in actions:
        if isinstance(action, SendHello):
            sent.append(Greeting(action.nonce, post.facts))
        elif isinstance(action, SendBatch):
            before = post.facts[: action.after_seq]
            facts = () if action.empty else post.facts[action.after_seq :]
            sent.append(Parcel(action.session, before, facts))
    folded = replace(
        uplink,
        due_ms=None if uplink.due_ms is None else 0,
        answered=False,
        silence=uplink.silence % 2,
        setbacks=0,
    )
    return post._replace(uplink=folded), sent


def answered(post: Post, packet: Answer) -> Event:
    """An answer beside what the station itself has at that place."""
    seq = packet.applied.seq
    mine = place(post.facts[:seq]) if seq <= len(post.facts) else None
    return Welcomed(packet, mine) if isinstance(packet, Welcome) else Acknowledged(packet, mine)


# -- what may happen


def _happenings(world: World, limits: Limits, act: StepFunction) -> Iterator[tuple[str, World]]:
    for which in ("first", "second"):
        post: Post | None = getattr(world, which)
        if post is not None:
            yield from _of_station(world, which, post, limits, act)
    yield from _of_county(world, limits)
    if limits.clone and world.second is None and world.first.facts:
        copy = world.first._replace(uplink=replace(NEW, head_seq=len(world.first.facts)))
        yield "clone", world._replace(second=copy)


def _of_station(
    world: World, which: str, post: Post, limits: Limits, act: StepFunction
) -> Iterator[tuple[str, World]]:
    events: list[tuple[str, Post, Event]] = []
    if world.made < limits.facts:
        more = post._replace(facts=(*post.facts, world.made))
        events.append(("fact", more, JournalGrew(len(more.facts))))
    if post.uplink.phase is Phase.DOWN:
        events.append(("link rose", post, LinkRose()))
    else:
        events += [("link fell", post, LinkFell()), ("time", post, TimePassed())]
        events += [
            (f"heard {packet}", post, answered(post, packet))
            for packet in world.packets
            if isinstance(packet, Welcome | Ack)
        ]
    for name, before, event in events:
        nonce = f"n{world.greeted}"
        after, sent = turn(before, event, nonce, act)
        greeted = world.greeted + any(isinstance(p, Greeting) and p.nonce == nonce for p in sent)
        if greeted <= limits.hellos:
            base = world._replace(
                packets=world.packets.union(sent),
                greeted=greeted,
                made=world.made + (name == "fact"),
            )
            yield (
                f"{which}: {name}",
                base._replace(first=after) if which == "first" else base._replace(second=after),
            )


def _of_county(world: World, limits: Limits) -> Iterator[tuple[str, World]]:
    for packet in world.packets:
        if isinstance(packet, Greeting | Parcel):
            county, answer = receive(world.county, packet)
            packets = world.packets if answer is None else world.packets | {answer}
            yield f"county: {packet}", world._replace(county=county, packets=packets)
    county = world.county
    if limits.restores and world.backup != county.facts:
        yield "backup", world._replace(backup=county.facts)
    if world.restores < limits.restores:
        restored = County(county.gen + 1, world.backup, county.forked, ())
        yield "restore", world._replace(county=restored, restores=world.restores + 1)
    if world.restarts < limits.restarts and county.nonces:
        yield (
            "restart",
            world._replace(county=county._replace(nonces=()), restarts=world.restarts + 1),
        )


# -- what must never be


def _trouble(world: World, limits: Limits, act: StepFunction) -> str:
    county = world.county
    posts = [post for post in (world.first, world.second) if post is not None]
    if len(set(county.facts)) != len(county.facts):
        return "S2: a fact is double at the county"
    if not any(county.facts == post.facts[: len(county.facts)] for post in posts):
        return "S1: the county's journal is no station's journal"
    for post in posts:
        cursor = post.uplink.cursor
        mine = post.facts[: cursor.applied_seq]
        if cursor.county_gen == str(county.gen) and mine != county.facts[: cursor.applied_seq]:
            return "S6: a station believes delivered what the county does not have"
    if not limits.clone and not converges(world, act):
        return "S4: the county never gets the rest"
    return ""


def converges(world: World, act: StepFunction) -> bool:
    """Whether the county gets everything once faults stop, after the network's last replays."""
    post, county = world.first, world.county
    for packet in world.packets:
        if isinstance(packet, Ack):
            post, _lost = turn(post, answered(post, packet), "replayed", act)
    if post.uplink.phase is Phase.DOWN:
        post, sent = turn(post, LinkRose(), "h0", act)
    else:
        post, sent = turn(post, TimePassed(), "h0", act)
    for number in range(12):
        if county.facts == post.facts and not post.uplink.waiting:
            return True
        if not sent:
            post, sent = turn(post, TimePassed(), f"h{number + 1}", act)
        county, replies = _served(county, sent)
        sent = []
        for reply in replies:
            post, more = turn(post, answered(post, reply), f"r{number}", act)
            sent += more
    return False


def _served(county: County, packets: list[Packet]) -> tuple[County, list[Answer]]:
    answers: list[Answer] = []
    for packet in packets:
        if isinstance(packet, Greeting | Parcel):
            county, answer = receive(county, packet)
            answers += [] if answer is None else [answer]
    return county, answers


def search(limits: Limits, act: StepFunction = step) -> Seen:
    """Look at every world that can be reached, nearest first, until one is bad."""
    return breadth_first.search(
        START,
        partial(_happenings, limits=limits, act=act),
        partial(_trouble, limits=limits, act=act),
    )


def wander(
    limits: Limits, act: StepFunction = step, *, seed: int, walks: int, length: int = 60
) -> Seen:
    """Walk at random through a world too large to be seen whole, until it is bad."""
    chance = random.Random(seed)
    seen = 0
    for _walk in range(walks):
        world, way = START, []
        for _step in range(length):
            # First the kind, then which one: replays are many and would crowd out all else.
            kinds: dict[str, list[tuple[str, World]]] = {}
            for happening in sorted(_happenings(world, limits, act), key=itemgetter(0)):
                kinds.setdefault(happening[0].partition("(")[0], []).append(happening)
            name, world = chance.choice(chance.choice(list(kinds.values())))
            seen += 1
            way.append(name)
            if trouble := _trouble(world, limits, act):
                return Seen(states=seen, trouble=trouble, way=tuple(way))
    return Seen(states=seen)
