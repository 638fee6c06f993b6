"""The journal's way to the county as a small model: batches, acks, restores, copies and GRANTs.

An entry is (epoch, number). A hash is the whole path before it, so it never collides. The network
is a set that only grows: whatever was said once may arrive never, once, often, or after all else.
No code of ours runs here: it is the protocol that is searched. tests/sync/search.py drives the
real uplink, tests/simulation all of station and county.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

Entry = tuple[int, int]
Path = tuple[Entry, ...]


class Card(NamedTuple):
    """A station's card. Entries below `base` are pruned; `frozen`: the county did not take it."""

    epoch: int
    path: Path
    base: int
    gen: int
    applied: int
    durable: int
    frozen: bool


class County(NamedTuple):
    """What the county's database says. `sealed` is the newest epoch that it has granted."""

    gen: int
    epoch: int
    path: Path
    durable: int
    sealed: int
    told: bool


class Batch(NamedTuple):
    """Entries after a place."""

    epoch: int
    before: Path
    entries: Path


class Ack(NamedTuple):
    """The county stands here."""

    gen: int
    path: Path
    durable: int


class Grant(NamedTuple):
    """A new epoch after a parent; a new card begins with the entries from `base` on."""

    epoch: int
    parent: Path
    base: int


class World(NamedTuple):
    """Everything; `highest` stands beside the database, in a file that no restore touches."""

    first: Card
    second: Card | None
    county: County
    backup: County
    highest: int
    net: frozenset[Batch | Ack | Grant]
    old: frozenset[Path]
    image: Card | None
    made: int
    restores: int
    cloned: bool
    rolled: bool
    grants: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much may happen, and which mistake is planted."""

    entries: int = 2
    restores: int = 0
    clone: bool = False
    rollback: bool = False
    grants: int = 0
    bug: str = ""


EMPTY = Card(1, (), 0, 0, 0, 0, frozen=False)
NOTHING = County(0, 1, (), 0, 1, told=False)
START = World(
    first=EMPTY,
    second=None,
    county=NOTHING,
    backup=NOTHING,
    highest=1,
    net=frozenset(),
    old=frozenset(),
    image=None,
    made=0,
    restores=0,
    cloned=False,
    rolled=False,
    grants=(),
)


# -- the county


def receive(county: County, batch: Batch, bug: str = "") -> County:
    """A batch comes; what does not fit is kept apart and told, never merged."""
    if batch.epoch != county.epoch and bug != "late_old_epoch_merged":
        return county._replace(told=True) if batch.epoch < county.epoch else county
    if county.sealed > county.epoch and bug != "late_old_epoch_merged":
        return county._replace(told=True)
    path, start = county.path, len(batch.before)
    if batch.epoch < county.epoch:  # only by that mistake
        fresh = tuple(entry for entry in batch.entries if entry not in path)
        return county._replace(path=path + fresh)
    if start > len(path):
        return county
    offered = (path[:start] if bug == "no_hash" else batch.before) + batch.entries
    shared = 0 if bug == "no_hash" else min(len(offered), len(path))
    if offered[:shared] != path[:shared]:
        return county._replace(told=True)
    return county._replace(path=path + offered[len(path) :])


def greet(county: County, card: Card, bug: str = "") -> tuple[County, Card]:
    """HELLO and WELCOME in one: what the county makes of a card, and the card of its verdict."""
    if card.epoch < max(county.epoch, county.sealed):
        return county._replace(told=True), card._replace(frozen=True)
    if card.epoch > county.epoch:
        if bug == "grant_not_honoured" and card.epoch > county.sealed:
            return county, card._replace(frozen=True)
        county = _honour(county, card)
    at = len(county.path)
    if len(card.path) < at:
        return county._replace(told=True), card._replace(frozen=True)
    if bug != "no_hash" and card.path[:at] != county.path:
        return county._replace(told=True), card._replace(frozen=True)
    durable = min(county.durable, at)
    if card.gen == county.gen:
        durable = max(durable, card.durable)
    return county, card._replace(gen=county.gen, applied=at, durable=durable)


def _honour(county: County, card: Card) -> County:
    """A card of a granted epoch: whatever goes beyond its parent belongs to no history here."""
    own = sum(entry[0] < card.epoch for entry in card.path)
    shared = 0
    for mine, theirs in zip(county.path, card.path[:own], strict=False):
        if mine != theirs:
            break
        shared += 1
    return county._replace(
        epoch=card.epoch,
        path=county.path[:shared],
        sealed=max(county.sealed, card.epoch),
        durable=min(county.durable, shared),
    )


# -- what may happen


def moves(world: World, limits: Limits) -> Iterator[tuple[str, World]]:
    """Every next world."""
    for name in ("first", "second"):
        card: Card | None = getattr(world, name)
        if card is not None and not card.frozen:
            yield from _of_card(world, name, card, limits)
        if card is not None and limits.grants:
            yield from _granted(world, name, card)
    yield from _of_county(world, limits)
    yield from _of_people(world, limits)


def _with(world: World, name: str, card: Card) -> World:
    return world._replace(first=card) if name == "first" else world._replace(second=card)


def _of_card(world: World, name: str, card: Card, limits: Limits) -> Iterator[tuple[str, World]]:
    bug = limits.bug
    if world.made < limits.entries:
        entry = (card.epoch, world.made)
        more = card._replace(path=(*card.path, entry))
        yield f"{name} commits", _with(world, name, more)._replace(made=world.made + 1)
    if len(card.path) > card.applied >= card.base:
        batch = Batch(card.epoch, card.path[: card.applied], card.path[card.applied :])
        if batch not in world.net:
            yield f"{name} sends", world._replace(net=world.net | {batch})
    limit = card.applied if bug == "prune_applied" else card.durable
    if card.base < limit:
        yield f"{name} prunes", _with(world, name, card._replace(base=limit))
    if bug != "no_hello_reset":
        county, greeted = greet(world.county, card, bug)
        if greeted != card or county != world.county:
            yield f"{name} says hello", _with(world, name, greeted)._replace(county=county)
    for packet in world.net:
        if isinstance(packet, Ack) and (heard := _heard(card, packet, bug)) != card:
            yield f"{name} hears an ack", _with(world, name, heard)


def _heard(card: Card, ack: Ack, bug: str) -> Card:
    at = len(ack.path)
    if (ack.gen != card.gen and bug != "no_gen") or at > len(card.path):
        return card
    if bug != "no_hash" and card.path[:at] != ack.path:
        return card
    return card._replace(applied=max(card.applied, at), durable=max(card.durable, ack.durable))


def _granted(world: World, name: str, card: Card) -> Iterator[tuple[str, World]]:
    """A new card takes a GRANT; the one before is thrown away, with what only it had."""
    for packet in world.net:
        if isinstance(packet, Grant) and packet.epoch > card.epoch:
            # Until its first HELLO it knows of no generation, and so believes no ack.
            at = len(packet.parent)
            fresh = Card(
                packet.epoch, packet.parent, packet.base, -1, at, packet.base, frozen=False
            )
            after = _with(world, name, fresh)._replace(old=world.old | {card.path})
            yield f"{name} begins epoch {packet.epoch}", after


def _of_county(world: World, limits: Limits) -> Iterator[tuple[str, World]]:
    county = world.county
    for packet in world.net:
        if isinstance(packet, Batch):
            after = receive(county, packet, limits.bug)
            ack = Ack(after.gen, after.path, after.durable)
            net = world.net if after.told and after == county else world.net | {ack}
            if after != county or net != world.net:
                yield "the county takes a batch", world._replace(county=after, net=net)
    if limits.restores and (
        world.backup.path != county.path
        or (world.backup.epoch, world.backup.sealed) != (county.epoch, county.sealed)
    ):
        kept = county._replace(durable=len(county.path))
        yield "backup", world._replace(county=kept, backup=kept)
    if world.restores < limits.restores:
        gen = county.gen if limits.bug == "no_gen" else county.gen + 1
        restored = world.backup._replace(gen=gen, told=county.told)
        yield "restore", world._replace(county=restored, restores=world.restores + 1)


def _of_people(world: World, limits: Limits) -> Iterator[tuple[str, World]]:
    if limits.clone and not world.cloned and world.first.path:
        yield "clone", world._replace(second=world.first, cloned=True)
    if limits.rollback and not world.rolled:
        if world.image is None and world.first.path:
            yield "image", world._replace(image=world.first)
        if world.image is not None and world.image != world.first:
            before = world._replace(old=world.old | {world.first.path}, rolled=True)
            yield "rollback", before._replace(first=world.image._replace(frozen=False))
    if len(world.grants) < limits.grants and world.county.path:
        county = world.county
        known = (
            county.sealed
            if limits.bug == "grant_epoch_reused"
            else max(world.highest, county.sealed)
        )
        epoch = known + 1
        base = len(county.path) if limits.bug == "grant_without_tail" else county.durable
        grant = Grant(epoch, county.path, base)
        yield (
            "grant",
            world._replace(
                net=world.net | {grant},
                county=county._replace(sealed=epoch),
                highest=max(world.highest, epoch),
                grants=(*world.grants, epoch),
            ),
        )
