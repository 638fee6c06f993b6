"""A broker's folder for the county in a folder: who belongs to it now, and who no longer does."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from cloud_sync.county.broker_config.make import (
    write_configuration,
    write_own_certificate,
    write_trust,
)
from cloud_sync.county.broker_config.plan import BrokerPlan
from cloud_sync.county.broker_config.record import Written, keep_record, read_record
from cloud_sync.county.identity.devices import ACTIVE
from cloud_sync.county.identity.opening import identity_asks, opened_office
from cloud_sync.county.identity.own_keys import REVOKED, OwnKeys
from cloud_sync.county.local_socket import NotRunningError, ask_county
from cloud_sync.county.settings import CountySettings, read_county_settings
from edge.kernel.errors import ConfigError
from edge.kernel.ids import StationId

DATA: Final = PurePath("/var/lib/cunyi-broker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which broker, at what address of its machine, and where its files will lie there.

    `hosts` are the names for a new certificate; without any, the one in `out` is kept.
    """

    kind: str
    out: Path
    at: PurePath
    hosts: Sequence[str]
    listen: str
    port: int


def make_broker_folder(folder: Path, wanted: Wanted) -> tuple[StationId, ...]:
    """Write it all to `out`; returns the stations that may connect. Raises CunyiError."""
    settings = read_county_settings(folder)
    keys = OwnKeys.read(folder, settings.county_id)
    if not wanted.hosts and not (wanted.out / "broker.pem").exists():
        fix = "Say --host NAME, once for each name that stations know the broker's machine by"
        raise ConfigError("command line", "--host", "the broker has no certificate yet", fix)
    stations = _belonging(settings)
    plan = BrokerPlan(
        county=settings.county_id,
        stations=stations,
        folder=wanted.at,
        data=DATA,
        host=wanted.listen,
        port=wanted.port,
        workers=settings.link.workers,
    )
    write_configuration(wanted.kind, plan, wanted.out)
    write_trust(keys.authority, (folder / REVOKED).read_bytes(), wanted.out)
    if wanted.hosts:
        now_ms = time.time_ns() // 1_000_000
        write_own_certificate(keys.authority, wanted.hosts, now_ms, wanted.out)
    _note(folder, wanted)
    return stations


def _note(folder: Path, wanted: Wanted) -> None:
    before = read_record(folder)
    hosts = tuple(wanted.hosts) or (before.hosts if before is not None else ())
    written = Written(
        kind=wanted.kind,
        out=str(wanted.out.resolve()),
        at=str(wanted.at),
        hosts=hosts,
        listen=wanted.listen,
        port=wanted.port,
    )
    keep_record(folder, written)


def _belonging(settings: CountySettings) -> tuple[StationId, ...]:
    """Whoever is enrolled, and whoever is named and never was: never one that was shut out."""
    try:
        devices = list(ask_county(settings.folder, "devices"))
    except NotRunningError:
        with opened_office(settings.folder) as office:
            devices = list(identity_asks(office)["devices"]({}))
    active = {str(one["station"]) for one in devices if one["state"] == ACTIVE}
    ever = {str(one["station"]) for one in devices}
    named = {one.id for one in settings.stations}
    return tuple(StationId(one) for one in sorted(active | (named - ever)))
