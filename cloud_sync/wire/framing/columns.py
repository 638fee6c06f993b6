"""Facts as columns: what repeats from fact to fact stands side by side, and costs next to nothing.

    length (3) | zstandard(columns) | random bytes

Lossless for any bytes: a fact that its columns do not give back to the last byte travels as it is.
The columns (msgpack, `_Table`) hold

- for each fact its shape: kind, schema and the keys of its body; shape 0 is a fact as it is,
- for the numbers of the envelope only how they differ from what the fact before lets expect,
- for each key of a body (and for the actor) its values in order, over all kinds, as JSON texts: a
  text that was there before in its column is how many places back, 0 is the next new one.

Runs of 24 and more hex digits (ids, keyed hashes) look random to a compressor and are: their bytes
stand behind the compressed part, half as long as their digits.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from operator import sub
from typing import Annotated, Any, Final, NamedTuple

import msgspec
from msgspec import Meta

from cloud_sync.wire.framing import dictionary
from cloud_sync.wire.messages import MAX_UNPACKED, MessageError

MAX_FACTS: Final = 4_096
MAX_COLUMNS: Final = 1_000_000
"""Bytes of the columns once they are decompressed: bounds the memory that reading them takes."""

_LENGTH: Final = 3
# No JSON text holds a control character as it is: 00 and 01 are free to mean something here.
_RUN: Final = re.compile(rb"(?:[0-9a-f]{2}){12,255}")
_MARK: Final = re.compile(rb"\x01(.)", re.DOTALL)
_END: Final = b"\0"
_AS_IT_IS: Final = 0

_Number = Annotated[int, Meta(ge=0, le=2**53 - 1)]
_Back = Annotated[int, Meta(ge=0, le=MAX_FACTS)]
_Steps = Annotated[list[int], Meta(max_length=MAX_FACTS)]


class _Parts(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """An envelope whose texts and body are left as they are written."""

    actor: msgspec.Raw
    body: dict[str, msgspec.Raw]
    boot: _Number
    epoch: _Number
    kind: str
    mono_ms: _Number
    schema: _Number
    seq: _Number
    wall_hi: _Number | None
    wall_lo: _Number


class _Shape(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    kind: str
    schema: _Number
    keys: tuple[str, ...]

    def template(self) -> bytes:
        """The fact with blanks: for the actor, for each key, and for the rest of a `_Row`."""
        body = b",".join(_quoted(key) + b":%b" for key in self.keys)
        return (
            b'{"actor":%%b,"body":{%b},"boot":%%d,"epoch":%%d,"kind":%b,"mono_ms":%%d,'
            b'"schema":%d,"seq":%%d,"wall_hi":%%b,"wall_lo":%%d}'
        ) % (body, _quoted(self.kind), self.schema)


class _Column(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    back: Annotated[list[_Back], Meta(max_length=MAX_FACTS)]
    new: bytes


class _Table(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    shapes: Annotated[list[_Shape], Meta(max_length=MAX_FACTS)]
    shape_of: Annotated[list[_Back], Meta(max_length=MAX_FACTS)]
    boot: _Steps
    epoch: _Steps
    mono_ms: _Steps
    seq: _Steps
    wall_hi: Annotated[list[int | None], Meta(max_length=MAX_FACTS)]
    wall_lo: _Steps
    actor: _Column
    body: dict[str, _Column]
    as_they_are: Annotated[list[bytes], Meta(max_length=MAX_FACTS)]


_FACT: Final = msgspec.json.Decoder(_Parts)
_TABLE: Final = msgspec.msgpack.Decoder(_Table)


def encode_facts(facts: Sequence[bytes]) -> bytes:
    """Facts in columns, compressed. Raises MessageError for more than a message may hold."""
    if not facts:
        return b""
    clear, noise = lay_out(facts)
    packed = dictionary.compress(clear, dictionary.FACTS)
    return len(packed).to_bytes(_LENGTH, "big") + packed + noise


def decode_facts(data: bytes) -> list[bytes]:
    """The very bytes of the facts. Raises MessageError for anything else, in bounded memory."""
    if not data:
        return []
    end = _LENGTH + int.from_bytes(data[:_LENGTH], "big")
    clear = dictionary.decompress(data[_LENGTH:end], MAX_COLUMNS)
    try:
        table = _TABLE.decode(clear)
        _fill(table, data[end:])
        return _facts_of(table)
    except (msgspec.MsgspecError, ValueError, IndexError, KeyError, StopIteration) as cause:
        raise MessageError(f"not columns of facts: {cause}") from cause


# -- writing


def lay_out(facts: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The columns before compression and the random bytes behind them."""
    if len(facts) > MAX_FACTS or sum(map(len, facts)) > MAX_UNPACKED:
        raise MessageError(f"{len(facts)} facts are too many or too large for one message")
    table = _Writer(facts).table
    noise: list[bytes] = []
    for column in (table.actor, *table.body.values()):
        column.new = _RUN.sub(lambda run: _set_aside(run[0], noise), column.new)
    clear = msgspec.msgpack.encode(table)
    if len(clear) > MAX_COLUMNS:
        raise MessageError(f"columns of {len(clear)} bytes are above {MAX_COLUMNS}")
    return clear, b"".join(noise)


