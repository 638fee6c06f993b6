"""A walk over every screen: python -m tests.screens.tour [FOLDER], by default docs/screens."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page

from tests.screens import at_counter, at_county, at_kiosk, at_phone
from tests.screens.pictures import Album
from tests.support.browser import open_chromium, open_page
from tests.web.support.browserless import KEEPER, PIN, Visitor
from tests.web.support.village import open_village

ROOT: Final = Path(__file__).parents[2]
KIOSK: Final = (800, 480)
COUNTER: Final = (1280, 800)


@contextlib.contextmanager
def two(browser: Browser, address: str, size: tuple[int, int]) -> Iterator[tuple[Page, Page]]:
    """The same page twice, in plain and in big print."""
    width, height = size
    with (
        open_page(browser, f"{address}?print=normal", width=width, height=height) as light,
        open_page(browser, f"{address}?print=big", width=width, height=height) as large,
    ):
        yield light, large


def walk(folder: Path) -> Album:
    """Take every picture into the folder. Raises AssertionError where a page is not as told."""
    folder.mkdir(parents=True, exist_ok=True)
    album = Album(folder)
    with tempfile.TemporaryDirectory() as scratch, open_chromium() as browser:
        with (
            open_village(Path(scratch) / "station", shelves="AB") as village,
            Visitor(village.address) as keeper,
            two(browser, f"{village.address}/kiosk", KIOSK) as kiosks,
            two(browser, f"{village.address}/keeper", COUNTER) as counters,
        ):
            at_counter.first_start(album, counters)
            keeper.ask("/api/keeper/sign-in", keeper=KEEPER, pin=PIN)
            at_kiosk.show(album, village, keeper, kiosks)
            at_counter.show(album, village, keeper, counters)
        with at_county.open_county(Path(scratch) / "county", browser) as (office, pages):
            at_county.show(album, office, pages)
        at_phone.show(album, Path(scratch) / "phones", browser)
    album.write_page()
    return album


def main() -> int:
    """Say how many there are."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screens"
    taken = walk(folder)
    sys.stdout.write(f"{folder}: {2 * len(taken.screens)} pictures\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
