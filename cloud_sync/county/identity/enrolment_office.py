"""Where stations are let in, given new certificates and shut out: by code, by key, by a person.

The same while the county runs and while only its folder is open; the two differ in who writes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import msgspec
import structlog
from sqlalchemy import Connection

from cloud_sync.county.database import Database
from cloud_sync.county.identity.codes import LIFE_MS, add_code, live_code, note_used, note_wrong
from cloud_sync.county.identity.devices import (
    ACTIVE,
    Device,
    all_devices,
    device_of,
    device_with,
)
from cloud_sync.county.identity.enrolling import Applicant, EnrolmentError, Registry
from cloud_sync.county.identity.keyring import KeyRing
from cloud_sync.wire.trust.enrolment import (
    Answer,
    EnrolmentCode,
    EnrolmentFault,
    Request,
    answer,
    code_named,
    read_renewal,
    read_request,
)
from cloud_sync.wire.trust.identity import KeyId
from edge.kernel.errors import CunyiError
from edge.kernel.ids import CountyId, StationId

log = structlog.get_logger(__name__)

_Result = TypeVar("_Result")


class Writer(Protocol):
    """Runs work in one transaction of the county's database, in the thread that may write."""

    def __call__(self, work: Callable[[Connection], _Result]) -> _Result:
        """May raise StoreError, TimeoutError, and whatever the work raises."""


def writer_on(database: Database) -> Writer:
    """For the thread that may write itself."""

    def write(work: Callable[[Connection], _Result]) -> _Result:
        with database.write() as connection:
            return work(connection)

    return write


class NotYetError(CunyiError):
    """Nobody here knows the code: it is yet to be typed, or it was used, mistyped, or expired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentOffice:
    """See the module's docstring. Any thread may call. `url` is where a station finds us."""

    county: CountyId
    database: Database
    ring: KeyRing
    registry: Registry
    write: Writer
    url: str
    wall_ms: Callable[[], int]

    # -- what a person does

    def expect(
        self,
        station: StationId,
        *,
        code: EnrolmentCode | None = None,
        replace: bool = False,
        life_ms: int = LIFE_MS,
        made_by: str = "",
    ) -> EnrolmentCode:
        """Let a station in that proves this code; a new one is drawn where none is given.

        Raises EnrolmentError where another device speaks for the station and is not replaced.
        """
        wanted = code or EnrolmentCode.draw()
        now_ms = self.wall_ms()

        def work(connection: Connection) -> None:
            self.registry.refuse_name(station)
            if not replace and device_of(connection, station) is not None:
                raise EnrolmentError(
                    f"{station} is enrolled already. If its card or board was replaced, add "
                    "--replace: the device it has now will speak no more"
                )
            add_code(
                connection,
                wanted,
                station,
                replace=replace,
                made_by=made_by,
                now_ms=now_ms,
                expires_ms=now_ms + life_ms,
            )

        self.write(work)
        log.info("code_expected", station=station, replace=replace, by=made_by)
        return wanted

    def revoke(self, station: StationId, reason: str) -> None:
        """The station's key speaks no more. Raises EnrolmentError where none did."""
        now_ms = self.wall_ms()
        self.write(lambda connection: self.registry.revoke(connection, station, reason, now_ms))
        log.warning("device_revoked", station=station, reason=reason)
        self._changed()

    def devices(self) -> list[Device]:
        """Every device that was ever enrolled."""
        with self.database.read() as connection:
            return all_devices(connection)

    # -- what a station asks

    def enrol(self, asked: bytes) -> bytes:
        """Answer a request. Raises NotYetError, EnrolmentFault, or EnrolmentError and tells why."""
        now_ms = self.wall_ms()
        name = code_named(asked)
        with self.database.read() as connection:
            code = live_code(connection, name, now_ms)
        if code is None:
            raise NotYetError("no code of this kind is expected here now")
        try:
            request = read_request(asked, code.mac_key)
        except EnrolmentFault:
            self.write(lambda connection: note_wrong(connection, name))
            raise
        said = self.write(lambda connection: self._let_in(connection, name, request, now_ms))
        self._changed()
        log.info("station_enrolled", station=request.station, device=request.public.key_id)
        return answer(said, code.mac_key, asked)

    def renew(self, asked: bytes, write: Writer | None = None) -> bytes:
        """A new certificate and the newest card for a key that speaks. Raises CunyiError.

        `write` is for who is in the thread that may write already.
        """
        renewal, message, signature = read_renewal(asked)
        now_ms = self.wall_ms()
        with self.database.read() as connection:
            device = device_with(connection, KeyId(renewal.key_id))
        if (
            device is None
            or device.state != ACTIVE
            or (renewal.county, renewal.station) != (self.county, device.station)
            or not device.public.has_signed(signature, message)
        ):
            raise EnrolmentFault("no key that speaks for a station here has signed this")
        hosts = tuple(renewal.hosts)
        issued = (write or self.write)(
            lambda connection: self.registry.renew(connection, device, renewal.csr, hosts, now_ms)
        )
        log.info("certificate_renewed", station=device.station, serial=issued.serial)
        return msgspec.json.encode(self._answer(issued.pem))

    def _let_in(self, connection: Connection, name: str, request: Request, now_ms: int) -> Answer:
        code = live_code(connection, name, now_ms)  # again: somebody may have been faster
        if code is None:
            raise NotYetError("no code of this kind is expected here now")
        if request.county != self.county or request.station != code.station:
            raise EnrolmentError(
                f"this code is for the station {code.station} of the county {self.county}"
            )
        key_id = request.public.key_id
        if code.used_by not in {None, key_id}:
            raise EnrolmentError("this code was used already, by another device")
        applicant = Applicant(
            station=code.station,
            public=request.public,
            csr=request.csr,
            machine=request.machine,
            hosts=tuple(request.hosts),
        )
        issued = self.registry.enrol(connection, applicant, replace=code.replace, now_ms=now_ms)
        note_used(connection, name, key_id, now_ms)
        return self._answer(issued.pem)

    def _answer(self, certificate: str) -> Answer:
        card = self.ring.own.issued_card.decode()
        return Answer(card=card, certificate=certificate, url=self.url)

    def _changed(self) -> None:
        self.ring.reload()
        with self.database.read() as connection:
            self.registry.write_revocations(connection, self.wall_ms())
