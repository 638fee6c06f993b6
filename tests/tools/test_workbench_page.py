"""The workbench in a real browser, with the mouse alone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from edge.tools.workbench.app import make_app
from edge.tools.workbench.desk import Desk
from hardware.twins.bench import Bench
from tests.hardware.test_twin_printer import SLIP, TOKEN
from tests.hardware.twin_wire import Wire, eventually
from tests.support.browser import assert_accessible, open_chromium, open_page, save_screen
from tests.support.serving import serve

pytestmark = pytest.mark.browser

WAYBILL = "YT7700123456789"
_TOO_SMALL = """() => [...document.querySelectorAll("button, .button, select, input")]
    .filter(one => one.offsetWidth < 60 || one.offsetHeight < 60)
    .map(one => one.outerHTML)"""
_WIDER_THAN_THE_SCREEN = (
    "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
)


@contextmanager
def showing(
    folder: Path, query: str = "", width: int = 1280, cells: int = 24
) -> Iterator[tuple[Bench, Page]]:
    with (
        Bench(folder, cells) as bench,
        serve(make_app(Desk(bench, first=123_456_789))) as address,
        open_chromium() as browser,
        open_page(browser, f"{address}/{query}", width=width, height=800) as page,
    ):
        expect(page.locator(".cell")).to_have_count(cells)
        yield bench, page


def act(page: Page, name: str) -> Locator:
    return page.locator(f"#door [data-act={name}]")


def test_a_parcel_goes_in_and_out_of_a_door_by_mouse_alone(tmp_path: Path) -> None:
    with showing(tmp_path) as (bench, page), Wire(tmp_path / "scanner") as wire:
        page.locator(f"#samples [data-code={WAYBILL}]").click()
        assert wire.read(17) == f"{WAYBILL}\r\n".encode()
        expect(page.locator("#scanned")).to_contain_text(WAYBILL)
        page.locator(".cell[data-channel='7']").click()
        act(page, "open").click()
        act(page, "put-in").click()
        expect(page.locator("#door")).to_contain_text(WAYBILL)
        expect(page.locator(".cell[data-channel='7']")).to_contain_text("…456789")
        assert bench.cabinet.inside(7) == (WAYBILL,)
        act(page, "take-out").click()
        expect(page.locator("#door")).to_contain_text("里面空的")
        act(page, "push-shut").click()
        expect(act(page, "open")).to_be_visible()
        assert not bench.cabinet.is_open(7)


def test_a_door_that_springs_open_is_chosen_and_a_slip_is_scanned_from_its_picture(
    tmp_path: Path,
) -> None:
    with showing(tmp_path) as (_, page), Wire(tmp_path / "scanner") as scanner:
        with Wire(tmp_path / "printer") as printer, Wire(tmp_path / "lock-board") as board:
            printer.write(SLIP)
            board.ask("8a 01 16 11 8c", 5)
            expect(page.locator(".cell.open.chosen")).to_have_attribute("data-channel", "22")
            expect(page.locator("#pulses")).to_contain_text("22 号锁 · 300 毫秒")
            picture = page.locator(".slip img")
            expect(picture).to_have_js_property("naturalWidth", 384)
            expect(picture).to_have_attribute("alt", re.compile("坪上村服务站"))
        button = page.get_by_role("button", name="扫这张小票")
        expect(button).to_be_in_viewport(ratio=1)
        button.click()
        assert scanner.read(28) == TOKEN + b"\r\n"
        assert_accessible(page)
        save_screen(page, "workbench")


def test_a_typed_code_is_scanned_and_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    with showing(tmp_path) as (bench, page):
        page.locator("#code").fill("<b>12345</b>")
        page.get_by_role("button", name="扫 Scan", exact=True).click()
        expect(page.locator("#scanned b")).to_have_text("<b>12345</b>")
        expect(page.locator("#code")).to_have_value("")
        page.locator(".cell[data-channel='3']").click()
        page.evaluate("window.stale = document.querySelector('[data-act=open]')")
        bench.cabinet.force_open(3)
        expect(act(page, "push-shut")).to_be_visible()
        page.evaluate("window.stale.click()")
        expect(page.locator("#toast")).to_have_text("03 号门已经开着。")


def test_an_unplugged_scanner_scans_nothing_and_says_so(tmp_path: Path) -> None:
    with showing(tmp_path) as (bench, page):
        bench.faults.switch("scanner_unplugged", on=True)
        page.locator(f"#samples [data-code={WAYBILL}]").click()
        expect(page.locator("#toast")).to_have_text("扫码枪没接上，扫不出去。")
        assert bench.scanner.scanned == ()
        save_screen(page, "workbench-unplugged")


def test_faults_are_broken_and_mended_by_mouse(tmp_path: Path) -> None:
    with showing(tmp_path) as (bench, page):
        expect(page.locator("#to-faults")).to_have_text("故障菜单：全部正常")
        page.locator(".cell[data-channel='9']").click()
        stuck = page.locator("[data-fault=stuck_lock]")
        stuck.click()
        expect(stuck).to_have_attribute("aria-pressed", "true")
        expect(stuck).to_contain_text("坏的门：09")
        page.locator("#fault-door").select_option("10")
        expect(stuck).to_have_attribute("aria-pressed", "false")
        page.locator("[data-fault=paper_out]").click()
        expect(page.locator("#to-faults")).to_have_text("故障菜单：2 处坏了")
        assert_accessible(page)
        save_screen(page, "workbench-faults")
        page.locator("#mend-all").click()
        expect(page.locator("#to-faults")).to_have_text("故障菜单：全部正常")
        assert bench.faults.active() == frozenset()


def test_two_locks_at_once_stand_on_the_screen_as_an_alarm(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    with (
        serve(make_app(Desk(bench, first=1))) as address,
        open_chromium() as browser,
        open_page(browser, address, width=1280, height=800) as page,
    ):
        bench.cabinet.energise(1, 300)
        bench.cabinet.energise(2, 300)
        expect(page.get_by_role("alert").filter(has_text="同时驱动了两把锁")).to_be_visible()
        assert_accessible(page)


@pytest.mark.parametrize("width", [1280, 1024, 600])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_is_accessible_and_fits_the_screen(
    tmp_path: Path, width: int, language: str
) -> None:
    with showing(tmp_path, f"?lang={language}", width) as (bench, page):
        bench.cabinet.force_open(14)
        bench.cabinet.put_in(14, "SF1530123456789")
        expect(page.locator(".cell.open")).to_contain_text("14")
        assert_accessible(page)
        assert page.evaluate(_TOO_SMALL) == []
        assert not page.evaluate(_WIDER_THAN_THE_SCREEN)
        save_screen(page, f"workbench-{language}-{width}")


def test_the_page_comes_back_by_itself_after_the_program_was_restarted(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 2)
    with open_chromium() as browser:
        with serve(make_app(Desk(bench, first=1))) as address:
            port = int(address.rsplit(":", 1)[1])
            context = open_page(browser, address, may_answer=(403,), may_lose_link=True)
            page = context.__enter__()  # it outlives the server
            expect(page.locator(".cell")).to_have_count(2)
        try:
            expect(page.locator("#link-lost")).to_be_visible(timeout=20_000)
            with serve(make_app(Desk(bench, first=1)), port=port):
                expect(page.locator("#link-lost")).to_be_hidden(timeout=20_000)
                page.locator(".cell[data-channel='2']").click()
                act(page, "open").click()
                assert eventually(lambda: bench.cabinet.is_open(2))
                expect(page.locator(".cell.open")).to_have_count(1)
        finally:
            context.__exit__(None, None, None)
