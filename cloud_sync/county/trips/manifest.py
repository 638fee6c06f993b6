"""Reading a manifest or a route table: every mistake is told by its line, and all at once."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from cloud_sync.county.recipients.phone import Phone, read_phone
from cloud_sync.wire.bodies.hamlets import MOST_HAMLET
from cloud_sync.wire.bodies.state import MOST_PARCELS, BagParcel, TripStop
from edge.kernel.errors import CunyiError

MOST_MISTAKES: Final = 20
_COLUMNS: Final = {
    "seal": ("seal", "封签", "封签号"),
    "from": ("from", "起点", "发自"),
    "to": ("to", "到站", "目的站"),
    "waybill": ("waybill", "运单号", "快递单号"),
    "carrier": ("carrier", "快递公司", "品牌"),
    "piece": ("piece", "件号"),
    "pieces": ("pieces", "总件数"),
    "tail": ("tail", "尾号", "手机尾号"),
    "consent": ("consent", "同意", "同意投站"),
    "phone": ("phone", "手机号", "电话"),
    "hamlet": ("hamlet", "自然村", "村小组", "组"),
}
_NEEDED: Final = ("seal", "to", "waybill")
_CONSENTS: Final = {
    "": "unknown",
    "unknown": "unknown",
    "不详": "unknown",
    "yes": "yes",
    "是": "yes",
    "同意": "yes",
    "no": "no",
    "否": "no",
    "不同意": "no",
}
_SEAL: Final = re.compile(r"[A-Z0-9-]{5,30}")
_WAYBILL: Final = re.compile(r"[A-Z0-9-]{6,30}")
_TAIL: Final = re.compile(r"([0-9]{4})?")
TRIP: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_ROUTE_COLUMNS: Final = ("place", "network", "direction", "next_hop")
_MOST_NAME: Final = 40
_MOST_PIECES: Final = 999


class ManifestError(CunyiError):
    """The file cannot be taken; the sentences say which line and what to write there."""


@dataclass(slots=True, kw_only=True)
class ManifestBag:
    """One bag; `line` is where it was named first."""

    seal: str
    origin: str
    to: str
    line: int
    parcels: list[BagParcel] = field(default_factory=list)
    phones: dict[str, Phone] = field(default_factory=dict)
    """By waybill; for the county's own book, and for nobody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A trip with its bags, as a file says it."""

    trip: str
    operator: str
    stops: tuple[TripStop, ...]
    bags: Mapping[str, ManifestBag]

    def phones(self) -> dict[str, Phone]:
        """Every number by waybill."""
        return {no: phone for bag in self.bags.values() for no, phone in bag.phones.items()}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Route:
    """One line of the route table."""

    place: str
    network: str
    direction: str
    next_hop: str


def read_manifest(
    text: str, *, trip: str, operator: str, stops: Iterable[TripStop], as_json: bool
) -> Manifest:
    """A manifest from CSV with a header, or from a JSON list of the same names. Raises
    ManifestError with every line that is wrong.
    """
    if not TRIP.fullmatch(trip):
        raise ManifestError(f"trip {trip!r}: letters, digits, dots and dashes, at most 40")
    rows = list(_json_rows(text) if as_json else _csv_rows(text))
    mistakes: list[str] = []
    bags = _bags(rows, mistakes.append)
    if not rows:
        mistakes.append("there is no line with a parcel in it")
    if mistakes:
        more = len(mistakes) - MOST_MISTAKES
        tail = [f"... and {more} more"] if more > 0 else []
        raise ManifestError("\n".join([*mistakes[:MOST_MISTAKES], *tail]))
    return Manifest(trip=trip, operator=operator, stops=tuple(stops), bags=bags)


