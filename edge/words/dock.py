"""The handover page of the keeper, and the courier's word at the sign-in page."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "keeper.page.handover": Sentence("接车", "Van"),
    "keeper.dock.none": Sentence("现在没有车", "No van now"),
    "keeper.dock.next": Sentence("预计 {time} 到", "Expected at {time}"),
    "keeper.dock.late": Sentence("晚点，应 {time} 到", "Late, due at {time}"),
    "keeper.dock.no_time": Sentence("没有时间", "No time given"),
    "keeper.dock.signed": Sentence("{time} 已签字", "Signed at {time}"),
    "keeper.dock.waits": Sentence("挂起：{reason}", "Waits: {reason}"),
    "keeper.dock.trips": Sentence("班次", "Trips"),
    "keeper.dock.trip": Sentence("班次 {trip}〔 {operator}〕", "Trip {trip}〔 {operator}〕"),
    "keeper.dock.bags": Sentence("{count} 袋", "Bags: {count}"),
    "keeper.dock.parcels": Sentence("应到 {count} 件", "Parcels: {count}"),
    "keeper.dock.begin": Sentence("接车", "Begin"),
    "keeper.dock.courier": Sentence("快递员 {courier}", "Courier {courier}"),
    "keeper.dock.expected": Sentence("应交", "Expected"),
    "keeper.dock.scanned": Sentence("已扫", "Scanned"),
    "keeper.dock.short": Sentence("少", "Short"),
    "keeper.dock.over": Sentence("多", "Over"),
    "keeper.dock.damaged": Sentence("破损", "Damaged"),
    "keeper.dock.misrouted": Sentence("错分", "Misrouted"),
    "keeper.dock.cross_dock": Sentence("本班", "Our run"),
    "keeper.dock.in": Sentence("已收", "In"),
    "keeper.dock.out": Sentence("交出", "Out"),
    "keeper.dock.to": Sentence(
        "应到 {to}〔 下一站 {next_hop}〕", "To {to}〔, next hop {next_hop}〕"
    ),
    "keeper.dock.run": Sentence("去 {to}，{next_hop} 的笼车", "To {to}, cage of {next_hop}"),
    "keeper.dock.hop": Sentence("下一站 {next_hop}", "Next hop {next_hop}"),
    "keeper.dock.scan_in": Sentence("请扫收下的袋", "Scan bags that come in"),
    "keeper.dock.scan_out": Sentence(
        "请扫交出的袋，下一站 {next_hop}", "Scan bags that go out, next hop {next_hop}"
    ),
    "keeper.dock.turn_out": Sentence("交出", "Hand out"),
    "keeper.dock.turn_in": Sentence("收下", "Take in"),
    "keeper.dock.which_way": Sentence("交到哪个方向？", "In which direction?"),
    "keeper.dock.direction": Sentence(
        "{network} {direction}，下一站 {next_hop}", "{network} {direction}, next hop {next_hop}"
    ),
    "keeper.dock.any": Sentence("其他", "any other"),
    "keeper.dock.no_routes": Sentence("县中心还没给路由表", "The county has told no routes yet"),
    "keeper.dock.sign": Sentence("签字", "Sign"),
    "keeper.dock.sign.ask": Sentence("两边签字", "Both sign"),
    "keeper.dock.sign.text": Sentence(
        "应交 {expected}，实收 {taken}，少 {short}，交出 {out}。请快递员输 PIN 码。",
        "Expected {expected}, taken {taken}, short {short}, out {out}. The courier enters the PIN.",
    ),
    "keeper.dock.hold": Sentence("挂起", "Let wait"),
    "keeper.dock.hold.ask": Sentence("挂起交接", "Let the handover wait"),
    "keeper.dock.dispute": Sentence("有争议", "Counts differ"),
    "keeper.dock.dispute.ask": Sentence("快递员说有几袋？", "How many bags does the courier say?"),
    "keeper.dock.disputed": Sentence(
        "数目有争议：快递员 {courier_count}，站点 {keeper_count}",
        "Counts differ: courier {courier_count}, station {keeper_count}",
    ),
    "keeper.dock.undo": Sentence("撤销", "Take back"),
    "keeper.dock.damage": Sentence("破损", "Damage"),
    "keeper.dock.damage.ask": Sentence("袋 {seal} 怎么坏了？", "What is wrong with bag {seal}?"),
    "keeper.dock.damage.seal": Sentence("封签断", "Seal broken"),
    "keeper.dock.damage.torn": Sentence("袋子破", "Bag torn"),
    "keeper.dock.damage.wet": Sentence("淋湿", "Wet"),
    "keeper.dock.type": Sentence("手输", "Type"),
    "keeper.dock.seal": Sentence("袋上的封签号", "Number on the bag's seal"),
    "keeper.dock.name": Sentence("快递员姓名", "Courier's name"),
    "keeper.dock.pin": Sentence("快递员 PIN 码", "Courier's PIN"),
    "keeper.dock.number": Sentence("班次号", "Trip number"),
    "keeper.dock.other_trip": Sentence("清单外的班次", "A trip of no list"),
    "keeper.dock.who": Sentence("快递员登录", "The courier signs in"),
    "keeper.dock.why": Sentence("原因", "Reason"),
    "keeper.dock.why.away": Sentence("店主不在", "Keeper away"),
    "keeper.dock.why.closed": Sentence("店门关着", "Shop closed"),
    "keeper.dock.why.late": Sentence("赶时间", "No time"),
    "keeper.dock.to_empty": Sentence("还没入完的袋", "Bags to empty"),
    "keeper.dock.to_empty.none": Sentence("没有，都入完了。", "None, all are in."),
    "keeper.dock.emptying": Sentence("应到 {expected} 已入 {found}", "{found} of {expected} in"),
    "keeper.dock.empty": Sentence("袋已空", "Bag is empty"),
    "keeper.dock.empty.ask": Sentence("袋 {seal} 空了？", "Is bag {seal} empty?"),
    "keeper.dock.empty.text": Sentence(
        "清单里还有 {count} 件没扫，会记为少件。",
        "{count} of the list are not scanned; they count as short.",
    ),
    "keeper.dock.held": Sentence("等班次的袋", "Bags that wait for a run"),
    "keeper.dock.advised": Sentence(
        "班次 {trip}：应到 {expected} 已入 {found}", "Trip {trip}: {found} of {expected} in"
    ),
    "keeper.dock.no_brand": Sentence("其他", "other"),
    "keeper.dock.piece": Sentence("第 {piece}/{pieces} 件", "Piece {piece} of {pieces}"),
    "keeper.dock.consent.yes": Sentence("已同意投柜", "Agreed to a cell"),
    "keeper.dock.consent.no": Sentence("不同意投柜", "Does not agree to a cell"),
    "keeper.dock.consent.unknown": Sentence("未问同意", "Not asked for consent"),
    "keeper.dock.i_am": Sentence("我是快递员，店主不在", "I am the courier, no keeper here"),
}
