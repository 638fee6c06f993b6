"""Judges parcels and doors by a book of its own: A1, P1 to P4, D1, D3, L1, L4.

A parcel that lies in its cell without a code goes to nobody, whatever its owner shows (L1).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cloud_sync.county.database import Database
from cloud_sync.wire.envelope import decode
from edge.domain.state import State
from edge.simulation.oracles.book import Book, Content
from edge.simulation.oracles.judge import Judge
from edge.simulation.oracles.recorder import Recorder
from edge.simulation.parts.station_node import StationNode
from edge.simulation.people import Village
from edge.store.journal import JournalRow


@dataclass
class ParcelJudge:
    """Keeps a book for each card, and compares it with what lies behind the doors."""

    recorder: Recorder
    _books: dict[str, Book] = field(default_factory=dict)

    def book_of(self, node: StationNode) -> Book:
        """The book of a card."""
        return self._books.setdefault(node.name, Book())

    def committed(self, node: StationNode, row: JournalRow) -> None:
        """Fold it. A card that was put back, or granted an epoch, has its history read anew."""
        book, before = self.book_of(node), self.recorder.facts[row.hash].before
        if book.head != before:
            book = self._books[node.name] = Book.of(self.recorder.way_to(before))
        for law in book.take(row.hash, decode(row.fact)):
            self._trouble(node, law)

    def look(self, villages: Sequence[Village]) -> None:
        """P1 and P2 in steel, of doors that are shut and were told to be."""
        for village in villages:
            node, book = village.node, self.book_of(village.node)
            if node.in_order and node.alive is not None:
                for cell in node.cabinet.cells:
                    if book.doors.get(cell) == "shut" and cell not in node.cabinet.open:
                        self._behind(village, book, cell)

    def rest(self, villages: Sequence[Village], county: Database) -> None:
        """P1 and A1: the machine has parcels, cells, doors and codes of the book. L1."""
        del county
        for village in villages:
            node, book = village.node, self.book_of(village.node)
            for law in book.owing():
                self._trouble(node, law)
            if sum(book.counted().values()) != book.received:
                self._trouble(node, f"P1: {book.received} parcels came, {book.counted()} are known")
            if node.in_order and (state := village.state()) is not None:
                told = {str(no): parcel for no, parcel in state.parcels.items()}
                forgotten = book.may_forget() - set(told)
                for waybill_no in [no for no in book.places if no not in forgotten]:
                    place, parcel = book.stage(waybill_no), told.get(waybill_no)
                    if parcel is None or place != parcel.stage:
                        self._trouble(
                            node, f"P1: {waybill_no} is {place}, the machine has {parcel}"
                        )
                self._codes(village, state)
                self._memory(node, book, state)
                for waybill_no in sorted(set(told) - set(book.places)):
                    self._trouble(node, f"P1: the machine has {waybill_no}, which nobody brought")

    def _codes(self, village: Village, state: State) -> None:
        """By now every tail was typed, and asked about until there was a slip, or left alone."""
        for waybill_no, parcel in state.parcels.items():
            code = state.credentials[parcel.credential] if parcel.credential else None
            if code is None and waybill_no in village.left_alone:
                continue
            if parcel.stage == "stored" and (code is None or not code.live):
                self._trouble(village.node, f"L1: {waybill_no} lies in its cell and has no code")

    def _behind(self, village: Village, book: Book, cell: int) -> None:
        inside = village.node.cabinet.inside
        lies = next((no for at, no in inside.items() if at == cell), None)
        content = book.content(cell)
        if lies in village.astray or content.waybill_no in village.astray:
            return  # people did not tell the machine, which cannot see through doors
        if content.occupancy == "free" and lies is not None:
            self._trouble(village.node, f"P2: cell {cell} is free, and {lies} lies in it")
        if content.occupancy == "held" and lies != content.waybill_no:
            told = content.waybill_no
            self._trouble(village.node, f"P1: {told} should lie in cell {cell}, there is {lies}")
        at = book.lies_in.get(lies, cell) if lies is not None else cell
        if at != cell:
            self._trouble(village.node, f"P1: {lies} is told to be in {at} and lies in {cell}")

    def _memory(self, node: StationNode, book: Book, state: State) -> None:
        """A1: what the machine makes of its facts, by rules that are not its own."""
        for cell, content in sorted(state.cells.items()):
            has = Content(occupancy=content.occupancy, waybill_no=content.waybill_no or "")
            if has != (told := book.content(cell)):
                self._trouble(node, f"A1: cell {cell} is {told}, the machine has {has}")
        for cell, door in sorted(state.doors.items()):
            if door.door != (seen := book.doors.get(cell, "unknown")):
                self._trouble(node, f"A1: door {cell} is {seen}, the machine has {door.door}")
        forgotten = book.may_forget() - set(state.parcels)
        live = {name for name, no in book.live.items() if no not in forgotten}
        opens = {str(name) for name, code in state.credentials.items() if code.live}
        for name in sorted(live ^ opens):
            word = "live" if name in live else "dead"
            self._trouble(node, f"A1: the code {name} is {word}, and not so to the machine")

    def _trouble(self, node: StationNode, law: str) -> None:
        self.recorder.trouble(f"{law} ({node.name})")


def _fits(judge: ParcelJudge) -> Judge:
    return judge
