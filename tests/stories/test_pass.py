"""R36, M3: a pass made on a phone opens a door without any network; taken back, it opens none."""

import base64
import io
import re
from typing import Any

import httpx
import pytest
import zxingcpp
from PIL import Image

from edge.tools.house import STATION_ID, House
from edge.tools.people import Hands, Keeper, Visitor, wait_for
from edge.tools.story import county_facts, journal_of
from tests.stories.announcing import announce
from tests.stories.test_mobile import NUMBER, link_of
from tests.stories.test_proxy import put_in, take_out

pytestmark = [pytest.mark.story, pytest.mark.slow]
SENT_FOR, KEPT = "YT7700123000077", "YT7700123000085"
MANIFEST = f"""封签,起点,到站,运单号,快递公司,件号,总件数,手机号,同意
FQ0000001,county,{STATION_ID},{SENT_FOR},圆通,1,1,{NUMBER},是
FQ0000001,county,{STATION_ID},{KEPT},圆通,1,1,{NUMBER},是
"""


def ask(link: str, **form: str) -> str:
    answer = httpx.post(f"{link}/proxy", data=form, follow_redirects=True)
    return answer.raise_for_status().text


def shared(page: str) -> str:
    """The address that goes to whoever is sent."""
    found = re.search(r"http://[^\s<]+/m/[A-Za-z0-9_-]{22}", page.split("<textarea")[1])
    assert found is not None
    return found[0]


def held_up(link: str) -> str:
    """What a scanner reads off the proxy's phone."""
    page = httpx.get(link).raise_for_status().text
    data = re.search(r'<img src="data:image/png;base64,([^"]+)"', page)
    assert data is not None
    read = zxingcpp.read_barcode(Image.open(io.BytesIO(base64.b64decode(data[1]))).convert("L"))
    assert read is not None
    return str(read.text)


def the_other(page: str, pass_: str) -> tuple[str, str]:
    """Number and address of the one that was made beside this pass."""
    numbers = re.findall(r'name="taken_back" value="([0-9a-f]{16})"', page)
    links = re.findall(r"http://[^\s<]+/m/[A-Za-z0-9_-]{22}", page)
    (other,) = [number for number, link in enumerate(links) if held_up(link) != pass_]
    return numbers[other], links[other]


def scan(kiosk: Visitor, hands: Hands, text: str) -> dict[str, Any]:
    """The twin of the scanner reads it; here is the kiosk's page."""
    hands.scan(text)
    wait_for("the page", lambda: kiosk.get("/api/kiosk/screen")["proxy"])
    view: dict[str, Any] = kiosk.get("/api/kiosk/screen")["proxy"]
    return view


def typed_as_scanned(house: House, text: str) -> str:
    """By whoever comes next: a station that was cut off knows no page of before."""
    with Visitor(house.station_address) as kiosk:
        return str(kiosk.post("/api/kiosk/scan", text=text)["key"])


def test_r36_a_pass_from_a_phone_opens_one_door_offline_and_a_taken_back_one_none(
    house: House,
) -> None:
    with (
        Hands(house.workbench_address) as hands,
        Keeper(house.station_address) as keeper,
        Visitor(house.station_address) as kiosk,
    ):
        keeper.sign_in()
        announce(house, keeper, MANIFEST)
        cell = put_in(keeper, hands, SENT_FOR)
        put_in(keeper, hands, KEPT)
        link = link_of(house)
        wait_for("both on the page", lambda: httpx.get(link).text.count("可以取了") == 2, 60)
        pass_ = held_up(shared(ask(link, parcel=SENT_FOR)))
        number, taken_back_link = the_other(ask(link, parcel=KEPT), pass_)
        taken_back = held_up(taken_back_link)

        house.broker.kill()
        assert "已撤销，驿站联网后生效" in ask(link, taken_back=number)
        assert "已被收回" in httpx.get(taken_back_link).text
        house.county.kill()

        view = scan(kiosk, hands, pass_)
        assert (view["lines"][0]["word"], view["opens"]) == ("可以取", f"{cell:02d}")
        assert kiosk.post("/api/kiosk/proxy-open", visit=view["visit"])["cell"] == cell
        take_out(hands, cell)
        wait_for("it to be used", lambda: typed_as_scanned(house, pass_) == "already_collected")
        house.station.kill()
        house.start_station()
        wait_for("the station", lambda: typed_as_scanned(house, pass_) == "already_collected", 60)

        house.broker.start()
        house.start_county()
        wait_for("the word", lambda: typed_as_scanned(house, taken_back) == "proxy_dead", 90)
        both_are_told(house, link)
        assert hands.open_doors() == []
    nothing_lies_in_clear(house, pass_, taken_back, taken_back_link[-22:])


def both_are_told(house: House, link: str) -> None:
    """On the addressee's page: that one was used, and that the station knows of the other's end."""
    wait_for("the ack", lambda: "驿站已收到" in httpx.get(f"{link}/proxy").text, 60)
    wait_for("the county to have all", lambda: county_facts(house) == journal_of(house), 60)
    assert re.search(r"已由代取人取走 \d+月\d+日 \d\d:\d\d", httpx.get(link).text)


def nothing_lies_in_clear(house: House, *secrets: str) -> None:
    """Neither a pass nor its link is on any disk, nor in any log."""
    at_rest = b"".join(one.read_bytes() for one in house.folder.rglob("*") if one.is_file())
    for secret in secrets:
        assert secret.encode() not in at_rest
