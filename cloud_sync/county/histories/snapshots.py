"""Snapshots of stations: taken in piece by piece, kept whole, and how the county crosses a gap."""

import hashlib
import re
from collections.abc import Callable, Iterable
from typing import Final

import structlog
from sqlalchemy import Connection, bindparam, delete, insert, select

from cloud_sync.county.compiled import Asked
from cloud_sync.county.database import Database
from cloud_sync.county.desk import Letter
from cloud_sync.county.histories import gaps, pictures
from cloud_sync.county.ingest import ledger
from cloud_sync.county.ingest.conversation import conversation_with
from cloud_sync.county.ingest.ledger import Place
from cloud_sync.county.ingest.reading import sane_pictures, sane_position
from cloud_sync.county.ingest.rows import add
from cloud_sync.county.tables import SNAPSHOT_PIECES, SNAPSHOTS
from cloud_sync.wire.messages import Message, MessageError, SnapshotPiece, SnapshotTaken
from cloud_sync.wire.snapshot import PIECE_BYTES, SnapshotBody, unpack_snapshot
from edge.kernel.ids import StationId

log = structlog.get_logger(__name__)

MAX_PIECES: Final = 200
"""So a whole one has at most 8 MB."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_NEWEST: Final = Asked(
    select(SNAPSHOTS.c.seq).where(
        SNAPSHOTS.c.station == bindparam("station"), SNAPSHOTS.c.epoch == bindparam("epoch")
    )
)
_PIECES: Final = SNAPSHOT_PIECES.c
_THERE: Final = Asked(select(_PIECES.piece).where(_PIECES.station == bindparam("station")))
_CLEAR: Final = delete(SNAPSHOT_PIECES).where(
    _PIECES.station == bindparam("its_station"),
    (_PIECES.piece == bindparam("its_piece"))
    | (_PIECES.digest != bindparam("its_digest"))
    | (_PIECES.count != bindparam("its_count")),
)
"""Pieces of other snapshots, and an earlier one in this place."""


class SnapshotDesk:
    """Fits Desk. A piece that does not fit the present talk and place is ignored."""

    hears: tuple[type[Message], ...] = (SnapshotPiece,)

    def __init__(self, database: Database, clock_ms: Callable[[], int]) -> None:
        self._database, self._clock_ms = database, clock_ms

    def hear(self, station: StationId, message: Message) -> Iterable[Letter]:
        """Keep a piece and ask for the next; with the last one, take the whole."""
        if not isinstance(message, SnapshotPiece) or not _sane(message):
            return []
        with self._database.write() as connection:
            wanted = self._take(connection, station, message)
        if wanted is None:
            return []
        taken = SnapshotTaken(
            session=message.session, at_seq=message.at.seq, digest=message.digest, next=wanted
        )
        return [Letter(station, "dn", taken)]

    def welcomed(
        self, _station: StationId, _session: str, _state_seq: int, _heard: str
    ) -> Iterable[Letter]:
        """The station sends one when it has one."""
        return []

    def committed(self, _station: StationId) -> Iterable[Letter]:
        """Facts ask for no snapshot."""
        return []

    def tick(self) -> Iterable[Letter]:
        """Time asks for no snapshot."""
        return []

    def _take(self, connection: Connection, station: StationId, piece: SnapshotPiece) -> int | None:
        """The piece that is wanted next, None where this one is ignored."""
        talk = conversation_with(connection, station)
        place = ledger.place_of(connection, station)
        if place is None or not talk.agreed or piece.session != talk.session:
            return None
        if piece.at.epoch != place.epoch:
            return None
        newest = _newest(connection, station, piece.at.epoch)
        if newest is not None and newest >= piece.at.seq:
            return piece.count  # of two right after the same fact either does
        if not _fits(connection, station, place, piece):
            return None
        _keep_piece(connection, station, piece)
        missing = _missing(connection, station, piece.count)
        return self._complete(connection, station, piece) if missing is None else missing

    def _complete(
        self, connection: Connection, station: StationId, piece: SnapshotPiece
    ) -> int | None:
        whole = _joined(connection, station)
        connection.execute(delete(SNAPSHOT_PIECES).where(SNAPSHOT_PIECES.c.station == station))
        if hashlib.sha256(whole).hexdigest() != piece.digest:
            log.warning("snapshot_spoilt", station=station, seq=piece.at.seq)
            return 0
        try:
            body = unpack_snapshot(whole)
        except MessageError as cause:
            log.warning("snapshot_unreadable", station=station, reason=str(cause)[:200])
            return None
        if not sane_pictures(body):
            log.warning("snapshot_out_of_bounds", station=station, seq=piece.at.seq)
            return None
        self._whole(connection, station, piece, whole, body)
        return piece.count

    def _whole(
        self,
        connection: Connection,
        station: StationId,
        piece: SnapshotPiece,
        whole: bytes,
        body: SnapshotBody,
    ) -> None:
        now_ms = self._clock_ms()
        at = Place(epoch=piece.at.epoch, seq=piece.at.seq, hash=bytes.fromhex(piece.at.hash))
        connection.execute(delete(SNAPSHOTS).where(SNAPSHOTS.c.station == station))
        connection.execute(
            insert(SNAPSHOTS),
            {
                "station": station,
                "epoch": at.epoch,
                "seq": at.seq,
                "hash": at.hash,
                "digest": piece.digest,
                "made_ms": now_ms,
                "data": whole,
            },
        )
        if piece.gap_from:
            gaps.note_gap(connection, station, piece.gap_from, at, now_ms, settled=True)
            ledger.move(connection, station, at)
        elif not gaps.unsettled(connection, station):
            return
        pictures.put_up(connection, station, body, at.seq, now_ms)
        pictures.fold_after(connection, station, at.epoch, at.seq)
        gaps.settle(connection, station, now_ms)
        log.warning("pictures_put_up", station=station, seq=at.seq)


def _sane(piece: SnapshotPiece) -> bool:
    return (
        sane_position(piece.at)
        and 1 <= piece.count <= MAX_PIECES
        and 0 <= piece.index < piece.count
        and 0 < len(piece.data) <= PIECE_BYTES
        and 0 <= piece.gap_from <= piece.at.seq
        and _DIGEST.fullmatch(piece.digest) is not None
    )


def _fits(connection: Connection, station: StationId, place: Place, piece: SnapshotPiece) -> bool:
    """Right after a fact that is committed; or over a gap that begins right after our place."""
    if piece.gap_from:
        return piece.gap_from == place.seq + 1
    if piece.at.seq > place.seq:
        return False
    known = ledger.hash_at(connection, station, place, piece.at.seq)
    return known is not None and known.hex() == piece.at.hash


def _newest(connection: Connection, station: StationId, epoch: int) -> int | None:
    row = _NEWEST.first(connection, station=station, epoch=epoch)
    return None if row is None else row[0]


def _keep_piece(connection: Connection, station: StationId, piece: SnapshotPiece) -> None:
    at = {"epoch": piece.at.epoch, "seq": piece.at.seq}
    same = {"digest": piece.digest, "count": piece.count}
    mine = {"station": station, "piece": piece.index}
    connection.execute(_CLEAR, {f"its_{name}": value for name, value in (mine | same).items()})
    add(connection, SNAPSHOT_PIECES, [{**mine, **at, **same, "data": piece.data}])


def _missing(connection: Connection, station: StationId, count: int) -> int | None:
    there = {piece for (piece,) in _THERE.rows(connection, station=station)}
    return min(set(range(count)) - there, default=None)


def _joined(connection: Connection, station: StationId) -> bytes:
    columns = SNAPSHOT_PIECES.c
    wanted = select(columns.data).where(columns.station == station).order_by(columns.piece)
    return b"".join(bytes(data) for data in connection.execute(wanted).scalars())
