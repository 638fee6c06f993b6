"""Facts, moments and states as people say them, in Chinese or English."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import msgspec
from sqlalchemy import Row

from cloud_sync.county.histories.dating import Dated
from cloud_sync.county.office import Glance
from cloud_sync.wire.envelope import Envelope, decode
from edge.kernel.masking import short_waybill, yuan_text
from edge.words import say

CHINA: Final = timezone(timedelta(hours=8))
"""Everywhere inside is UTC; every screen shows +08:00."""
_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000


def clock_text(ms: int, now_ms: int) -> str:
    """Time of day, with the date in front when it is not today's."""
    moment = _china(ms)
    same_day = moment.date() == _china(now_ms).date()
    return moment.strftime("%H:%M:%S" if same_day else "%m-%d %H:%M")


def wall_text(ms: int) -> str:
    """Date and time to the minute, for the head of the page."""
    return _china(ms).strftime("%Y-%m-%d %H:%M")


def ago_text(ms: int, language: str) -> str:
    """How long, in the largest unit that fits."""
    for unit, key in ((_DAY, "days"), (_HOUR, "hours"), (_MINUTE, "minutes")):
        if ms >= unit:
            return say(f"county.{key}", language, count=ms // unit)
    return say("county.seconds", language)


def lasted_text(ms: int, language: str) -> str:
    """How long something took, to the minute."""
    hours, minutes = divmod(ms // _MINUTE, 60)
    if not hours:
        return ago_text(ms, language)
    return say("county.lasted", language, hours=hours, minutes=minutes or "")


def word(group: str, value: str, language: str) -> str:
    """A state or reason in words; one that has none is shown as it is."""
    try:
        return say(f"county.{group}.{value}", language)
    except KeyError:
        return value


def fact_view(
    row: Row[Any], name: str, glance: Glance, dated: Dated | None = None
) -> dict[str, Any]:
    """One row of the journal for the page. Secrets of the body never leave this room."""
    return {
        "number": row.number,
        "station": row.station,
        "station_name": name,
        "epoch": row.epoch,
        "seq": row.seq,
        "hash": bytes(row.hash).hex(),
        "kind": row.kind,
        "schema": row.schema,
        "cell": row.cell,
        "waybill_no": row.waybill_no,
        "waybill": short_waybill(row.waybill_no) if row.waybill_no else None,
        "wall_ms": row.wall_ms,
        "received_ms": row.received_ms,
        "time": _time_text(row, dated, glance),
        "parked": bool(row.parked),
        "mood": _mood(row.kind, parked=bool(row.parked)),
        "text": _sentence(row, glance.language),
    }


def _time_text(row: Row[Any], dated: Dated | None, glance: Glance) -> str:
    """When it was, by what is known now; ≈ where that is not sure to a minute."""
    if dated is None:
        return clock_text(row.wall_ms, glance.now_ms)
    return ("" if dated.sure else "≈") + clock_text(dated.at_ms, glance.now_ms)


def _sentence(row: Row[Any], language: str) -> str:
    if row.parked:
        return f"{row.kind} · {say('county.parked', language)}"
    try:
        return say(f"county.fact.{row.kind}", language, **_blanks(decode(row.fact), language))
    except (KeyError, ValueError, msgspec.MsgspecError):
        return str(row.kind)


def _blanks(fact: Envelope, language: str) -> dict[str, str | int]:
    body = fact.body
    blanks = {name: value for name, value in body.items() if isinstance(value, str | int)}
    counts = {name: len(value) for name, value in body.items() if isinstance(value, list)}
    blanks |= {name: count or "" for name, count in counts.items()}
    for group in _WORDS.get(fact.kind, _SAID):
        if isinstance(value := body.get(group), str):
            blanks[group] = word(group, value, language)
    for group in _LISTS:
        if isinstance(several := body.get(group), list):
            blanks[group] = "、".join(word(group, str(value), language) for value in several)
    for field, blank in _MONEY.items():
        if isinstance(fen := body.get(field), int) and fen:
            blanks[blank] = yuan_text(fen)
    if body.get("attempt") == 1:
        blanks["attempt"] = ""  # the first try is no news
    if isinstance(open_ms := body.get("open_ms"), int):
        blanks["seconds"] = open_ms // _SECOND
    if isinstance(away_ms := body.get("duration_ms"), int):
        blanks["lasted"] = lasted_text(away_ms, language)
    return blanks


_SAID: Final = ("reason", "purpose", "proof", "choice")
"""Fields that hold a word of the station's."""
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "remote.accepted": (),
    "remote.ended": ("result",),
    "journal.judged": ("verdict",),
    "bag.scanned": ("verdict",),
    "handover.suspended": (),
    "cell.locked": (),
    "parcel.reminded": ("way",),
    "parcel.storage_extended": (),
    "parcel.refused": (),
    "parcel.damaged": ("liable",),
    "parcel.to_return": ("cause",),
    "parcel.return_undone": (),
    "trouble.noted": ("trouble", "liable", "state"),
    "parcel.consent_wanted": ("said",),
    "parcel.consent_noted": ("wish", "how", "giver"),
    "parcel.contact_tried": ("result",),
    "proxy.authorised": ("relation",),
    "proxy.released": ("relation",),
}
"""... and where it is other ones: why a command was accepted or a cell locked is a person's own."""
_LISTS: Final = ("flags", "seen")
"""Fields that hold several words of the station's."""
_MONEY: Final = {"cash_due_fen": "due", "paid_fen": "paid"}
"""Fields that hold fen, and the blank that takes yuan; nothing is said of none."""
_MOODS: Final = {
    "remote.accepted": "warn",
    "remote.refused": "warn",
    "door.forced": "bad",
    "parcel.missing": "bad",
    "cell.faulted": "bad",
    "power.battery_low": "bad",
    "station.stopping": "bad",
    "station.safe_entered": "bad",
    "station.safe_left": "ok",
    "power.lost": "warn",
    "power.restored": "ok",
    "door.left_open": "warn",
    "door.silent": "warn",
    "door.unseen": "warn",
    "cell.questioned": "warn",
    "parcel.put_back": "warn",
    "parcel.handed_back": "warn",
    "cell.locked": "warn",
    "parcel.shelved": "ok",
    "parcel.handed_out": "ok",
    "pickup.refused": "warn",
    "parcel.stored": "ok",
    "parcel.picked_up": "ok",
    "bag.damaged": "warn",
    "handover.disputed": "warn",
    "handover.suspended": "warn",
    "handover.signed": "ok",
    "parcel.consent_wanted": "warn",
    "proxy.accepted": "ok",
    "proxy.declined": "warn",
    "parcel.over": "warn",
    "parcel.misrouted": "warn",
    "parcel.short": "bad",
    "parcel.overdue": "warn",
    "parcel.refused": "warn",
    "parcel.damaged": "bad",
    "parcel.to_return": "warn",
    "parcel.returned": "ok",
    "trouble.noted": "warn",
}


def _mood(kind: str, *, parked: bool) -> str:
    return "warn" if parked else _MOODS.get(kind, "quiet")


def _china(ms: int) -> datetime:
    try:
        return datetime.fromtimestamp(ms / _SECOND, UTC).astimezone(CHINA)
    except (OverflowError, OSError, ValueError):
        return datetime.fromtimestamp(0, UTC).astimezone(CHINA)  # a clock far out of bounds
