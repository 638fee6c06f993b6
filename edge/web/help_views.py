"""K13 from both sides: how far the call is at the kiosk, and the card at the counter."""

from dataclasses import dataclass
from typing import Final

from edge.web.snapshot import Snapshot, about, clock_text
from edge.words import say

SEEN_SHOWN_MS: Final = 5 * 60_000
"""So long the kiosk tells that the keeper has seen a call; a later press calls again anyway."""
_MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpView:
    """The call as whoever made it sees it."""

    serial: int
    seen: bool
    title: str
    waited: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCard:
    """The call as the keeper sees it; it stays until it is answered."""

    serial: int
    text: str


def help_view(seen: Snapshot, language: str) -> HelpView | None:
    """The kiosk's side; None while nobody has called, or some time after the answer."""
    call = seen.help_call
    if call is None:
        return None
    if call.seen_at is not None:
        age_ms = seen.now.since_ms(call.seen_at)
        if age_ms is None or age_ms >= SEEN_SHOWN_MS:
            return None
    minutes = (seen.now.since_ms(call.at) or 0) // _MINUTE_MS
    waits = "kiosk.help.waits" if minutes else "kiosk.help.waits.new"
    return HelpView(
        serial=call.serial,
        seen=call.seen_at is not None,
        title=say("kiosk.help.called" if call.seen_at is None else "kiosk.help.seen", language),
        waited=say(waits, language, minutes=minutes) if call.seen_at is None else "",
    )


def help_card(seen: Snapshot, language: str) -> HelpCard | None:
    """The keeper's side: who waits, since when, and what page the person was on."""
    call = seen.help_call
    if call is None or call.seen_at is not None:
        return None
    return HelpCard(
        serial=call.serial,
        text=say(
            "keeper.help",
            language,
            page=say(f"keeper.help.{call.page.value}", language),
            time=about(call.at) + clock_text(call.at.wall_lo_ms),
        ),
    )
