"""Lets a station's key speak for it: everything that an enrolment changes at the county."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from cloud_sync.county import alarms
from cloud_sync.county.identity.authority import Issued
from cloud_sync.county.identity.devices import (
    ACTIVE,
    MOST_LIVE,
    REVOKED,
    Device,
    add_device,
    certified,
    device_of,
    device_with,
    end_device,
    ended_certificates,
    host_owner,
    live_certificates,
    was_ever_enrolled,
)
from cloud_sync.county.identity.own_keys import REVOKED as REVOKED_FILE
from cloud_sync.county.identity.own_keys import TLS_NAME, OwnKeys
from cloud_sync.county.ingest import ledger
from cloud_sync.wire.trust.certificates import (
    MOST_HOSTS,
    checked_host,
    is_local_name,
    requested_key,
)
from cloud_sync.wire.trust.identity import KeyId, PublicIdentity
from cloud_sync.wire.trust.private_files import write_private
from edge.kernel.errors import CunyiError
from edge.kernel.ids import STATION_ID, StationId

MACHINE_DIGITS: Final = 64


class EnrolmentError(CunyiError):
    """This enrolment may not be; the sentence says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who wants to speak for a station."""

    station: StationId
    public: PublicIdentity
    csr: str
    machine: str
    hosts: tuple[str, ...]


OrderGrant = Callable[[Connection, StationId, KeyId, str], None]
"""Lets a station begin a new epoch: on a new card there is no journal to go on with."""


@dataclass(frozen=True, slots=True)
class Registry:
    """Changes the devices, inside a transaction of the caller's; he reloads the KeyRing then."""

    keys: OwnKeys
    own_hosts: tuple[str, ...]
    """Names and addresses of the county itself and of its broker: no station may have them."""
    order_grant: OrderGrant | None = None

    def enrol(
        self, connection: Connection, applicant: Applicant, *, replace: bool, now_ms: int
    ) -> Issued:
        """Let this key speak for the station. Raises EnrolmentError, CertificateError.

        A key that speaks for it already is only given a new certificate. Where another one does,
        `replace` must be allowed, and the station then begins a new epoch.
        """
        station = applicant.station
        self.refuse_name(station)
        hosts = self._hosts(connection, station, applicant.hosts)
        before = device_of(connection, station)
        self._refuse_wrong_key(connection, applicant)
        if before is not None and before.key_id != applicant.public.key_id and not replace:
            raise EnrolmentError(
                f"{station} is enrolled already, with another key. If its card or board was "
                f"replaced, make a code with: cunyi county enrol {station} FOLDER --replace"
            )
        issued = self.keys.authority.sign(requested_key(applicant.csr), station, hosts, now_ms)
        if before is not None and before.key_id == applicant.public.key_id:
            certified(connection, before.key_id, hosts, issued, now_ms)
            return issued
        self._refuse_no_key(applicant.public)
        had_another = was_ever_enrolled(connection, station)
        if ledger.place_of(connection, station) is None:
            ledger.register(connection, station, station)
        add_device(
            connection,
            station=station,
            public=applicant.public,
            machine=applicant.machine[:MACHINE_DIGITS],
            hosts=hosts,
            issued=issued,
            now_ms=now_ms,
        )
        alarms.clear_alarm(connection, station, alarms.UNKNOWN_STATION, now_ms)
        if had_another and self.order_grant is not None:
            self.order_grant(connection, station, applicant.public.key_id, "device replaced")
        return issued

    def renew(
        self, connection: Connection, device: Device, csr: str, hosts: tuple[str, ...], now_ms: int
    ) -> Issued:
        """A new certificate for a key that speaks. Raises EnrolmentError, CertificateError."""
        allowed = self._hosts(connection, device.station, hosts)
        if len(live_certificates(connection, device.key_id, now_ms)) >= MOST_LIVE:
            raise EnrolmentError(
                f"{device.station} was given {MOST_LIVE} certificates that have not ended. If it "
                f"was not stolen, make a code with: cunyi county enrol {device.station} FOLDER "
                "--replace"
            )
        key = requested_key(csr)
        issued = self.keys.authority.sign(key, device.station, allowed, now_ms)
        certified(connection, device.key_id, allowed, issued, now_ms)
        return issued

    def revoke(self, connection: Connection, station: StationId, reason: str, now_ms: int) -> None:
        """The station's key speaks no more. Raises EnrolmentError where none did."""
        if not end_device(connection, station, REVOKED, reason, now_ms):
            raise EnrolmentError(f"no key speaks for {station}: there is nothing to revoke")

    def write_revocations(self, connection: Connection, now_ms: int) -> None:
        """Bring ca/crl.pem up to date, for brokers. Raises StoreError.

        What is on it stays on it: it has outlived a database that was put back.
        """
        ended = dict(self.keys.revoked()) | dict(ended_certificates(connection))
        content = self.keys.authority.revocations(ended.items(), now_ms)
        write_private(self.keys.folder / REVOKED_FILE, content, mode=0o644)

    def _refuse_no_key(self, public: PublicIdentity) -> None:
        try:
            self.keys.identities[0].box_with(public)
        except ValueError as cause:
            raise EnrolmentError("nothing can be sealed for this key") from cause

    @staticmethod
    def refuse_name(station: StationId) -> None:
        """Raises EnrolmentError for what no station may be called."""
        if not STATION_ID.fullmatch(station) or station == TLS_NAME:
            raise EnrolmentError(f"{station!r} is no name for a station")

    @staticmethod
    def _refuse_wrong_key(connection: Connection, applicant: Applicant) -> None:
        same = device_with(connection, applicant.public.key_id)
        if same is None:
            return
        if same.station != applicant.station:
            raise EnrolmentError(
                "this key is another station's: its folder was copied. "
                "Make a new folder with: cunyi station init"
            )
        if same.state != ACTIVE:
            raise EnrolmentError(
                f"this key was {same.state} and never speaks again. "
                "Make a new folder with: cunyi station init"
            )

    def _hosts(
        self, connection: Connection, station: StationId, hosts: tuple[str, ...]
    ) -> tuple[str, ...]:
        if len(hosts) > MOST_HOSTS:
            raise EnrolmentError(f"more than {MOST_HOSTS} hosts for one station")
        checked = tuple(dict.fromkeys(checked_host(host) for host in hosts))
        for host in checked:
            if not is_local_name(host):
                raise EnrolmentError(
                    f"{host} is no name within a local network: a station is certified for a "
                    "private address, or for a name in .lan, .local, .home.arpa or .internal"
                )
            if host in self.own_hosts:
                raise EnrolmentError(f"{host} is the county's own: no station may be called so")
            owner = host_owner(connection, host)
            if owner not in {None, station}:
                raise EnrolmentError(f"{host} is a name of the station {owner} already")
        return checked