def _set_aside(digits: bytes, noise: list[bytes]) -> bytes:
    run = bytes.fromhex(digits.decode())
    noise.append(run)
    return b"\x01%c" % len(run)


class _Texts:
    """A column that is being written."""

    def __init__(self) -> None:
        self.back: list[int] = []
        self.new: list[bytes] = []
        self._seen: dict[bytes, int] = {}

    def add(self, text: bytes) -> None:
        place = len(self.back)
        seen = self._seen.get(text)
        if seen is None:
            self.new.append(text)
        self.back.append(0 if seen is None else place - seen)
        self._seen[text] = place

    def column(self) -> _Column:
        return _Column(self.back, b"".join(text + _END for text in self.new))


class _Writer:
    """Sorts facts into columns."""

    def __init__(self, facts: Iterable[bytes]) -> None:
        self._shapes: dict[_Shape, tuple[int, bytes]] = {}
        self._shape_of: list[int] = []
        self._fitting: list[_Parts] = []
        self._actor = _Texts()
        self._body: defaultdict[str, _Texts] = defaultdict(_Texts)
        self._as_they_are: list[bytes] = []
        for fact in facts:
            if not self._fits(fact):
                self._shape_of.append(_AS_IT_IS)
                self._as_they_are.append(fact)

    def _fits(self, fact: bytes) -> bool:
        """Take a fact apart into columns, unless they would not give it back as it was."""
        try:
            parts = _FACT.decode(fact)
            shape = _Shape(parts.kind, parts.schema, tuple(parts.body))
            number, template = self._shapes.get(shape) or self._new(shape)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return False
        actor, *texts = map(bytes, (parts.actor, *parts.body.values()))
        numbers = (parts.boot, parts.epoch, parts.mono_ms, parts.seq)
        if template % (actor, *texts, *numbers, _text(parts.wall_hi), parts.wall_lo) != fact:
            return False
        self._shapes[shape] = (number, template)
        self._shape_of.append(number)
        self._fitting.append(parts)
        self._actor.add(actor)
        for key, text in zip(shape.keys, texts, strict=True):
            self._body[key].add(text)
        return True

    def _new(self, shape: _Shape) -> tuple[int, bytes]:
        return len(self._shapes) + 1, shape.template()

    @property
    def table(self) -> _Table:
        rows = self._fitting
        mono_ms = [row.mono_ms for row in rows]
        return _Table(
            shapes=list(self._shapes),
            shape_of=self._shape_of,
            boot=_steps([row.boot for row in rows]),
            epoch=_steps([row.epoch for row in rows]),
            mono_ms=_steps(mono_ms),
            seq=_steps([row.seq - place for place, row in enumerate(rows)]),
            wall_hi=_widths(rows),
            wall_lo=_steps(map(sub, (row.wall_lo for row in rows), mono_ms)),
            actor=self._actor.column(),
            body={key: texts.column() for key, texts in self._body.items()},
            as_they_are=self._as_they_are,
        )


