"""What the county shows of a station, beside a book of the facts that it has."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from edge.simulation.oracles.book import IN_CARE, Book

_OF_NOBODY: Final[Mapping[str, Any]] = {"occupancy": "free", "waybill_no": None, "door": "unknown"}
"""A cell of which the county was told nothing."""


def cells_unlike(book: Book, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Each cell that is shown otherwise than the facts have it."""
    shown = {row["cell"]: row for row in rows}
    for cell in sorted(set(shown) | set(book.cells) | set(book.doors)):
        row, content = shown.get(cell, _OF_NOBODY), book.content(cell)
        door = "open" if row["door"] == "left_open" else row["door"]  # an alarm, and still open
        shows = (row["occupancy"], row["waybill_no"] or "", door)
        told = (content.occupancy, content.waybill_no, book.doors.get(cell, "unknown"))
        if shows != told:
            yield f"cell {cell} is {shows} and not {told}"


def parcels_unlike(book: Book, rows: Sequence[Mapping[str, Any]], *, whole: bool) -> Iterator[str]:
    """Each parcel that is shown otherwise; of a picture, not `whole`, only those that are here."""
    shown = {
        row["waybill_no"]: (row["stage"], row["ended_ms"] is None, row["cell"])
        for row in rows
        if whole or row["ended_ms"] is None
    }
    told = {
        no: (book.stage(no), place in IN_CARE, book.lies_in.get(no))
        for no, place in book.places.items()
        if whole or place in IN_CARE
    }
    for waybill_no in sorted(set(shown) | set(told)):
        shows, ought = shown.get(waybill_no), told.get(waybill_no)
        if shows is not None and not shows[1]:
            shows = (*shows[:2], None)  # where it lay before its end is no matter of now
        if shows != ought:
            yield f"{waybill_no} is {shows} and not {ought}"
