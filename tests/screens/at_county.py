"""The county's pages: a station in trouble, one parcel's way, the runs of the vans."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.county.offices import OpenOffice, open_office, pingshang
from tests.county.village import Village
from tests.screens.at_kiosk import Pair, both, each
from tests.screens.pictures import Album
from tests.support.browser import open_page


@contextlib.contextmanager
def open_county(folder: Path, browser: Browser) -> Iterator[tuple[OpenOffice, Pair]]:
    """A county with two stations, and its page on a desk and on a phone."""
    stations = (("pingshang", "坪上村站"), ("shexi", "社溪村站"))
    folder.mkdir()
    with (
        open_office(folder, *stations) as office,
        open_page(browser, office.address, width=1280, height=800) as desk,
        open_page(browser, office.address, width=390, height=844) as phone,
    ):
        yield office, (desk, phone)


def show(album: Album, office: OpenOffice, pages: Pair) -> None:
    """A door is forced; the operator looks at the station and at one parcel."""
    office.hear(pingshang())
    trouble = Village("shexi")
    trouble.tell("door.forced", cell=8)
    office.hear(trouble)
    both(pages, "#tiles", "8 号门被强开")
    album.take("D1", "wall", "总览 Overview", *pages)
    each(pages, _open_a_parcel)
    album.take("D5", "trace", "轨迹 Trace", *pages)


def _open_a_parcel(page: Page) -> None:
    page.locator("#tiles button", has_text="坪上村站").click()
    page.locator("#cells li").nth(6).get_by_role("button").click()
    expect(page.locator("#chain li").first).to_be_visible()
