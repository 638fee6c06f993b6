"""Long stays, refusals, damage and returns: the kiosk, slips and the county."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    # -- the kiosk
    "kiosk.no.see_keeper": Sentence("请找店主当面取", "Get it from the keeper"),
    "kiosk.next.see_keeper": Sentence(
        "请到柜台，和店主一起看一看。", "Go to the counter and look at it with the keeper."
    ),
    "kiosk.no.returned": Sentence("已退件", "Returned"),
    "kiosk.next.returned": Sentence(
        "已退回寄件人。要问，请找店主。", "It went back to its sender. Questions? Ask the keeper."
    ),
    "track.returned": Sentence("已退件", "Returned"),
    "track.returned.next": Sentence(
        "已退回寄件人。要问，请找店主。", "It went back to its sender. Questions? Ask the keeper."
    ),
    "track.step.parcel.returned": Sentence("退回寄件人", "Sent back"),
    # -- slips
    "slip.overdue": Sentence("滞留件单", "Overdue parcels"),
    "slip.overdue.call": Sentence("请打电话催领 {count} 件：", "Please call, {count}:"),
    "slip.overdue.back": Sentence("下一趟车退件 {count} 件：", "Back with the next van, {count}:"),
    "slip.overdue.line": Sentence(
        "{place}〔 尾号 {tail}〕 第 {day} 天", "{place}〔 phone {tail}〕 day {day}"
    ),
    "slip.overdue.left": Sentence("还有 {count} 件，见屏幕", "{count} more on the screen"),
    "slip.handover.returns": Sentence("退件 {count}：", "Returns {count}:"),
    # -- the county
    "county.fact.parcel.overdue": Sentence(
        "滞留：放满 {days} 天没人取", "Overdue: not collected for {days} days"
    ),
    "county.fact.parcel.reminded": Sentence(
        "已催领（{way}）〔：{keeper}〕", "Reminded of ({way})〔 by {keeper}〕"
    ),
    "county.fact.parcel.storage_extended": Sentence(
        "{keeper} 延长 {days} 天：{reason}", "{keeper} lets it stay {days} more days: {reason}"
    ),
    "county.fact.parcel.refused": Sentence(
        "收件人拒收：{reason}（{keeper}）", "Refused by its recipient: {reason} ({keeper})"
    ),
    "county.fact.parcel.damaged": Sentence(
        "破损：{note}，责任：{liable}（{keeper}）", "Damaged: {note}, fault: {liable} ({keeper})"
    ),
    "county.fact.parcel.to_return": Sentence(
        "进退件单：{cause}〔（{keeper}）〕", "To be returned: {cause}〔 ({keeper})〕"
    ),
    "county.fact.parcel.return_undone": Sentence(
        "{keeper} 不退了，再放 {days} 天：{reason}",
        "{keeper} does not return it, {days} more days: {reason}",
    ),
    "county.fact.parcel.bagged": Sentence(
        "{keeper} 放进退件袋", "Put into the return bag by {keeper}"
    ),
    "county.fact.return.loaded": Sentence("退件上班次 {trip}", "Return goes with trip {trip}"),
    "county.fact.return.unloaded": Sentence(
        "{keeper} 撤回退件，不上班次 {trip}", "{keeper} took the return off trip {trip}"
    ),
    "county.fact.parcel.returned": Sentence(
        "已退件：班次 {trip}，快递员 {courier}（{keeper}）",
        "Returned: trip {trip}, courier {courier} ({keeper})",
    ),
    "county.fact.trouble.noted": Sentence(
        "{keeper} 记异常 {subject} {trouble}〔：{note}〕，责任：{liable}（{state}）",
        "{keeper} on {subject}, {trouble}〔: {note}〕, fault: {liable} ({state})",
    ),
    "county.way.list": Sentence("打印名单", "printed list"),
    "county.way.phone": Sentence("电话", "telephone"),
    "county.cause.overdue": Sentence("滞留", "overdue"),
    "county.cause.refused": Sentence("拒收", "refused"),
    "county.cause.damaged": Sentence("破损", "damaged"),
    "county.cause.keeper": Sentence("店主加入", "by the keeper"),
    "county.liable.sender": Sentence("寄件方", "sender"),
    "county.liable.carrier": Sentence("运输方", "carrier"),
    "county.liable.station": Sentence("本站", "station"),
    "county.liable.unknown": Sentence("未定", "not known"),
    "county.state.open": Sentence("未处理", "open"),
    "county.state.settled": Sentence("已处理", "settled"),
    "county.trouble.damaged": Sentence("破损", "damaged"),
    "county.trouble.refused": Sentence("拒收", "refused"),
    "county.trouble.misrouted": Sentence("错分", "misrouted"),
    "county.trouble.short": Sentence("少件", "short"),
    "county.trouble.over": Sentence("多件", "over"),
    "county.trouble.bag_damaged": Sentence("袋破损", "bag damaged"),
    "county.trouble.bag_misrouted": Sentence("袋错分", "bag misrouted"),
    "county.trouble.bag_short": Sentence("少袋", "bag short"),
    "county.trouble.bag_over": Sentence("多袋", "bag over"),
    "county.purpose.return": Sentence("取退件", "return"),
    "county.reason.return_interrupted": Sentence("取退件中断", "fetching a return interrupted"),
    "county.reason.refused": Sentence("拒收", "refused"),
    "county.reason.see_keeper": Sentence("要店主当面交", "to be seen by the keeper"),
    "county.reason.returned": Sentence("已退件", "returned"),
    "county.stage.bagged": Sentence("在退件袋里", "In the return bag"),
    "county.stage.returned": Sentence("已退件", "Returned"),
    "county.stay.overdue": Sentence("滞留", "overdue"),
    "county.stay.to_return": Sentence("待退", "to be returned"),
    "county.stay.refused": Sentence("拒收", "refused"),
    "county.stay.damaged": Sentence("破损", "damaged"),
}
