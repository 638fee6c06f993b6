"""The handover slip: counts first, then every seal that somebody may ask about later."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from edge.daemon.devices.slip_head import large_title, lay_out_head, slip_words
from edge.kernel.village_time import village_time
from hardware.ports import Block, Rule, Text

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
    head = lay_out_head(
        station_name=station_name,
        title=large_title("slip.handover"),
        beneath=slip_words(f"slip.handover.{copy_for}"),
        again=again,
    )
    return (*head, Rule(), *lines)


def _heading(content: Mapping[str, Any], signed: Mapping[str, Any]) -> Iterator[Block]:
    trip, operator = signed["trip"], content["operator"]
    yield Text(text=slip_words("slip.handover.trip", trip=trip, operator=operator))
    yield Text(text=slip_words("slip.handover.at", time=_time(content["at"])))
    counts = slip_words("slip.handover.counts", expected=signed["expected"], taken=signed["taken"])
    yield Text(text=counts, scale=2, bold=True)
    yield Text(text="")
    if disputed := content["disputed"]:
        yield Text(text=slip_words("slip.handover.disputed", **disputed), bold=True)


def _seals(content: Mapping[str, Any], signed: Mapping[str, Any]) -> Iterator[Block]:
    for name in _LISTS:
        if seals := signed[name]:
            yield Text(text=slip_words(f"slip.handover.{name}", count=len(seals)), bold=True)
            yield from (Text(text=seal) for seal in seals)
    if misrouted := content["misrouted"]:
        yield Text(text=slip_words("slip.handover.misrouted", count=len(misrouted)), bold=True)
        for seal, to, hop in misrouted:
            yield Text(text=slip_words("slip.handover.to", seal=seal, to=to, next_hop=hop))
    if hops := content["next_hops"]:
        yield Text(text=slip_words("slip.handover.out", count=len(hops)), bold=True)
        for seal, hop in hops:
            yield Text(text=slip_words("slip.handover.hop", seal=seal, next_hop=hop))
    if returns := content.get("returns"):  # a slip of an older software knows none
        yield Text(text=slip_words("slip.handover.returns", count=len(returns)), bold=True)
        yield from (Text(text=waybill_no) for waybill_no in returns)


def _signatures(signed: Mapping[str, Any]) -> Iterator[Block]:
    yield Rule()
    yield Text(text=slip_words("slip.handover.signed", courier=signed["courier"]))
    yield Text(text=slip_words("slip.handover.signed_too", keeper=signed["keeper"]))


def _time(at: Mapping[str, Any]) -> str:
    moment = village_time(at["wall_lo_ms"])
    unsure = "≈" if at["wall_hi_ms"] is None else ""
    return unsure + moment.strftime("%Y-%m-%d %H:%M")
