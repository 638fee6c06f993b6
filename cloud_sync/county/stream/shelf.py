"""The stream's tables: numbers, what is still to be said, and saying everything anew.

Numbers only grow and none is given twice. After the county was put back to an older copy it does
not know which it had given; so it says all that holds anew, above whatever the station has, and
has the station forget the rest. The same after a station came back with less than it had. But a
station forgets no revocation by that: that one was taken back is therefore kept and said anew too.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, insert, select

from cloud_sync.county.compiled import Asked
from cloud_sync.county.statements import changing
from cloud_sync.county.tables.core import STATIONS
from cloud_sync.county.tables.stream import STATE_COMMON, STATE_ITEMS, STATE_MARKS
from cloud_sync.wire.bodies.state import LASTING
from cloud_sync.wire.messages import StateItem
from edge.kernel.ids import StationId

MAX_ITEMS: Final = 50
MAX_BYTES: Final = 40_000
"""Of a message's items as JSON: below the limit of a message even where nothing compresses."""
_NOTHING: Final = "nothing"
"""Stands for all when nothing holds: the station's mark must move to show that it has swept."""
_MARK: Final = Asked(
    select(
        STATE_MARKS.c.next_seq,
        STATE_MARKS.c.acked_seq,
        STATE_MARKS.c.generation,
        STATE_MARKS.c.sweep,
        STATE_MARKS.c.sweep_to,
    ).where(STATE_MARKS.c.station == bindparam("station"))
)
_AFTER: Final = Asked(
    select(STATE_ITEMS.c.seq, STATE_ITEMS.c.kind, STATE_ITEMS.c.key, STATE_ITEMS.c.body)
    .where(
        STATE_ITEMS.c.station == bindparam("station"),
        STATE_ITEMS.c.seq > bindparam("after"),
    )
    .order_by(STATE_ITEMS.c.seq)
    .limit(MAX_ITEMS)
)


class Mark(NamedTuple):
    """How far the stream to a station is: what comes next, what it has, and since which county."""

    next_seq: int
    acked_seq: int
    generation: str
    sweep: int
    sweep_to: int


class Portion(NamedTuple):
    """What a message may hold: items that follow a number, and what to forget with the last."""

    items: list[StateItem]
    sweep: int


def place_item(
    connection: Connection,
    station: StationId,
    said: tuple[str, str, str | None],
    *,
    now_ms: int,
) -> bool:
    """Number and keep one item of kind, key and JSON; False where it was the last said anyway."""
    kind, key, body = said
    mark = settle_mark(connection, station, now_ms=now_ms)
    newest = connection.execute(
        select(STATE_ITEMS.c.body)
        .where(
            STATE_ITEMS.c.station == station,
            STATE_ITEMS.c.kind == kind,
            STATE_ITEMS.c.key == key,
        )
        .order_by(STATE_ITEMS.c.seq.desc())
        .limit(1)
    ).first()
    if newest is not None and newest.body == body:
        return False
    if newest is None and body is None and kind not in LASTING:
        return False  # but the station may hold a revocation that was forgotten here
    _insert(connection, station, mark.next_seq, (kind, key, body), now_ms)
    _move(connection, station, next_seq=mark.next_seq + 1)
    return True


def remember_for_all(connection: Connection, kind: str, key: str, body: str | None) -> None:
    """Keep what was said to all, for stations that come later."""
    here = (STATE_COMMON.c.kind == kind) & (STATE_COMMON.c.key == key)
    connection.execute(delete(STATE_COMMON).where(here))
    if body is not None:
        connection.execute(insert(STATE_COMMON).values(kind=kind, key=key, body=body))


def every_station(connection: Connection) -> list[StationId]:
    """All stations of this county."""
    rows = connection.execute(select(STATIONS.c.station).order_by(STATIONS.c.station))
    return [StationId(row.station) for row in rows]


def settle_mark(connection: Connection, station: StationId, *, now_ms: int) -> Mark:
    """The station's mark; at first it gets one, and whatever was said to all."""
    if (mark := _mark(connection, station)) is not None:
        return mark
    common = connection.execute(
        select(STATE_COMMON).order_by(STATE_COMMON.c.kind, STATE_COMMON.c.key)
    ).all()
    for seq, row in enumerate(common, start=1):
        _insert(connection, station, seq, (row.kind, row.key, row.body), now_ms)
    mark = Mark(
        next_seq=len(common) + 1,
        acked_seq=0,
        generation="",  # it has not been heard yet: nobody knows what it has
        sweep=0,
        sweep_to=0,
    )
    connection.execute(insert(STATE_MARKS).values(station=station, **mark._asdict()))
    return mark


def _mark(connection: Connection, station: StationId) -> Mark | None:
    row = _MARK.first(connection, station=station)
    return None if row is None else Mark(*row)


