"""The county as the keeper sees it: how it stands, what to do, room to wait, and its notices."""

from dataclasses import dataclass
from typing import Final

from edge.daemon.front import LinkView, RoomView
from edge.web.snapshot import Snapshot, moment_text
from edge.words import WORDS, say

MOST_NOTICES: Final = 20
_BY_ITSELF: Final = ("ok", "offline")
_LONGEST_DAYS: Final = 3_650
"""No card lives longer: beyond that a number would only pretend to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One notice; `key` and `seq` go back when it is read."""

    key: str
    seq: int
    title: str
    text: str
    unread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyPanel:
    """What stands on the card of the county."""

    ok: bool
    wants: bool
    """Whether somebody has to do something; a network that is away comes back by itself."""
    verdict: str
    says: str
    todo: str
    kept: str
    notices: tuple[NoticeLine, ...]
    unread: int


def county_panel(seen: Snapshot, language: str) -> CountyPanel:
    """The card of this moment."""
    verdict = verdict_of(seen.link)
    since_ms = seen.link.since_ms
    since = moment_text(since_ms, seen.now, language) if since_ms is not None else ""
    notices = tuple(
        NoticeLine(key=n.key, seq=n.seq, title=n.title, text=n.text, unread=n.unread)
        for n in seen.notices
    )
    return CountyPanel(
        ok=verdict == "ok",
        wants=verdict not in _BY_ITSELF,
        verdict=verdict,
        says=say(f"sync.say.{verdict}", language, since=since),
        todo=say(f"sync.todo.{verdict}", language),
        kept=kept_text(seen.link.waiting, seen.room, language),
        notices=notices[:MOST_NOTICES],
        unread=sum(n.unread for n in notices),
    )


def verdict_of(link: LinkView) -> str:
    """A word that has a sentence; any that a newer county says reads as refused."""
    if link.online:
        return "ok"
    if not link.verdict:
        return "offline"
    return link.verdict if f"sync.say.{link.verdict}" in WORDS else "refused"


def kept_text(waiting: int, room: RoomView | None, language: str) -> str:
    """How many facts wait, and for how long more would fit."""
    blanks = {"room": room_text(room, language) if room is not None else ""}
    if waiting:
        return say("sync.kept", language, waiting=waiting, **blanks)
    return say("sync.all_there", language, **blanks)


def room_text(room: RoomView, language: str) -> str:
    """How many days more would fit."""
    days = room.free_bytes // room.daily_bytes if room.daily_bytes else _LONGEST_DAYS
    if days >= _LONGEST_DAYS:
        return say("sync.room.years", language)
    return say("sync.room.days", language, days=days)
