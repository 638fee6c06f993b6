"""Which key speaks for which station: one at a time, and every one that ever did."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Row, insert, select, update

from cloud_sync.county.identity.authority import Issued
from cloud_sync.county.tables import DEVICES
from cloud_sync.wire.trust.identity import KeyId, PublicIdentity
from edge.kernel.ids import StationId

ACTIVE: Final = "active"
REPLACED: Final = "replaced"
REVOKED: Final = "revoked"
_NEVER_MS: Final = 2**62
"""The end of a certificate of which no end was noted."""
MOST_LIVE: Final = 512
"""Certificates of one device that have not ended. Whoever has stolen a key shall not be able to
renew until one that he kept is forgotten here, and so never revoked.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """The board and card that hold one key."""

    station: StationId
    public: PublicIdentity
    machine: str
    state: str
    hosts: tuple[str, ...]
    not_after_ms: int
    enrolled_ms: int

    @property
    def key_id(self) -> KeyId:
        """How frames name it."""
        return self.public.key_id


def all_devices(connection: Connection) -> list[Device]:
    """Every device that was ever enrolled, the oldest first."""
    wanted = select(DEVICES).order_by(DEVICES.c.enrolled_ms, DEVICES.c.key_id)
    return [_device(row) for row in connection.execute(wanted)]


def device_of(connection: Connection, station: StationId) -> Device | None:
    """The device that speaks for a station now."""
    wanted = select(DEVICES).where(DEVICES.c.station == station, DEVICES.c.state == ACTIVE)
    row = connection.execute(wanted).first()
    return None if row is None else _device(row)


def device_with(connection: Connection, key_id: KeyId) -> Device | None:
    """The device with a key, whatever became of it."""
    row = connection.execute(select(DEVICES).where(DEVICES.c.key_id == key_id)).first()
    return None if row is None else _device(row)


def was_ever_enrolled(connection: Connection, station: StationId) -> bool:
    """Whether any device, of whatever state, has been enrolled for a station."""
    wanted = select(DEVICES.c.key_id).where(DEVICES.c.station == station).limit(1)
    return connection.execute(wanted).first() is not None


def host_owner(connection: Connection, host: str) -> StationId | None:
    """The station whose active device is certified for a host."""
    wanted = select(DEVICES).where(DEVICES.c.state == ACTIVE)
    for device in map(_device, connection.execute(wanted)):
        if host in device.hosts:
            return device.station
    return None


def add_device(  # noqa: PLR0913 - what a row holds, each by name
    connection: Connection,
    *,
    station: StationId,
    public: PublicIdentity,
    machine: str,
    hosts: tuple[str, ...],
    issued: Issued,
    now_ms: int,
) -> None:
    """Let a key speak for a station; the one before it speaks no more."""
    end_device(connection, station, REPLACED, "another device was enrolled", now_ms)
    connection.execute(
        insert(DEVICES),
        {
            "key_id": public.key_id,
            "station": station,
            "sign": public.sign,
            "seal": public.seal,
            "machine": machine,
            "state": ACTIVE,
            "reason": "",
            "serials": _remembered(issued),
            "hosts": "\n".join(hosts),
            "not_after_ms": issued.not_after_ms,
            "enrolled_ms": now_ms,
            "ended_ms": None,
        },
    )


def live_certificates(connection: Connection, key_id: KeyId, now_ms: int) -> list[str]:
    """What is remembered of a device's certificates that have not ended, the oldest first."""
    mine = DEVICES.c.key_id == key_id
    serials = connection.execute(select(DEVICES.c.serials).where(mine)).scalar_one()
    return [one for one in serials.split() if _ends_ms(one) > now_ms]


def certified(
    connection: Connection, key_id: KeyId, hosts: tuple[str, ...], issued: Issued, now_ms: int
) -> None:
    """Note a device's newest certificate, beside all that have not ended."""
    mine = DEVICES.c.key_id == key_id
    values = {
        "serials": "\n".join([*live_certificates(connection, key_id, now_ms), _remembered(issued)]),
        "hosts": "\n".join(hosts),
        "not_after_ms": issued.not_after_ms,
    }
    connection.execute(update(DEVICES).where(mine).values(values))


def end_device(
    connection: Connection, station: StationId, state: str, reason: str, now_ms: int
) -> bool:
    """The device of a station speaks no more; False where none did."""
    mine = (DEVICES.c.station == station) & (DEVICES.c.state == ACTIVE)
    values = {"state": state, "reason": reason[:200], "ended_ms": now_ms}
    return connection.execute(update(DEVICES).where(mine).values(values)).rowcount > 0


def ended_certificates(connection: Connection) -> list[tuple[str, int]]:
    """Every certificate of each device that speaks no more, and since when it does not."""
    wanted = select(DEVICES.c.serials, DEVICES.c.ended_ms).where(DEVICES.c.state != ACTIVE)
    return [
        (one.partition("/")[0], row.ended_ms)
        for row in connection.execute(wanted)
        for one in row.serials.split()
    ]


def end_revoked(connection: Connection, revoked: Collection[str], now_ms: int) -> list[StationId]:
    """End every device that speaks although a certificate of it is on the list; which they were.

    A key that has ended never speaks again: where it does, the database was put back.
    """
    wanted = select(DEVICES.c.station, DEVICES.c.serials).where(DEVICES.c.state == ACTIVE)
    found = [
        StationId(row.station)
        for row in connection.execute(wanted)
        if any(one.partition("/")[0] in revoked for one in row.serials.split())
    ]
    for station in found:
        end_device(connection, station, REVOKED, "on the list of ended certificates", now_ms)
    return found


def _remembered(issued: Issued) -> str:
    return f"{issued.serial}/{issued.not_after_ms}"


def _ends_ms(remembered: str) -> int:
    return int(remembered.partition("/")[2] or _NEVER_MS)


def _device(row: Row[tuple[object, ...]]) -> Device:
    columns = row._mapping  # noqa: SLF001 - the library's public way, for all its underscore
    return Device(
        station=StationId(columns["station"]),
        public=PublicIdentity(sign=bytes(columns["sign"]), seal=bytes(columns["seal"])),
        machine=columns["machine"],
        state=columns["state"],
        hosts=tuple(columns["hosts"].split()),
        not_after_ms=columns["not_after_ms"],
        enrolled_ms=columns["enrolled_ms"],
    )