def meet(  # noqa: PLR0913 - what both ends say of themselves
    connection: Connection,
    station: StationId,
    state_seq: int,
    *,
    heard: str,
    generation: str,
    now_ms: int,
) -> None:
    """A station says how far it is: agree on the numbers, or say everything anew above its own.

    `heard` is the generation of the county that told it so: another's numbers may fit, and mean
    something else. An old HELLO can come first after this county was put back, and use them up.
    """
    mark = settle_mark(connection, station, now_ms=now_ms)
    if not mark.generation and state_seq == 0:
        _move(connection, station, generation=generation)
        return
    others = state_seq > 0 and heard != generation
    strange = others or mark.generation != generation or state_seq >= mark.next_seq
    if strange or state_seq < mark.acked_seq:
        _say_anew(connection, station, max(mark.next_seq, state_seq + 1), now_ms)
        _move(connection, station, generation=generation, acked_seq=state_seq)
    elif state_seq > mark.acked_seq:
        acknowledge(connection, station, state_seq)


def acknowledge(connection: Connection, station: StationId, seq: int) -> bool:
    """The station has stored everything up to a number; False for one that was never given."""
    mark = _mark(connection, station)
    if mark is None or seq >= mark.next_seq:
        return False
    if seq <= mark.acked_seq:
        return True
    done = {"sweep": 0, "sweep_to": 0} if mark.sweep and seq >= mark.sweep_to else {}
    _move(connection, station, acked_seq=seq, **done)
    _forget_replaced(connection, station, seq)
    return True


def acked_by(connection: Connection, station: StationId, generation: str) -> int | None:
    """Up to where a station of this generation has stored; None where nothing is agreed on."""
    mark = _mark(connection, station)
    return None if mark is None or mark.generation != generation else int(mark.acked_seq)


def is_stored(connection: Connection, station: StationId, kind: str, key: str) -> bool:
    """Whether a station has said that it stored the last that it was told under this key."""
    items, marks = STATE_ITEMS.c, STATE_MARKS.c
    same = (items.station == station) & (items.kind == kind) & (items.key == key)
    last = connection.execute(select(func.max(items.seq)).where(same)).scalar()
    acked = connection.execute(select(marks.acked_seq).where(marks.station == station)).scalar()
    return last is not None and acked is not None and last <= acked


def portion_after(connection: Connection, station: StationId, seq: int) -> Portion | None:
    """What follows a number, at most a message full; None where nothing does."""
    chosen: list[StateItem] = []
    size = 0
    for number, kind, key, text in _AFTER.rows(connection, station=station, after=seq):
        size += len((text or "").encode()) + len(key.encode()) + 100
        if chosen and size > MAX_BYTES:
            break
        body = None if text is None else msgspec.json.decode(text)
        chosen.append(StateItem(seq=number, kind=kind, key=key, body=body))
    if not chosen:
        return None
    mark = _mark(connection, station)
    swept = mark is not None and chosen[-1].seq >= mark.sweep_to
    return Portion(chosen, mark.sweep if mark is not None and swept else 0)


def _say_anew(connection: Connection, station: StationId, first: int, now_ms: int) -> None:
    items = STATE_ITEMS.c
    rows = connection.execute(
        select(STATE_ITEMS).where(items.station == station).order_by(items.seq)
    )
    newest = {(row.kind, row.key): row.body for row in rows}
    holds = [
        (kind, key, body)
        for (kind, key), body in newest.items()
        if body is not None or kind in LASTING
    ]
    connection.execute(delete(STATE_ITEMS).where(items.station == station))
    said: Iterable[tuple[str, str, str | None]] = holds or [(_NOTHING, _NOTHING, None)]
    last = first - 1
    for last, item in enumerate(said, start=first):
        _insert(connection, station, last, item, now_ms)
    _move(connection, station, next_seq=last + 1, sweep=first, sweep_to=last)


def _forget_replaced(connection: Connection, station: StationId, upto: int) -> None:
    """What is stored at the station and holds no longer is of no use to anybody."""
    items, later = STATE_ITEMS.c, STATE_ITEMS.alias()
    newest = (
        select(func.max(later.c.seq))
        .where(
            later.c.station == station,
            later.c.kind == items.kind,
            later.c.key == items.key,
            later.c.seq <= upto,
        )
        .correlate(STATE_ITEMS)
        .scalar_subquery()
    )
    connection.execute(
        delete(STATE_ITEMS).where(
            items.station == station,
            items.seq <= upto,
            (items.seq < newest) | (items.body.is_(None) & items.kind.not_in(LASTING)),
        )
    )


def _insert(
    connection: Connection,
    station: StationId,
    seq: int,
    said: tuple[str, str, str | None],
    now_ms: int,
) -> None:
    kind, key, body = said
    connection.execute(
        insert(STATE_ITEMS).values(
            station=station, seq=seq, kind=kind, key=key, body=body, made_ms=now_ms
        )
    )


def _move(connection: Connection, station: StationId, **columns: int | str) -> None:
    change = changing(STATE_MARKS, ("station",), tuple(columns))
    change.by(connection, its_station=station, **columns)
