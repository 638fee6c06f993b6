"""What a person does about stations' journals: grant, back up, acknowledge, lead.

The same while the county runs, asked for through its socket, and while only its folder is open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import Connection

from cloud_sync.county import alarms
from cloud_sync.county.database import Database, put_meta, read_meta
from cloud_sync.county.durability.backup_round import BackupRound, Writer
from cloud_sync.county.folder import next_generation, read_generation, write_generation
from cloud_sync.county.histories.grants import Granting
from cloud_sync.county.ingest.ingest import HEARD_GENERATION
from cloud_sync.county.local_socket import Handler
from edge.kernel.errors import Refused, StoreError
from edge.kernel.ids import StationId

log = structlog.get_logger(__name__)

_THE_COUNTY: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOffice:
    """See the module's docstring. Any thread but the ingest's may call."""

    folder: Path
    database: Database
    granting: Granting
    backups: BackupRound
    write: Writer

    def grant(self, station: StationId, reason: str) -> str:
        """Order a new epoch for the device that the station has now. Raises StoreError."""

        def work(connection: Connection) -> str:
            card = self.granting.card_of(connection, station)
            key_id = "" if card is None else card.key_id
            try:
                return self.granting.order(connection, station, reason, key_id)
            except Refused as cause:
                raise StoreError(f"{station} is no station of this county") from cause

        return self.write(work)

    def acknowledge(self, station: str, kind: str, who: str, note: str) -> None:
        """Somebody looked after a trouble. Raises StoreError where there is none."""
        now_ms = self.granting.now_ms()
        if not self.write(
            lambda connection: alarms.acknowledge(connection, station, kind, who, note, now_ms)
        ):
            raise StoreError(f"no {kind} is open for {station or 'the county'}")

    def lead(self) -> str:
        """Be the county that stations obey, whatever other one they have heard of."""
        now_ms = self.granting.now_ms()

        def work(connection: Connection) -> str:
            heard = read_meta(connection, HEARD_GENERATION)
            beside = read_generation(self.folder)
            fresh = next_generation(self.database.generation, heard, beside)
            put_meta(connection, "generation", fresh)
            alarms.clear_alarm(connection, _THE_COUNTY, alarms.OLDER_GENERATION, now_ms)
            write_generation(self.folder, fresh)  # a commit that fails leaves them different
            return fresh

        fresh = self.write(work)
        self.database.generation = fresh
        log.warning("county_leads", generation=fresh)
        return fresh

    def asks(self) -> Mapping[str, Handler]:
        """What the running county answers about this."""
        return {
            "grant": self._grant,
            "backup": self._backup,
            "acknowledge": self._acknowledge,
            "lead": self._lead,
        }

    def _grant(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        yield {"grant": self.grant(StationId(str(asked["station"])), str(asked["reason"]))}

    def _backup(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        yield {"file": str(self.backups.back_up(Path(str(asked["to"]))).path)}

    def _acknowledge(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        said = [str(asked[name]) for name in ("station", "kind", "who", "note")]
        self.acknowledge(*said)
        yield {"kind": said[1]}

    def _lead(self, _asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        yield {"generation": self.lead()}