def read_routes(text: str) -> list[Route]:
    """A route table from CSV with a header. Raises ManifestError with every line that is wrong."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if missing := [name for name in _ROUTE_COLUMNS if name not in (reader.fieldnames or ())]:
        raise ManifestError(f"line 1: the header lacks {', '.join(missing)}")
    mistakes: list[str] = []
    seen: dict[tuple[str, str, str], int] = {}
    routes = []
    for line, row in enumerate(reader, start=2):
        values = [(row[name] or "").strip() for name in _ROUTE_COLUMNS]
        if unfit := [n for n, v in zip(_ROUTE_COLUMNS, values, strict=True) if not _named(v)]:
            mistakes.append(f"line {line}: {', '.join(unfit)}: 1 to {_MOST_NAME} letters")
            continue
        route = Route(**dict(zip(_ROUTE_COLUMNS, values, strict=True)))
        where = (route.place, route.network, route.direction)
        if (first := seen.setdefault(where, line)) != line:
            mistakes.append(f"line {line}: {' '.join(where)} stands in line {first} already")
        routes.append(route)
    if mistakes:
        raise ManifestError("\n".join(mistakes[:MOST_MISTAKES]))
    return routes


def _named(value: str) -> bool:
    return 1 <= len(value) <= _MOST_NAME and "/" not in value


def _csv_rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    header = [name.strip().lower() for name in next(reader, [])]
    known = {alias: name for name, aliases in _COLUMNS.items() for alias in aliases}
    names = [known.get(name, "") for name in header]
    if missing := [name for name in _NEEDED if name not in names]:
        raise ManifestError(f"line 1: the header lacks {', '.join(missing)}")
    for row in reader:
        if any(cell.strip() for cell in row):
            values = dict(zip(names, (cell.strip() for cell in row), strict=False))
            yield reader.line_num, values


def _json_rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        rows = msgspec.json.decode(text, type=list[dict[str, str | int]])
    except msgspec.MsgspecError as cause:
        raise ManifestError(f"this is no list of parcels: {cause}") from cause
    for number, row in enumerate(rows, start=1):
        yield number, {name: str(value).strip() for name, value in row.items()}


def _bags(
    rows: Iterable[tuple[int, dict[str, str]]], complain: Callable[[str], None]
) -> dict[str, ManifestBag]:
    bags: dict[str, ManifestBag] = {}
    lines: dict[str, int] = {}
    for line, row in rows:
        wrong = list(_mistakes(row)) or list(_clashes(row, line, bags, lines))
        for one in wrong:
            complain(f"line {line}: {one}")
        if wrong:
            continue
        seal = row["seal"].upper()
        fresh = ManifestBag(seal=seal, origin=row.get("from", ""), to=row["to"], line=line)
        bag = bags.setdefault(seal, fresh)
        phone = read_phone(row.get("phone", ""))
        bag.parcels.append(_parcel(row, phone))
        if phone is not None:
            bag.phones[row["waybill"].upper()] = phone
        lines[row["waybill"].upper()] = line
    return bags


def _clashes(
    row: Mapping[str, str], line: int, bags: Mapping[str, ManifestBag], lines: Mapping[str, int]
) -> Iterator[str]:
    """What does not go with an earlier line."""
    waybill_no, bag = row["waybill"].upper(), bags.get(row["seal"].upper())
    if (first := lines.get(waybill_no, line)) != line:
        yield (
            f"{waybill_no} stands in line {first} already; pieces of one shipment have numbers of "
            f"their own, e.g. {waybill_no}-2"
        )
    if bag is not None and bag.to != row["to"]:
        yield f"bag {bag.seal} goes to {bag.to} in line {bag.line}; one bag, one place"
    if bag is not None and len(bag.parcels) == MOST_PARCELS:
        yield f"bag {bag.seal} has more than {MOST_PARCELS} parcels; use two seals"


def _mistakes(row: Mapping[str, str]) -> Iterator[str]:
    """What is wrong in one line, each with what to write instead."""
    if not _SEAL.fullmatch(seal := row.get("seal", "").upper()):
        yield f"seal {seal!r}: 5 to 30 capitals, digits and dashes"
    if not row.get("to"):
        yield "to: the station that the bag is for"
    if not _WAYBILL.fullmatch(waybill_no := row.get("waybill", "").upper()):
        yield f"waybill {waybill_no!r}: 6 to 30 capitals, digits and dashes"
    if not _TAIL.fullmatch(tail := row.get("tail", "")):
        yield f"tail {tail!r}: the last four digits of the phone, or nothing"
    yield from _phone_mistakes(row.get("phone", ""), tail)
    if (consent := row.get("consent", "").lower()) not in _CONSENTS:
        yield f"consent {consent!r}: yes, no or unknown"
    if len(row.get("carrier", "")) > _MOST_NAME:
        yield f"carrier: at most {_MOST_NAME} letters"
    if len(hamlet := row.get("hamlet", "")) > MOST_HAMLET or not hamlet.isprintable():
        yield f"hamlet: the natural village in at most {MOST_HAMLET} letters, or nothing"
    piece, pieces = _number(row.get("piece")), _number(row.get("pieces"))
    if not 1 <= piece <= pieces <= _MOST_PIECES:
        yield f"piece {row.get('piece')!r} of {row.get('pieces')!r}: e.g. 1 of 3"


def _phone_mistakes(text: str, tail: str) -> Iterator[str]:
    """No mistake repeats the number: what is said of one is shown, and may be kept."""
    phone = read_phone(text)
    if phone is None:
        if text:
            yield "phone: 11 digits of a mobile, or area code and number, e.g. 0797-8512345"
    elif tail and tail != phone.tail and phone.can_be_told:
        yield f"tail {tail!r}: the phone in this line ends otherwise"


def _number(text: str | None) -> int:
    """1 where nothing is said, 0 for what is no number."""
    if not text:
        return 1
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("999") else 0


def _parcel(row: Mapping[str, str], phone: Phone | None) -> BagParcel:
    said: dict[str, Any] = {
        "waybill_no": row["waybill"].upper(),
        "carrier": row.get("carrier", ""),
        "piece": _number(row.get("piece")),
        "pieces": _number(row.get("pieces")),
        "tail": row.get("tail", "") or ("" if phone is None else phone.tail),
        "consent": _CONSENTS[row.get("consent", "").lower()],
        "hamlet": row.get("hamlet", ""),
        "notify": phone is not None and phone.can_be_told,
    }
    return msgspec.convert(said, BagParcel)
