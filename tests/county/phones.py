"""A served county whose addressees have links to pages of their own."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, select

from cloud_sync.county.mobile.page import PhonePages
from cloud_sync.county.mobile.passes import PassOffice
from cloud_sync.county.mobile.sayings import About, Counter
from cloud_sync.county.recipients.book import keep_phones
from cloud_sync.county.recipients.phone import read_phone
from cloud_sync.county.recipients.vault import Vault
from cloud_sync.county.stream.desk import StateDesk
from cloud_sync.county.tables import RECIPIENT_PARCELS
from cloud_sync.wire.trust.identity import Identity
from cloud_sync.wire.trust.sealed_codes import ClearCode, CodeSealer
from tests.county.offices import OpenOffice, open_office
from tests.county.village import NOON_MS, Village

VAULT = Vault(b"k" * 32)
CODE = ClearCode("37291846", "CY1:ABCDEFGHIJKLMNOPQRSTUVWXYZ", 7)
ABOUT = About(
    county="上犹县",
    phone="0797-8520000",
    counters={
        "pingshang": Counter(hours="8:00-18:30", phone="0797-852 1234"),
        "shexi": Counter(),
    },
)
MINE, HIS = "13800138123", "15912345678"


KEY = Identity.from_secret(b"c" * 32)
"""With what the county signs."""


@dataclass
class PhoneOffice:
    """Tell it of parcels by `open`, of their addressees by `addressed`."""

    open: OpenOffice
    stream: StateDesk
    wall_ms: int = NOON_MS + 60_000
    """The county's clock, for its phones' pages."""
    busy: bool = False
    """The ingest thread does not come to what pages want."""

    def work(self, job: Callable[[Connection], str]) -> "Future[str]":
        """What the ingest thread does for a page."""
        done = self.stream.work(job)
        if not self.busy:
            list(self.stream.tick())
        return done

    def addressed(self, numbers: Mapping[str, str]) -> None:
        """Whom parcels are for, by waybill; each call is a manifest of its own."""
        read = {waybill_no: read_phone(number) for waybill_no, number in numbers.items()}
        phones = {waybill_no: phone for waybill_no, phone in read.items() if phone is not None}
        assert len(phones) == len(numbers)
        with self.open.county.database.write() as connection:
            keep_phones(connection, VAULT, f"t-{min(numbers)}", phones, NOON_MS)

    def link(self, waybill_no: str) -> str:
        """The address of the page of whom a parcel is for."""
        mine = RECIPIENT_PARCELS.c.waybill_no == waybill_no
        with self.open.county.database.read() as connection:
            recipient = connection.execute(select(RECIPIENT_PARCELS.c.recipient).where(mine))
            return f"{self.open.address}/m/{VAULT.link(recipient.scalar_one())}"


def issue(village: Village, credential: str, waybill_no: str, code: ClearCode = CODE) -> None:
    """A code, as a station tells it."""
    sealer = CodeSealer(village.station, VAULT.code_opener().public)
    sealed = sealer.seal(credential, code)
    told = {"credential": credential, "waybill_no": waybill_no, "sealed": sealed}
    village.tell("pickup.code_sealed", schema=1, **told)


@contextmanager
def open_phones(folder: Path) -> Iterator[PhoneOffice]:
    """A county with two stations, its page and its phones' pages served."""
    stations = (("pingshang", "坪上村站"), ("shexi", "社溪村站"))
    with open_office(folder, *stations) as office:
        database = office.county.database
        stream = StateDesk(database, mono_ms=lambda: 0, wall_ms=office.office.wall_ms)
        phones = PhoneOffice(office, stream)
        passes = PassOffice(
            county=database.county,
            key_for=lambda _station: KEY,
            work=phones.work,
            put=stream.put,
            patience_s=0.2,
        )
        office.office.phones = PhonePages(
            database,
            VAULT,
            about=replace(ABOUT, pages=office.address),
            office=passes,
            wall_ms=lambda: phones.wall_ms,
        )
        yield phones
