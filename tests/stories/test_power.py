"""A power cut from the plug to the county's page: a UPS twin, its driver, a whole house."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.settings import FILE_NAME
from edge.tools.house import STATION_ID, House
from edge.tools.people import Hands, Keeper, Visitor, wait_for
from edge.tools.story import CODE_ON_PAPER, county_facts, journal_of, read_journal
from hardware.twins.faults import Fault, Faults
from hardware.twins.house.ups import UpsMake, UpsTwin
from tests.stories.village import slip_of

pytestmark = [pytest.mark.story, pytest.mark.slow]

WAYBILLS = ("YT7700123000001", "YT7700123000002")
TAIL = "3865"
RUNNING_DOWN = UpsMake(charge=0.5, empties_s=45.0)
"""It calls itself nearly empty after a third of a minute."""


@pytest.fixture
def mains(tmp_path: Path, house: House) -> Iterator[Faults]:
    """The plug of a UPS that the station has been given."""
    faults = Faults(1)
    twin = UpsTwin(tmp_path / "ups", faults, RUNNING_DOWN)
    twin.cable.start()
    house.station.end()
    file = house.station_folder / FILE_NAME
    before, power, after = file.read_text(encoding="utf-8").partition("[power]\n")
    after = re.sub(r'port = "[^"]*"', f'port = "twin:{tmp_path}/ups"', after, count=1)
    file.write_text(before + power + after, encoding="utf-8")
    house.start_station()
    yield faults
    twin.cable.close()


def check_in(keeper: Keeper, hands: Hands, waybill_no: str) -> str:
    """One parcel into its cell; gives the eight digits of its slip."""
    cell = keeper.post("/api/keeper/scan", text=waybill_no)["cell"]
    wait_for("the door", lambda: cell in hands.open_doors())
    hands.post(f"/api/doors/{cell}/put-in", thing=waybill_no)
    hands.shut(cell)
    wait_for(
        "the slip to be asked for",
        lambda: keeper.post("/api/keeper/phone-tail", waybill_no=waybill_no, phone_tail=TAIL),
    )
    code = CODE_ON_PAPER.search(wait_for("the slip", lambda: slip_of(hands, waybill_no)))
    assert code is not None
    return code[1] + code[2]


def collect(kiosk: Visitor, hands: Hands, digits: str) -> None:
    answer = kiosk.post("/api/kiosk/code", phone_tail=TAIL, digits=digits)
    assert answer["ok"], answer
    wait_for("the door", lambda: answer["cell"] in hands.open_doors())
    hands.act(answer["cell"], "take-out")
    hands.shut(answer["cell"])


def power_line(keeper: Keeper) -> str:
    devices: list[dict[str, Any]] = keeper.get("/api/keeper/screen")["devices"]
    return next(str(one["word"]) for one in devices if one["name"] == "电源")


def test_pickup_outlasts_the_mains_until_the_battery_is_low_and_all_wakes_with_them(
    house: House, mains: Faults
) -> None:
    with (
        Hands(house.workbench_address) as hands,
        Keeper(house.station_address) as keeper,
        Visitor(house.station_address) as kiosk,
        Visitor(house.county_address) as county,
    ):

        def at_county() -> str:
            return str(county.get(f"/api/stations/{STATION_ID}")["supply"])

        keeper.sign_in()
        wait_for("the mains to be seen", lambda: power_line(keeper).startswith("市电"))
        keeper.check_in(on=True)
        digits = [check_in(keeper, hands, waybill_no) for waybill_no in WAYBILLS]
        mains.switch(Fault.MAINS_OUT, on=True)
        wait_for("the outage", lambda: power_line(keeper).startswith("停电"))
        assert keeper.post("/api/keeper/scan", text="YT7700123000003")["key"] == "on_battery"
        collect(kiosk, hands, digits[0])
        wait_for("the county to see it", lambda: "停电" in at_county())

        wait_for("a low battery", lambda: "电快没了" in power_line(keeper), 60)
        refused = kiosk.post("/api/kiosk/code", phone_tail=TAIL, digits=digits[1])
        assert (refused["ok"], refused["key"]) == (False, "battery_low")
        assert kiosk.get("/api/kiosk/screen")["power"] == "电快没了，柜门先不开"
        mains.mend_all()
        wait_for("the mains", lambda: power_line(keeper).startswith("市电"))
        collect(kiosk, hands, digits[1])
        told = wait_for("the end", lambda: re.search("来电，停了 (.+)", at_county()))
        assert told[1]

    wait_for("the county to have all", lambda: county_facts(house) == journal_of(house))
    kinds = [fact["kind"] for fact in read_journal(house)]
    assert [kind for kind in kinds if kind.startswith("power.")] == [
        "power.lost",
        "power.battery_low",
        "power.restored",
    ]
