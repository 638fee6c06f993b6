"""Who was heard of when: hints, held in memory, written down now and then; no fact needs them."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import select

from cloud_sync.county.database import Database
from cloud_sync.county.ingest import ledger
from cloud_sync.county.tables import STATIONS
from cloud_sync.wire.messages import Heartbeat
from edge.kernel.ids import StationId

ONLINE_MS: Final = 90_000
"""Three heartbeats of half a minute: one lost is no news, three are."""
WRITE_EVERY_MS: Final = 60_000
WELL: Final = "ok"
"""What a heartbeat says of a device that has no trouble."""
_FED_BY: Final = ("mains", "battery")
"""How a supply that works begins its word, e.g. `battery.87`; that the mains are away is a fact."""
_LEDGER: Final = select(
    STATIONS.c.station, STATIONS.c.seen_ms, STATIONS.c.parted, STATIONS.c.simulated
)


def is_well(note: str) -> bool:
    """Whether a heartbeat's word for a device means no trouble with the device."""
    return note == WELL or note.partition(".")[0] in _FED_BY


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is known of a station's presence; `seen_ms` is the county's wall clock, None for never.

    `heard_at` is monotonic, None when the last sign of life was before this process began.
    """

    seen_ms: int | None
    heard_at: int | None = None
    parted: bool = False
    simulated: bool = False
    head_seq: int | None = None
    """The newest fact that the station says it has; None while it has said nothing."""
    devices: dict[str, str] = field(default_factory=dict)
    ill_since: dict[str, int] = field(default_factory=dict)
    """By device, since when (county's wall clock) it has not been well."""
    last: Heartbeat | None = None
    """The newest one: a broker may say older ones again, and shall keep nobody online by it."""

    def waiting(self, applied_seq: int) -> int | None:
        """Facts that are still at the station, as far as is known here; None for not at all."""
        return None if self.head_seq is None else max(0, self.head_seq - applied_seq)

    def online(self, mono_ms: int) -> bool:
        """Whether the station was heard of just now and has not said goodbye."""
        return (
            not self.parted and self.heard_at is not None and mono_ms - self.heard_at <= ONLINE_MS
        )


def _is_newer(heartbeat: Heartbeat, last: Heartbeat | None) -> bool:
    if last is None:
        return True
    age, known = (heartbeat.boot, heartbeat.up_ms), (last.boot, last.up_ms)
    return age > known or (age == known and heartbeat != last)


class Presence:
    """Every station of the county, known or heard; safe to use from several threads."""

    def __init__(self, mono_ms: Callable[[], int], wall_ms: Callable[[], int]) -> None:
        self._mono_ms, self._wall_ms = mono_ms, wall_ms
        self._guard = threading.Lock()
        self._sights: dict[StationId, Sight] = {}
        self._online: frozenset[StationId] = frozenset()
        self._unwritten: set[StationId] = set()
        self._written_at = mono_ms()

    def load(self, database: Database) -> None:
        """Every station of the ledger that is not known here yet, as it was last written down."""
        with database.read() as connection, self._guard:
            for row in connection.execute(_LEDGER):
                sight = Sight(seen_ms=row.seen_ms, parted=row.parted, simulated=row.simulated)
                self._sights.setdefault(StationId(row.station), sight)

    def knows(self, station: StationId) -> bool:
        """Whether the station belongs to this county."""
        with self._guard:
            return station in self._sights

    def greeted(self, station: StationId, boot: int) -> None:
        """A station of ours said a HELLO that was not said before."""
        with self._guard:
            before = self._sights.get(station)
            if before is not None and before.last is not None and before.last.boot != boot:
                self._sights[station] = replace(before, last=None)  # e.g. another card
        self.heard(station)

    def heard(self, station: StationId, heartbeat: Heartbeat | None = None) -> bool:
        """A station of ours gave a sign of life; False for a heartbeat that is no newer one."""
        with self._guard:
            before = self._sights.get(station)
            if before is None:
                return True
            if heartbeat is not None and not _is_newer(heartbeat, before.last):
                return False
            now = replace(before, seen_ms=self._wall_ms(), heard_at=self._mono_ms(), parted=False)
            if heartbeat is not None:
                now = replace(
                    now,
                    last=heartbeat,
                    simulated=heartbeat.simulated,
                    head_seq=heartbeat.head_seq,
                    devices=dict(heartbeat.devices),
                    ill_since={
                        name: before.ill_since.get(name, self._wall_ms())
                        for name, note in heartbeat.devices.items()
                        if not is_well(note)
                    },
                )
            self._sights[station] = now
            self._unwritten.add(station)
            return True

    def parted(self, station: StationId) -> None:
        """A station of ours said a clean goodbye."""
        with self._guard:
            if (before := self._sights.get(station)) is not None:
                self._sights[station] = replace(before, seen_ms=self._wall_ms(), parted=True)
                self._unwritten.add(station)

    def sights(self) -> dict[StationId, tuple[Sight, bool]]:
        """Each station with what is known of it and whether it is online."""
        with self._guard:
            now = self._mono_ms()
            return {one: (sight, sight.online(now)) for one, sight in self._sights.items()}

    def turned(self) -> bool:
        """Whether anybody came or went since this was last asked."""
        online = frozenset(one for one, (_sight, on) in self.sights().items() if on)
        before, self._online = self._online, online
        return online != before

    def counts(self) -> tuple[int, int]:
        """Stations online, stations known."""
        sights = self.sights()
        return sum(on for _sight, on in sights.values()), len(sights)

    def write(self, database: Database, *, now: bool = False) -> None:
        """Write down who was heard of, once a minute or `now`. Raises StoreError."""
        if not now and self._mono_ms() - self._written_at < WRITE_EVERY_MS:
            return
        self._written_at = self._mono_ms()
        with self._guard:
            changed = {one: self._sights[one] for one in self._unwritten}
            self._unwritten.clear()
        if not changed:
            return
        rows = [
            {
                "of": station,
                "seen_ms": sight.seen_ms,
                "parted": sight.parted,
                "simulated": sight.simulated,
            }
            for station, sight in changed.items()
        ]
        with database.write() as connection:
            ledger.note_seen(connection, rows)
