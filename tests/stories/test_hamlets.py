"""R72, K6: from the county's manifest and one number key to the list that is read out, and back."""

from typing import Any, Final

import httpx
import pytest

from edge.settings import FILE_NAME
from edge.tools.house import STATION_ID, House
from edge.tools.people import Hands, Keeper, Visitor, wait_for
from edge.tools.story import county_facts, journal_of
from tests.stories.announcing import announce
from tests.stories.village import slip_of

pytestmark = [pytest.mark.story, pytest.mark.slow]
TAIL: Final = "3865"
SAID, KEYED, PLAIN = "YT7700123000077", "YT7700123000078", "SF1234567890123"
MANIFEST = f"""封签,起点,到站,运单号,快递公司,件号,总件数,尾号,同意,自然村
FQ0000001,county,{STATION_ID},{SAID},圆通,1,1,{TAIL},是,青山
"""


def name_hamlets(house: House, *names: str) -> None:
    """The station's own list, as whoever sets it up writes it."""
    file = house.station_folder / FILE_NAME
    listed = ", ".join(f'"{name}"' for name in names)
    text = file.read_text(encoding="utf-8")
    assert "# hamlets" in text
    file.write_text(text.replace("[web]", f"hamlets = [{listed}]\n\n[web]", 1), encoding="utf-8")
    house.station.end()
    house.start_station()


def screen(keeper: Keeper) -> Any:
    return keeper.get("/api/keeper/screen")


def check_in(hands: Hands, keeper: Keeper, waybill_no: str) -> int:
    """One scan and one push of the door."""
    hands.scan(waybill_no)
    cell = hands.wait_for_open_door()
    hands.act(cell, "put-in")
    hands.shut(cell)
    wait_for("the parcel to lie there", lambda: stored(keeper, waybill_no))
    return cell


def stored(keeper: Keeper, waybill_no: str) -> bool:
    lines = screen(keeper)["parcels"]
    return any((one["waybill_no"], one["stage"]) == (waybill_no, "stored") for one in lines)


def paper(hands: Hands, words: str) -> str:
    """The newest paper with these words on it."""
    texts = ["\n".join(slip["text"]) for slip in hands.bench()["papers"]]
    return next((text for text in reversed(texts) if words in text), "")


def test_r72_k6_a_villages_parcels_are_printed_and_who_has_no_code_gets_hers_offline(
    house: House,
) -> None:
    name_hamlets(house, "青山", "大塘")
    with (
        Hands(house.workbench_address) as hands,
        Keeper(house.station_address) as keeper,
        Visitor(house.station_address) as kiosk,
    ):
        keeper.sign_in()
        announce(house, keeper, MANIFEST)
        keeper.check_in(on=True)
        said = check_in(hands, keeper, SAID)  # nothing was typed at all
        wait_for("the slip", lambda: slip_of(hands, SAID))
        for waybill_no, hamlet in ((KEYED, "大塘"), (PLAIN, None)):
            check_in(hands, keeper, waybill_no)
            keeper.type_tail(waybill_no, "0971")
            if hamlet:
                keeper.post("/api/keeper/hamlet", waybill_no=waybill_no, hamlet=hamlet)
        groups = screen(keeper)["hamlets"]["groups"]
        counted = [(group["title"], group["count"]) for group in groups]
        assert counted == [("青山", 1), ("大塘", 1), ("未分村", 1)]
        keeper.post("/api/keeper/hamlet-list", hamlet="青山")
        text = wait_for("the list", lambda: paper(hands, "今日包裹"))
        assert f"尾号 {TAIL} · {said:02d} 号柜" in text
        assert SAID not in text
        no_code_offline(house, hands, keeper, kiosk, said)
    wait_for("the county to have all", lambda: county_facts(house) == journal_of(house), 60)
    life = httpx.get(f"{house.county_address}/api/trace/{SAID}").raise_for_status().json()
    assert "自然村：青山" in [event["text"] for event in life["events"]]
    assert life["stage"] == "picked_up"


def no_code_offline(house: House, hands: Hands, keeper: Keeper, kiosk: Visitor, cell: int) -> None:
    """Broker and county are gone; somebody of 青山 has lost her slip."""
    house.broker.kill()
    house.county.kill()
    facts = len(journal_of(house))
    told = kiosk.post("/api/kiosk/no-code", hamlet="青山", phone_tail=TAIL)
    assert told == kiosk.post("/api/kiosk/no-code", hamlet="大塘", phone_tail="1111")
    hers, nobodys = screen(keeper)["no_code"]
    assert (hers["text"], hers["waybills"]) == (f"村里有人没有码：青山 尾号 {TAIL}", [SAID])
    assert nobodys["waybills"] == []
    assert len(journal_of(house)) == facts
    assert hands.open_doors() == []
    keeper.post("/api/keeper/release", waybill_no=SAID, seen=["id"])
    assert hands.wait_for_open_door() == cell
    hands.act(cell, "take-out")
    hands.shut(cell)
    for card in (hers, nobodys):
        keeper.post("/api/keeper/no-code-seen", serial=card["serial"])
    assert screen(keeper)["no_code"] == []
    house.broker.start()
    house.start_county()
