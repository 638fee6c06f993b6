"""The kiosk's screens, one after another, as a villager comes to them."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from hardware.ports import Qr
from tests.screens.pictures import Album
from tests.web.support.browserless import Visitor
from tests.web.support.fingers import tap
from tests.web.support.hamlets import HAMLETS, live_in
from tests.web.support.parcels import TAIL, check_in, shut
from tests.web.support.village import Village, eventually
from tests.web.test_proxies import send

Pair = tuple[Page, Page]
BULKY = "SF1234567890123"
SENT_FOR = ("JT1234567890121", "JT1234567890122")


def show(album: Album, village: Village, keeper: Visitor, kiosks: Pair) -> None:
    """From an empty home page to a station on its battery. Checks parcels in as the keeper."""
    both(kiosks, ".collect", "取包裹")
    album.take("K1", "home", "首页 Home", *kiosks)
    cell = check_in(village, keeper)
    code = village.paper.code()
    each(kiosks, lambda page: page.click(".collect"))
    each(kiosks, lambda page: tap(page, TAIL + code[:5]))
    album.take("K2", "typing", "输入取件码 Type the code", *kiosks)
    with Visitor(village.address) as somebody:
        somebody.ask("/api/kiosk/code", phone_tail=TAIL, digits=code)
        both(kiosks, ".at-door h2", f"{cell:02d}号柜门已开")
        album.take("K3", "open", "开门 Door open", *kiosks)
        village.steel.push_shut(cell)
        both(kiosks, ".at-door .say", "谢谢")
        album.take("K3", "thanks", "取完了 Thank you", *kiosks)
        village.clock.forward(60)
        village.ring()
        again = somebody.ask("/api/kiosk/code", phone_tail=TAIL, digits=code)
        assert again["key"] == "already_collected"
    each(kiosks, lambda page: page.reload())
    each(kiosks, lambda page: page.click(".collect"))
    each(kiosks, lambda page: page.keyboard.type(TAIL + code))
    each(kiosks, lambda page: page.keyboard.press("Enter"))
    both(kiosks, "main", "已经取走了")
    album.take("K7", "collected", "取不了 Cannot collect", *kiosks)
    _at_the_shelf(album, village, keeper, kiosks)
    _proxy(album, village, keeper, kiosks)
    _no_code(album, village, kiosks)
    _ways_of_parcels(album, kiosks)
    _help_and_display(album, village, kiosks)
    _the_rest(album, village, kiosks)


def _at_the_shelf(album: Album, village: Village, keeper: Visitor, kiosks: Pair) -> None:
    keeper.ask("/api/keeper/place", waybill_no=None, choice="floor")
    keeper.ask("/api/keeper/scan", text=BULKY)
    slips = len(village.paper.slips)
    keeper.ask("/api/keeper/phone-tail", waybill_no=BULKY, phone_tail=TAIL)
    eventually(lambda: len(village.paper.slips) > slips, "the slip")
    each(kiosks, lambda page: page.reload())
    village.gun.scan(next(part.data for part in village.paper.slips[-1] if isinstance(part, Qr)))
    both(kiosks, "main", "请找店主拿")
    album.take("K4", "at-the-shelf", "找店主拿 At the shelf", *kiosks)
    assert keeper.ask("/api/keeper/release", waybill_no=BULKY, seen=["id"])["ok"]


def _proxy(album: Album, village: Village, keeper: Visitor, kiosks: Pair) -> None:
    """One of two may be taken at once; the other waits for the keeper."""
    cells = [check_in(village, keeper, waybill_no) for waybill_no in SENT_FOR]
    keeper.ask("/api/keeper/flags", waybill_no=SENT_FOR[1], flags=["valuable"], cash_due_fen=0)
    _digits, token = send(village, keeper, *SENT_FOR)
    each(kiosks, lambda page: page.reload())
    village.gun.scan(token)
    both(kiosks, ".proxy h2", "代取")
    album.take("K5", "proxy", "代取 Proxy", *kiosks)
    with Visitor(village.address) as child:
        visit = child.get("/api/kiosk/screen")["proxy"]["visit"]
        assert child.ask("/api/kiosk/proxy-open", visit=visit)["cell"] == cells[0]
    shut(village, cells[0])
    each(kiosks, lambda page: page.click("footer button.main"))
    both(kiosks, ".proxy p", "等店主同意")
    album.take("K5", "waits", "代取：等店主 Proxy: the keeper has to agree", *kiosks)
    (card,) = keeper.get("/api/keeper/screen")["proxies"]["waiting"]
    word = {"credential": card["credential"], "waybill_no": SENT_FOR[1], "agreed": True}
    assert keeper.ask("/api/keeper/proxy/answer", **word, seen=["signed"])["cell"] == cells[1]
    shut(village, cells[1])
    village.clock.forward(60)
    village.ring()


def _no_code(album: Album, village: Village, kiosks: Pair) -> None:
    """Which village, and which phone; no word of parcels."""
    live_in(village, *HAMLETS)
    each(kiosks, lambda page: page.reload())
    each(kiosks, lambda page: page.click(".collect"))
    each(kiosks, lambda page: page.get_by_role("button", name="没有码？").click())
    both(kiosks, ".names", HAMLETS[0])
    album.take("K6", "villages", "没有码：哪个村 No code: which village", *kiosks)
    each(kiosks, lambda page: page.keyboard.press("1"))
    each(kiosks, lambda page: tap(page, TAIL))
    album.take("K6", "digits", "没有码：手机尾号 No code: phone digits", *kiosks)
    each(kiosks, lambda page: page.keyboard.press("Enter"))
    both(kiosks, ".helping h2", "已告诉店主")
    album.take("K6", "told", "没有码：已告诉店主 No code: the keeper is told", *kiosks)
    for card in village.front.no_code.cards():
        village.front.no_code.put_away(card.serial)
    live_in(village)


def _ways_of_parcels(album: Album, kiosks: Pair) -> None:
    each(kiosks, lambda page: page.reload())
    each(kiosks, lambda page: page.locator("button.track").click())
    each(kiosks, lambda page: page.keyboard.type(BULKY))
    each(kiosks, lambda page: page.keyboard.press("Enter"))
    both(kiosks, ".tracked h2", "")
    album.take("K8", "track", "查件 Track a parcel", *kiosks)


def _help_and_display(album: Album, village: Village, kiosks: Pair) -> None:
    village.front.help.county_phone = "0797-8521234"
    each(kiosks, lambda page: page.click("#help"))
    both(kiosks, ".wanted h2", "已叫店主")
    both(kiosks, ".phone b", "0797-8521234")
    album.take("K13", "help", "求助 Help", *kiosks)
    with Visitor(village.address) as somebody:
        somebody.ask("/api/kiosk/help-back")
    each(kiosks, lambda page: page.click("#display"))
    both(kiosks, ".choices", "特大字")
    album.take("K15", "display", "大字·声音 Print and sound", *kiosks)


def _the_rest(album: Album, village: Village, kiosks: Pair) -> None:
    each(kiosks, lambda page: page.reload())
    village.feed(mains=False)
    both(kiosks, "main", "")
    album.take("K14", "battery", "停电 On battery", *kiosks)
    village.feed(mains=True)
    each(kiosks, lambda page: page.reload())
    both(kiosks, ".collect", "取包裹")


def each(pages: Pair, act: Callable[[Page], object]) -> None:
    """The same on both pages."""
    for page in pages:
        act(page)


def both(pages: Pair, where: str, text: str) -> None:
    """Both show this."""
    for page in pages:
        expect(page.locator(where).first).to_contain_text(text)
