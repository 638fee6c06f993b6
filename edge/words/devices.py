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
    "printer.label_out": Sentence(
        "没标签纸了。请装一卷标签。",
        "Out of labels. Put in a new roll.",
    ),
    "printer.ribbon_out": Sentence(
        "碳带用完了。请换一卷碳带。",
        "Out of ribbon. Put in a new one.",
    ),
    "printer.label_jam": Sentence(
        "标签卡住了。请开盖取出，放正再合上。",
        "A label is stuck. Open the lid, take it out, close the lid.",
    ),
    "printer.paused": Sentence(
        "标签机按了暂停。请再按一下按钮。",
        "The label printer is paused. Press its button once more.",
    ),
    "printer.slip_unreadable": Sentence(
        "有一张小票打不出来，已跳过。请找到没有小票的包裹，点“补打”。",
        "A slip could not be made and was passed over. Find the parcel without one and reprint it.",
    ),
    "device.failed": Sentence(
        "驱动程序出错，驿站会自己再试。常这样请叫维修人员。",
        "Its driver failed; the station tries again by itself. If this goes on, call a repairer.",
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
    "device.no_library": Sentence(
        "缺少驱动文件。请叫维修人员。",
        "A library for it is missing. Call a repairer.",
    ),
    "device.no_usb": Sentence(
        "USB 打不开。请叫维修人员。",
        "USB cannot be used on this machine. Call a repairer.",
    ),
    "device.several": Sentence(
        "接了几台一样的，分不清。请叫维修人员。",
        "Several of the same kind are connected. Call a repairer.",
    ),
    "device.silent": Sentence(
        "接上了，但没反应。请看电源，再看地址和波特率。",
        "Connected, but it does not answer. Check power, then address and baud rate.",
    ),
    "device.double_address": Sentence(
        "两块板的地址一样，已停开门。请叫维修人员改地址。",
        "Two boards have one address; its doors stay shut. A repairer must change one.",
    ),
    "device.noisy": Sentence(
        "信号很乱。请看线和接地。",
        "The line is noisy. Check cable and earth.",
    ),
    "device.gone": Sentence(
        "刚断开，正在重新连接。请看线。",
        "It has just left and is being called again. Check the cable.",
    ),
    "device.coil_held": Sentence(
        "有一把锁的线圈断不了电。请马上关掉锁的电源，再叫维修人员。",
        "A lock's coil cannot be switched off. Switch off the power of the locks at once and call "
        "a repairer.",
    ),
    "device.no_pins": Sentence(
        "这台机器用不了引脚。请叫维修人员。",
        "The pins of this machine cannot be used. Call a repairer.",
    ),
    "device.not_grabbed": Sentence(
        "不能独占，扫的码会打到别的程序里，所以没启用。请关掉占用它的程序，再重新插上。",
        "It cannot be held alone, and its codes would be typed into other programs: not used. "
        "Close the program that holds it and plug it in again.",
    ),
    "scanner.no_suffix": Sentence(
        "扫码枪没有设成每码加回车。请扫说明书上的“加回车（CR）”设置码。",
        "The scanner adds no Enter after a code. Scan “add CR suffix” from its manual.",
    ),
    "device.jammed": Sentence(
        "卡住了。请叫维修人员。",
        "It is stuck. Call a repairer.",
    ),
    "voice.no_player": Sentence(
        "缺播放程序。请运行：apt-get install alsa-utils",
        "The player is missing. Run: apt-get install alsa-utils",
    ),
    "voice.no_card": Sentence(
        "没有声卡。请接好喇叭或声卡。",
        "There is no sound card. Plug in a loudspeaker or a sound card.",
    ),
    "voice.no_sound": Sentence(
        "放不出声音。请看喇叭和声卡接好没有。",
        "No sound comes out. Check loudspeaker and sound card.",
    ),
    "scale.unsteady": Sentence(
        "秤一直晃。请放平放稳，别碰秤台。",
        "The scale does not come to rest. Stand it level and keep hands off.",
    ),
    "scale.overload": Sentence(
        "超重了。请把东西拿下来。",
        "Too heavy. Take it off the scale.",
    ),
    "scale.underload": Sentence(
        "秤在零以下。请清空秤台，再按“去皮”或“置零”。",
        "Below zero. Clear the scale, then press zero.",
    ),
    "scale.other_unit": Sentence(
        "秤的单位不对。请在秤上改成公斤（kg）。",
        "The scale uses another unit. Set it to kg.",
    ),
    "card_reader.unreadable": Sentence(
        "这张证读不出来。请拿开，再放一次。",
        "This card cannot be read. Lift it and lay it down again.",
    ),
    "card_reader.faulty": Sentence(
        "读卡器自检没通过。请拔下再插上，还不行请叫维修人员。",
        "The card reader fails its own test. Unplug and replug it; else call a repairer.",
    ),
}
