"""The parts of a station that face the county besides its journal: its word, questions, room."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from cloud_sync.station.session import SyncSession
from cloud_sync.station.talks.questions import Questions
from cloud_sync.station.talks.state_talk import StateTalk
from cloud_sync.station.talks.talk import Talk
from edge.daemon.county.code_seals import CodeSeals
from edge.daemon.county.county_corner import CountyCorner
from edge.daemon.county.county_word import CountyBoard
from edge.daemon.county.manifests import Manifests
from edge.daemon.county.room import RoomWatch
from edge.daemon.county.sync_asks import ASKS, SyncAsks
from edge.daemon.local_socket import Answers
from edge.daemon.running import RunningStation
from edge.daemon.station import Station
from edge.daemon.store_thread import StoreThread
from edge.store.database import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class FacingCounty:
    """Made before the pages and the session, which both stand on it."""

    corner: CountyCorner
    talks: tuple[Talk, ...]
    room: RoomWatch

    def state_seq(self) -> int:
        """How far the state stream is stored, for a HELLO."""
        return self.corner.board.stored_seq


async def face_county(
    folder: Path, station: Station, store: Store, thread: StoreThread, seals: CodeSeals
) -> FacingCounty:
    """Read what the county has told so far. Raises StoreError."""
    board = CountyBoard(station, store, thread, code_seals=seals)
    await board.load()
    questions = Questions(secrets.token_bytes)
    room = RoomWatch(folder, store, thread)
    return FacingCounty(
        corner=CountyCorner(
            board=board,
            questions=questions,
            manifests=Manifests(board, station.policy.place, hub=station.policy.hub),
            room=room.view,
        ),
        talks=(StateTalk(board), questions),
        room=room,
    )


def sync_asks(
    session: SyncSession, running: RunningStation, facing: FacingCounty, store: Store
) -> dict[str, Answers]:
    """What a technician may ask of the sync, by name."""
    asks = SyncAsks(
        session=session,
        link=running.link,
        room=facing.room.view,
        state_seq=facing.state_seq,
        oldest_seq=lambda: store.base().seq + 1,
        now=running.now,
        clock_doubt=lambda: running.device_states().get("clock", ""),
    )
    return dict.fromkeys(ASKS, asks.answers)
