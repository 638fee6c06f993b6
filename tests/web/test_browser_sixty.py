"""Sixty mixed parcels between customers, by scanner and keys alone; what each cost is printed.

A plain parcel costs one scan and one push of its door. Twelve addressees have not agreed, three
parcels are bulky, two damaged, five of no manifest, four are scanned twice, and twice the keeper
is called away with a door open.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from edge.domain.parcel import Parcel, Stage
from edge.kernel.ids import CellId, WaybillNo
from tests.support.browser import open_chromium, open_page
from tests.web.support.at_counter import begin
from tests.web.support.parcels import TAIL, until_door
from tests.web.support.van import tell_bag
from tests.web.support.village import Village, eventually, open_village

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PARCELS: Final = 60
BRANDS: Final = (
    ("圆通", "YT77{:011d}"),
    ("顺丰", "SF13{:011d}"),
    ("中通", "7890{:010d}"),
    ("韵达", "4300{:09d}"),
    ("极兔", "JT30{:011d}"),
)
UNAGREED: Final = {n for n in range(PARCELS) if n % 5 == n // 5 % 5}
BULKY: Final = {7, 27, 47}
DAMAGED: Final = {15, 38}
TWICE: Final = {10, 20, 32, 44}
UNANNOUNCED: Final = {11, 19, 29, 36, 53}
CALLED_AWAY: Final = {23, 41}
ODD: Final = UNAGREED | BULKY | DAMAGED | TWICE | UNANNOUNCED | CALLED_AWAY
AWAY_S: Final = 150


def waybill(n: int) -> WaybillNo:
    return WaybillNo(BRANDS[n % 5][1].format(n + 1))


@dataclass
class Shift:
    """A keeper at work: every scan, key and push of a door is counted for the parcel at hand."""

    village: Village
    page: Page
    cost: Counter[str] = field(default_factory=Counter)

    def scan(self, n: int) -> None:
        self.cost["scans"] += 1
        self.village.gun.scan(waybill(n))
        eventually(lambda: waybill(n) in self.village.state.parcels, f"parcel {n}")

    def keys(self, *names: str) -> None:
        for name in names:
            self.cost["keys"] += 1
            self.page.keyboard.press(name)

    def push(self, cell: CellId) -> None:
        self.cost["pushes"] += 1
        self.village.steel.push_shut(cell)
        until_door(self.village, cell, "shut")

    def parcel(self, n: int) -> Parcel:
        return self.village.state.parcels[waybill(n)]

    def open_cell(self, n: int) -> CellId:
        """The cell that has sprung open for it."""
        eventually(lambda: self.parcel(n).cell, f"a cell for parcel {n}")
        cell = self.parcel(n).cell
        assert cell is not None
        until_door(self.village, cell, "open")
        return cell

    def ready(self) -> None:
        expect(self.page.locator(".target")).to_contain_text("请扫快递单")


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A station with room for a busy day, and the morning's manifest."""
    with open_village(tmp_path / "station", cells=PARCELS, shelves="ABC") as opened:
        announced = [n for n in range(PARCELS) if n not in UNANNOUNCED]
        for bag, some in enumerate((announced[:28], announced[28:]), start=1):
            tell_bag(
                opened,
                bag,
                [
                    {
                        "waybill_no": waybill(n),
                        "carrier": BRANDS[n % 5][0],
                        "tail": TAIL,
                        "consent": "unknown" if n in UNAGREED else "yes",
                    }
                    for n in some
                ],
            )
        yield opened


def bring_in(shift: Shift, n: int) -> None:
    """One parcel from the heap to its place, as what it is asks for."""
    if n in BULKY:
        shift.keys("5")  # onto the floor, chosen before the scan
        expect(shift.page.get_by_role("button", name="地堆")).to_have_attribute(
            "aria-pressed", "true"
        )
        shift.scan(n)
        return
    shift.scan(n)
    if n in UNAGREED:
        expect(shift.page.locator(".target.to_contact")).to_be_visible()
        return
    cell = shift.open_cell(n)
    if n in TWICE:
        shift.scan(n)
    if n in UNANNOUNCED:
        expect(shift.page.locator(".target .cell")).to_have_text(f"柜 {cell:02d}")
        shift.keys(*TAIL)
    if n in DAMAGED:
        expect(shift.page.locator(".target .cell")).to_have_text(f"柜 {cell:02d}")
        shift.keys("/", "8", "1", "1")
        eventually(lambda: shift.parcel(n).slot, "a slot for what is damaged")
    if n in CALLED_AWAY:
        away(shift, n, cell)
    shift.push(cell)
    shift.ready()


