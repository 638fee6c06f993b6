"""What must never be, in any world of the journal's model."""

from tests.sync.model.journal import Ack, Batch, Card, Limits, World, greet, receive


def trouble(world: World, limits: Limits) -> str:
    """The first law that does not hold, or an empty text."""
    county = world.county
    cards = [card for card in (world.first, world.second) if card is not None]
    if len(set(county.path)) != len(county.path):
        return "S2: an entry is double at the county"
    if len(set(world.grants)) != len(world.grants):
        return "E: an epoch was granted twice"
    paths = [card.path for card in cards] + list(world.old)
    if not any(county.path == path[: len(county.path)] for path in paths):
        return "S1: the county's journal is no card's journal"
    if county.durable > len(county.path):
        return "durable beyond the journal"
    return _lost(world) or _divided(world, cards) or _stuck(world, limits)


def _lost(world: World) -> str:
    if world.rolled or world.cloned or world.old:
        return ""
    card = world.first
    if set(card.path) - set(world.county.path) - set(card.path[card.base :]):
        return "S3: an entry is lost for ever"
    return ""


def _divided(world: World, cards: list[Card]) -> str:
    """Two histories believe both that the county has what only one of them can have given it."""
    county = world.county
    for card in cards:
        mine = card.path[: card.applied]
        agreed = card.gen == county.gen and card.epoch == county.epoch and not county.told
        if agreed and mine != county.path[: card.applied]:
            return "S6: a card believes delivered what the county does not have"
    return ""


def _stuck(world: World, limits: Limits) -> str:
    """S4: faults stop, one HELLO, the network's last acks, then batches: all must be there."""
    newest = [card for card in (world.first, world.second) if card is not None]
    ours = [card for card in newest if card.epoch >= world.highest]
    if world.rolled or world.cloned or not ours or ours[0].frozen:
        return ""
    if world.grants and len(ours) > 1:
        return ""
    card, county = ours[0], world.county
    if limits.bug != "no_hello_reset":
        county, card = greet(county, card, limits.bug)
    for packet in world.net:
        if isinstance(packet, Ack) and (packet.gen == card.gen or limits.bug == "no_gen"):
            at = len(packet.path)
            if card.path[:at] == packet.path:
                card = card._replace(applied=max(card.applied, at))
    for _round in range(3):
        if card.frozen or card.applied < card.base:
            break
        batch = Batch(card.epoch, card.path[: card.applied], card.path[card.applied :])
        county = receive(county, batch, limits.bug)
        card = card._replace(applied=max(card.applied, len(county.path)))
    return "" if county.path == card.path else "S4: the county never gets the rest"
