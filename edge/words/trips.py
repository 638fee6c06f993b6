"""Trips, bags and handovers: what the slip says and what the county reads."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    # -- the slip
    "slip.handover": Sentence("交接单", "Handover slip"),
    "slip.handover.keeper": Sentence("站点联", "Keeper's copy"),
    "slip.handover.courier": Sentence("快递员联", "Courier's copy"),
    "slip.handover.trip": Sentence("班次 {trip}〔 {operator}〕", "Trip {trip}〔 {operator}〕"),
    "slip.handover.at": Sentence("时间 {time}", "Time {time}"),
    "slip.handover.counts": Sentence(
        "应交 {expected} 实收 {taken}", "Expected {expected}, taken {taken}"
    ),
    "slip.handover.short": Sentence("少 {count}：", "Short {count}:"),
    "slip.handover.over": Sentence("多 {count}：", "Over {count}:"),
    "slip.handover.damaged": Sentence("破损 {count}：", "Damaged {count}:"),
    "slip.handover.misrouted": Sentence("错分 {count}：", "Misrouted {count}:"),
    "slip.handover.out": Sentence("交出 {count}：", "Handed out {count}:"),
    "slip.handover.to": Sentence(
        "{seal} 应到 {to}〔 下一站 {next_hop}〕", "{seal} to {to}〔, next hop {next_hop}〕"
    ),
    "slip.handover.hop": Sentence("{seal} 下一站 {next_hop}", "{seal} next hop {next_hop}"),
    "slip.handover.disputed": Sentence(
        "数目有争议：快递员 {courier_count}，站点 {keeper_count}",
        "Counts differ: courier {courier_count}, station {keeper_count}",
    ),
    "slip.handover.signed": Sentence(
        "快递员 {courier} PIN 已确认", "Courier {courier}, confirmed by PIN"
    ),
    "slip.handover.signed_too": Sentence("店主 {keeper} 已确认", "Keeper {keeper}, confirmed"),
    # -- the county's journal
    "county.fact.trip.arrived": Sentence(
        "班次 {trip} 到站，快递员 {courier}", "Trip {trip} is here, courier {courier}"
    ),
    "county.fact.bag.scanned": Sentence(
        "袋 {seal}：{verdict}〔，应到 {to}〕〔，下一站 {next_hop}〕",
        "Bag {seal}: {verdict}〔, belongs to {to}〕〔, next hop {next_hop}〕",
    ),
    "county.fact.bag.scan_undone": Sentence(
        "袋 {seal} 的扫描撤销", "Scan of bag {seal} taken back"
    ),
    "county.fact.bag.damaged": Sentence("袋 {seal} 破损：{note}", "Bag {seal} damaged: {note}"),
    "county.fact.handover.turned": Sentence(
        "〔开始交出，去 {direction}〕", "〔Bags go out to {direction}〕"
    ),
    "county.fact.bag.handed_out": Sentence(
        "袋 {seal} 交给快递员，下一站 {next_hop}", "Bag {seal} handed out, next hop {next_hop}"
    ),
    "county.fact.handover.disputed": Sentence(
        "班次 {trip} 数目有争议：快递员 {courier_count}，站点 {keeper_count}",
        "Trip {trip}, counts differ: courier {courier_count}, station {keeper_count}",
    ),
    "county.fact.handover.suspended": Sentence(
        "班次 {trip} 交接挂起：{reason}", "Handover of trip {trip} waits: {reason}"
    ),
    "county.fact.handover.signed": Sentence(
        "班次 {trip} 交接签字：应交 {expected} 实收 {taken}〔 少 {short}〕〔 多 {over}〕"
        "〔 破损 {damaged}〕〔 错分 {misrouted}〕〔 交出 {out}〕（{courier}、{keeper}）",
        "Trip {trip} signed: expected {expected}, taken {taken}〔, short {short}〕〔, over {over}〕"
        "〔, damaged {damaged}〕〔, misrouted {misrouted}〕〔, out {out}〕 ({courier}, {keeper})",
    ),
    "county.fact.parcel.preadvised": Sentence(
        "和清单对上：班次 {trip} 袋 {seal}，第 {piece}/{pieces} 件",
        "On the manifest: trip {trip}, bag {seal}, piece {piece} of {pieces}",
    ),
    "county.fact.parcel.over": Sentence("多件：不在任何清单里", "Over: on no manifest"),
    "county.fact.parcel.misrouted": Sentence(
        "错分：应到 {to}〔，下一站 {next_hop}〕", "Misrouted: to {to}〔, next hop {next_hop}〕"
    ),
    "county.fact.parcel.short": Sentence(
        "少件：班次 {trip} 袋 {seal} 里没有", "Short: not in bag {seal} of trip {trip}"
    ),
    "county.fact.bag.emptied": Sentence(
        "袋 {seal} 清空：应有 {expected} 实有 {found}",
        "Bag {seal} emptied: {found} of {expected}",
    ),
    "county.verdict.expected": Sentence("已收", "in"),
    "county.verdict.over": Sentence("多", "over"),
    "county.verdict.misrouted": Sentence("错分", "misrouted"),
    "county.verdict.cross_dock": Sentence("转运", "cross-docked"),
    # -- the county's list of trips
    "county.trips": Sentence("班次", "Trips"),
    "county.trips.title": Sentence("{county} 班次", "{county}: trips"),
    "county.trips.back": Sentence("返回总览", "Back"),
    "county.trips.none": Sentence(
        "还没有班次。导入清单：cunyi county manifest import 文件 县中心文件夹 "
        "--trip 班次 --stop 站@时间",
        "No trips yet. Read a manifest in: cunyi county manifest import FILE FOLDER --trip TRIP "
        "--stop STATION@TIME",
    ),
    "county.trips.failed": Sentence("现在读不到，请稍等再看", "Cannot be read now; wait and look"),
    "county.trips.line": Sentence("{trip}〔 {operator}〕", "{trip}〔 {operator}〕"),
    "county.trips.late": Sentence("晚点", "Late"),
    "county.trips.waits": Sentence("挂起：{reason}", "Waits: {reason}"),
    "county.trips.arrived": Sentence("{time} 到站，交接中", "Here since {time}, handing over"),
    "county.trips.signed": Sentence("{time} 已签字", "Signed at {time}"),
    "county.trips.due": Sentence("应 {time} 到", "Due at {time}"),
    "county.trips.unplanned": Sentence("不在站序里", "Not on the run"),
    "county.trips.in": Sentence("收 {count}", "In {count}"),
    "county.trips.expected": Sentence("应 {count}", "Of {count}"),
    "county.trips.out": Sentence("出 {count}", "Out {count}"),
    "county.trips.held": Sentence("留 {count}", "Held {count}"),
    "county.trips.short": Sentence("少 {count}", "Short {count}"),
    "county.trips.over": Sentence("多 {count}", "Over {count}"),
    "county.trips.damaged": Sentence("破损 {count}", "Damaged {count}"),
    "county.trips.misrouted": Sentence("错分 {count}", "Misrouted {count}"),
    "county.trips.disputed": Sentence(
        "数目有争议：快递员 {courier_count}，站点 {keeper_count}",
        "Counts differ: courier {courier_count}, station {keeper_count}",
    ),
    "county.trips.hub": Sentence(
        "{station}：收 {came} 出 {left} 留 {held}，各站已收 {home}",
        "{station}: in {came}, out {left}, held {held}; at its stations {home}",
    ),
    "county.trips.moves": Sentence("几处都扫过的袋", "Bags scanned at more than one place"),
    "county.trips.move_in": Sentence("{station} {time} 收", "{station} {time} in"),
    "county.trips.move_out": Sentence("{station} {time} 出", "{station} {time} out"),
}
