"""代取: codes for proxies at the kiosk, at the counter and on paper; and what the county reads."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    # -- the slip
    "slip.proxy.title": Sentence("代取小票", "Proxy slip"),
    "slip.proxy.who": Sentence("代取人 {proxy}", "For {proxy} to collect"),
    "slip.proxy.owner": Sentence("替〔 {owner}〕 尾号 {tail} 取", "for〔 {owner},〕 phone {tail}"),
    "slip.proxy.count": Sentence("包裹 {count} 件", "Parcels: {count}"),
    "slip.proxy.code": Sentence("代取码", "Proxy code"),
    "slip.proxy.how": Sentence("扫二维码，或输尾号和代取码", "Scan it, or type digits and code"),
    "slip.proxy.until": Sentence(
        "只限 {month}月{day}日 当天，一次", "Good on {month}/{day} only, once"
    ),
    # -- the kiosk
    "kiosk.proxy": Sentence(
        "代取：〔{owner} 〕尾号 {tail} 的包裹", "For〔 {owner},〕 phone {tail}"
    ),
    "kiosk.proxy.count": Sentence("共 {count} 件", "Parcels: {count}"),
    "kiosk.proxy.text": Sentence(
        "一次开一个门，关好再开下一个。", "One door at a time; shut it first."
    ),
    "kiosk.proxy.wait": Sentence(
        "请到柜台，等店主同意。", "Go to the counter: the keeper has to agree."
    ),
    "kiosk.proxy.see_keeper": Sentence("剩下的请找店主。", "Ask the keeper for the rest."),
    "kiosk.proxy.open": Sentence("开 {cell} 号柜", "Open {cell}"),
    "kiosk.proxy.waiting": Sentence("等店主同意", "Waiting for the keeper"),
    "kiosk.proxy.go_on": Sentence("接着取下一件", "Next parcel"),
    "kiosk.proxy.ready": Sentence("可以取", "Ready"),
    "kiosk.proxy.waits": Sentence("等店主同意", "Keeper must agree"),
    "kiosk.proxy.agreed": Sentence("店主同意了", "Keeper agreed"),
    "kiosk.proxy.declined": Sentence("店主没同意", "Keeper said no"),
    "kiosk.proxy.taken": Sentence("已取走", "Collected"),
    "kiosk.proxy.ask_keeper": Sentence("请找店主", "Ask the keeper"),
    # -- the counter
    "keeper.proxy": Sentence("代取", "Proxy"),
    "keeper.list.proxy": Sentence("代取码", "Proxies"),
    "keeper.proxy.ask": Sentence("谁来代取？", "Who comes for them?"),
    "keeper.proxy.name": Sentence("代取人姓名", "Name of the proxy"),
    "keeper.proxy.owner": Sentence("收件人姓名（可不填）", "Name of the addressee (optional)"),
    "keeper.proxy.owner_told": Sentence("收件人姓名", "Name of the addressee"),
    "keeper.proxy.tail_told": Sentence(
        "收件人手机尾号（问代取人）", "Phone digits (ask the proxy)"
    ),
    "keeper.proxy.today": Sentence(
        "只限今天，一次。姓名只留姓。", "Today only, once. Of names the first letter is kept."
    ),
    "keeper.proxy.make": Sentence("打代取小票", "Print proxy slip"),
    "keeper.proxy.other_came": Sentence("代取人来的", "A proxy came"),
    "keeper.proxy.give": Sentence("交给代取人", "Hand to the proxy"),
    "keeper.proxy.agree": Sentence("同意", "Agree"),
    "keeper.proxy.decline": Sentence("不同意", "Do not agree"),
    "keeper.proxy.agree.ask": Sentence("同意代取？", "Let the proxy have it?"),
    "keeper.proxy.wants": Sentence("代取等您点头", "A proxy waits for you"),
    "keeper.proxy.revoke": Sentence("作废", "Revoke"),
    "keeper.proxy.revoke.ask": Sentence("作废这个代取码？", "Revoke this proxy code?"),
    "keeper.proxy.revoke.text": Sentence("小票马上不能用。", "The slip opens nothing from now on."),
    "keeper.proxy.none": Sentence("今天没开过代取码。", "No proxy codes yet."),
    "keeper.proxy.who": Sentence(
        "{proxy}（{relation}）代〔 {owner}〕 尾号 {tail}",
        "{proxy} ({relation}) for〔 {owner},〕 phone {tail}",
    ),
    "keeper.proxy.shelf": Sentence("在架上，要您拿", "On a shelf, yours to fetch"),
    "keeper.proxy.day_unsure": Sentence(
        "断过电，不知道码过没过期", "After an outage: its day may be over"
    ),
    "keeper.proxy.clock_unsure": Sentence(
        "本站的钟没人对过，不知道码过没过期", "Nobody has told the time: its day may be over"
    ),
    "keeper.proxy.live": Sentence("有效", "Good"),
    "keeper.proxy.used": Sentence("取完了", "Used up"),
    "keeper.proxy.keeper": Sentence("已作废", "Revoked"),
    "keeper.proxy.replaced": Sentence("换了新码", "Replaced"),
    "keeper.proxy.county": Sentence("收件人在手机上收回了", "Taken back by the addressee"),
    "keeper.proxy.pass": Sentence(
        "凭手机授权 代尾号 {tail} 取", "By a pass from the phone, for phone {tail}"
    ),
    "keeper.proxy.day_over": Sentence("过期", "Over"),
    "keeper.relation": Sentence("关系", "Relation"),
    "keeper.relation.family": Sentence("家人", "family"),
    "keeper.relation.neighbour": Sentence("邻居", "neighbour"),
    "keeper.relation.other": Sentence("其他人", "somebody else"),
    # -- the county
    "county.fact.proxy.code_issued": Sentence(
        "{keeper} 开了代取码（尾号 {phone_tail}）",
        "{keeper} made a proxy code (phone {phone_tail})",
    ),
    "county.fact.proxy.authorised": Sentence(
        "可由 {proxy}（{relation}）代〔 {owner}〕 取",
        "{proxy} ({relation}) may collect〔 for {owner}〕",
    ),
    "county.fact.proxy.code_revoked": Sentence(
        "代取码作废：{reason}", "Proxy code no longer good: {reason}"
    ),
    "county.fact.proxy.code_shown": Sentence(
        "代取码已出示（{proof}）", "A proxy code was shown ({proof})"
    ),
    "county.fact.proxy.accepted": Sentence(
        "代取人在自助机开柜（{proof}）", "A proxy opened the cell at the kiosk ({proof})"
    ),
    "county.fact.proxy.agreed": Sentence(
        "{keeper} 同意代取", "{keeper} agreed that the proxy takes it"
    ),
    "county.fact.proxy.declined": Sentence(
        "{keeper} 不同意代取", "{keeper} did not let the proxy take it"
    ),
    "county.fact.proxy.released": Sentence(
        "{keeper} 核对尾号姓名，交给 {proxy}（{relation}）代 {owner} 取",
        "{keeper} checked phone and name: {proxy} ({relation}) takes it for {owner}",
    ),
    "county.fact.proxy.pass_taken": Sentence(
        "收件人手机开的代取授权已出示（尾号 {phone_tail}）",
        "A pass from the addressee's phone was shown (phone {phone_tail})",
    ),
    "county.fact.proxy.pass_revoked": Sentence(
        "收件人收回了代取授权", "The addressee took a pass for a proxy back"
    ),
    "county.relation.family": Sentence("家人", "family"),
    "county.relation.neighbour": Sentence("邻居", "neighbour"),
    "county.relation.other": Sentence("其他人", "somebody else"),
    "county.reason.keeper": Sentence("店主收回", "taken back by the keeper"),
    "county.reason.replaced": Sentence("换了新码", "replaced by a new one"),
    "county.reason.day_over": Sentence("过了当天", "its day is over"),
    "county.stay.by_proxy": Sentence(
        "由代取人取走〔 {proxy}〕〔（{relation}）〕",
        "taken by a proxy〔, {proxy}〕〔 ({relation})〕",
    ),
}
