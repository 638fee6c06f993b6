"""Places of parcels: as screens, slips and the county name them, and what is done with them."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "place.cell": Sentence("柜 {cell}", "Cell {cell}"),
    "place.shelf": Sentence("架 {slot}", "Shelf {slot}"),
    "place.floor": Sentence("地堆 {slot}", "Floor {slot}"),
    "place.hand": Sentence("手上", "In hand"),
    "slip.shelf": Sentence("架 {slot}", "Shelf {slot}"),
    "slip.floor": Sentence("地堆 {slot}", "Floor {slot}"),
    "slip.how_slot": Sentence("扫码后找店主拿", "Scan it, then ask the keeper"),
    # -- the county
    "county.fact.check_in.place_chosen": Sentence(
        "{keeper} 选了下一件放哪〔：{choice}〕", "{keeper} chose the next place〔: {choice}〕"
    ),
    "county.choice.small": Sentence("小格", "small cell"),
    "county.choice.medium": Sentence("中格", "medium cell"),
    "county.choice.large": Sentence("大格", "large cell"),
    "county.choice.shelf": Sentence("货架", "shelf"),
    "county.choice.floor": Sentence("地堆", "floor"),
    "county.fact.parcel.shelved": Sentence("已放上 {slot}", "Lies on {slot}"),
    "county.fact.parcel.taken_out": Sentence(
        "{keeper} 拿出来换位置〔（{slot}）〕〔（{cell} 号格）〕：{reason}",
        "{keeper} took it out〔 of cell {cell}〕〔 off {slot}〕: {reason}",
    ),
    "county.fact.parcel.handed_out": Sentence(
        "{keeper} 从 {slot} 交给本人（{proof}）", "Handed out from {slot} by {keeper} ({proof})"
    ),
    "county.fact.parcel.handed_back": Sentence(
        "{keeper} 撤销交件，放回 {slot}", "{keeper} took it back to {slot}"
    ),
    "county.fact.parcel.called": Sentence(
        "凭码来取，等店主交（{proof}）", "Asked for at the counter ({proof})"
    ),
    "county.fact.parcel.flagged": Sentence(
        "{keeper} 标记〔：{flags}〕〔，到付 {due} 元〕",
        "Marked by {keeper}〔: {flags}〕〔, {due} yuan due〕",
    ),
    "county.flags.bulky": Sentence("大件", "bulky"),
    "county.flags.fresh": Sentence("生鲜", "fresh"),
    "county.flags.signature": Sentence("本人签收", "to be signed for"),
    "county.flags.valuable": Sentence("贵重", "valuable"),
    "county.fact.parcel.handover_seen": Sentence(
        "{keeper} 交件时看过〔：{seen}〕〔，收 {paid} 元〕",
        "{keeper} saw at the handover〔: {seen}〕〔, {paid} yuan taken〕",
    ),
    "county.seen.id": Sentence("证件", "papers"),
    "county.seen.paid": Sentence("已付款", "paid"),
    "county.seen.signed": Sentence("已签字", "signed"),
    "county.fact.cell.locked": Sentence(
        "{keeper} 停用 {cell} 号格：{reason}", "{keeper} took cell {cell} off the offer: {reason}"
    ),
    "county.fact.cell.unlocked": Sentence(
        "{keeper} 启用 {cell} 号格", "{keeper} put cell {cell} on offer again"
    ),
    "county.purpose.move": Sentence("换位置", "move"),
    "county.reason.too_small": Sentence("放不下", "too small"),
    "county.reason.other_place": Sentence("改放别处", "sent elsewhere"),
    "county.reason.moved_out": Sentence("换位置", "moved"),
    "county.reason.move_interrupted": Sentence("换位置中断", "move interrupted"),
    "county.trace_place": Sentence(
        "{station}〔 · {cell} 号格〕〔 · {slot}〕〔 · {carrier}〕",
        "{station}〔 · cell {cell}〕〔 · {slot}〕〔 · {carrier}〕",
    ),
    "county.stage.on_slot": Sentence("在架，待店主交", "On its slot, ask the keeper"),
    "county.reason.pay_first": Sentence("还没付款", "to be paid for"),
    "county.reason.sign_first": Sentence("要本人签收", "to be signed for"),
    "county.cell.locked": Sentence("停用", "locked"),
    "county.locked": Sentence("停用：{reason}", "Locked: {reason}"),
}
