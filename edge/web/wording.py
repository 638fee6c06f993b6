"""Answers of the core in a person's words."""

from edge.domain.effects import Reply
from edge.domain.facts import RefusalReason
from edge.domain.places import on_floor
from edge.kernel.ids import SlotCode
from edge.kernel.masking import short_waybill, yuan_text
from edge.web.snapshot import about, clock_text
from edge.words import WORDS, say


def cell_text(cell: int | None) -> str:
    """A cell as it is painted on its door: two digits."""
    return "" if cell is None else f"{cell:02d}"


def place_text(cell: int | None, slot: SlotCode | None, language: str) -> str:
    """Where a parcel lies, e.g. 柜 07, 架 B-3-407 or 地堆 地2; empty for nowhere."""
    if slot is not None:
        return say("place.floor" if on_floor(slot) else "place.shelf", language, slot=slot)
    return "" if cell is None else say("place.cell", language, cell=cell_text(cell))


def answer_text(reply: Reply, language: str) -> str:
    """The sentence for an answer, its blanks filled from the answer itself."""
    return say(
        reply.key,
        language,
        cell=cell_text(reply.cell),
        place=place_text(reply.cell, reply.slot, language),
        yuan="" if reply.fen is None else yuan_text(reply.fen),
        waybill_no=reply.waybill_no or "",
        short=short_waybill(reply.waybill_no or ""),
        tries_left="" if reply.tries_left is None else reply.tries_left,
        time=_time(reply),
        seal=reply.seal or "",
        to=reply.to,
        next_hop=reply.next_hop,
        count="" if reply.count is None else reply.count,
    )


def headline(reply: Reply, language: str) -> str:
    """Why the kiosk cannot do it, in a few words; the whole answer where there are none."""
    key = f"kiosk.no.{_reason(reply)}"
    if key not in WORDS:
        return answer_text(reply, language)
    yuan = "" if reply.fen is None else yuan_text(reply.fen)
    return say(key, language, time=_time(reply), yuan=yuan)


def next_step(reply: Reply, language: str) -> str:
    """The one thing to do after that."""
    special = f"kiosk.next.{_reason(reply)}"
    return say(special if special in WORDS else "kiosk.next", language)


def _time(reply: Reply) -> str:
    return "" if reply.at is None else about(reply.at) + clock_text(reply.at.wall_lo_ms)


def _reason(reply: Reply) -> str:
    """The wrong code that used up the last try is told what follows from it."""
    spent = reply.key == RefusalReason.WRONG_CODE and reply.tries_left == 0
    return RefusalReason.LOCKED_OUT.value if spent else reply.key