def away(shift: Shift, n: int, cell: CellId) -> None:
    """A customer wants salt; the second time the tablet goes dark as well."""
    shift.page.keyboard.press("-")  # no key of this parcel: she looks at today's numbers
    expect(shift.page.locator(".counts")).to_be_visible()
    shift.village.clock.forward(AWAY_S)
    if n == max(CALLED_AWAY):
        shift.page.reload()
        expect(shift.page.locator(".counts")).to_be_visible()
    shift.page.keyboard.press("2")
    expect(shift.page.locator(".target .cell")).to_have_text(f"柜 {cell:02d}")


def test_sixty_mixed_parcels_are_checked_in_by_scans_doors_and_few_keys(
    village: Village, capsys: pytest.CaptureFixture[str]
) -> None:
    costs: dict[int, Counter[str]] = {}
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=800, height=480) as page,
    ):
        shift = Shift(village, page)
        begin(page)
        shift.ready()
        for n in range(PARCELS):
            shift.cost = Counter()
            bring_in(shift, n)
            costs[n] = shift.cost
        eventually(lambda: len(village.paper.slips) == PARCELS - len(UNAGREED), "every slip")
    everything_is_where_it_belongs(village)
    with capsys.disabled():
        sys.stdout.write(told(costs))
    plain = {"scans": 1, "pushes": 1}
    assert {n: cost for n, cost in costs.items() if n not in ODD and cost != plain} == {}
    assert all(costs[n] == {"scans": 1} for n in UNAGREED)
    assert all(costs[n] == {"scans": 1, "keys": 1} for n in BULKY)
    assert all(costs[n] == plain for n in CALLED_AWAY)


def everything_is_where_it_belongs(village: Village) -> None:
    """Each parcel once, in a cell or on a slot of its own, and a code for whoever agreed."""
    parcels = village.state.parcels
    assert set(parcels) == {waybill(n) for n in range(PARCELS)}
    assert {parcel.stage for parcel in parcels.values()} == {Stage.STORED}
    slotted = UNAGREED | BULKY | DAMAGED
    assert {n for n in range(PARCELS) if parcels[waybill(n)].cell is None} == slotted
    assert {n for n in range(PARCELS) if parcels[waybill(n)].credential is None} == UNAGREED
    assert {n for n in range(PARCELS) if parcels[waybill(n)].keeping.damage} == DAMAGED
    places = [parcel.cell or parcel.slot for parcel in parcels.values()]
    assert len(set(places)) == PARCELS
    assert {parcels[waybill(n)].carrier for n in range(PARCELS)} == {name for name, _no in BRANDS}
    assert all(parcels[waybill(n)].phone_tail == TAIL for n in range(PARCELS))


def told(costs: dict[int, Counter[str]]) -> str:
    """The table: what a parcel of each kind cost, and the whole heap."""
    kinds = {
        "plain": set(range(PARCELS)) - ODD,
        "not agreed": UNAGREED,
        "bulky": BULKY,
        "damaged": DAMAGED,
        "scanned twice": TWICE,
        "of no manifest": UNANNOUNCED,
        "called away": CALLED_AWAY,
        "all": set(range(PARCELS)),
    }
    lines = ["", "a parcel that is   count  scans  keys  pushes"]
    for name, some in kinds.items():
        each = [sum(costs[n][what] for n in some) for what in ("scans", "keys", "pushes")]
        share = 1 if name == "all" else len(some)
        scans, keys, pushes = (total / share for total in each)
        lines.append(f"{name:17} {len(some):6}  {scans:5g} {keys:5g} {pushes:7g}")
    return "\n".join([*lines, ""])
