"""我的包裹: the page that an addressee opens by a link, and what the county reads of its codes."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "county.fact.pickup.code_sealed": Sentence(
        "取件码已密封，只有县中心能开", "Pickup code sealed for the county alone"
    ),
    # -- M1 我的包裹
    "mobile.title": Sentence("我的包裹", "My parcels"),
    "mobile.none": Sentence("现在没有您的包裹。", "No parcel for you now."),
    "mobile.state.on_its_way": Sentence("在路上", "On its way"),
    "mobile.state.received": Sentence("到站，正在入库", "Arrived, being put away"),
    "mobile.state.to_ask": Sentence(
        "到站，等您同意，请打给店主", "Arrived; the keeper waits for your word"
    ),
    "mobile.state.ready": Sentence("可以取了", "Ready to collect"),
    "mobile.state.going_back": Sentence("快要退回，请快来取", "Goes back soon, please come"),
    "mobile.state.ask_keeper": Sentence("请找店主", "Please ask the keeper"),
    "mobile.state.picked_up": Sentence(
        "已取走 {month}月{day}日 {clock}", "Collected {month}-{day} {clock}"
    ),
    "mobile.state.by_proxy": Sentence(
        "已由代取人取走 {month}月{day}日 {clock}",
        "Collected by your proxy {month}-{day} {clock}",
    ),
    "mobile.state.returned": Sentence(
        "已退回 {month}月{day}日 {clock}", "Sent back {month}-{day} {clock}"
    ),
    "mobile.place.cell": Sentence("{cell} 号柜", "Cell {cell}"),
    "mobile.place.slot": Sentence("货架 {slot}", "Shelf {slot}"),
    "mobile.keep": Sentence("保管至 {month}月{day}日", "Kept until {month}-{day}"),
    "mobile.as_of": Sentence("{month}月{day}日 {clock} 的情况", "As of {month}-{day} {clock}"),
    "mobile.again": Sentence("看看有没有新的", "Look again"),
    "mobile.bigger": Sentence("大字", "Bigger print"),
    "mobile.smaller": Sentence("小字", "Smaller print"),
    "mobile.yours": Sentence(
        "这个网址只给您一个人，别转给外人。", "This address is yours alone: do not pass it on."
    ),
    # -- M8 站点, M9 投诉
    "mobile.hours": Sentence("营业 {hours}", "Open {hours}"),
    "mobile.call": Sentence("打给店主 {phone}", "Call the keeper {phone}"),
    "mobile.van": Sentence("送货班车", "The van"),
    "mobile.van.today": Sentence("计划今天 {clock} 到", "Planned for today {clock}"),
    "mobile.van.tomorrow": Sentence("计划明天 {clock} 到", "Planned for tomorrow {clock}"),
    "mobile.van.on_day": Sentence(
        "计划 {month}月{day}日 {clock} 到", "Planned for {month}-{day} {clock}"
    ),
    # A station without network may have the van there: so it says what is known.
    "mobile.van.late": Sentence(
        "计划今天 {clock} 到，还没到（没有到站消息）",
        "Planned for today {clock}, no word yet that it is here",
    ),
    "mobile.van.late_on_day": Sentence(
        "计划 {month}月{day}日 {clock} 到，还没到（没有到站消息）",
        "Planned for {month}-{day} {clock}, no word yet that it is here",
    ),
    "mobile.van.came": Sentence("今天 {clock} 已到", "Came today {clock}"),
    "mobile.board": Sentence("今天的通知", "Today's notices"),
    "mobile.board.read": Sentence("点开看", "Read"),
    "mobile.board.until": Sentence("到 {month}月{day}日为止", "Until {month}-{day}"),
    "mobile.board.more": Sentence(
        "另有 {count} 条通知没列出，请问县中心。", "{count} more notices: ask the county."
    ),
    "mobile.complain": Sentence("投诉求助 打县中心 {phone}", "Complaints: call the county {phone}"),
    "mobile.help": Sentence("投诉帮助", "Help and complaints"),
    "mobile.help.what": Sentence("什么事", "What it is about"),
    "mobile.help.kind.missing": Sentence("没收到", "Not received"),
    "mobile.help.kind.damaged": Sentence("损坏", "Damaged"),
    "mobile.help.kind.service": Sentence("服务", "Service"),
    "mobile.help.kind.other": Sentence("其他", "Other"),
    "mobile.help.which": Sentence("哪一件", "Which parcel"),
    "mobile.help.none": Sentence("不是某一件", "None"),
    "mobile.help.say": Sentence(
        "请写下来，最多 {most} 字", "Write it down, {most} letters at most"
    ),
    "mobile.help.send": Sentence("交给县中心", "Send it to the county"),
    "mobile.help.receipt": Sentence("回执号 {number}", "Receipt {number}"),
    "mobile.help.received": Sentence("已收到", "Received"),
    "mobile.help.answered": Sentence("已答复", "Answered"),
    "mobile.help.at": Sentence("{month}月{day}日 {clock} 写的", "Written {month}-{day} {clock}"),
    "mobile.help.answer": Sentence(
        "{month}月{day}日 {clock} 县中心答复", "The county answered {month}-{day} {clock}"
    ),
    "mobile.help.again": Sentence("看看有没有答复", "Look for an answer"),
    "mobile.help.no_kind": Sentence("请先选是什么事。", "Choose what it is about first."),
    "mobile.help.empty": Sentence(
        "还没写。请写下是什么事。", "Nothing is written: say what it is."
    ),
    "mobile.help.too_long": Sentence(
        "写得太长了，最多 300 字。请写短一点。", "Too long: 300 letters at most. Make it shorter."
    ),
    "mobile.help.not_yours": Sentence(
        "这件不在您的包裹里。请从单子里选。", "Not one of your parcels: choose from the list."
    ),
    "mobile.help.too_many": Sentence(
        "您有 5 件还没答复。请等答复，急事请打电话。",
        "Five wait for an answer. Wait for it, or call if it is urgent.",
    ),
    # -- M2 取件码
    "mobile.code": Sentence("取件码", "Pickup code"),
    "mobile.code_is": Sentence("取件码 {digits}", "Pickup code {digits}"),
    "mobile.how": Sentence(
        "在取件屏前扫这个码，或输手机后四位和这八位数。",
        "Hold it before the scanner, or type the end of your phone number and these digits.",
    ),
    "mobile.how_slot": Sentence(
        "在取件屏前扫这个码，店主拿给您。", "Hold it before the scanner: the keeper brings it."
    ),
    "mobile.save": Sentence("存到手机", "Save the picture"),
    "mobile.no_signal": Sentence(
        "没信号也能用。微信里请长按图片保存。",
        "It works without signal. In WeChat press the picture long to save it.",
    ),
    "mobile.on_slip": Sentence(
        "取件码在小票上，没有小票请找店主。", "The code is on your slip; the keeper can print one."
    ),
    # -- M3 代取授权
    "mobile.pass": Sentence("代取授权", "Send somebody"),
    "mobile.pass.send": Sentence("让别人代取", "Send somebody for it"),
    "mobile.pass.rules": Sentence(
        "一件一个码，只限今天，只用一次。要付钱、要签收或贵重的件，要店主点头。",
        "One code a parcel, today only, once. What is to be paid, signed for or is valuable waits "
        "for the keeper's word.",
    ),
    "mobile.pass.none": Sentence("现在没有能让人代取的包裹。", "No parcel waits for a proxy."),
    "mobile.pass.make": Sentence("开代取授权，今天有效", "Make a code for today"),
    "mobile.pass.made": Sentence("代取授权开好了", "The code is made"),
    "mobile.pass.until": Sentence(
        "{month}月{day}日 {clock} 前有效，只用一次", "Good until {month}-{day} {clock}, once"
    ),
    "mobile.pass.forward": Sentence("转给代取人的话", "What to send on"),
    "mobile.pass.share": Sentence(
        "请帮我到{station}取一件包裹，{month}月{day}日 {clock} 前有效，只用一次。"
        "打开网址，在取件屏前扫码：{link}",
        "Please collect a parcel for me at {station}, good until {month}-{day} {clock}, once. "
        "Open this and hold it before the scanner: {link}",
    ),
    "mobile.pass.copy": Sentence(
        "长按上面的字，全选，复制，发给代取人。谁拿到这个网址都能取，别发到群里。",
        "Press the words long and copy them. Whoever has this address can collect: no groups.",
    ),
    "mobile.pass.revoke": Sentence("收回这个授权", "Take it back"),
    "mobile.pass.ended": Sentence(
        "{clock} 收回：已撤销，驿站已收到", "Taken back {clock}: the station knows"
    ),
    "mobile.pass.ended_untold": Sentence(
        "{clock} 收回：已撤销，驿站联网后生效。要紧请打给店主。",
        "Taken back {clock}: it counts once the station is online. If it matters, call the keeper.",
    ),
    "mobile.pass.back": Sentence("回到我的包裹", "Back to my parcels"),
    "mobile.pass.not_now": Sentence(
        "这件现在不能开代取授权。请看它的情况。", "Not for this parcel now: see how it stands."
    ),
    "mobile.pass.too_many": Sentence(
        "今天开得太多了。请明天再开，或打给店主。",
        "Too many today. Try tomorrow, or call the keeper.",
    ),
    "mobile.pass.gone": Sentence("这个授权已经过期。", "This code is over already."),
    "mobile.pass.how": Sentence(
        "在驿站的取件屏前扫这个码，按屏上的话做。",
        "Hold it before the scanner at the station and do as the screen says.",
    ),
    "mobile.pass.is": Sentence("代取授权二维码", "QR code of the proxy"),
    "mobile.pass.over.revoked": Sentence(
        "这个授权已被收回。请问让您来的人。", "Taken back. Ask who sent you."
    ),
    "mobile.pass.over.gone": Sentence(
        "包裹已不在柜里，多半已取走。请问让您来的人。",
        "The parcel waits no longer: collected, most likely. Ask who sent you.",
    ),
    "mobile.pass.over.day": Sentence(
        "过了当天，不能用了。请让您来的人再开一个。",
        "Its day is over. Ask who sent you for another.",
    ),
    # -- what has no page
    "mobile.nobody": Sentence(
        "这个网址打不开包裹。请看短信里的网址，或找店主。",
        "No parcels at this address. Look into your message, or ask the keeper.",
    ),
    "mobile.too_big": Sentence(
        "写得太长了，没有收下。请写短一点再交。", "Too long, not taken. Make it shorter."
    ),
    "mobile.too_many": Sentence("太快了，请过一分钟再看。", "Too fast. Look again in a minute."),
    "mobile.later": Sentence("现在查不了，请过一会儿再看。", "Not possible just now. Look later."),
}
