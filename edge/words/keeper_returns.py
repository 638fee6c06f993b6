"""The counter, about long stays, returns and exceptions."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "keeper.page.returns": Sentence("退件", "Returns"),
    "keeper.page.exceptions": Sentence("异常", "Issues"),
    "keeper.count.overdue": Sentence("滞留", "Overdue"),
    "keeper.count.exceptions": Sentence("异常", "Issues"),
    "keeper.stage.bagged": Sentence("退件袋里", "In the return bag"),
    "keeper.stage.returned": Sentence("已退件", "Returned"),
    # -- S7
    "keeper.returns.title": Sentence("滞留和退件", "Overdue and returns"),
    "keeper.returns.none": Sentence(
        "没有滞留件，也没有退件。放满 3 天没人取的会在这里。",
        "Nothing is overdue or to be returned. What nobody fetches for days comes here.",
    ),
    "keeper.returns.no_clock": Sentence(
        "现在没有准确时间，天数先不算。连上县里就接着算。",
        "Nobody knows the exact time now, so no day counts. It goes on once the county is there.",
    ),
    "keeper.returns.sums": Sentence(
        "滞留 {overdue} · 待退 {to_return} · 退件袋 {bagged}",
        "Overdue {overdue} · to return {to_return} · in the bag {bagged}",
    ),
    "keeper.returns.keys": Sentence("+ / 换一件", "+ / for another one"),
    "keeper.returns.sign": Sentence("退件 {count} 件。", "{count} returns go along."),
    "keeper.returns.overdue": Sentence("滞留", "Overdue"),
    "keeper.returns.to_return": Sentence("待退", "To return"),
    "keeper.returns.bagged": Sentence("待退", "To return"),
    "keeper.returns.in_bag": Sentence("退件袋", "Return bag"),
    "keeper.returns.day": Sentence("第 {day} 天", "Day {day}"),
    "keeper.returns.damage": Sentence("破损：{note}", "Damaged: {note}"),
    "keeper.returns.refused": Sentence("拒收：{reason}", "Refused: {reason}"),
    "keeper.returns.promise": Sentence(
        "{when} 说好再放 {days} 天", "{when} promised {days} more days"
    ),
    "keeper.returns.reminded.list": Sentence("{when} 打了催领单", "{when} on the printed list"),
    "keeper.returns.reminded.phone": Sentence("{when} 打过电话", "{when} called"),
    "keeper.returns.called": Sentence("打过电话", "Called"),
    "keeper.returns.extend": Sentence("延长", "Extend"),
    "keeper.returns.extend.ask": Sentence("再放几天？", "How many days more?"),
    "keeper.returns.days": Sentence("{days} 天", "{days} days"),
    "keeper.returns.why": Sentence("为什么？", "Why?"),
    "keeper.returns.why.weekend": Sentence("说好过几天来取", "comes in a few days"),
    "keeper.returns.why.away": Sentence("人在外地，托人取", "is away, somebody else comes"),
    "keeper.returns.why.ill": Sentence("走不开、身体不便", "cannot come now"),
    "keeper.returns.why.wants": Sentence("又要了", "wants it after all"),
    "keeper.returns.why.mistake": Sentence("点错了", "a mistake"),
    "keeper.returns.return": Sentence("加入退件", "Return it"),
    "keeper.returns.bag": Sentence("放进退件袋", "Into the bag"),
    "keeper.returns.undo": Sentence("不退了", "Do not return"),
    "keeper.returns.van": Sentence(
        "车来了：到“接车”扫退件，或者按“退件全交”。",
        "The van: scan returns on the page Van, or hand all over there.",
    ),
    "keeper.returns.load": Sentence("退件全交 {count}", "All returns {count}"),
    "keeper.returns.loaded": Sentence("退件", "Return"),
    # -- marks of a parcel
    "keeper.issue": Sentence("异常", "Issue"),
    "keeper.issue.ask": Sentence("这件怎么了？", "What is wrong?"),
    "keeper.issue.refused": Sentence("拒收", "Refused"),
    "keeper.issue.damaged": Sentence("破损", "Damaged"),
    "keeper.issue.refused.ask": Sentence("为什么不要？", "Why is it refused?"),
    "keeper.issue.refused.unwanted": Sentence("不要了", "not wanted"),
    "keeper.issue.refused.not_mine": Sentence("不是本人买的", "not ordered"),
    "keeper.issue.refused.broken": Sentence("坏了、不对", "broken or wrong"),
    "keeper.issue.refused.cash": Sentence("不愿付到付款", "will not pay"),
    "keeper.issue.damaged.ask": Sentence("破在哪里？", "What is damaged?"),
    "keeper.issue.damaged.box": Sentence("箱子破了", "box torn"),
    "keeper.issue.damaged.wet": Sentence("湿了、漏了", "wet or leaking"),
    "keeper.issue.damaged.open": Sentence("被拆过", "opened before"),
    "keeper.issue.damaged.crushed": Sentence("压坏了", "crushed"),
    "keeper.issue.liable": Sentence("谁的责任？", "Whose fault?"),
    "keeper.liable.sender": Sentence("寄件方", "Sender"),
    "keeper.liable.carrier": Sentence("运输方", "Carrier"),
    "keeper.liable.station": Sentence("本站", "This station"),
    "keeper.liable.unknown": Sentence("不清楚", "Not known"),
    # -- S8
    "keeper.exceptions.title": Sentence("异常件", "Issues"),
    "keeper.exceptions.none": Sentence(
        "没有异常。破损、拒收、错分、少件、多件会在这里。",
        "No issues. What is damaged, refused, misrouted, short or over comes here.",
    ),
    "keeper.exceptions.liable": Sentence("责任：{liable}", "Fault: {liable}"),
    "keeper.exceptions.set_liable": Sentence("改责任", "Fault"),
    "keeper.exceptions.note": Sentence("备注", "Note"),
    "keeper.exceptions.note.ask": Sentence("写一句备注", "A note"),
    "keeper.exceptions.settle": Sentence("处理好了", "Settled"),
    "keeper.exceptions.reopen": Sentence("还没好", "Not yet"),
}
