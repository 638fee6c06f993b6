"""The addressee's own pages on a phone: what waits, its code, its station, and help."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page

from cloud_sync.county.board.book import NewNotice, post
from cloud_sync.county.complaints.book import answer_to
from cloud_sync.county.tables import COMPLAINTS
from cloud_sync.county.trips.book import keep_manifest
from cloud_sync.county.trips.manifest import read_manifest
from cloud_sync.wire.bodies.state import TripStop
from edge.kernel.village_time import DAY_MS
from tests.county.phones import CODE, MINE, PhoneOffice, issue, open_phones
from tests.county.village import NOON_MS, Village
from tests.screens.pictures import Album
from tests.support.browser import open_page

NOTICES = {
    "腊月赶集": "逢三、六、九在村口赶集，班车提前半小时到。",
    "明天停电": "明天（11月25日）八点到十二点停电。\n请早做饭，冰箱少开门。",
}
HOUR_MS = 3_600_000
HERE, COMES, GONE = "YT7700123456", "JT5100000001", "SF1234567890"
PHONE, SMALL_PHONE = (390, 844), (360, 740)


def tell(phones: PhoneOffice) -> str:
    """One parcel waits, one is on its way, one is collected; the link of whose they are."""
    village = Village()
    village.check_in(GONE, 8)
    village.pick_up(GONE, 8)
    village.check_in(HERE, 7)
    issue(village, "c-here", HERE, CODE)
    phones.open.hear(village)
    phones.addressed({HERE: MINE, COMES: MINE, GONE: MINE})
    return phones.link(HERE)


def tell_of_station(phones: PhoneOffice) -> None:
    """One van is overdue at the station of `tell`, one comes later, and two notices stand there."""
    with phones.open.county.database.write() as connection:
        for trip, hour in (("t-1", -1), ("t-2", 4.5)):
            stop = TripStop(place="pingshang", at_ms=NOON_MS + int(hour * HOUR_MS))
            text = f"seal,to,waybill\nFQ00{trip[-1]}000,pingshang,YT99000000\n"
            manifest = read_manifest(text, trip=trip, operator="", stops=[stop], as_json=False)
            keep_manifest(connection, lambda *_said: 1, manifest, NOON_MS)
        for title, said in NOTICES.items():
            notice = NewNotice(
                stations=(),
                title=title,
                text=said,
                since_ms=NOON_MS - DAY_MS,
                until_ms=NOON_MS + DAY_MS * 3 // 2,
                operator="王芳",
            )
            post(connection, notice, NOON_MS)


def show(album: Album, folder: Path, browser: Browser) -> None:
    """The code on a phone, and the list below it on a small one."""
    folder.mkdir()
    with open_phones(folder) as phones:
        link = tell(phones)
        for code, name, title, size in (
            ("M2", "code", "取件码 Code", PHONE),
            ("M1", "parcels", "我的包裹 My parcels", SMALL_PHONE),
        ):
            width, height = size
            with (
                open_page(browser, link, width=width, height=height) as light,
                open_page(browser, f"{link}?print=big", width=width, height=height) as large,
            ):
                for page in (light, large) if code == "M1" else ():
                    page.locator("summary").click()
                    page.locator("article").first.scroll_into_view_if_needed()
                album.take(code, name, title, light, large)
        send_somebody(album, browser, link)
        look_at_station(album, browser, phones, link)
        complain(album, browser, phones, link)


def send_somebody(album: Album, browser: Browser, link: str) -> None:
    """The page where a pass is made, and the one that goes to whoever is sent."""
    mine = f"{link}/proxy"
    made = httpx.post(mine, data={"parcel": HERE}, follow_redirects=True).raise_for_status().text
    his = made.split("<textarea")[1].split("</textarea>")[0].rsplit("：", 1)[1]
    for address, name, title in (
        (mine, "send", "代取授权 Send somebody"),
        (his, "sent", "代取授权：代取人的手机 The proxy's phone"),
    ):
        with on_phones(browser, address) as both:
            album.take("M3", name, title, *both)


def look_at_station(album: Album, browser: Browser, phones: PhoneOffice, link: str) -> None:
    """The card of the station where something waits, with its van and what is posted there."""
    tell_of_station(phones)
    with on_phones(browser, link) as both:
        for page in both:
            page.locator("article").last.evaluate("card => card.scrollIntoView()")
        album.take("M8", "station", "站点 Station", *both)


def complain(album: Album, browser: Browser, phones: PhoneOffice, link: str) -> None:
    """The form for complaints, and below it one with its answer."""
    mine = f"{link}/help"
    with on_phones(browser, mine) as both:
        album.take("M9", "help", "投诉帮助 Help and complaints", *both)
    said = {"kind": "damaged", "waybill_no": HERE, "said": "盒子压坏了，鸡蛋碎了"}
    httpx.post(mine, data=said, follow_redirects=True).raise_for_status()
    (row,) = phones.open.county.rows(COMPLAINTS)
    with phones.open.county.database.write() as connection:
        answer_to(connection, row["complaint"], "赔您一盒。", "王芳", phones.wall_ms)
    with on_phones(browser, mine) as both:
        for page in both:
            page.locator("#mine").evaluate("part => part.scrollIntoView()")
        album.take("M9", "answer", "投诉帮助：县中心的答复 The county's answer", *both)


@contextmanager
def on_phones(browser: Browser, address: str) -> Iterator[tuple[Page, Page]]:
    """The same page on two phones, in plain and in big print."""
    width, height = PHONE
    with (
        open_page(browser, address, width=width, height=height) as light,
        open_page(browser, f"{address}?print=big", width=width, height=height) as large,
    ):
        yield light, large
