"""The counter, about places: what a keeper reads while she chooses, moves and hands out."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "keeper.step.put_on": Sentence("放到", "Put on"),
    "keeper.step.put_on.text": Sentence(
        "放好，输入手机尾号，打小票。", "Put it there, type phone digits."
    ),
    "keeper.step.in_hand": Sentence("放哪里？", "Put it where?"),
    "keeper.step.in_hand.text": Sentence(
        "这件在手上。按数字选位置，或再扫一次让系统选。",
        "It is in your hands. Choose a place by number, or scan it again.",
    ),
    "keeper.choice": Sentence("下一件放", "Next one"),
    "keeper.choice.auto": Sentence("自动", "automatic"),
    "keeper.choice.small": Sentence("小格", "Small"),
    "keeper.choice.medium": Sentence("中格", "Mid"),
    "keeper.choice.large": Sentence("大格", "Large"),
    "keeper.choice.shelf": Sentence("上架", "Shelf"),
    "keeper.choice.floor": Sentence("地堆", "Floor"),
    "keeper.choice.other": Sentence("换位置", "Other place"),
    "keeper.choice.ask": Sentence("这件放哪里？", "Where does it go?"),
    "keeper.too_small": Sentence("放不下", "Too small"),
    "keeper.move": Sentence("换位置", "Move"),
    "keeper.move.ask": Sentence("给这件换位置？", "Move this parcel?"),
    "keeper.move.text": Sentence(
        "先拿出来，再选新位置。取件码照样能用。",
        "Take it out, then choose a new place. Its code stays good.",
    ),
    "keeper.lock": Sentence("停用这格", "Take off the offer"),
    "keeper.unlock": Sentence("启用这格", "Put on offer again"),
    "keeper.lock.why": Sentence("为什么停用？", "Why?"),
    "keeper.lock.why.lock": Sentence("锁不好", "bad lock"),
    "keeper.lock.why.dirty": Sentence("脏了、漏水", "dirty or wet"),
    "keeper.lock.why.kept": Sentence("留作他用", "kept for something else"),
    "keeper.locked": Sentence("停用", "locked"),
    "keeper.locked.why": Sentence("停用：{reason}", "Locked: {reason}"),
    "keeper.flags": Sentence("标记", "Marks"),
    "keeper.flags.ask": Sentence("这件要注意什么？", "What is to be minded?"),
    "keeper.flag.bulky": Sentence("大件", "Bulky"),
    "keeper.flag.fresh": Sentence("生鲜", "Fresh"),
    "keeper.flag.signature": Sentence("本人签收", "Sign for it"),
    "keeper.flag.valuable": Sentence("贵重", "Valuable"),
    "keeper.flag.cash": Sentence("到付（元）", "Cash due (yuan)"),
    "keeper.flag.cash.short": Sentence("到付 ¥{yuan}", "¥{yuan} due"),
    "keeper.seen.id": Sentence("看过证件，核对过手机尾号", "ID seen and phone digits checked"),
    "keeper.seen.paid": Sentence("已收 ¥{yuan}", "¥{yuan} taken"),
    "keeper.seen.signed": Sentence("本人已签字", "Signed by the recipient"),
    "keeper.release.slot": Sentence("交件", "Hand out"),
    "keeper.call": Sentence("等着取：{place}", "Waiting: {place}"),
    "keeper.call.coded": Sentence("已扫码", "code shown"),
    "keeper.undo_release": Sentence("撤销交件", "Take back"),
    "keeper.undo_release.ask": Sentence("撤销这次交件？", "Take this handing out back?"),
    "keeper.undo_release.text": Sentence(
        "件放回原位。旧小票作废，要用请补打。",
        "It goes back to its place. The old slip is dead; reprint it if needed.",
    ),
    "keeper.shelves": Sentence("货架和地堆", "Shelves and floor"),
    "keeper.shelves.empty": Sentence("空", "empty"),
}
