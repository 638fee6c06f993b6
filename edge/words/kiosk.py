"""The kiosk: what a villager reads. Short, large, and always with the next thing to do."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "kiosk.title": Sentence("村驿取件", "Village post: collect a parcel"),
    # -- every page
    "kiosk.link.up": Sentence("网络正常", "Online"),
    "kiosk.link.down": Sentence("断网，可取件", "Offline, pickup works"),
    "kiosk.waiting": Sentence("待取", "Waiting"),
    "kiosk.arrived": Sentence("今日到件", "Arrived today"),
    "kiosk.display": Sentence("大字·声音", "Print, sound"),
    "kiosk.display.print": Sentence("字", "Print"),
    "kiosk.display.language": Sentence("语言", "Language"),
    "kiosk.display.dialect": Sentence("说话", "Speech"),
    "kiosk.display.loudness": Sentence("声音", "Sound"),
    "kiosk.dialect.mandarin": Sentence("普通话", "Mandarin"),
    "kiosk.dialect.gan": Sentence("赣语", "Gan"),
    "kiosk.dialect.hakka": Sentence("客家话", "Hakka"),
    "kiosk.loudness.soft": Sentence("小", "Soft"),
    "kiosk.loudness.usual": Sentence("平常", "Usual"),
    "kiosk.loudness.loud": Sentence("大", "Loud"),
    "kiosk.print.normal": Sentence("普通字", "Normal"),
    "kiosk.print.big": Sentence("大字", "Big"),
    "kiosk.print.huge": Sentence("特大字", "Largest"),
    "kiosk.language": Sentence("English", "中文"),
    "kiosk.help": Sentence("请店主帮忙", "Ask the keeper"),
    "kiosk.back": Sentence("返回", "Back"),
    "kiosk.retry": Sentence("再试一次", "Try again"),
    "kiosk.stay": Sentence("还在用", "Still here"),
    "kiosk.leaving": Sentence("秒后回首页", "s until the start page"),
    "kiosk.no_answer": Sentence(
        "这次没连上。请再按一次。",
        "No connection just now. Please press again.",
    ),
    # -- home
    "kiosk.collect": Sentence("取包裹", "Collect"),
    "kiosk.collect.en": Sentence("Collect a parcel", "取包裹"),
    "kiosk.collect.how": Sentence("输入取件码", "Type the code on your slip"),
    "kiosk.scan": Sentence("扫二维码", "Scan"),
    "kiosk.scan.how": Sentence("小票对准扫码口", "Hold your slip under the scanner"),
    "kiosk.scan.broken": Sentence("扫码口坏了", "Scanner is broken"),
    "kiosk.scan.broken.how": Sentence("请输入取件码", "Please type the code"),
    "kiosk.scan.picture": Sentence(
        "图：把小票上的二维码对准扫码口",
        "Picture: hold the QR code of your slip under the scanner",
    ),
    "kiosk.again": Sentence(
        "忘拿了、拿错了？再开 {cell} 号柜",
        "Forgot it? Wrong one? Open {cell} again",
    ),
    # -- typing the code
    "kiosk.type.tail": Sentence("① 收件人手机后四位", "① Last 4 digits of the phone"),
    "kiosk.type.code": Sentence("② 取件码或代取码", "② Code on your slip"),
    "kiosk.type.open": Sentence("开门", "Open"),
    "kiosk.type.clear": Sentence("清空", "Clear"),
    "kiosk.type.delete": Sentence("删一位", "Delete"),
    "kiosk.type.tries": Sentence(
        "尾号或码不对，还能试 {tries_left} 次",
        "Phone or code wrong. Tries left: {tries_left}",
    ),
    "kiosk.type.no_code": Sentence("没有码？", "No code?"),
    "kiosk.type.pad": Sentence("数字键盘", "Number pad"),
    # -- the door; the big cell number stands before the title
    "kiosk.cell": Sentence("", "Cell"),
    "kiosk.opening": Sentence("号柜正在开门", "opening"),
    "kiosk.opening.text": Sentence("请稍等。", "One moment."),
    "kiosk.did_it_open": Sentence("号柜开了吗？", "open?"),
    "kiosk.did_it_open.text": Sentence("没开，请按“门没开”。", "If not, press “Not open”."),
    "kiosk.open": Sentence("号柜门已开", "is open"),
    "kiosk.open.text": Sentence(
        "请取走包裹，关好柜门。",
        "Take your parcel and shut the door.",
    ),
    "kiosk.left_open": Sentence("号柜门还开着", "left open"),
    "kiosk.left_open.text": Sentence("请关好柜门。", "Please shut the door."),
    "kiosk.put_back": Sentence("号柜门已开", "is open"),
    "kiosk.put_back.text": Sentence(
        "忘拿的拿走，拿错的放回，关好柜门。",
        "Take what you forgot or put it back. Shut the door.",
    ),
    "kiosk.thanks": Sentence("号柜门已关", "is shut"),
    "kiosk.thanks.text": Sentence("谢谢，请慢走。", "Thank you, goodbye."),
    "kiosk.ask_keeper": Sentence("号柜打不开", "is stuck"),
    "kiosk.ask_keeper.text": Sentence("请找店主帮忙。", "Please ask the keeper."),
    "kiosk.home": Sentence("号柜", ""),
    "kiosk.home.text": Sentence("忘拿了、拿错了？可以再开一次。", "The door can be opened again."),
    "kiosk.parcel": Sentence("〔{carrier} · 〕尾号 {tail}", "〔{carrier} · 〕phone ends {tail}"),
    "kiosk.wait_shut": Sentence("等待关门", "Waiting for the door"),
    "kiosk.wait_open": Sentence("正在开门", "Opening"),
    "kiosk.open_again": Sentence(
        "再开一次门（忘拿了/放回）",
        "Open again (forgot it / put it back)",
    ),
    "kiosk.stuck": Sentence("门没开？", "Not open?"),
    "kiosk.stuck.now": Sentence("门没开", "Not open"),
    "kiosk.taken": Sentence("开了，东西已拿到", "It opened, I have it"),
    "kiosk.done": Sentence("完成", "Done"),
    "kiosk.cabinet": Sentence("柜子图：{cell} 号柜亮着", "Cabinet: cell {cell} is lit"),
    # -- cannot collect: one reason
    "kiosk.no.wrong_code": Sentence("尾号或取件码不对", "Phone digits or code are wrong"),
    "kiosk.no.unknown_token": Sentence("这里没有这个码的包裹", "This code is not known here"),
    "kiosk.no.locked_out": Sentence("输错太多次了", "Too many wrong codes"),
    "kiosk.no.station_locked_out": Sentence("输码暂停使用", "Typing codes is paused"),
    "kiosk.no.already_collected": Sentence(
        "这件已经取走了〔，{time}〕",
        "Already collected〔 at {time}〕",
    ),
    "kiosk.no.revoked": Sentence("这张小票已经作废", "This slip was replaced"),
    "kiosk.no.ask_keeper": Sentence("这件要店主帮您取", "The keeper has this parcel for you"),
    "kiosk.no.door_in_use": Sentence("这个柜门正在用", "This door is in use"),
    "kiosk.no.door_unseen": Sentence("柜门暂时有故障", "This door has a fault"),
    "kiosk.no.battery_low": Sentence("电快没了，柜门先不开", "The battery is nearly empty"),
    "kiosk.no.just_restarted": Sentence("刚才连续断电，柜门先不开", "The power failed, doors rest"),
    "kiosk.no.pay_first": Sentence("待付款 ¥{yuan}", "¥{yuan} to pay"),
    "kiosk.no.sign_first": Sentence("请找店主签收", "Sign for it at the counter"),
    "kiosk.next.pay_first": Sentence(
        "请到柜台付给店主，店主开门给您。", "Pay the keeper, who opens the door for you."
    ),
    "kiosk.next.sign_first": Sentence(
        "请带身份证到柜台，店主开门给您。", "Bring your ID to the counter; the keeper opens it."
    ),
    "kiosk.calls": Sentence("请找店主拿", "Ask the keeper for"),
    "kiosk.calls.text": Sentence(
        "店主已经看到了。还有小票，接着扫。", "The keeper knows. More slips? Go on scanning."
    ),
    "kiosk.no.unreadable": Sentence("没认出这个码", "The code could not be read"),
    "kiosk.no.scan_not_expected": Sentence(
        "这是快递单，不是取件码", "A waybill, not a pickup code"
    ),
    # -- and one next step
    "kiosk.next": Sentence("请找店主帮忙。", "Please ask the keeper."),
    "kiosk.next.wrong_code": Sentence(
        "先核对手机尾号，再看着小票输一次。",
        "Check the phone digits, then type the code on your slip again.",
    ),
    "kiosk.next.unknown_token": Sentence(
        "请看看是不是本站的小票，或者找店主。",
        "Check that the slip is from this station, or ask the keeper.",
    ),
    "kiosk.next.no_scanner": Sentence(
        "扫码口坏了，请找店主帮忙。",
        "The scanner is broken. Please ask the keeper.",
    ),
    "kiosk.next.locked_out": Sentence(
        "二维码还能用，请扫小票，或者找店主。",
        "The QR code still works: scan your slip, or ask the keeper.",
    ),
    "kiosk.next.station_locked_out": Sentence(
        "二维码还能用，请扫小票，或者找店主。",
        "The QR code still works: scan your slip, or ask the keeper.",
    ),
    "kiosk.next.already_collected": Sentence(
        "不是您取的？请告诉店主。",
        "Was it not you? Tell the keeper.",
    ),
    "kiosk.next.revoked": Sentence(
        "请用最新的小票，或者找店主。",
        "Use the newest slip, or ask the keeper.",
    ),
    "kiosk.next.door_in_use": Sentence(
        "等门关好，再试一次。",
        "Wait until it is shut, then try again.",
    ),
    "kiosk.next.battery_low": Sentence(
        "请来电后再来，码还能用。急用请找店主。",
        "Come back when the power is on; your code stays good. In a hurry, ask the keeper.",
    ),
    "kiosk.next.just_restarted": Sentence(
        "为了安全，请过五分钟再来，码还能用。急用请找店主。",
        "To be safe, come back in five minutes; your code stays good. In a hurry, ask the keeper.",
    ),
    "kiosk.next.unreadable": Sentence(
        "把小票擦平、对正，再扫一次。",
        "Hold the slip flat and straight, and scan again.",
    ),
    "kiosk.next.scan_not_expected": Sentence(
        "请扫小票上的二维码。",
        "Scan the QR code on your slip.",
    ),
    # -- help
    "kiosk.help.called": Sentence("已叫店主，请等一下", "The keeper is called"),
    "kiosk.help.seen": Sentence("店主已看到，马上来", "The keeper has seen it"),
    "kiosk.help.waits": Sentence("已等 {minutes} 分钟", "Waiting for {minutes} min"),
    "kiosk.help.waits.new": Sentence("刚叫的", "Called just now"),
    "kiosk.help.back": Sentence("不用了", "Never mind"),
    "kiosk.help.phone": Sentence("店主不在？打县里电话", "Nobody there? Call the county"),
    "kiosk.help.title": Sentence("请到柜台找店主", "Go to the counter"),
    "kiosk.help.text": Sentence(
        "没有小票、没有手机、看不清字，都没关系。带上身份证，店主帮您取。",
        "No slip, no phone, hard to read? Bring your ID card; the keeper will hand it out.",
    ),
}
