"""The workbench in a real browser, with the mouse alone."""

import re
import socket
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from edge.tools.workbench.app import make_app
from edge.tools.workbench.desk import Desk
from edge.words.voice import CLIPS, clips_of
from hardware.twins.bench import EVERYTHING, Bench
from hardware.twins.faults import Fault
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


class Pins:
    """A program at the pins of the bench."""

    def __init__(self, link: Path) -> None:
        self._link = link

    def __enter__(self) -> Self:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(str(self._link.resolve()))
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()

    def say(self, *lines: str) -> None:
        self._line.sendall("".join(f"{line}\n" for line in lines).encode())


def sound_of(clips: tuple[str, ...]) -> bytes:
    sound = b""
    for clip in clips:
        with wave.open(str(CLIPS / f"{clip}.wav"), "rb") as file:
            sound += file.readframes(file.getnframes())
    return sound


def label_of(code: str) -> bytes:
    """A label of 50 x 30 mm as the vendor's manual draws one, with bars on it."""
    bars = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.Code128)
    picture = Image.fromarray(bars.to_image(scale=2, add_quiet_zones=True)).convert("1")
    dots = Image.new("1", (400, 100), 1)
    dots.paste(picture, (8, 20))
    head = f"SIZE 50 mm,30 mm\r\nGAP 2 mm,0 mm\r\nCLS\r\nBITMAP 0,0,50,{dots.height},0,"
    return head.encode() + dots.tobytes() + b"\r\nPRINT 1,1\r\n"


@contextmanager
def showing(
    folder: Path, query: str = "", width: int = 1280, cells: int = 24
) -> Iterator[tuple[Bench, Page]]:
    with (
        Bench(folder, cells, EVERYTHING) as bench,
        serve(make_app(Desk(bench, first=123_456_789))) as address,
        open_chromium() as browser,
        open_page(browser, f"{address}/{query}", width=width, height=800) as page,
    ):
        expect(page.locator(".cell")).to_have_count(cells)
        yield bench, page


def act(page: Page, name: str) -> Locator:
    return page.locator(f"#door [data-act={name}]")


def group(page: Page, name: str) -> Locator:
    return page.locator(f"[data-group={name}] summary")


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
        expect(stuck).to_be_hidden()
        group(page, "door").click()
        stuck.click()
        expect(stuck).to_have_attribute("aria-pressed", "true")
        expect(stuck).to_contain_text("坏的门：09")
        page.locator("#fault-door").select_option("10")
        expect(stuck).to_have_attribute("aria-pressed", "false")
        expect(page.locator("[data-group=door] summary")).to_contain_text("1 处坏")
        group(page, "printer").click()
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


@pytest.mark.parametrize("width", [1280, 1024, 600, 390])
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


def test_the_plug_is_pulled_and_the_battery_runs_down_by_mouse(tmp_path: Path) -> None:
    with showing(tmp_path) as (bench, page):
        assert bench.power is not None
        expect(page.locator("#mains")).to_have_text("有市电")
        expect(page.locator("#charge")).to_have_text("电池 100%")
        page.get_by_role("button", name="拔掉插头").click()
        expect(page.locator("#mains")).to_have_text("停电了")
        page.get_by_role("button", name="25%").click()
        expect(page.locator("#charge")).to_have_text("电池 25%")
        assert bench.faults.is_on(Fault.MAINS_OUT)
        assert not bench.power.mains
        page.get_by_role("button", name="插回插头").click()
        expect(page.locator("#mains")).to_have_text("有市电")


def test_the_counter_is_worked_by_mouse_and_shows_what_it_does(tmp_path: Path) -> None:
    with showing(tmp_path) as (bench, page):
        assert bench.card_reader is not None
        page.locator("#grams").fill("1234")
        page.locator("#scale-form button").first.click()
        expect(page.locator("#weight")).to_have_text("1.234 kg")
        expect(page.locator("#weight-state")).to_have_text("稳了")
        page.locator("#card-form button").first.click()
        expect(page.locator("#card-state")).to_have_text("放着证件")
        page.locator("#card-number").fill("990000198001010013")
        page.locator("#card-form button").first.click()
        expect(page.locator("#toast")).to_contain_text("号码不对")
        page.locator("#lift").click()
        expect(page.locator("#card-state")).to_have_text("没放证件")
        page.locator("#take-off").click()
        expect(page.locator("#weight")).to_have_text("0.000 kg")


