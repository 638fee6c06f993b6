"""What is wrong with a device or the paper, and what to do about it."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "printer.paper_out": Sentence(
        "没纸了。请换一卷纸，小票会接着打。",
        "Out of paper. Put in a new roll and the slips will follow.",
    ),
    "printer.cover_open": Sentence(
        "盖子没关。请把盖子按紧。",
        "The cover is open. Press it shut.",
    ),
    "printer.gone": Sentence(
        "打印机没反应。请看电源和线，小票先排着队。",
        "The printer does not answer. Check power and cable; slips wait in line.",
    ),
    "printer.paper_low": Sentence(
        "快没纸了。请备好一卷纸。",
        "Paper is running low. Have a new roll ready.",
    ),
    "printer.slip_unreadable": Sentence(
        "有一张小票打不出来，已跳过。请找到没有小票的包裹，点“补打”。",
        "A slip could not be made and was passed over. Find the parcel without one and reprint it.",
    ),
    "device.failed": Sentence(
        "驱动程序出错，驿站正在重新启动。常这样请叫维修人员。",
        "Its driver failed and the station starts again. If this goes on, call a repairer.",
    ),
    "device.missing": Sentence(
        "没接上。请看线插好没有。",
        "Not connected. Check the cable.",
    ),
    "device.no_permission": Sentence(
        "没有使用权限。请叫维修人员。",
        "No permission to use it. Call a repairer.",
    ),
    "device.busy": Sentence(
        "正被别的程序占用。请关掉那个程序。",
        "Another program is using it. Close that program.",
    ),
    "device.silent": Sentence(
        "接上了，但没反应。请看电源，再看地址和波特率。",
        "Connected, but it does not answer. Check power, then address and baud rate.",
    ),
    "device.noisy": Sentence(
        "信号很乱。请看线和接地。",
        "The line is noisy. Check cable and earth.",
    ),
    "device.gone": Sentence(
        "刚断开，正在重新连接。请看线。",
        "It has just left and is being called again. Check the cable.",
    ),
    "device.jammed": Sentence(
        "卡住了。请叫维修人员。",
        "It is stuck. Call a repairer.",
    ),
}
