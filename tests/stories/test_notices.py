"""R53: from a scan at the counter to the link in a villager's message, as `cunyi demo` has it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from edge.kernel.village_time import village_time
from edge.tools.announcing import announce_samples
from edge.tools.house import House, Ports
from edge.tools.people import Hands, Keeper, wait_for
from edge.tools.story import collect_by_slip
from tests.stories.village import slip_of
from tests.support.browser import open_chromium, open_page

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.browser]
MORNING = village_time(1_795_485_600_000)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, Ports.choose(tmp_path, 0), messages=True) as house:
        yield house


def taken(house: House) -> int:
    return int(httpx.get(f"{house.messages_address}/healthz").json()["taken"])


def test_r53_whoever_clicks_the_link_in_the_message_sees_the_code_and_then_that_it_is_collected(
    house: House,
) -> None:
    waybill_no = announce_samples(house, MORNING)[0]
    with Hands(house.workbench_address) as hands, Keeper(house.station_address) as keeper:
        keeper.sign_in()
        wait_for("the manifest", lambda: keeper.get("/api/keeper/screen")["handover"]["trips"], 60)
        keeper.check_in(on=True)
        hands.scan(waybill_no)
        cell = hands.wait_for_open_door()
        hands.act(cell, "put-in")
        hands.shut(cell)
        wait_for("the slip", lambda: slip_of(hands, waybill_no))
        wait_for("the message", lambda: taken(house), 60)
        with (
            open_chromium() as browser,
            open_page(browser, house.messages_address, width=390, height=844) as page,
        ):
            page.locator("article a").first.click()
            expect(page.locator("h1")).to_contain_text("我的包裹")
            expect(page.locator("h2").first).to_contain_text(f"{cell} 号柜")
            expect(page.locator("img")).to_be_visible()
            paper = next(one["paper"] for one in hands.bench()["papers"])
            collect_by_slip(hands, paper=paper, cell=cell)

            def collected() -> bool:
                page.reload()
                return "已取走" in page.locator("main").inner_text()

            wait_for("已取走", collected, 60)
    house.county.kill()
    house.start_county()
    assert taken(house) == 1, "told once"