def _steps(numbers: Iterable[int]) -> list[int]:
    before = 0
    steps = []
    for number in numbers:
        steps.append(number - before)
        before = number
    return steps


def _widths(rows: Iterable[_Parts]) -> list[int | None]:
    """How the bracket of the wall clock grows; None where it is open."""
    before = 0
    steps: list[int | None] = []
    for row in rows:
        if row.wall_hi is None:
            steps.append(None)
        else:
            width = row.wall_hi - row.wall_lo
            steps.append(width - before)
            before = width
    return steps


# -- reading


class _Row(NamedTuple):
    """What the columns say of one envelope."""

    actor: bytes
    boot: int
    epoch: int
    mono_ms: int
    seq: int
    wall_hi: bytes
    wall_lo: int


def _fill(table: _Table, noise: bytes) -> None:
    """Put the random bytes back. Raises ValueError unless they are as many as are missing."""
    place = 0

    def digits(mark: re.Match[bytes]) -> bytes:
        nonlocal place
        run = noise[place : place + mark[1][0]]
        place += mark[1][0]
        return run.hex().encode()

    for column in (table.actor, *table.body.values()):
        column.new = _MARK.sub(digits, column.new)
    if place != len(noise):
        raise ValueError("random bytes are missing or left over")


def _facts_of(table: _Table) -> list[bytes]:
    templates = [(shape.template(), shape.keys) for shape in table.shapes]
    columns = {key: iter(_texts(column)) for key, column in table.body.items()}
    as_they_are = iter(table.as_they_are)
    rows = _rows(table)
    facts: list[bytes] = []
    room = MAX_UNPACKED
    for number in table.shape_of:
        if number == _AS_IT_IS:
            fact = next(as_they_are)
        else:
            template, keys = templates[number - 1]
            texts = [next(columns[key]) for key in keys]
            row = next(rows)
            if len(template) + len(row.actor) + sum(map(len, texts)) > room:
                raise ValueError("too much")
            fact = template % (row.actor, *texts, *row[1:])
        room -= len(fact)
        if room < 0:
            raise ValueError("too much")
        facts.append(fact)
    if any(next(column, None) is not None for column in (rows, as_they_are, *columns.values())):
        raise ValueError("there is more in the columns than facts")
    return facts


def _rows(table: _Table) -> Iterator[_Row]:
    mono_ms = list(accumulate(table.mono_ms))
    wall_lo = [base + ms for base, ms in zip(accumulate(table.wall_lo), mono_ms, strict=True)]
    seq = [base + place for place, base in enumerate(accumulate(table.seq))]
    columns: tuple[Iterable[Any], ...] = (
        _texts(table.actor),
        accumulate(table.boot),
        accumulate(table.epoch),
        mono_ms,
        seq,
        _wall_hi(table.wall_hi, wall_lo),
        wall_lo,
    )
    return iter([_Row(*row) for row in zip(*columns, strict=True)])


def _wall_hi(widths: list[int | None], wall_lo: list[int]) -> Iterator[bytes]:
    width = 0
    for step, low in zip(widths, wall_lo, strict=True):
        width += step or 0
        yield _text(None if step is None else low + width)


def _texts(column: _Column) -> list[bytes]:
    *new, end = column.new.split(_END)
    waiting = iter(new)
    texts: list[bytes] = []
    for back in column.back:
        texts.append(texts[-back] if back else next(waiting))
    if end or next(waiting, None) is not None:
        raise ValueError("there is more in a column than its facts take")
    return texts


def _text(number: int | None) -> bytes:
    return b"null" if number is None else b"%d" % number


def _quoted(text: str) -> bytes:
    return msgspec.json.encode(text).replace(b"%", b"%%")
