"""Answers and refusals: what the station says to a villager or a keeper, with the next step.

Keys are the bare values of the core's enums. Where two enums share a value the sentence serves
both: `already_collected`, `ask_keeper` and `door_in_use` answer keeper and villager alike, and
`check_in_undone` is both what the keeper hears and why a code died.
"""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    # -- to the keeper: signing in and checking in
    "signed_in": Sentence(
        "已登录。今天辛苦了。",
        "You are signed in.",
    ),
    "signed_out": Sentence(
        "已退出。下次请用 PIN 码登录。",
        "You are signed out. Use your PIN next time.",
    ),
    "count_signed": Sentence(
        "清点完成。谢谢！",
        "The count is signed. Thank you.",
    ),
    "cells_in_doubt": Sentence(
        "还有柜门要看。请先看过每个要查看的格口，再点“清点完成”。",
        "Some cells still need a look. Look into each of them first, then sign the count.",
    ),
    "check_in_on": Sentence(
        "开始入库。请扫快递单号。",
        "Check-in is on. Scan a waybill.",
    ),
    "check_in_off": Sentence(
        "已停止入库。",
        "Check-in is off.",
    ),
    "scan_not_expected": Sentence(
        "这是快递单号，现在不在入库。请先点“开始入库”。",
        "This is a waybill, but check-in is off. Turn check-in on first.",
    ),
    "put_in": Sentence(
        "正在开〔 {cell} 号〕门。门开后放好包裹，关上门。",
        "Opening the door〔 of cell {cell}〕. Put the parcel in, then shut the door.",
    ),
    "already_in": Sentence(
        "这件已经入过库了〔，在 {place}〕。不用再扫。",
        "This parcel is already checked in〔: {place}〕. No need to scan it again.",
    ),
    "already_collected": Sentence(
        "这件已经取走了〔，时间 {time}〕。如果不是您取的，请告诉店主。",
        "This parcel was already collected〔 at {time}〕. If that was not you, tell the keeper.",
    ),
    "shut_door_first": Sentence(
        "请先关好〔 {cell} 号〕柜门，再扫下一件。",
        "First shut door〔 {cell}〕, then scan the next parcel.",
    ),
    "did_it_open": Sentence(
        "没看到〔 {cell} 号〕门打开。门开了吗？没开就点“门没开”。",
        "We did not see door〔 {cell}〕 open. Did it? If not, press “It did not open”.",
    ),
    "look_inside_first": Sentence(
        "〔{cell} 号柜〕里面有没有东西，还不清楚。请先打开看一看。",
        "Nobody knows what is inside〔 cell {cell}〕. Open it and look first.",
    ),
    "no_free_cell": Sentence(
        "柜子满了。请先放在柜台，等有人取件再入柜。",
        "The locker is full. Keep this parcel at the counter until a cell is free.",
    ),
    "on_battery": Sentence(
        "停电了，先不收件；取件照常。来电后再入库。",
        "The power is out: no check-in until it is back. Pickup goes on.",
    ),
    "journal_doubted": Sentence(
        "本站的记录比县里的旧，先不收件。请打县里电话。",
        "The records here are older than the county's: no check-in until the county has helped.",
    ),
    "check_in_waits": Sentence(
        "站点刚才连续断电重启，柜门先不开。过五分钟再入库。",
        "The power failed several times running, so doors rest. Check in again in five minutes.",
    ),
    "tail_noted": Sentence(
        "手机尾号记好了。",
        "Phone digits saved.",
    ),
    "slip_queued": Sentence(
        "小票马上打印。",
        "The slip is being printed.",
    ),
    # -- at a door
    "door_open": Sentence(
        "正在开〔 {cell} 号〕门。用完请关好柜门。",
        "Opening the door〔 of cell {cell}〕. Shut it when you are done.",
    ),
    "door_left_open": Sentence(
        "柜门还开着。请关好柜门。",
        "The door is still open. Please shut it.",
    ),
    "open_again": Sentence(
        "再开一次〔 {cell} 号〕门。忘拿的请拿走，拿错的请放回，关好柜门。",
        "Opening the door〔 of cell {cell}〕 again. Take what you forgot, or put it back; shut it.",
    ),
    "take_it_out": Sentence(
        "正在开〔 {cell} 号〕门。门开后把包裹拿出来，关好柜门。",
        "Opening the door〔 of cell {cell}〕. Take the parcel out, then shut the door.",
    ),
    "check_in_undone": Sentence(
        "入库已撤销，取件码作废。",
        "Check-in undone. The pickup code no longer works.",
    ),
    "cell_freed": Sentence(
        "〔{cell} 号柜〕空了，可以再用。",
        "Cell 〔{cell} 〕is empty and back in use.",
    ),
    "cell_holds": Sentence(
        "已记下：包裹在〔 {cell} 号〕柜里。凭最新的小票可以取，没有小票由店主交。",
        "Noted: the parcel is in cell〔 {cell}〕. Its newest slip works; without one, hand it out.",
    ),
    "pickup_noted": Sentence(
        "已记下：包裹取走了。〔{cell} 号〕柜门要检修。",
        "Noted: the parcel is out. Door〔 {cell}〕 needs a repairer.",
    ),
    "ask_keeper": Sentence(
        "这件要请店主帮忙。请到柜台找店主。",
        "The keeper has to help with this parcel. Please go to the counter.",
    ),
    "too_late": Sentence(
        "时间过了，不能再开这个门。请找店主帮忙。",
        "It is too late to open this door again. Please ask the keeper.",
    ),
    # -- the person may not do this, or not now
    "check_digit": Sentence(
        "这个单号的最后一位校验码不对，多半输错了一位。",
        "The check digit of this number is wrong: most likely one digit was mistyped.",
    ),
    "not_signed_in": Sentence(
        "请先登录。",
        "Please sign in first.",
    ),
    "parcel_not_here": Sentence(
        "这里没有这件包裹。请核对单号。",
        "This parcel is not here. Check the number.",
    ),
    "parcel_elsewhere": Sentence(
        "这件包裹不在这个柜里。请核对柜号。",
        "This parcel is not in that cell. Check the cell number.",
    ),
    "unknown_cell": Sentence(
        "没有这个柜号。请核对。",
        "There is no such cell. Check the number.",
    ),
    "door_in_use": Sentence(
        "这个柜门正在用。请等门关好，再试一次。",
        "This door is in use. Wait until it is shut, then try again.",
    ),
    "door_not_shut": Sentence(
        "〔{cell} 号〕柜门没关好。请先关门。",
        "Door 〔{cell} 〕is not shut. Shut it first.",
    ),
    "pickup_under_way": Sentence(
        "正有人在取这件包裹。请等一等再试。",
        "Somebody is collecting this parcel right now. Wait a moment, then try again.",
    ),
    "wrong_phone_tail": Sentence(
        "手机尾号要四位数字。请再输一次。",
        "Type the last four digits of the phone number.",
    ),
    "phone_tail_missing": Sentence(
        "这件还没有手机尾号。请先补上。",
        "This parcel has no phone digits yet. Add them first.",
    ),
    "reason_missing": Sentence(
        "请写明为什么开门。",
        "Say why you open this door.",
    ),
    "nothing_to_retry": Sentence(
        "这个门不能再开了。请找店主帮忙。",
        "This door cannot be opened again. Please ask the keeper.",
    ),
    "try_again": Sentence(
        "这次没成。请再试一次。",
        "That did not work. Please try again.",
    ),
    # -- why a pickup was refused
    "wrong_code": Sentence(
        "手机尾号或取件码不对。〔还能再试 {tries_left} 次。〕请看着小票再输。",
        "Phone digits or code are wrong. 〔{tries_left} tries left. 〕Look at the slip, try again.",
    ),
    "unknown_token": Sentence(
        "这张二维码这里用不了。请核对小票，或找店主帮忙。",
        "This QR code does not work here. Check your slip, or ask the keeper.",
    ),
    "locked_out": Sentence(
        "输错太多次，今天不能再输。二维码还能用，请扫小票，或找店主帮忙。",
        "Too many wrong codes today. The QR code still works: scan your slip, or ask the keeper.",
    ),
    "station_locked_out": Sentence(
        "现在先不能输码。二维码还能用，请扫小票，或找店主帮忙。",
        "Typing codes is paused. The QR code still works: scan your slip, or ask the keeper.",
    ),
    "revoked": Sentence(
        "这张小票已经换过新的了。请用新小票，或找店主帮忙。",
        "This slip was replaced by a new one. Use the new slip, or ask the keeper.",
    ),
    "door_unseen": Sentence(
        "这个柜门暂时看不到开关。请找店主帮忙。",
        "The sensor of this door does not answer. Please ask the keeper.",
    ),
    "battery_low": Sentence(
        "电快没了，柜门先不开。请来电后再来，或找店主。",
        "The battery is nearly empty, so no door opens now. Come back later, or ask the keeper.",
    ),
    "just_restarted": Sentence(
        "站点刚才连续断电重启，柜门先不开。请过五分钟再来，或找店主。",
        "The power failed several times running, so doors rest. Come back in five minutes.",
    ),
    "unreadable": Sentence(
        "没认出这个码。请擦平、对正，再扫一次。",
        "This code could not be read. Hold it flat and straight, and scan again.",
    ),
    # -- why a cell needs a look or a repair
    "forced": Sentence(
        "没有人开锁，门却开了。请查看。",
        "The door opened although nobody unlocked it. Have a look.",
    ),
    "wrong_door_opened": Sentence(
        "开的是别的门。请查看，叫人检修。",
        "Another door opened than the one asked for. Have a look, call a repairer.",
    ),
    "check_in_interrupted": Sentence(
        "入库中断了。请看看里面有没有包裹。",
        "Check-in was interrupted. Look whether the parcel is inside.",
    ),
    "check_in_cancelled": Sentence(
        "入库取消了。请看看里面有没有包裹。",
        "Check-in was cancelled. Look whether the parcel is inside.",
    ),
    "pickup_interrupted": Sentence(
        "取件中断了。请看看包裹还在不在。",
        "A pickup was interrupted. Look whether the parcel is still inside.",
    ),
    "put_back": Sentence(
        "取走后门又开过一次，可能放回了东西。请打开看一看。",
        "Opened again after a pickup; something may be back inside. Open it and look.",
    ),
    "opened_by_hand": Sentence(
        "店主开过这个门。请说明里面是什么。",
        "A keeper opened this cell. Say what is inside.",
    ),
    "remote_opened": Sentence(
        "县里远程开过这个门。请看看里面是什么。",
        "The county opened this cell. Look what is inside.",
    ),
    "no_sign_twice": Sentence(
        "开了两次都没打开。请叫人检修。",
        "It was told to open twice and did not. Call a repairer.",
    ),
    "opened_unseen": Sentence(
        "门开了，传感器却没看到。请叫人检修。",
        "The door opened and its sensor did not see it. Call a repairer.",
    ),
    "left_open": Sentence(
        "取件后门一直没关。请关好；要是其实关着，请叫人检修。",
        "Never shut after a pickup. Shut it; if it is shut already, call a repairer.",
    ),
    "cut_off_twice": Sentence(
        "连续两次一开这个锁，站点就断电重启。请叫人查电源和锁。",
        "Twice running the power failed as this lock was fired. Have supply and lock checked.",
    ),
    "board_gone": Sentence(
        "锁控板没反应，门没有动。请看电源和线。",
        "The lock board does not answer; the door did not move. Check power and cable.",
    ),
    "board_unsure": Sentence(
        "锁控板没有回话，门可能开了，也可能没开。请看一看。",
        "The lock board did not answer; the door may have opened or not. Have a look.",
    ),
    "board_refused": Sentence(
        "锁控板没有开门。请叫人检修。",
        "The lock board would not open the door. Call a repairer.",
    ),
    "no_sign": Sentence(
        "三秒钟没看到门打开。",
        "No sign of opening within three seconds.",
    ),
    # -- why a pickup code died without being used
    "reprinted": Sentence(
        "补打了新小票，旧码作废。",
        "A new slip was printed; the old code no longer works.",
    ),
    "phone_tail_changed": Sentence(
        "改了手机尾号，旧码作废。",
        "The phone digits changed; the old code no longer works.",
    ),
    "released": Sentence(
        "店主已经交给本人，取件码作废。",
        "The keeper handed the parcel out; the code no longer works.",
    ),
    "missing": Sentence(
        "店主查看时包裹不在柜里，取件码作废。",
        "The keeper looked and the parcel was not there; the code no longer works.",
    ),
    # -- PINs
    "keeper_exists": Sentence(
        "本站已经有店主了。请直接登录。",
        "This station already has a keeper. Please sign in.",
    ),
    "keeper_name_unfit": Sentence(
        "名字用汉字、字母或数字，1 到 20 个，不要空格。",
        "Use 1 to 20 letters or digits for the name, without spaces.",
    ),
    "pin_too_simple": Sentence(
        "PIN 码太简单。请用 6 到 12 位数字，至少三种不同的数字，不要 123456。",
        "This PIN is too simple. Use 6 to 12 digits, three of them different, not 123456.",
    ),
    "pin_locked": Sentence(
        "输错太多次。请等 {minutes} 分钟再试。",
        "Too many wrong PINs. Wait {minutes} minutes, then try again.",
    ),
    "pin_wrong": Sentence(
        "名字或 PIN 码不对。请再试一次。",
        "Name or PIN is wrong. Please try again.",
    ),
    "keeper_revoked": Sentence(
        "县里停用了这个名字。请打县里电话。",
        "The county no longer admits this name. Please call the county.",
    ),
    "no_such_voice": Sentence("这里没有这种声音。", "There is no such voice here."),
    "voice_tried": Sentence("以后这样说。", "It speaks like this now."),
    "help_wanted": Sentence("取件屏有人要帮忙。", "Help is wanted at the kiosk."),
    "help_gone": Sentence("不用帮忙了，人走了。", "Nobody waits for help any more."),
    "notice_gone": Sentence(
        "这条通知已经换了，请再看一遍。", "This notice has changed, read it again."
    ),
    # -- the page itself was refused (edge.guard)
    "bad_request": Sentence(
        "填得不对。请看看再试一次。",
        "Something in the form is not right. Check it and try again.",
    ),
    "not_found": Sentence(
        "没有这个页面。请回到首页。",
        "There is no such page. Go back to the start.",
    ),
    "wrong_method": Sentence(
        "这个地址不能这样用。请回到首页。",
        "This address cannot be used like that. Go back to the start.",
    ),
    "not_local": Sentence(
        "这个页面只能在本机上打开。", "This page opens only at the machine itself."
    ),
    "bad_host": Sentence(
        "这个网址不是本站的。请用店里的网址。",
        "This address is not ours. Use the address of the station.",
    ),
    "bad_origin": Sentence(
        "这个页面不是本站的。请从首页进入。",
        "This page is not ours. Start from the first page.",
    ),
    "bad_token": Sentence(
        "页面过期了。请刷新再试。",
        "The page is out of date. Load it again.",
    ),
    "bad_length": Sentence(
        "发来的内容不完整。请再试一次。",
        "What was sent has no proper length. Try again.",
    ),
    "too_large": Sentence(
        "内容太长。请写短一点。",
        "This is too long. Make it shorter.",
    ),
    "too_slow": Sentence(
        "等太久了。请再试一次。",
        "That took too long. Try again.",
    ),
    "too_many": Sentence(
        "点得太快了。请等一下再点。",
        "Too fast. Wait a moment, then try again.",
    ),
    "our_fault": Sentence(
        "出错了，是我们的问题。请再试一次，还不行就找店主。",
        "Something went wrong on our side. Try again, or ask the keeper.",
    ),
    "store_failed": Sentence(
        "存不下来，什么都没有改变。请店主联系维修。",
        "Nothing could be stored and nothing has changed. The keeper should call for repair.",
    ),
}
