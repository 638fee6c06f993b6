"""What `cunyi devices` says: what is plugged in, and which lock opens which door."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

_SCAN: Final[Mapping[str, Sentence]] = {
    "scan.role.adapter": Sentence("串口线", "serial adapter"),
    "scan.role.scanner": Sentence("扫码枪", "barcode scanner"),
    "scan.role.printer": Sentence("打印机", "printer"),
    "scan.role.camera": Sentence("摄像头", "camera"),
    "scan.role.sound": Sentence("声卡", "sound card"),
    "scan.role.pins": Sentence("GPIO 引脚", "GPIO pins"),
    "scan.role.keyboard": Sentence("键盘，或键盘口扫码枪", "keyboard, or a scanner that types"),
    "scan.found": Sentence(
        "{role}〔 {name}〕〔（{usb}）〕：{device}", "{role}〔 {name}〕〔 ({usb})〕: {device}"
    ),
    "scan.unverified": Sentence(
        "这个型号没有核实过，请试一试", "This number was never checked on a real one; try it"
    ),
    "scan.by_socket": Sentence(
        "名字跟着插口走，别换插口", "Its name is that of the socket: keep it plugged in there"
    ),
    "scan.nothing": Sentence(
        "什么也没插。插上锁控板、扫码枪、打印机再试一次；插着还是没有，就看 dmesg | tail，"
        "虚拟机要先把 USB 交给它。",
        "Nothing is plugged in. Plug in lock board, scanner and printer, then try again; if "
        "nothing shows all the same, look at dmesg | tail, and in a virtual machine hand USB over.",
    ),
    "scan.probe_hint": Sentence(
        "要知道串口上有没有锁控板，加 --probe（只问状态，不开锁）。",
        "To learn which lock board hangs on a serial line, add --probe (asks only, opens nothing).",
    ),
    "scan.no_serial": Sentence(
        "没有可以问的串口。用 --port 指定一个。",
        "There is no serial line to ask. Name one with --port.",
    ),
    "scan.takes": Sentence(
        "正在问 {port}；没人回应的话大约要 {seconds} 秒。",
        "Asking on {port}; if nothing answers this takes about {seconds} s.",
    ),
    "scan.asking": Sentence(
        "正在问 {dialect} 地址 {address}（{number} / {all}）",
        "asking {dialect} address {address} ({number} of {all})",
    ),
    "scan.board": Sentence(
        "找到锁控板：{port}，{driver}，地址 {address}，{channels} 路",
        "Found a lock board: {port}, {driver}, address {address}, {channels} channels",
    ),
    "scan.flash": Sentence(
        '这是给微雪（Waveshare）的；不认定时开的板写 driver = "modbus_coils"',
        'For Waveshare; a board that refuses the timed flash needs driver = "modbus_coils"',
    ),
    "scan.left_out": Sentence(
        "还有少见的地址没有问：{rest}。要问就加 --all-addresses，一根线大约 {seconds} 秒。"
        "GPIO 上的继电器问不了。",
        "Rare addresses were not asked: {rest}. To ask them too, add --all-addresses, about "
        "{seconds} s a line. Relays on GPIO pins cannot be asked.",
    ),
    "scan.no_board": Sentence(
        "{port} 上没有锁控板回应。看电源、A/B 线有没有接反、拨码地址。",
        "No lock board answers on {port}. Check its power, A and B swapped, its address switches.",
    ),
    "scan.not_asked": Sentence("{port} 没有问：{reason}", "{port} was not asked: {reason}"),
}

_TALK: Final[Mapping[str, Sentence]] = {
    "commission.operator": Sentence("谁在开门？请写名字", "Who opens the doors? Your name"),
    "commission.keys": Sentence(
        "每按一次回车只开一次锁。s = 跳过，q = 停（下次接着来）。",
        "One Enter is one pulse. s = skip, q = stop (the next run goes on from here).",
    ),
    "commission.resumed": Sentence(
        "接着上次：{all} 把锁里已试过 {done} 把。要从头来就删掉 commissioning.json。",
        "Going on: {done} of {all} locks are known. Remove commissioning.json to start over.",
    ),
    "commission.board_silent": Sentence(
        "第 {board} 块板（{port}）没有回应。看电源和线，再看地址和波特率。",
        "Board {board} ({port}) does not answer. Check power and cable, then address and baud.",
    ),
    "commission.shut_all": Sentence(
        "请把所有柜门都关好，然后按回车", "Shut all doors, then press Enter"
    ),
    "commission.first_look": Sentence(
        "第 {board} 块板：{shut} 扇看着是关的，{open} 扇看着是开的。",
        "Board {board}: {shut} doors look shut, {open} look open.",
    ),
    "commission.maybe_reversed": Sentence(
        "第 {board} 块板：门都关着却都显示开，多半是极性反了。下面一开门就知道。",
        "Board {board}: all doors are shut and look open, so its bits may mean the opposite. "
        "The first door will tell.",
    ),
    "commission.press": Sentence(
        "[{number}/{all}] 第 {board} 块板第 {channel} 路〔（表上是 {cell} 号门）〕：回车 = 开锁，"
        "s = 跳过，q = 停",
        "[{number}/{all}] Board {board} channel {channel}〔 (door {cell} by the table)〕: "
        "Enter = open, s = skip, q = stop",
    ),
    "commission.watching": Sentence(
        "正在开锁，看门磁最多 {seconds} 秒……",
        "Opening; watching the sensors for up to {seconds} s.",
    ),
    "commission.press_what": Sentence(
        "只能按回车、s 或 q。", "Only Enter, s or q; nothing was opened."
    ),
    "commission.not_sent": Sentence("没有开锁：{reason}", "Nothing was opened: {reason}"),
    "commission.unsure": Sentence(
        "锁可能动了，请看一眼：{reason}", "The lock may have moved, have a look: {reason}"
    ),
    "commission.reading.open": Sentence("开", "open"),
    "commission.reading.shut": Sentence("关", "shut"),
    "commission.moved": Sentence(
        "门磁变了：第 {board} 块板第 {channel} 路，{before} → {after}。",
        "A sensor moved: board {board} channel {channel}, {before} to {after}.",
    ),
    "commission.nothing_moved": Sentence("没有一个门磁有变化。", "No sensor has moved."),
    "commission.which": Sentence(
        "哪扇门开了？写门上的号码，n = 没有，t = 两扇，r = 再开一次",
        "Which door has opened? Its number, n = none, t = two, r = once more",
    ),
    "commission.which_what": Sentence(
        "请写 1 到 {most} 的号码，或 n、t、r、q。", "A number from 1 to {most}, or n, t, r, q."
    ),
    "commission.same_door": Sentence(
        "{cell} 号门在第 {board} 块板第 {channel} 路已经开过。真的又是它？y = 是",
        "Door {cell} has opened before, by board {board} channel {channel}. Really the same? "
        "y = yes",
    ),
    "commission.shut": Sentence(
        "请关上〔 {cell} 号〕门，再按回车", "Shut〔 door {cell}〕, then press Enter"
    ),
    "commission.shut_both": Sentence(
        "请把开了的门都关上，再按回车", "Shut all that has opened, then press Enter"
    ),
    "commission.not_shut": Sentence(
        "门磁还没变回来。推紧再按回车；明明关着就写 g 继续",
        "The sensor has not come back. Push the door and press Enter; if it is shut, g = go on",
    ),
    "commission.learned": Sentence(
        "第 {board} 块板：closed_bit = {closed_bit}；门号 {cells}〔；门磁 {sensors}〕",
        "Board {board}: closed_bit = {closed_bit}; doors {cells}〔; sensors {sensors}〕",
    ),
    "commission.trouble": Sentence("要修：{text}", "To mend: {text}"),
    "commission.no_trouble": Sentence("接线没有毛病。", "The wiring has no faults."),
    "commission.size_struck": Sentence(
        "{cells} 没有锁了，从 medium 和 large 里去掉。",
        "No lock opens {cells} any more: struck from medium and large.",
    ),
    "commission.write": Sentence(
        "写进 station.toml 吗？y = 写", "Write it to station.toml? y = yes"
    ),
    "commission.not_written": Sentence(
        "没有写。学到的都留着，再运行一次 cunyi devices commission {folder} 就能写。",
        "Nothing was written. What was learned is kept; run cunyi devices commission {folder} "
        "again to write it.",
    ),
    "commission.written": Sentence(
        "写好了。旧文件是 {backup}；{sheet} 打印出来贴在柜里；谁开了哪扇门在 {log}。",
        "Written. The old file is {backup}; print {sheet} and hang it in the cabinet; who opened "
        "what is in {log}.",
    ),
    "commission.stopped_late": Sentence(
        "停下了，不过 station.toml 已经写好。要再打印接线表：cunyi devices commission {folder}",
        "Stopped, but station.toml was written already. For the sheet as well: cunyi devices "
        "commission {folder}",
    ),
    "commission.stopped": Sentence(
        "停下了，station.toml 没有动。接着来：cunyi devices commission {folder}",
        "Stopped; station.toml is untouched. To go on: cunyi devices commission {folder}",
    ),
}

_AT: Final = ("第 {board} 块板第 {channel} 路", "board {board} channel {channel}")


def _fault(zh: str, en: str) -> Sentence:
    return Sentence(f"{_AT[0]}：{zh}", f"{_AT[1]}: {en}")


_FAULTS: Final[Mapping[str, Sentence]] = {
    "commission.fault.two_doors": _fault(
        "一次开了两扇门。两把锁接在了一起，分开接线再试；现在这一路停用。",
        "two doors opened at once. Two locks hang on one channel: part them and try again; until "
        "then it is out of use.",
    ),
    "commission.fault.same_door": _fault(
        "开的又是 {cell} 号门，它归第 {other_board} 块板第 {other_channel} 路。拆掉多出来的线；"
        "现在这一路停用。",
        "it opens door {cell}, which board {other_board} channel {other_channel} opens too. Take "
        "the second wire off; until then it is out of use.",
    ),
    "commission.fault.no_door": _fault(
        "没有门开。没接锁就不用管；接了就查锁、线和电源。",
        "no door opens. Where no lock hangs on it, all is well; else check lock, cable and supply.",
    ),
    "commission.fault.ghost": _fault(
        "没有门开，第 {other_board} 块板第 {other_channel} 路的门磁却变了。查门磁线有没有搭在锁线"
        "上；现在这一路停用。",
        "no door opens, but the sensor on board {other_board} channel {other_channel} moves. Look "
        "for a sensor wire that touches a lock's; until then it is out of use.",
    ),
    "commission.fault.sensor_blind": _fault(
        "{cell} 号门开了，门磁没有变化。门磁卡住、没接或坏了，请换；现在靠人确认。",
        "door {cell} opens, but no sensor moves. It is stuck, loose or dead: replace it; until "
        "then people are asked.",
    ),
    "commission.fault.sensor_stays": _fault(
        "〔{cell} 号〕门关了，门磁没有变回来。调一下磁铁，或换门磁。",
        "〔door {cell}, 〕shut again, still looks open. Move the magnet, or replace the sensor.",
    ),
    "commission.fault.sensor_elsewhere": _fault(
        "{cell} 号门的门磁接在第 {other_board} 块板第 {other_channel} 路。换到同一块板上；"
        "现在这一路停用。",
        "the sensor of door {cell} hangs on board {other_board} channel {other_channel}. Plug it "
        "into the same board; until then it is out of use.",
    ),
    "commission.fault.sensor_shared": _fault(
        "{cell} 号门和第 {other_board} 块板第 {other_channel} 路共用一个门磁。各接各的；现在这一路"
        "停用。",
        "door {cell} has the sensor of board {other_board} channel {other_channel}. Give each its "
        "own; until then it is out of use.",
    ),
    "commission.fault.many_sensors": _fault(
        "开 {cell} 号门时，第 {other_board} 块板第 {other_channel} 路的门磁也变了。查门磁线有没有"
        "搭在一起；现在这一路停用。",
        "when door {cell} opens, the sensor on board {other_board} channel {other_channel} moves "
        "too. Look for wires that touch; until then it is out of use.",
    ),
    "commission.fault.mixed_polarity": _fault(
        "〔{cell} 号〕门的门磁（第 {other_board} 块板第 {other_channel} 路）和别的正好相反。"
        "换成一样的。",
        "the sensor〔 of door {cell}〕 on board {other_board} channel {other_channel} means the "
        "opposite of the others. Fit one of the same kind.",
    ),
}

_SHEET: Final[Mapping[str, Sentence]] = {
    "commission.sheet.title": Sentence("{station} 柜门接线表", "Wiring of {station}"),
    "commission.sheet.about": Sentence(
        "{county} / {id}，{at}，开门人 {operator}", "{county} / {id}, {at}, opened by {operator}"
    ),
    "commission.sheet.board": Sentence("第 {board} 块板", "Board {board}"),
    "commission.sheet.wiring": Sentence("锁控板", "Lock boards"),
    "commission.sheet.head.board": Sentence("板", "Board"),
    "commission.sheet.head.driver": Sentence("型号", "Driver"),
    "commission.sheet.head.port": Sentence("接口", "Port"),
    "commission.sheet.head.address": Sentence("地址", "Address"),
    "commission.sheet.head.closed_bit": Sentence("关门位", "Bit of a shut door"),
    "commission.sheet.head.dead": Sentence("停用的路", "Channels out of use"),
    "commission.sheet.troubles": Sentence("要修的", "To mend"),
    "commission.sheet.signed": Sentence(
        "大字是门号，小字是板号·路号，⇠ 后面是门磁的路号。",
        "Large: the number on the door. Small: board and channel; behind the arrow the channel of "
        "its sensor.",
    ),
}

WORDS: Final[Mapping[str, Sentence]] = {**_SCAN, **_TALK, **_FAULTS, **_SHEET}
