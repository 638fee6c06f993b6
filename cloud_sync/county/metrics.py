"""Numbers for whoever watches the county: one registry, no process-wide state."""

from functools import partial
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import func, select

from cloud_sync.county.compiled import Asked
from cloud_sync.county.database import Database
from cloud_sync.county.presence import Presence
from cloud_sync.county.tables import ALARMS, BACKUPS, STATIONS
from edge.kernel.errors import StoreError

_APPLIED: Final = Asked(select(STATIONS.c.station, STATIONS.c.seq))
_ALARMS: Final = Asked(
    select(ALARMS.c.kind, func.count()).where(ALARMS.c.cleared_ms.is_(None)).group_by(ALARMS.c.kind)
)
_BACKUPS: Final = Asked(
    select(BACKUPS.c.place, func.max(BACKUPS.c.made_ms)).group_by(BACKUPS.c.place)
)


class CountyMetrics:
    """Counters and gauges of one county; names follow Prometheus custom."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, registry=self.registry)
        gauge = partial(Gauge, registry=self.registry)
        self.facts = counter("cunyi_county_facts", "Facts committed")
        self.parked = counter("cunyi_county_parked", "Facts kept raw, not understood")
        self.forks = counter("cunyi_county_forks", "Sightings of a second history")
        self.dropped = counter("cunyi_county_dropped", "Messages that changed nothing", ["why"])
        self.commit_seconds = Histogram(
            "cunyi_county_ingest_seconds",
            "Time from taking a message up to its answer",
            buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5),
            registry=self.registry,
        )
        self.online = gauge("cunyi_county_stations_online", "Stations heard of just now")
        self.known = gauge("cunyi_county_stations_known", "Stations of this county")
        self.link_up = gauge("cunyi_county_link_up", "1 while the broker answers")
        self.database_up = gauge(
            "cunyi_county_database_up", "1 while the database can be read and written"
        )
        self.waiting = gauge("cunyi_county_facts_waiting", "Facts still at stations")
        self.alarms = gauge(
            "cunyi_county_alarms_open", "Troubles of the sync that are not over", ["kind"]
        )
        self.backup_age = gauge(
            "cunyi_county_backup_age_seconds", "Since a place's newest backup was made", ["place"]
        )

    def look(self, database: Database, presence: Presence, wall_ms: int) -> None:
        """Read what nobody counts along the way. Where the database fails, the last look stays."""
        online, known = presence.counts()
        self.online.set(online)
        self.known.set(known)
        try:
            with database.read() as connection:
                applied = dict(_APPLIED.rows(connection))
                alarms = _ALARMS.rows(connection)
                backups = _BACKUPS.rows(connection)
        except StoreError:
            self.database_up.set(0)
            return
        self.database_up.set(database.well)
        sights = presence.sights().items()
        behind = (sight.waiting(applied.get(station, 0)) for station, (sight, _on) in sights)
        self.waiting.set(sum(count or 0 for count in behind))
        self.alarms.clear()
        for kind, count in alarms:
            self.alarms.labels(kind).set(count)
        self.backup_age.clear()
        for place, made_ms in backups:
            self.backup_age.labels(place).set(max(0, wall_ms - made_ms) / 1_000)

    def text(self) -> bytes:
        """Prometheus text format."""
        return generate_latest(self.registry)