def test_what_the_station_says_and_lights_is_on_the_page(tmp_path: Path) -> None:
    with showing(tmp_path) as (bench, page), Pins(tmp_path / "pins") as pins:
        with Wire(tmp_path / "speaker") as speaker:
            speaker.write(sound_of(clips_of("door_open", 12)))
            expect(page.locator("#said li").first).to_have_text(
                "十二号柜门开了，请拿好东西，关上门"
            )
            speaker.write(sound_of(clips_of("wrong_code")))
            expect(page.locator("#said li").first).to_have_text("取件码不对，请看着小票再输")
        pins.say("out 23 1", "out 24 1", "out 18 0", "set 18 1", "set 18 0")
        expect(page.locator("#lamp-cabinet-state")).to_have_text("柜灯：亮")
        expect(page.locator("#lamp-alarm.lit")).to_have_count(1)
        expect(page.locator("#beeps")).to_have_text("响过 1 声")
        bench.faults.switch(Fault.MAINS_OUT, on=True)
        expect(page.locator("#to-counter.on")).to_have_count(1)
        page.locator("#to-counter").click()
        expect(page.locator("#power")).to_be_in_viewport(ratio=1)
        assert_accessible(page)
        save_screen(page, "workbench-counter")


def test_a_label_is_shown_beside_the_slips_and_scanned_from_its_picture(tmp_path: Path) -> None:
    with showing(tmp_path) as (_, page), Wire(tmp_path / "label-printer") as printer:
        expect(page.locator("#labels-box")).to_be_hidden()
        printer.write(label_of("YT7700123456789"))
        expect(page.locator("#labels img")).to_have_js_property("naturalWidth", 400)
        with Wire(tmp_path / "scanner") as scanner:
            page.get_by_role("button", name="扫这张标签").click()
            assert scanner.read(17) == b"YT7700123456789\r\n"
        assert_accessible(page)
        save_screen(page, "workbench-label")


def test_a_door_shows_what_is_wrong_with_it(tmp_path: Path) -> None:
    with showing(tmp_path) as (bench, page), Wire(tmp_path / "lock-board") as board:
        for fault, channel in (("stuck_relay", 5), ("door_jammed", 6), ("slow_close", 14)):
            bench.faults.switch(fault, on=True, channel=channel)
        board.ask("8a 01 05 11 9f", 5)
        expect(page.locator(".cell.held")).to_have_attribute("data-channel", "5")
        expect(page.locator("#door .trouble")).to_have_text(
            ["线圈一直通电", "继电器粘住，一直通电"]
        )
        page.locator(".cell[data-channel='6']").click()
        expect(page.locator("#door .trouble")).to_have_text("锁开了，门被顶住")
        expect(page.locator(".cell .mark:visible")).to_have_count(3)
        assert_accessible(page)
        save_screen(page, "workbench-troubles")


def test_a_bench_shows_only_the_devices_that_it_has(tmp_path: Path) -> None:
    with (
        Bench(tmp_path) as bench,
        serve(make_app(Desk(bench, first=1))) as address,
        open_chromium() as browser,
        open_page(browser, address, width=1280, height=800) as page,
    ):
        groups = page.locator("#groups .group")
        expect(groups).to_have_count(4)
        names = [one.get_attribute("data-group") for one in groups.all()]
        assert names == ["lock-board", "door", "scanner", "printer"]
        expect(page.locator("#counter")).to_be_hidden()


def test_every_group_of_faults_can_be_opened_and_fits_a_telephone(tmp_path: Path) -> None:
    with showing(tmp_path, width=390) as (bench, page):
        for summary in page.locator("#groups summary").all():
            summary.click()
        expect(page.locator("[data-fault]:visible")).to_have_count(len(bench.menu))
        assert page.evaluate(_TOO_SMALL) == []
        assert not page.evaluate(_WIDER_THAN_THE_SCREEN)
        assert_accessible(page)
        save_screen(page, "workbench-faults-390")


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
