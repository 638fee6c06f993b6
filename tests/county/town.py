"""A county whose carrier is simulated, with a hand on its clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx
from sqlalchemy import Connection

from cloud_sync.county.notices.post import Carrying, NoticePost
from cloud_sync.county.notices.rules import MINUTE_MS, Rules
from cloud_sync.partners.notify.counterpart import Carrier, make_app
from cloud_sync.partners.notify.http_adapter import HttpNotifyAdapter
from tests.county.phones import MINE, VAULT, PhoneOffice, issue, open_phones
from tests.county.village import NOON_MS, Village
from tests.support.serving import serve

T = TypeVar("T")
YT, SF, JT = "YT7700123456", "SF1234567890", "JT5100000001"
GATHER_MS = 10 * MINUTE_MS
HOUR_MS = 60 * MINUTE_MS
RULES = Rules(gather_ms=GATHER_MS, quiet_from=21 * 60, quiet_to=8 * 60)


@dataclass
class Town:
    """A county with phones, a simulated carrier, and a clock with a hand on it."""

    phones: PhoneOffice
    carrier: Carrier
    address: str
    village: Village = field(default_factory=Village)
    now_ms: int = NOON_MS
    heard: int = 0

    def __post_init__(self) -> None:
        self.post = self.another_post()

    def another_post(self) -> NoticePost:
        """The county's post, as it is after a start."""
        database = self.phones.open.county.database
        carrying = Carrying(
            adapter=HttpNotifyAdapter(self.address, patience_s=2.0),
            rules=RULES,
            pages=self.phones.open.address,
        )
        return NoticePost(database, VAULT, carrying, write=self.write, wall_ms=lambda: self.now_ms)

    def write(self, work: Callable[[Connection], T]) -> T:
        """As the county's own thread would."""
        with self.phones.open.county.database.write() as connection:
            return work(connection)

    def arrives(self, waybill_no: str, cell: int, number: str = MINE) -> None:
        """A parcel with a code lies in its cell, and the county knows it."""
        self.phones.addressed({waybill_no: number})
        self.village.check_in(waybill_no, cell)
        issue(self.village, f"c-{waybill_no}", waybill_no)
        self.hear()

    def hear(self) -> None:
        self.heard += 1
        self.phones.open.hear(self.village, f"n{self.heard}")

    def after(self, ms: int) -> list[tuple[str, str, str]]:
        """What villagers have got by so much later: channel, tail, text."""
        self.now_ms += ms
        self.post.look()
        return [(one.channel, one.tail, one.text) for one in self.carrier.taken.values()]

    def breaks(self, **faults: list[str]) -> None:
        httpx.post(f"{self.address}/faults", json=faults).raise_for_status()


@contextmanager
def open_town(folder: Path) -> Iterator[Town]:
    carrier = Carrier(folder / "carrier")
    with open_phones(folder / "county") as phones, serve(make_app(carrier)) as address:
        yield Town(phones, carrier, address)
