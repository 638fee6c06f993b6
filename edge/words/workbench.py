"""The workbench: simulated hardware as a person sees it."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "bench.title": Sentence("模拟硬件", "Simulated hardware"),
    "bench.language": Sentence("English", "中文"),
    "bench.about": Sentence(
        "这里的门、扫码枪和打印机都是模拟的，但字节和真的一样。",
        "Doors, scanner and printer are simulated; their bytes are the real ones.",
    ),
    "bench.no_answer": Sentence("没连上，请再试一次。", "No connection, please try again."),
    # -- the cabinet
    "bench.cabinet": Sentence("柜子", "Cabinet"),
    "bench.pick_door": Sentence("点一扇门", "Tap a door"),
    "bench.pick_door.how": Sentence(
        "门弹开时会自动选中。",
        "A door that springs open is chosen by itself.",
    ),
    "bench.door": Sentence("{door} 号门", "Door {door}"),
    "bench.open": Sentence("开着", "Open"),
    "bench.forced": Sentence("撬开", "Forced"),
    "bench.shut": Sentence("关着", "Shut"),
    "bench.empty": Sentence("里面空的", "Empty"),
    "bench.force": Sentence("撬开", "Force open"),
    "bench.put_in": Sentence("放入", "Put in"),
    "bench.take_out": Sentence("取出", "Take out"),
    "bench.push_shut": Sentence("推上", "Push shut"),
    "bench.parcel": Sentence("包裹 {count}", "Parcel {count}"),
    # -- the scanner
    "bench.scanner": Sentence("扫码枪", "Scanner"),
    "bench.samples": Sentence("扫一张新面单", "Scan a new waybill"),
    "bench.code": Sentence("条码", "Barcode"),
    "bench.scan": Sentence("扫", "Scan"),
    "bench.scanned": Sentence("刚扫过", "Scanned"),
    # -- the printer
    "bench.printer": Sentence("打印机", "Printer"),
    "bench.no_paper_yet": Sentence("还没有小票", "No slips yet"),
    "bench.no_paper_yet.how": Sentence(
        "店主入库后，小票会从这里出来。",
        "After a check-in the slip comes out here.",
    ),
    "bench.scan_slip": Sentence("扫这张小票", "Scan this slip"),
    "bench.slip": Sentence("第 {paper} 张小票", "Slip {paper}"),
    "bench.slip_size": Sentence(
        "第 {paper} 张 · {width} × {length} 毫米",
        "No. {paper} · {width} × {length} mm",
    ),
    "bench.torn": Sentence("纸到头了", "Roll ended"),
    "bench.no_chinese_font": Sentence(
        "这台电脑没有中文字体，小票上的汉字看不清；二维码照常。",
        "No Chinese font on this machine: letters come out as boxes, the QR code still works.",
    ),
    # -- coils
    "bench.pulses": Sentence("锁的动作", "Lock pulses"),
    "bench.no_pulses": Sentence("还没开过锁", "No lock has been driven yet"),
    "bench.pulse": Sentence(
        "{time} · {door} 号锁 · {length} 毫秒",
        "{time} · lock {door} · {length} ms",
    ),
    "bench.law_broken": Sentence(
        "同时驱动了两把锁！这绝不允许。",
        "Two locks were driven at once! This must never happen.",
    ),
    # -- the fault menu
    "bench.faults": Sentence("故障菜单", "Fault menu"),
    "bench.faults.how": Sentence(
        "按一下弄坏，再按一下修好。",
        "Press to break it, press again to mend it.",
    ),
    "bench.for_door": Sentence("弄坏哪扇门", "Which door"),
    "bench.broken": Sentence("坏", "Broken"),
    "bench.fine": Sentence("好", "Fine"),
    "bench.broken_doors": Sentence("〔坏的门：{doors}〕", "〔Broken doors: {doors}〕"),
    "bench.mend_all": Sentence("全部修好", "Mend all"),
    "bench.all_fine": Sentence("故障菜单：全部正常", "Faults: none"),
    "bench.faults_on": Sentence("故障菜单：{count} 处坏了", "Faults: {count}"),
    "bench.group.lock-board": Sentence("锁控板", "Lock board"),
    "bench.group.door": Sentence("一扇门", "One door"),
    "bench.group.scanner": Sentence("扫码枪", "Scanner"),
    "bench.group.printer": Sentence("打印机", "Printer"),
    "bench.fault.board_silent": Sentence("会动，但不回话", "Acts but never answers"),
    "bench.fault.board_garbled": Sentence("回话有错字节", "Answers with a wrong byte"),
    "bench.fault.board_half_frame": Sentence("回话只有半句", "Answers half a frame"),
    "bench.fault.board_wrong_address": Sentence("回话地址不对", "Answers as another board"),
    "bench.fault.board_late": Sentence("回话晚 1.5 秒", "Answers 1.5 s late"),
    "bench.fault.board_double": Sentence("每句回两遍", "Answers everything twice"),
    "bench.fault.board_unplugged": Sentence("线拔了", "Unplugged"),
    "bench.fault.sensor_bounce": Sentence("门磁抖动", "Sensors bounce"),
    "bench.fault.stuck_lock": Sentence("锁卡住", "Lock is stuck"),
    "bench.fault.weak_spring": Sentence("弹簧没力，要推两次", "Weak spring, needs two pulses"),
    "bench.fault.wrong_door": Sentence("线接错，开了下一扇", "Wired wrong: the next door opens"),
    "bench.fault.sensor_stuck_open": Sentence("门磁总说开", "Sensor always says open"),
    "bench.fault.sensor_stuck_shut": Sentence("门磁总说关", "Sensor always says shut"),
    "bench.fault.scanner_half": Sentence("只扫出半个码", "Reads half a code"),
    "bench.fault.scanner_double": Sentence("一码扫两遍", "Reads everything twice"),
    "bench.fault.scanner_unplugged": Sentence("线拔了", "Unplugged"),
    "bench.fault.paper_low": Sentence("纸快没了", "Paper is low"),
    "bench.fault.paper_ends_soon": Sentence("再打 5 行纸就完", "Paper ends after 5 lines"),
    "bench.fault.paper_out": Sentence("没纸", "Out of paper"),
    "bench.fault.cover_open": Sentence("盖子开着", "Cover is open"),
    "bench.fault.printer_silent": Sentence("问它纸也不回话", "Never answers about paper"),
    "bench.fault.printer_unplugged": Sentence("线拔了", "Unplugged"),
    # -- what cannot be done
    "bench.no_such_door": Sentence("没有 {door} 号门。", "There is no door {door}."),
    "bench.door_is_open": Sentence("{door} 号门已经开着。", "Door {door} is open already."),
    "bench.door_is_shut": Sentence(
        "{door} 号门关着。请先开门。",
        "Door {door} is shut. Open it first.",
    ),
    "bench.nothing_inside": Sentence(
        "{door} 号门里没有东西。",
        "There is nothing behind door {door}.",
    ),
    "bench.no_such_paper": Sentence("没有这张小票。", "There is no such slip."),
    "bench.no_code_on_paper": Sentence(
        "这张小票上没有能扫的码。",
        "There is no code to scan on this slip.",
    ),
    "bench.scanner_is_unplugged": Sentence(
        "扫码枪没接上，扫不出去。",
        "The scanner is unplugged: nothing goes out.",
    ),
    "bench.no_such_fault": Sentence("没有这种故障。", "There is no such fault."),
    "bench.fault_needs_door": Sentence("请选一扇门。", "Choose a door for this fault."),
    "bench.fault_has_no_door": Sentence(
        "这个故障不分门。",
        "This fault is not of a single door.",
    ),
}
