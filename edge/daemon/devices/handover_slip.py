"""The handover slip: counts first, then every seal that somebody may ask about later."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from edge.daemon.devices.slip import SLIP_LANGUAGE
from edge.words import say
from hardware.ports import Block, Rule, Text

_CHINA: Final = timezone(timedelta(hours=8))
_LISTS: Final = ("short", "over", "damaged")


def lay_out_handover(
    *, station_name: str, content: Mapping[str, Any], copy_for: str, again: bool
) -> tuple[Block, ...]:
    """Blocks of one slip, for `keeper` or `courier`. `again` marks one that may have come out."""
    signed = content["signed"]
    lines = [
        *_heading(content, signed),
        Rule(),
        *_seals(content, signed),
        *_signatures(signed),
    ]
    head = [
        Text(text=station_name, scale=2, centred=True, bold=True),
        Text(text=""),
        Text(text=_say("slip.handover"), scale=2, centred=True, bold=True),
        Text(text=_say(f"slip.handover.{copy_for}"), centred=True),
    ]
    if again:
        head.append(Text(text=_say("slip.copy"), scale=2, centred=True, bold=True))
    return (*head, Rule(), *lines)


def _heading(content: Mapping[str, Any], signed: Mapping[str, Any]) -> Iterator[Block]:
    trip, operator = signed["trip"], content["operator"]
    yield Text(text=_say("slip.handover.trip", trip=trip, operator=operator))
    yield Text(text=_say("slip.handover.at", time=_time(content["at"])))
    counts = _say("slip.handover.counts", expected=signed["expected"], taken=signed["taken"])
    yield Text(text=counts, scale=2, bold=True)
    yield Text(text="")
    if disputed := content["disputed"]:
        yield Text(text=_say("slip.handover.disputed", **disputed), bold=True)


def _seals(content: Mapping[str, Any], signed: Mapping[str, Any]) -> Iterator[Block]:
    for name in _LISTS:
        if seals := signed[name]:
            yield Text(text=_say(f"slip.handover.{name}", count=len(seals)), bold=True)
            yield from (Text(text=seal) for seal in seals)
    if misrouted := content["misrouted"]:
        yield Text(text=_say("slip.handover.misrouted", count=len(misrouted)), bold=True)
        for seal, to, hop in misrouted:
            yield Text(text=_say("slip.handover.to", seal=seal, to=to, next_hop=hop))
    if hops := content["next_hops"]:
        yield Text(text=_say("slip.handover.out", count=len(hops)), bold=True)
        for seal, hop in hops:
            yield Text(text=_say("slip.handover.hop", seal=seal, next_hop=hop))


def _signatures(signed: Mapping[str, Any]) -> Iterator[Block]:
    yield Rule()
    yield Text(text=_say("slip.handover.signed", courier=signed["courier"]))
    yield Text(text=_say("slip.handover.signed_too", keeper=signed["keeper"]))


def _time(at: Mapping[str, Any]) -> str:
    moment = datetime.fromtimestamp(at["wall_lo_ms"] / 1_000, UTC).astimezone(_CHINA)
    unsure = "≈" if at["wall_hi_ms"] is None else ""
    return unsure + moment.strftime("%Y-%m-%d %H:%M")


def _say(key: str, **blanks: str | int) -> str:
    return say(key, SLIP_LANGUAGE, **blanks)
