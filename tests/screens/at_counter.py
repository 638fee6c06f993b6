"""The keeper's screens, one after another, in the order of her day."""

from playwright.sync_api import expect

from tests.screens.at_kiosk import Pair, both, each
from tests.screens.pictures import Album
from tests.web.support.at_counter import sign_in
from tests.web.support.browserless import PIN, Visitor
from tests.web.support.fingers import turn_to
from tests.web.support.hamlets import HAMLETS, live_in
from tests.web.support.parcels import TAIL, check_in, until_door
from tests.web.support.van import COURIER, COURIER_PIN, HERE, TRIP, expect_van, parcel, seal
from tests.web.support.village import Village
from tests.web.test_proxies import send

NEXT = "YT7700123456796"


def first_start(album: Album, counters: Pair) -> None:
    """The PIN is set on the first page; the second has to sign in with it."""
    light, large = counters
    album.take("S21", "first-start", "第一次使用 First start", *counters)
    for _ in range(2):
        light.keyboard.type(PIN)
        light.keyboard.press("Enter")
    expect(light.locator("#nav")).to_be_visible()
    large.reload()
    sign_in(large)


def show(album: Album, village: Village, keeper: Visitor, counters: Pair) -> None:
    """From today's counts to the handover at the van."""
    _page(counters, "today")
    album.take("S1", "today", "今日 Today", *counters)
    _check_in(album, village, keeper, counters)
    _contact(album, village, keeper, counters)
    album.take("S5", "release", "出库 Release", *counters)
    _proxy(album, village, keeper, counters)
    _page(counters, "more")
    album.take("S1", "more", "更多 More", *counters)
    _hamlets(album, village, keeper, counters)
    _page(counters, "cells")
    album.take("S6", "map", "货位图 Map", *counters)
    _page(counters, "devices")
    album.take("S19", "devices", "设备 Devices", *counters)
    _handover(album, village, keeper, counters)


def _check_in(album: Album, village: Village, keeper: Visitor, counters: Pair) -> None:
    keeper.ask("/api/keeper/check-in", on=True)
    _page(counters, "check_in")
    both(counters, ".target", "请扫快递单")
    album.take("S3", "scan", "入库：请扫 Check-in: scan", *counters)
    cell = keeper.ask("/api/keeper/scan", text=NEXT)["cell"]
    until_door(village, cell, "open")
    both(counters, ".target", "门已开")
    album.take("S3", "put-in", "入库：放进柜 Check-in: put in", *counters)
    village.steel.push_shut(cell)
    until_door(village, cell, "shut")
    keeper.ask("/api/keeper/phone-tail", waybill_no=NEXT, phone_tail=TAIL)
    keeper.ask("/api/keeper/place", waybill_no=None, choice="shelf")
    keeper.ask("/api/keeper/scan", text="ZT7700123000077")
    both(counters, ".target .cell", "架 A")
    album.take("S3", "put-on", "入库：上架 Check-in: onto the shelf", *counters)
    keeper.ask("/api/keeper/phone-tail", waybill_no="ZT7700123000077", phone_tail="0971")
    check_in(village, keeper, "JD0123456789012")
    keeper.ask("/api/keeper/check-in", on=False)


def _contact(album: Album, village: Village, keeper: Visitor, counters: Pair) -> None:
    """Two parcels whose addressees have not agreed to anything; one of them was called in vain."""
    bag = {"trip": "2026-11-25-1", "seal": seal(990), "origin": "county", "to": HERE}
    asked = [parcel(n, carrier="中通", tail=TAIL, consent="unknown") for n in (990, 991)]
    village.say("bag", f"2026-11-25-1/{seal(990)}", {**bag, "parcels": asked})
    keeper.ask("/api/keeper/check-in", on=True)
    for one in asked:
        keeper.ask("/api/keeper/scan", text=one["waybill_no"])
    _page(counters, "check_in")
    both(counters, ".target", "待联系")
    album.take("S3", "to-contact", "入库：待联系 Check-in: to contact", *counters)
    keeper.ask("/api/keeper/check-in", on=False)
    keeper.ask("/api/keeper/contact", waybill_no=asked[0]["waybill_no"], result="no_answer")
    _page(counters, "parcels")
    each(counters, lambda page: page.locator(".tabs").get_by_role("button", name="待联系").click())
    both(counters, ".rows", "打过 1 次")
    album.take("S4", "contact", "待联系 To contact", *counters)
    for said in ("shelf", "home"):
        word = {"wish": said, "how": "phone", "giver": "addressee"}
        keeper.ask("/api/keeper/consent", waybill_no=asked.pop()["waybill_no"], **word)
    _page(counters, "parcels")


def _proxy(album: Album, village: Village, keeper: Visitor, counters: Pair) -> None:
    """A proxy stands at the kiosk, and money is due."""
    keeper.ask("/api/keeper/flags", waybill_no=NEXT, flags=[], cash_due_fen=1200)
    _digits, token = send(village, keeper, NEXT)
    village.gun.scan(token)
    both(counters, "#calls", "代取等您点头")
    each(counters, lambda page: page.locator(".tabs").get_by_role("button", name="代取码").click())
    both(counters, ".rows", "有效")
    album.take("S5", "proxy", "出库：代取 Release: a proxy waits", *counters)
    (card,) = keeper.get("/api/keeper/screen")["proxies"]["waiting"]
    word = {"credential": card["credential"], "waybill_no": NEXT, "agreed": False}
    assert keeper.ask("/api/keeper/proxy/answer", **word, seen=[])["ok"]


def _hamlets(album: Album, village: Village, keeper: Visitor, counters: Pair) -> None:
    """Today's parcels by village, and somebody of one who has no code."""
    live_in(village, *HAMLETS[:2])
    keeper.ask("/api/keeper/hamlet", waybill_no=NEXT, hamlet=HAMLETS[0])
    _page(counters, "hamlets")
    both(counters, ".by-village", HAMLETS[0])
    album.take("S5", "by-village", "今日包裹·按村 Today's parcels by village", *counters)
    with Visitor(village.address) as somebody:
        somebody.ask("/api/kiosk/no-code", hamlet=HAMLETS[0], phone_tail=TAIL)
    both(counters, "#calls", "村里有人没有码")
    album.take("S5", "no-code", "出库：有人没有码 Release: somebody has no code", *counters)
    (card,) = keeper.get("/api/keeper/screen")["no_code"]
    keeper.ask("/api/keeper/no-code-seen", serial=card["serial"])
    live_in(village)


def _handover(album: Album, village: Village, keeper: Visitor, counters: Pair) -> None:
    expect_van(village, bags=3)
    keeper.ask("/api/keeper/handover/arrive", courier=COURIER, pin=COURIER_PIN, trip=TRIP)
    for code in (seal(1), "FQ9999999", seal(900)):
        keeper.ask("/api/keeper/scan", text=code)
    _page(counters, "handover")
    both(counters, "main", seal(2))
    album.take("S2", "handover", "接车交接 Handover", *counters)


def _page(counters: Pair, name: str) -> None:
    each(counters, lambda page: turn_to(page, name))
