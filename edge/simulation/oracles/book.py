"""One card's history, folded by the judges' own rules: where each parcel is, and who moved it.

Nothing of `edge.domain` is asked. A fact that does not fit what stands in the book is a trouble.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Self

from cloud_sync.wire.envelope import Envelope, decode
from edge.kernel.hashing import GENESIS
from edge.simulation.oracles.recorder import Committed

IN_CARE: Final = frozenset({"received", "stored", "put_back"})
ENDED: Final = frozenset({"picked_up", "undone", "missing"})
_TAKES_OUT: Final = frozenset({"pickup", "release"})
_INTERRUPTED: Final = "pickup_interrupted"
_STEEL: Final = {
    "door.opened": "open",
    "door.forced": "forced",
    "door.shut": "shut",
    "door.silent": "silent",
    "door.unseen": "unknown",
}
MOST_STARTS: Final = 3
"""Starts in a row without one that lasted, after which doors rest."""
MOST_ENDED: Final = 500
"""A machine may forget a parcel once so many others have ended after it."""


@dataclass(kw_only=True)
class Content:
    """What a cell is said to hold."""

    occupancy: str = "free"
    waybill_no: str = ""


@dataclass(kw_only=True)
class Grant:
    """An authorisation: the one door that it is for, and the parcel that lay behind it."""

    cell: int
    purpose: str
    waybill_no: str
    consumed: bool = False
    open: bool = False


@dataclass
class Book:
    """See the module's docstring; `head` is the chain hash of the last fact in it."""

    head: bytes = GENESIS
    received: int = 0
    places: dict[str, str] = field(default_factory=dict)
    """Of each parcel ever received, the one place or end that it has."""
    lies_in: dict[str, int] = field(default_factory=dict)
    cells: dict[int, Content] = field(default_factory=dict)
    doors: dict[int, str] = field(default_factory=dict)
    """What was told last of each door that was ever told of."""
    live: dict[str, str] = field(default_factory=dict)
    """Codes that open something, by their names, and the parcel of each."""
    auths: dict[str, Grant] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    _aside: set[str] = field(default_factory=set)
    """Parcels that were stored when their cell came into doubt: only the keeper hands them out."""
    _tails: set[str] = field(default_factory=set)
    """Parcels whose phone tail is known."""
    _coded: dict[str, str] = field(default_factory=dict)
    """Parcels that have a live code, by its name."""
    _owed: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Parcels to which a code is due, and the moment of the decision that has to issue it."""
    _ends_in_order: dict[str, None] = field(default_factory=dict)
    _reopened: set[str] = field(default_factory=set)
    _starts: int = 0

    @classmethod
    def of(cls, way: Iterable[tuple[bytes, Committed]]) -> Self:
        """The book of a whole history."""
        book = cls()
        for digest, known in way:
            book.take(digest, decode(known.fact))
        return book

    def take(self, head: bytes, fact: Envelope) -> list[str]:
        """Fold one fact; what is broken by it."""
        self.head, self.troubles = head, []
        if fact.kind in _STEEL:
            self.doors[fact.body["cell"]] = _STEEL[fact.kind]
        self._settle_codes((fact.boot, fact.mono_ms))
        if (rule := self._RULES.get(fact.kind)) is not None:
            rule(self, fact, fact.body)
        return self.troubles

    def owing(self) -> list[str]:
        """L1: what is owed when no decision is under way any more."""
        self.troubles = []
        self._settle_codes(None)
        return self.troubles

    def content(self, cell: int) -> Content:
        """What a cell is said to hold."""
        return self.cells.setdefault(cell, Content())

    def stage(self, waybill_no: str) -> str:
        """What a parcel's place means at the counter: behind a doubt stands the keeper."""
        place = self.places[waybill_no]
        return "keeper_assist" if place == "put_back" or waybill_no in self._aside else place

    def counted(self) -> dict[str, int]:
        """How many parcels have each place."""
        sums: dict[str, int] = {}
        for place in self.places.values():
            sums[place] = sums.get(place, 0) + 1
        return sums

    def may_forget(self) -> set[str]:
        """Parcels that ended so long ago that the machine need not know them any more."""
        return set(list(self._ends_in_order)[:-MOST_ENDED])

    # -- parcels

    def _received(self, fact: Envelope, body: Mapping[str, Any]) -> None:
        waybill_no = body["waybill_no"]
        before = self.places.get(waybill_no)
        if before in IN_CARE:
            self._law("P1", f"{waybill_no} is received while it is {before}")
        if before == "picked_up" or (before is not None and not body["keeper"]):
            self._law("P4", f"{waybill_no} is received anew by {fact.actor}, and was {before}")
        self.received += before is None
        self._in_care(waybill_no, "received")
        self._tails.discard(waybill_no)
        self._coded.pop(waybill_no, None)
        self.lies_in.pop(waybill_no, None)

    def _stored(self, fact: Envelope, body: Mapping[str, Any]) -> None:
        waybill_no, cell = body["waybill_no"], body["cell"]
        before, content = self.places.get(waybill_no), self.content(cell)
        if before is None:
            self._law("P1", f"{waybill_no} is stored and was never received")
        if before in ENDED and not (
            fact.actor.startswith("keeper:") and content.occupancy in {"questioned", "faulted"}
        ):
            self._law("P4", f"{waybill_no} is {before}, then stored by {fact.actor} for no reason")
        if before in IN_CARE and self.lies_in.get(waybill_no, cell) != cell:
            self._law("P1", f"{waybill_no} is in cells {self.lies_in[waybill_no]} and {cell}")
        if content.waybill_no not in {"", waybill_no}:
            self._law("P2", f"cell {cell} gets {waybill_no} and has {content.waybill_no}")
        self._in_care(waybill_no, "stored")
        self._owe(waybill_no, fact)
        self.lies_in[waybill_no] = cell
        self.cells[cell] = Content(occupancy="held", waybill_no=waybill_no)

    def _put_back(self, _fact: Envelope, body: Mapping[str, Any]) -> None:
        waybill_no, cell = body["waybill_no"], body["cell"]
        if self.places.get(waybill_no) != "picked_up" or waybill_no not in self._reopened:
            self._law("P4", f"{waybill_no} is put back, and nobody asked for that")
        self._reopened.discard(waybill_no)
        self._in_care(waybill_no, "put_back")
        self.lies_in[waybill_no] = cell
        self.content(cell).waybill_no = waybill_no
        for auth in self.auths.values():
            if auth.waybill_no == waybill_no:
                auth.consumed = False

    def _picked_up(self, _fact: Envelope, body: Mapping[str, Any]) -> None:
        waybill_no, cell = body["waybill_no"], body["cell"]
        auth = self.auths.get(body["auth"])
        if auth is None:
            self._law("P3", f"{waybill_no} is picked up by no authorisation")
        elif auth.consumed:
            self._law("P3", f"{body['auth']} gets {waybill_no} and was consumed before")
        elif (auth.cell, auth.waybill_no) != (cell, waybill_no):
            self._law("P3", f"{body['auth']} is for {auth.waybill_no} and gets {waybill_no}")
        if self.places.get(waybill_no) not in {"stored", "put_back"}:
            self._law("P1", f"{waybill_no} is picked up and was {self.places.get(waybill_no)}")
        if auth is not None:
            auth.consumed = True
        self._end(waybill_no, "picked_up")
        self._coded.pop(waybill_no, None)
        self.live = {name: no for name, no in self.live.items() if no != waybill_no}

    def _undone(self, fact: Envelope, body: Mapping[str, Any]) -> None:
        self._ends(body["waybill_no"], "undone", fact)

    def _missing(self, fact: Envelope, body: Mapping[str, Any]) -> None:
        self._ends(body["waybill_no"], "missing", fact)

    def _ends(self, waybill_no: str, place: str, fact: Envelope) -> None:
        before = self.places.get(waybill_no)
        if before not in IN_CARE:
            self._law("P4", f"{waybill_no} is {before}, then {place} by {fact.actor}")
        self._end(waybill_no, place)

    def _in_care(self, waybill_no: str, place: str) -> None:
        self.places[waybill_no] = place
        self._aside.discard(waybill_no)
        self._ends_in_order.pop(waybill_no, None)

    def _end(self, waybill_no: str, place: str) -> None:
        self._in_care(waybill_no, place)
        self._ends_in_order[waybill_no] = None
        self.lies_in.pop(waybill_no, None)
        for content in self.cells.values():
            if content.waybill_no == waybill_no:
                content.waybill_no = ""

    # -- codes

    def _tail_noted(self, fact: Envelope, body: Mapping[str, Any]) -> None:
        waybill_no = body["waybill_no"]
        self._tails.add(waybill_no)
        if self.places.get(waybill_no) == "stored":
            self._coded.pop(waybill_no, None)  # the code is of another tail
            self._owe(waybill_no, fact)

    def _issued(self, _fact: Envelope, body: Mapping[str, Any]) -> None:
        self._coded[body["waybill_no"]] = body["credential"]
        self.live[body["credential"]] = body["waybill_no"]
        self._owed.pop(body["waybill_no"], None)

    def _revoked(self, _fact: Envelope, body: Mapping[str, Any]) -> None:
        self.live.pop(body["credential"], None)
        gone = [no for no, name in self._coded.items() if name == body["credential"]]
        for waybill_no in gone:
            del self._coded[waybill_no]

    def _owe(self, waybill_no: str, fact: Envelope) -> None:
        if waybill_no in self._tails and waybill_no not in self._coded:
            self._owed[waybill_no] = (fact.boot, fact.mono_ms)

    def _settle_codes(self, now: tuple[int, int] | None) -> None:
        """L1: a parcel that lies in its cell and has a phone tail gets a code at once."""
        for waybill_no in [no for no, at in self._owed.items() if at != now]:
            del self._owed[waybill_no]
            self._law("L1", f"{waybill_no} is stored with a phone tail, and no code was issued")

    # -- cells

    def _reserved(self, _fact: Envelope, body: Mapping[str, Any]) -> None:
        waybill_no, cell = body["waybill_no"], body["cell"]
        if self.content(cell).occupancy != "free":
            self._law("P2", f"cell {cell} is {self.content(cell)}, and reserved for {waybill_no}")
        self.cells[cell] = Content(occupancy="reserved", waybill_no=waybill_no)
        self.lies_in[waybill_no] = cell

    def _freed(self, _fact: Envelope, body: Mapping[str, Any]) -> None:
        cell = body["cell"]
        if holds := self.content(cell).waybill_no:
            self._law("P2", f"cell {cell} is freed with {holds} in it")
        self.cells[cell] = Content()

    def _questioned(self, fact: Envelope, body: Mapping[str, Any]) -> None:
        word = fact.kind.removeprefix("cell.")
        content = self.content(body["cell"])
        content.occupancy = word
        # A pickup that was cut short before any sign of opening may simply be repeated.
        if self.places.get(content.waybill_no) == "stored" and body["reason"] != _INTERRUPTED:
            self._aside.add(content.waybill_no)

    # -- doors

    def _accepted(self, _fact: Envelope, body: Mapping[str, Any]) -> None:
        if body["auth"] in self.auths:
            self._law("P3", f"{body['auth']} is given twice")
        self.auths[body["auth"]] = Grant(
            cell=body["cell"], purpose="pickup", waybill_no=body["waybill_no"]
        )

    def _asked(self, fact: Envelope, body: Mapping[str, Any]) -> None:
        cell, name = body["cell"], body["auth"]
        self.doors[cell] = "asked"
        if fact.actor == "station":
            self._law("D3", f"door {cell} is asked to open, by nobody")
        if self._starts >= MOST_STARTS:
            self._law("L4", f"door {cell} is asked to open after {self._starts} short starts")
        holds = self.content(cell).waybill_no
        known = self.auths.setdefault(
            name, Grant(cell=cell, purpose=body["purpose"], waybill_no=holds)
        )
        if known.cell != cell:
            self._law("D1", f"{name} is for cell {known.cell} and opens cell {cell}")
        if body["purpose"] == "put_back":
            self._reopened.add(known.waybill_no)
        if body["attempt"] > 1 and known.open:
            self._law("D1", f"{name} opens cell {cell} while that stands open")

    def _opened(self, _fact: Envelope, body: Mapping[str, Any]) -> None:
        auth = self.auths.get(body["auth"])
        if auth is None:
            if body["auth"]:
                self._law("D2", f"door {body['cell']} opens for {body['auth']}, which nobody gave")
            return
        auth.open = True
        if auth.cell != body["cell"]:
            self._law("D1", f"{body['auth']} opens cell {body['cell']} beside {auth.cell}")

    def _shut(self, _fact: Envelope, body: Mapping[str, Any]) -> None:
        for auth in self.auths.values():
            if auth.cell == body["cell"]:
                auth.open = False

    def _started(self, _fact: Envelope, _body: Mapping[str, Any]) -> None:
        self._starts += 1
        self.doors = dict.fromkeys(self.doors, "unknown")
        for auth in self.auths.values():
            auth.open = False

    def _lasted(self, _fact: Envelope, _body: Mapping[str, Any]) -> None:
        self._starts = 0

    def _law(self, code: str, what: str) -> None:
        self.troubles.append(f"{code}: {what}")

    _RULES: ClassVar[Mapping[str, Callable[["Book", Envelope, Mapping[str, Any]], None]]] = {
        "parcel.received": _received,
        "parcel.stored": _stored,
        "parcel.put_back": _put_back,
        "parcel.picked_up": _picked_up,
        "parcel.check_in_undone": _undone,
        "parcel.missing": _missing,
        "parcel.phone_tail_noted": _tail_noted,
        "pickup.code_issued": _issued,
        "pickup.code_revoked": _revoked,
        "cell.reserved": _reserved,
        "cell.freed": _freed,
        "cell.questioned": _questioned,
        "cell.faulted": _questioned,
        "pickup.accepted": _accepted,
        "door.asked": _asked,
        "door.opened": _opened,
        "door.shut": _shut,
        "station.started": _started,
        "station.steady": _lasted,
        "station.safe_left": _lasted,
    }
