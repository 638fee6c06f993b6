"""Labels printed again by a finger: at a parcel's line, and at a bag that goes on."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import assert_accessible, open_chromium, open_page
from tests.web.support.at_counter import keep_look, sign_in
from tests.web.support.browserless import Visitor
from tests.web.support.fingers import beyond, too_small, turn_to
from tests.web.support.parcels import WAYBILL
from tests.web.support.van import COURIER, COURIER_PIN, TRIP, expect_van, seal
from tests.web.support.village import Village, eventually

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "height"), [(800, 480), (1280, 800), (390, 844)])
def test_a_finger_prints_the_label_of_a_parcel_and_of_a_bag_again(
    village: Village, keeper: Visitor, width: int, height: int
) -> None:
    village.stick_labels()
    keeper.ask("/api/keeper/check-in", on=True)
    keeper.ask("/api/keeper/place", waybill_no=None, choice="floor")
    keeper.ask("/api/keeper/scan", text=WAYBILL)
    expect_van(village)
    keeper.ask("/api/keeper/handover/arrive", courier=COURIER, pin=COURIER_PIN, trip=TRIP)
    keeper.ask("/api/keeper/handover/turn", network="post", direction="县中心")
    keeper.ask("/api/keeper/scan", text=seal(77))
    eventually(lambda: len(village.labels.slips) == 2, "the first labels")
    with (
        open_chromium() as browser,
        open_page(browser, f"{village.address}/keeper", width=width, height=height) as page,
    ):
        sign_in(page)
        for name, subject in (("parcels", WAYBILL[-4:]), ("handover", seal(77))):
            turn_to(page, name)
            before = len(village.labels.slips)
            again = page.get_by_role("button", name=f"补标签 …{subject}".replace("…FQ", "FQ"))
            again.click()
            expect(page.get_by_text("标签马上打印。")).to_be_visible()
            eventually(lambda n=before: len(village.labels.slips) > n, "one more")  # type: ignore[misc]  # the count of now
            assert "补打" in village.labels.words()
            keep_look("labels", page, f"{name}-{width}")
            assert [*beyond(page), *too_small(page)] == []
        assert_accessible(page)
