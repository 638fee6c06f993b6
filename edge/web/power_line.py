"""Mains and battery in words: how long and how much for the keeper, what works for villagers."""

from typing import Final

from edge.domain.facts import RefusalReason
from edge.domain.power import doors_rest, holds_check_in, on_battery_ms
from edge.domain.rest import why_doors_rest
from edge.web.snapshot import Snapshot
from edge.words import say

_MINUTE_MS: Final = 60_000
_AT_REST: Final = {
    RefusalReason.BATTERY_LOW: "kiosk.power.low",
    RefusalReason.JUST_RESTARTED: "kiosk.power.safe",
}


def on_battery(seen: Snapshot) -> bool:
    """Whether the mains are known to be away."""
    return on_battery_ms(seen.state, seen.now) is not None


def keeper_power(seen: Snapshot, language: str) -> tuple[bool, str]:
    """Whether all is well with the supply, and its condition in words."""
    view = seen.power
    if view is None or view.mains is None:
        return False, say("power.unsure", language)
    percent = "" if view.battery_percent is None else view.battery_percent
    if view.mains:
        return True, say("keeper.power.mains", language, percent=percent)
    key = "keeper.power.low" if doors_rest(seen.state, seen.now) else "keeper.power.battery"
    minutes = (on_battery_ms(seen.state, seen.now) or 0) // _MINUTE_MS
    return False, say(key, language, minutes=minutes or "", percent=percent)


def kiosk_power(seen: Snapshot, language: str) -> str:
    """What works now, for whoever stands before the kiosk; empty where that is everything."""
    if why := why_doors_rest(seen.state, seen.now):
        return say(_AT_REST[why], language)
    if not on_battery(seen):
        return ""
    held = holds_check_in(seen.state, seen.now, seen.policy)
    return say("kiosk.power.held" if held else "kiosk.power.battery", language)
