"""R53, M1, M2: from the manifest's phone number to a door that a phone's screen opens."""

import contextlib
import io
import sqlite3

import httpx
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page

from cloud_sync.county.identity.own_keys import OwnKeys
from cloud_sync.county.recipients.vault import Vault
from edge.kernel.ids import CountyId
from edge.tools.house import COUNTY_ID, STATION_ID, House
from edge.tools.people import Hands, Keeper, wait_for
from edge.tools.story import county_facts, journal_of
from tests.stories.announcing import announce
from tests.stories.village import slip_of
from tests.support.browser import assert_accessible, open_chromium, open_page

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.browser]
WAYBILL, NUMBER = "YT7700123000077", "13800133865"
MANIFEST = f"""封签,起点,到站,运单号,快递公司,件号,总件数,手机号,同意
FQ0000001,county,{STATION_ID},{WAYBILL},圆通,1,1,{NUMBER},是
"""


def link_of(house: House) -> str:
    """The link as only the county's keys make it."""
    folder = house.folder / "county"
    database = sqlite3.connect(f"file:{folder / 'county.db'}?mode=ro", uri=True)
    with contextlib.closing(database):
        (recipient,) = database.execute("SELECT recipient FROM recipient_parcels").fetchone()
    vault = Vault.of(OwnKeys.read(folder, CountyId(COUNTY_ID)))
    return f"{house.county_address}/m/{vault.link(recipient)}"


def held_before_the_scanner(page: Page) -> str:
    """What a scanner reads from the screen."""
    shot = Image.open(io.BytesIO(page.locator("img").screenshot()))
    read = zxingcpp.read_barcode(shot)
    assert read is not None
    return str(read.text)


def test_r53_the_code_on_a_phone_opens_the_door_while_nobody_has_a_network(
    house: House,
) -> None:
    with Hands(house.workbench_address) as hands, Keeper(house.station_address) as keeper:
        keeper.sign_in()
        announce(house, keeper, MANIFEST)
        keeper.check_in(on=True)
        link = link_of(house)
        assert "在路上" in httpx.get(link).text
        hands.scan(WAYBILL)
        cell = hands.wait_for_open_door()
        hands.act(cell, "put-in")
        hands.shut(cell)
        wait_for("the slip", lambda: slip_of(hands, WAYBILL))
        wait_for("the code on the page", lambda: "data:image" in httpx.get(link).text, 60)
        with (
            open_chromium() as browser,
            open_page(browser, link, width=390, height=844) as page,
        ):
            assert_accessible(page)
            house.broker.kill()
            house.county.kill()
            token = held_before_the_scanner(page)
            hands.scan(token)
            assert hands.wait_for_open_door() == cell
            hands.act(cell, "take-out")
            hands.shut(cell)
        house.broker.start()
        house.start_county()
        wait_for("the county to have all", lambda: county_facts(house) == journal_of(house), 60)
        page_now = httpx.get(link).text
        assert "已取走" in page_now
        assert "data:image" not in page_now
    nothing_lies_in_clear(house, link, token)


def nothing_lies_in_clear(house: House, link: str, token: str) -> None:
    """Neither number nor link nor code is on any disk, nor in any log."""
    at_rest = b"".join(one.read_bytes() for one in house.folder.rglob("*") if one.is_file())
    for secret in (NUMBER, link.rsplit("/", 1)[1], token):
        assert secret.encode() not in at_rest
