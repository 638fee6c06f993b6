"""The county's page: for operators who watch many stations, so short and without politeness."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

_PAGE: Final[Mapping[str, Sentence]] = {
    "county.title": Sentence("{county} · 村驿中心", "{county} · cunyi county center"),
    "county.language": Sentence("English", "中文"),
    "county.link_up": Sentence("消息通道正常", "Broker connected"),
    "county.link_down": Sentence("消息通道断开，正在重连", "Broker lost, reconnecting"),
    "county.simulated": Sentence("模拟", "Simulated"),
    # -- counts
    "county.counts": Sentence("总览", "Overview"),
    "county.count.online": Sentence("在线站点", "Stations online"),
    "county.count.waiting": Sentence("待取包裹", "Parcels waiting"),
    "county.count.cells": Sentence("空格", "Free cells"),
    "county.count.facts": Sentence("已收记录", "Facts committed"),
    "county.count.alarms": Sentence("告警", "Alarms"),
    # -- stations
    "county.stations": Sentence("站点 · 最急在前", "Stations · worst first"),
    "county.stations_empty": Sentence(
        "还没有登记的站点。先在这里运行 cunyi county enrol 站点编号 县中心文件夹，得到登记码。"
        "然后在站点机器上运行 cunyi station init（县编号填 {county}）和 cunyi station enrol，"
        "输入登记码，再运行 cunyi station run。",
        "No station is enrolled yet. Run cunyi county enrol STATION FOLDER here: it gives a code "
        "that is good once. Then, on the station's machine, run cunyi station init with county id "
        "{county}, cunyi station enrol with that code, and cunyi station run.",
    ),
    "county.stations_more": Sentence("还有 {count} 个站点一切正常", "{count} more, all well"),
    "county.online": Sentence("在线", "Online"),
    "county.offline": Sentence("离线 {ago}", "Offline {ago}"),
    "county.never": Sentence("从未连上", "Never connected"),
    "county.seconds": Sentence("不到 1 分钟", "under a minute"),
    "county.minutes": Sentence("{count} 分钟", "{count} min"),
    "county.hours": Sentence("{count} 小时", "{count} h"),
    "county.days": Sentence("{count} 天", "{count} d"),
    "county.waiting": Sentence("待取 {count}", "{count} waiting"),
    "county.queue": Sentence("站上还有 {count} 条没传来", "{count} facts still at the station"),
    "county.fill": Sentence("已用 {used}/{cells} 格", "{used}/{cells} used"),
    # -- one station
    "county.station_pick": Sentence("点一个站点看它的柜格", "Choose a station to see its cells"),
    "county.cells": Sentence("柜格", "Cells"),
    "county.cells_empty": Sentence(
        "这个站点还没报过柜格。等它连上来。",
        "This station has told of no cells yet. They come when it connects.",
    ),
    "county.software": Sentence(
        "版本 {software} · 第 {boot} 次启动〔 · 第 {epoch} 期记录〕",
        "Version {software} · start {boot}〔 · epoch {epoch}〕",
    ),
    "county.device_ok": Sentence("正常", "ok"),
    "county.device.lock-board": Sentence("锁控板〔 {number}〕", "Lock board〔 {number}〕"),
    "county.device.scanner": Sentence("扫码枪〔 {number}〕", "Scanner〔 {number}〕"),
    "county.device.printer": Sentence("打印机〔 {number}〕", "Printer〔 {number}〕"),
    "county.device.label-printer": Sentence(
        "标签打印机〔 {number}〕", "Label printer〔 {number}〕"
    ),
    "county.device.scale": Sentence("秤〔 {number}〕", "Scale〔 {number}〕"),
    "county.device.card-reader": Sentence(
        "身份证读卡器〔 {number}〕", "ID card reader〔 {number}〕"
    ),
    "county.device.voice": Sentence("喇叭〔 {number}〕", "Loudspeaker〔 {number}〕"),
    "county.device.signals": Sentence("灯和蜂鸣〔 {number}〕", "Lamps, buzzer〔 {number}〕"),
    "county.device_note.device.missing": Sentence("没接上", "not connected"),
    "county.device_note.device.no_permission": Sentence("没有权限", "no permission"),
    "county.device_note.device.busy": Sentence("被别的程序占用", "used by another program"),
    "county.device_note.device.silent": Sentence("没有回应", "no answer"),
    "county.device_note.device.double_address": Sentence("两块板同一地址", "address used twice"),
    "county.device_note.device.noisy": Sentence("信号有干扰", "noise on the line"),
    "county.device_note.device.gone": Sentence("断开了", "gone"),
    "county.device_note.device.failed": Sentence("驱动出错", "driver failed"),
    "county.device_note.device.jammed": Sentence("卡住了", "jammed"),
    "county.device_note.device.not_grabbed": Sentence("不能独占", "cannot be held alone"),
    "county.device_note.scanner.no_suffix": Sentence("没设每码加回车", "adds no Enter"),
    "county.device_note.printer.gone": Sentence("没有回应", "no answer"),
    "county.device_note.printer.paper_out": Sentence("缺纸", "out of paper"),
    "county.device_note.printer.paper_low": Sentence("纸快用完", "paper low"),
    "county.device_note.printer.cover_open": Sentence("盖子没关", "cover open"),
    "county.device_note.printer.label_out": Sentence("缺标签纸", "out of labels"),
    "county.device_note.printer.ribbon_out": Sentence("缺碳带", "out of ribbon"),
    "county.device_note.printer.label_jam": Sentence("卡标签", "label jam"),
    "county.device_note.printer.paused": Sentence("按了暂停", "paused"),
    "county.device_note.device.no_library": Sentence("缺驱动文件", "library missing"),
    "county.device_note.device.no_usb": Sentence("USB打不开", "USB does not start"),
    "county.device_note.device.several": Sentence("分不清哪台", "several alike"),
    "county.device_note.printer.slip_unreadable": Sentence("有小票打不出", "a slip failed"),
    "county.device_note.device.coil_held": Sentence("线圈一直通电", "coil stays on"),
    "county.device_note.device.no_pins": Sentence("引脚不能用", "pins not there"),
    "county.device_note.scale.unsteady": Sentence("一直不稳", "never still"),
    "county.device_note.scale.overload": Sentence("超重", "overloaded"),
    "county.device_note.scale.underload": Sentence("低于零", "below zero"),
    "county.device_note.scale.other_unit": Sentence("单位不对", "another unit"),
    "county.device_note.card_reader.unreadable": Sentence("证读不出", "card unreadable"),
    "county.device_note.card_reader.faulty": Sentence("模块故障", "module faulty"),
    "county.device_note.voice.no_player": Sentence("缺播放程序", "player missing"),
    "county.device_note.voice.no_card": Sentence("没有声卡", "no sound card"),
    "county.device_note.voice.no_sound": Sentence("没有声音", "no sound"),
    "county.device_note.gone": Sentence("没有回应", "no answer"),
    # -- the journal
    "county.journal": Sentence("流水 · 最新在前", "Journal · newest first"),
    "county.journal_empty": Sentence(
        "还没有记录。站点有动作（入库、开门、取件）后马上出现在这里。",
        "Nothing yet. Check-ins, doors and pickups appear here as they happen.",
    ),
    "county.parked": Sentence("看不懂，已原样保存", "not understood, kept as it came"),
    # -- trace
    "county.trace": Sentence("查轨迹", "Trace a parcel"),
    "county.trace_field": Sentence("运单号", "Waybill number"),
    "county.trace_button": Sentence("查询", "Trace"),
    "county.trace_close": Sentence("关闭", "Close"),
    "county.trace_hint": Sentence(
        "输入完整运单号，或点任何一个运单。", "Type the whole waybill number, or click any waybill."
    ),
    "county.trace_none": Sentence(
        "没有运单 {waybill} 的记录。请核对号码；站点离线时，记录要等它连上才到。",
        "Nothing about waybill {waybill}. Check the number; facts of an offline station arrive "
        "when it connects.",
    ),
    "county.trace_bad": Sentence(
        "这不像运单号：6 到 30 位字母、数字或短横。",
        "That is no waybill number: 6 to 30 letters, digits or dashes.",
    ),
    "county.trace_failed": Sentence("查不到中心，请再试一次。", "No answer. Please try again."),
    # -- alarms
    "county.alarms": Sentence("告警 · 最急在前", "Alarms · worst first"),
    "county.alarms_empty": Sentence("没有告警。", "No alarms."),
    "county.alarm_station": Sentence("看站点", "Show station"),
    "county.level.bad": Sentence("紧急", "Urgent"),
    "county.level.warn": Sentence("一般", "Look soon"),
    "county.level.note": Sentence("轻微", "Minor"),
    "county.center": Sentence("县中心", "County center"),
    "county.times": Sentence("{count} 次", "{count} times"),
    "county.alarms_more": Sentence("共 {count} 条，往下滚动", "{count} in all, scroll down"),
    "county.alarms_back": Sentence("{count} 条告警 · 点这里看", "{count} alarms · show them"),
}

_ALARMS: Final[Mapping[str, Sentence]] = {
    "county.alarm.forced": Sentence(
        "{cell} 号门被强开〔，{inside}〕", "Door {cell} forced〔, {inside}〕"
    ),
    "county.parcel_inside": Sentence("格内有件", "a parcel inside"),
    "county.alarm.left_open": Sentence("{cell} 号门一直没关", "Door {cell} left open"),
    "county.alarm.questioned": Sentence(
        "{cell} 号格要人看一眼：{reason}", "Cell {cell} needs a look: {reason}"
    ),
    "county.alarm.faulted": Sentence(
        "{cell} 号格停用：{reason}", "Cell {cell} out of use: {reason}"
    ),
    "county.alarm.missing": Sentence(
        "包裹 {waybill} 不在 {cell} 号格", "Parcel {waybill} is not in cell {cell}"
    ),
    "county.alarm.fork": Sentence(
        "站点有两份不同的记录，第二份已另存，没有合并",
        "Two histories of one station; the second is set aside",
    ),
    "county.alarm.rollback": Sentence(
        "站点退回了旧数据，新记录先不接收",
        "The station fell back to older data; its new facts are not taken",
    ),
    "county.alarm.unknown_station": Sentence(
        "没登记的站点 {station} 想连上来", "Station {station} is not registered and wants in"
    ),
    "county.alarm.parked": Sentence(
        "有记录看不懂，已原样保存", "Facts not understood, kept as they came"
    ),
    "county.alarm.restored": Sentence("数据库换成了旧备份", "An older backup was put back"),
    "county.alarm.corrupt": Sentence("有数据在路上损坏", "Data was damaged on the way"),
    "county.alarm.ingest_error": Sentence(
        "县中心处理一条消息时出错", "The center failed on a message"
    ),
}

_TROUBLES: Final[Mapping[str, Sentence]] = {
    "county.alarm.guessing": Sentence("有人在试取件码", "Somebody is trying pickup codes"),
    "county.todo.guessing": Sentence(
        "打电话给店主，看谁在取件屏前。试多了会自动锁住，真来取件的可以扫码或找店主",
        "Call the keeper to see who is at the pickup screen. Too many tries lock it by itself; "
        "whoever has a parcel there can use the QR code or ask the keeper",
    ),
    "county.alarm.board_away": Sentence("{device}：{note}", "{device}: {note}"),
    "county.todo.board_away": Sentence(
        "打电话给店主：柜门现在开不了，请看锁控板的电源和线",
        "Call the keeper: no door can open now; check the lock board's power and cable",
    ),
    "county.alarm.device_away": Sentence("{device}：{note}", "{device}: {note}"),
    "county.todo.device_away": Sentence(
        "请店主看它的电源和线", "Ask the keeper to check its power and cable"
    ),
    "county.alarm.printer_wants": Sentence("{device}：{note}", "{device}: {note}"),
    "county.todo.printer_wants": Sentence(
        "请店主换纸、关好盖子，小票会接着打",
        "Ask the keeper to load paper and shut the cover; the slips will follow",
    ),
}

_TODO: Final[Mapping[str, Sentence]] = {
    "county.todo.forced": Sentence(
        "马上打电话给店主：门坏没坏，件在不在？看完关好门",
        "Call the keeper now: is the door broken, is the parcel there? Then shut the door",
    ),
    "county.todo.left_open": Sentence("打电话给店主，把门关上", "Call the keeper to shut the door"),
    "county.todo.questioned": Sentence(
        "请店主打开看，在站点的店主页登记",
        "Ask the keeper to look inside and record it on the keeper's page",
    ),
    "county.todo.faulted": Sentence(
        "这格先别用。上班后请店主查门锁，好了在店主页登记",
        "Leave the cell. By day the keeper checks the lock and records it on the keeper's page",
    ),
    "county.todo.missing": Sentence(
        "先看轨迹，再问店主和收件人", "Read its trace, then ask the keeper and the addressee"
    ),
    "county.todo.fork": Sentence(
        "站点照常存取件，记录没丢。别重装、别换存储卡，上班后找技术人员。这条会留着",
        "It goes on serving, nothing is lost. Do not reinstall it or change its card; technician "
        "by day. This entry stays",
    ),
    "county.todo.rollback": Sentence(
        "站点先不收件，取件由店主代取，记录留在站上。别重装、别换存储卡，尽快找技术人员",
        "Only its keeper hands parcels out, none are taken in. No reinstalling, no new card; "
        "technician soon",
    ),
    "county.todo.parked": Sentence(
        "今晚不用管，记录没丢。上班后请技术人员升级县中心。这条会留着",
        "Nothing to do tonight, nothing is lost. A technician updates the center by day. "
        "This entry stays",
    ),
    "county.todo.ingest_error": Sentence(
        "别的站点不受影响，站点会重发。上班后把日志交给技术人员。这条会留着",
        "Other stations go on; this one sends again. Give the log to a technician by day. "
        "This entry stays",
    ),
    "county.todo.unknown_station": Sentence(
        "是自己的，就登记它：在这里运行 cunyi county enrol {station} 县中心文件夹，"
        "再到站点机器上运行 cunyi station enrol。不认识就不用管",
        "If it is yours, enrol it: run cunyi county enrol {station} FOLDER here, then "
        "cunyi station enrol on its machine. If you do not know it, leave it",
    ),
    "county.todo.restored": Sentence(
        "不用管，站点会自己补传", "Nothing to do: the stations send again by themselves"
    ),
    "county.todo.corrupt": Sentence(
        "不用管，站点会重发。老是出现，就查站点的网络",
        "Nothing to do: the station sends again. If it keeps coming, check the station's network",
    ),
}

_FACTS: Final[Mapping[str, Sentence]] = {
    "county.fact.station.started": Sentence(
        "站点启动，版本 {version}", "Started, version {version}"
    ),
    "county.fact.keeper.signed_in": Sentence("{keeper} 登录", "{keeper} signed in"),
    "county.fact.keeper.signed_out": Sentence("{keeper} 退出", "{keeper} signed out"),
    "county.fact.check_in.begun": Sentence("{keeper} 开始入库", "{keeper} began check-in"),
    "county.fact.check_in.ended": Sentence("{keeper} 停止入库", "{keeper} ended check-in"),
    "county.fact.parcel.received": Sentence(
        "收到一件〔，{carrier}〕〔，经手 {keeper}〕",
        "Parcel received〔, {carrier}〕〔, by {keeper}〕",
    ),
    "county.fact.cell.reserved": Sentence("留出 {cell} 号格", "Cell {cell} reserved"),
    "county.fact.cell.freed": Sentence("{cell} 号格空出", "Cell {cell} is free"),
    "county.fact.cell.questioned": Sentence(
        "{cell} 号格要人看一眼：{reason}", "Cell {cell} needs a look: {reason}"
    ),
    "county.fact.cell.faulted": Sentence(
        "{cell} 号格停用：{reason}", "Cell {cell} out of use: {reason}"
    ),
    "county.fact.door.asked": Sentence(
        "给 {cell} 号门开锁：{purpose}〔，第 {attempt} 次〕",
        "Unlocking door {cell}: {purpose}〔, try {attempt}〕",
    ),
    "county.fact.door.opened": Sentence("{cell} 号门开了", "Door {cell} opened"),
    "county.fact.door.shut": Sentence(
        "{cell} 号门关好〔，开了 {seconds} 秒〕", "Door {cell} shut〔 after {seconds} s〕"
    ),
    "county.fact.door.forced": Sentence(
        "{cell} 号门被强开，没有授权", "Door {cell} forced, nobody asked"
    ),
    "county.fact.door.silent": Sentence("{cell} 号门没看到打开", "Door {cell}: no sign of opening"),
    "county.fact.door.reminded": Sentence(
        "{cell} 号门没关，已在取件屏提醒", "Door {cell} open, reminded on the pickup screen"
    ),
    "county.fact.door.left_open": Sentence("{cell} 号门一直没关", "Door {cell} left open"),
    "county.fact.door.unseen": Sentence(
        "{cell} 号门的传感器没信号", "Door {cell}: sensor tells nothing"
    ),
    "county.fact.parcel.stored": Sentence("已放进 {cell} 号格", "In cell {cell}"),
    "county.fact.parcel.phone_tail_noted": Sentence("手机尾号已登记", "Phone digits noted"),
    "county.fact.parcel.check_in_undone": Sentence(
        "入库撤销〔，{keeper}〕", "Check-in undone〔 by {keeper}〕"
    ),
    "county.fact.pickup.code_issued": Sentence("取件码已生成", "Pickup code issued"),
    "county.fact.pickup.code_revoked": Sentence(
        "取件码作废：{reason}", "Pickup code revoked: {reason}"
    ),
    "county.fact.pickup.accepted": Sentence(
        "{proof}正确，开 {cell} 号门", "{proof} accepted for door {cell}"
    ),
    "county.fact.pickup.refused": Sentence("取件被拒：{reason}", "Pickup refused: {reason}"),
    "county.fact.parcel.picked_up": Sentence(
        "从 {cell} 号格取走，凭{proof}", "Collected from cell {cell} by {proof}"
    ),
    "county.fact.parcel.put_back": Sentence(
        "取后又开过 {cell} 号格，等店主看", "Cell {cell} was reopened, keeper to look"
    ),
    "county.fact.journal.snapshot_taken": Sentence(
        "记录存了快照（到第 {seq} 条）", "Snapshot of the journal up to record {seq}"
    ),
    "county.fact.journal.judged": Sentence(
        "站点的记录和县里比过：{verdict}", "Its records were compared with ours: {verdict}"
    ),
    "county.fact.epoch.started": Sentence(
        "换卡或恢复后重新开始记录，接第 {parent_seq} 条",
        "The journal goes on after record {parent_seq}, on another card or after a repair",
    ),
    "county.fact.epoch.count_signed": Sentence(
        "店主清点完柜内包裹", "The keeper counted what lies in the cells"
    ),
    "county.fact.parcel.missing": Sentence("{cell} 号格里没有这件", "Not found in cell {cell}"),
}

_FOLDED: Final[Mapping[str, Sentence]] = {
    "county.folded.door.shut": Sentence("{count} 扇门：关好", "{count} doors: shut"),
    "county.folded.door.unseen": Sentence(
        "{count} 扇门：传感器没信号", "{count} doors: sensors tell nothing"
    ),
}

_STATES: Final[Mapping[str, Sentence]] = {
    "county.cell.free": Sentence("空", "Free"),
    "county.cell.reserved": Sentence("留出", "Reserved"),
    "county.cell.held": Sentence("有件", "Parcel"),
    "county.cell.questioned": Sentence("待看", "Look"),
    "county.cell.faulted": Sentence("停用", "Out"),
    "county.door.asked": Sentence("开锁中", "Unlocking"),
    "county.door.open": Sentence("门开", "Open"),
    "county.door.silent": Sentence("没打开", "Silent"),
    "county.door.forced": Sentence("强开", "Forced"),
    "county.door.left_open": Sentence("没关门", "Left open"),
    "county.stage.received": Sentence("已收件，还没入柜", "Received, not yet in a cell"),
    "county.stage.stored": Sentence("在柜，待取", "In its cell, waiting"),
    "county.stage.picked_up": Sentence("已取走", "Collected"),
    "county.stage.keeper_assist": Sentence("在柜，只能由店主交", "In its cell, ask the keeper"),
    "county.stage.undone": Sentence("入库已撤销", "Check-in undone"),
    "county.stage.missing": Sentence("找不到了", "Missing"),
    "county.purpose.check_in": Sentence("入库", "check-in"),
    "county.purpose.pickup": Sentence("取件", "pickup"),
    "county.purpose.release": Sentence("店主代取", "release by the keeper"),
    "county.purpose.put_back": Sentence("取后再开", "reopened after pickup"),
    "county.purpose.take_back": Sentence("撤销入库", "check-in taken back"),
    "county.purpose.inspect": Sentence("查看", "inspection"),
    "county.proof.code": Sentence("取件码", "code"),
    "county.proof.token": Sentence("二维码", "QR code"),
    "county.proof.keeper": Sentence("店主放行", "keeper"),
}

_REASONS: Final[Mapping[str, Sentence]] = {
    "county.reason.forced": Sentence("门被强开过", "its door was forced"),
    "county.reason.wrong_door_opened": Sentence("开错了门", "the wrong door opened"),
    "county.reason.check_in_interrupted": Sentence("入库中断过", "check-in was interrupted"),
    "county.reason.check_in_cancelled": Sentence("入库中途取消", "check-in was cancelled"),
    "county.reason.pickup_interrupted": Sentence("取件中断过", "a pickup was interrupted"),
    "county.reason.put_back": Sentence(
        "取走后又开过，等店主看", "reopened after pickup, to be looked into"
    ),
    "county.reason.opened_by_hand": Sentence("用钥匙开过", "opened by hand"),
    "county.reason.no_sign_twice": Sentence("两次没打开", "did not open twice"),
    "county.reason.opened_unseen": Sentence("开了门没看到", "opened unseen"),
    "county.reason.left_open": Sentence("取件后门没关", "left open after a pickup"),
    "county.reason.reprinted": Sentence("重印了小票", "slip reprinted"),
    "county.reason.phone_tail_changed": Sentence("改了手机尾号", "phone digits changed"),
    "county.reason.released": Sentence("店主已放行", "released by the keeper"),
    "county.reason.check_in_undone": Sentence("入库撤销", "check-in undone"),
    "county.reason.missing": Sentence("包裹不在", "parcel missing"),
    "county.reason.wrong_code": Sentence("码不对", "wrong code"),
    "county.reason.unknown_token": Sentence("二维码不认识", "unknown QR code"),
    "county.reason.locked_out": Sentence("这件试错太多", "too many wrong tries"),
    "county.reason.station_locked_out": Sentence("全站试错太多", "station locked against guessing"),
    "county.reason.already_collected": Sentence("已经取走", "already collected"),
    "county.reason.revoked": Sentence("码已作废", "code revoked"),
    "county.reason.ask_keeper": Sentence("须找店主", "keeper must help"),
    "county.reason.door_in_use": Sentence("门正在用", "door in use"),
    "county.reason.door_unseen": Sentence("门的状态不明", "door state unknown"),
}

WORDS: Final[Mapping[str, Sentence]] = {
    **_PAGE,
    **_ALARMS,
    **_TODO,
    **_TROUBLES,
    **_FACTS,
    **_FOLDED,
    **_STATES,
    **_REASONS,
}
