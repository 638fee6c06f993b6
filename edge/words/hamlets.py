"""自然村: who has no code at the kiosk, today's parcels by village, and what the county reads."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    # -- the kiosk: it says nothing of parcels
    "kiosk.no_code.hamlet": Sentence("没有码？您是哪个村的？", "No code? Which village?"),
    "kiosk.no_code.more": Sentence("别的村", "Other villages"),
    "kiosk.no_code.none": Sentence("都不是", "None of these"),
    "kiosk.no_code.tail": Sentence("收件人手机后四位", "Last 4 digits of the phone"),
    "kiosk.no_code.change": Sentence("换村", "Change"),
    "kiosk.no_code.send": Sentence("告诉店主", "Tell the keeper"),
    "kiosk.no_code.sent": Sentence("已告诉店主", "The keeper is told"),
    "kiosk.no_code.sent.text": Sentence(
        "请带身份证到柜台，店主帮您找。", "Bring your ID card to the counter; the keeper will look."
    ),
    # -- the counter
    "keeper.no_code": Sentence(
        "村里有人没有码：〔{hamlet} 〕尾号 {tail}", "Has no code:〔 {hamlet},〕 phone ends {tail}"
    ),
    "keeper.no_code.count": Sentence("这里有 {count} 件", "{count} here"),
    "keeper.no_code.nothing": Sentence(
        "这里没有这个尾号的包裹。请看证件，按单号找，或问县里。",
        "No parcel with these digits here. See the papers, search by waybill or ask the county.",
    ),
    "keeper.no_code.ask": Sentence("看过证件再给", "See the papers first"),
    "keeper.no_code.go": Sentence("去办", "See to it"),
    "keeper.no_code.away": Sentence("办好了，收起", "Done, put away"),
    "keeper.page.hamlets": Sentence("按村", "Villages"),
    "keeper.menu.hamlets": Sentence("今日包裹，按自然村", "Today's parcels by village"),
    "keeper.hamlet": Sentence("村", "Village"),
    "keeper.hamlet.ask": Sentence("哪个村的？", "Which village?"),
    "keeper.hamlet.skip": Sentence("不记", "Leave it"),
    "keeper.hamlet.none": Sentence("未分村", "No village yet"),
    "keeper.hamlets.title": Sentence("今日包裹·按村", "Today's parcels by village"),
    "keeper.hamlets.today": Sentence(
        "今天到的，还没取：{count} 件", "Came today, waiting: {count}"
    ),
    "keeper.hamlets.older": Sentence(
        "另有前几天的 {count} 件，在“出库”里。", "{count} more from days before: see Hand out."
    ),
    "keeper.hamlets.count": Sentence("{count} 件", "{count}"),
    "keeper.hamlets.print": Sentence("打这个村", "Print"),
    "keeper.hamlets.print_all": Sentence("每村打一张", "Print a list for each"),
    "keeper.hamlets.unlisted": Sentence(
        "还没写自然村。请在 station.toml 的 [station] 里写 hamlets。",
        "No villages are named yet: write hamlets under [station] in station.toml.",
    ),
    "keeper.help.no_code": Sentence("没有码", "no code"),
    # -- the list on paper
    "slip.hamlet": Sentence("今日包裹", "Today's parcels"),
    "slip.hamlet.count": Sentence("共 {count} 件", "Parcels: {count}"),
    "slip.hamlet.line": Sentence(
        "〔尾号 {tail} · 〕{place}〔 · {carrier}〕", "〔phone {tail} · 〕{place}〔 · {carrier}〕"
    ),
    "slip.hamlet.left": Sentence("还有 {count} 件，请看屏幕", "{count} more on the screen"),
    "slip.hamlet.how": Sentence("带小票或身份证来取", "Bring your slip or your ID card"),
    # -- the county
    "county.fact.parcel.hamlet_noted": Sentence("自然村：{hamlet}", "Village: {hamlet}"),
    "county.fact.hamlet.listed": Sentence(
        "{keeper} 打印了今日包裹单：〔{hamlet} 〕{parcels} 件",
        "{keeper} printed today's parcels:〔 {hamlet},〕 {parcels}",
    ),
}
