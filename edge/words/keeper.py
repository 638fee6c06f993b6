"""The counter: what a keeper reads. Short, because the hands are full."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "keeper.title": Sentence("村驿 · 店主", "Village post: keeper"),
    # -- every page
    "keeper.no_answer": Sentence("没连上，请再试一次。", "No connection, please try again."),
    "keeper.language": Sentence("English", "中文"),
    "keeper.big": Sentence("大字", "Big print"),
    "keeper.normal": Sentence("普通字", "Normal print"),
    "keeper.sign_out": Sentence("退出", "Sign out"),
    "keeper.cancel": Sentence("取消", "Cancel"),
    "keeper.yes": Sentence("确定", "OK"),
    "keeper.today_at": Sentence("{time}", "{time}"),
    "keeper.pad": Sentence("数字键盘", "Number pad"),
    "keeper.pad.clear": Sentence("清空", "Clear"),
    "keeper.pad.delete": Sentence("删一位", "Delete"),
    "keeper.menu": Sentence("页面", "Pages"),
    # -- signing in
    "keeper.first.title": Sentence("第一次使用：设置店主", "First start: set up the keeper"),
    "keeper.first.text": Sentence(
        "起个名字，设一个 PIN 码：6 到 12 位数字，至少三种不同的数字，不要 123456。请记牢。",
        "Choose a name and a PIN: 6 to 12 digits, three of them different, not 123456.",
    ),
    "keeper.first.again": Sentence("再输一次 PIN 码", "The same PIN again"),
    "keeper.first.differs": Sentence(
        "两次输的 PIN 码不一样，请重新输。",
        "The two PINs differ. Please type them again.",
    ),
    "keeper.first.go": Sentence("设好，开始用", "Set and begin"),
    "keeper.sign_in.title": Sentence("店主登录", "Keeper sign-in"),
    "keeper.sign_in.go": Sentence("登录", "Sign in"),
    "keeper.name": Sentence("名字", "Name"),
    "keeper.name.usual": Sentence("店主", "店主"),
    "keeper.pin": Sentence("PIN 码", "PIN"),
    "keeper.to_kiosk": Sentence("取件屏", "Kiosk"),
    # -- pages
    "keeper.page.today": Sentence("今日", "Today"),
    "keeper.page.check_in": Sentence("入库", "Check-in"),
    "keeper.page.parcels": Sentence("出库", "Hand out"),
    "keeper.page.cells": Sentence("柜格", "Cells"),
    "keeper.page.devices": Sentence("设备", "Devices"),
    "keeper.page.contact": Sentence("待联系", "To contact"),
    "keeper.page.more": Sentence("更多", "More"),
    "keeper.menu.waits": Sentence("要处理", "to see to"),
    "keeper.menu.contact": Sentence("问过才能入柜", "Ask before a cell is used"),
    "keeper.menu.returns": Sentence("滞留件、退件袋", "Overdue, the return bag"),
    "keeper.menu.exceptions": Sentence("破损、拒收、找不到", "Damaged, refused, missing"),
    "keeper.menu.handover": Sentence("车到了，点袋子", "Count the van's bags"),
    "keeper.menu.van": Sentence("车在门口，接着点", "The van is here: go on"),
    "keeper.menu.cells": Sentence("柜子里有什么，开门", "What lies where, open a door"),
    "keeper.menu.devices": Sentence("设备好不好，县里通知", "Hardware, county notices"),
    # -- today
    "keeper.count.arrived": Sentence("今日到件", "Arrived today"),
    "keeper.count.waiting": Sentence("待取", "Waiting"),
    "keeper.count.collected": Sentence("今日取走", "Collected today"),
    "keeper.count.free": Sentence("空格", "Free cells"),
    "keeper.count.no_tail": Sentence("缺尾号", "No phone digits"),
    "keeper.count.to_look": Sentence("要查看", "To look at"),
    "keeper.today.quiet": Sentence("都好，没有要处理的。", "All well, nothing to see to."),
    "keeper.today.go": Sentence("开始入库", "Begin check-in"),
    "keeper.today.on": Sentence("入库中，接着收件", "Check-in is on"),
    "keeper.today.van": Sentence("下一班车", "Next van"),
    "keeper.today.todo": Sentence("要处理", "To see to"),
    # -- link and devices
    "keeper.link.up": Sentence("网络正常", "Online"),
    "keeper.link.sending": Sentence("网络正常，正在上传 {waiting} 条", "Online, sending {waiting}"),
    "keeper.link.down": Sentence(
        "断网，〔已存 {waiting} 条，〕照常用", "Offline〔, {waiting} kept here〕"
    ),
    "keeper.link.not_enrolled": Sentence(
        "未登记到县中心，照常用", "Not enrolled at a county; all works here"
    ),
    "keeper.link.unknown_station": Sentence(
        "县中心不认识本站，照常用", "Unknown to the county; all works here"
    ),
    "keeper.link.refused": Sentence(
        "县中心不收，〔已存 {waiting} 条，〕请打县里电话",
        "The county refuses〔, {waiting} kept here〕; call the county",
    ),
    "keeper.device.lock-board": Sentence("锁控板", "Lock board"),
    "keeper.device.scanner": Sentence("扫码枪", "Scanner"),
    "keeper.device.printer": Sentence("打印机", "Printer"),
    "keeper.device.label-printer": Sentence("标签打印机", "Label printer"),
    "keeper.device.scale": Sentence("秤", "Scale"),
    "keeper.device.card-reader": Sentence("身份证读卡器", "ID card reader"),
    "keeper.device.voice": Sentence("喇叭", "Loudspeaker"),
    "keeper.device.signals": Sentence("灯和蜂鸣", "Lamps, buzzer"),
    "keeper.weight": Sentence("{weight} kg", "{weight} kg"),
    "keeper.weight.net": Sentence("净重 {weight} kg", "Net {weight} kg"),
    "keeper.device_ok": Sentence("正常", "OK"),
    "keeper.device_gone": Sentence("没反应。请看电源和线。", "No answer. Check power and cable."),
    "keeper.device.silent": Sentence(
        "没反应。请看电源和线，还不行请打县里电话。",
        "No answer. Check power and cable; if that does not help, call the county.",
    ),
    "keeper.slip.paper_out": Sentence(
        "没纸，小票排队，换纸后自己打。", "Out of paper: the slip waits for a new roll."
    ),
    "keeper.slip.waits": Sentence(
        "打印机打不了，小票排队，好了自己打。", "The printer is stuck: the slip waits for it."
    ),
    "keeper.prints_waiting": Sentence("{waiting} 张小票排队", "{waiting} slips wait"),
    "keeper.devices.link": Sentence("县中心", "County"),
    # -- doors that want somebody
    "keeper.alert.silent": Sentence("{cell} 号门没打开。", "Door {cell} did not open."),
    "keeper.alert.taken": Sentence("开了，包裹已取走", "It opened, the parcel is out"),
    "keeper.alert.forced": Sentence(
        "{cell} 号门没人开锁却开了，请查看。",
        "Door {cell} opened although nobody unlocked it. Have a look.",
    ),
    "keeper.alert.wrong_codes": Sentence(
        "取件机上一小时内输错 {count} 次取件码，最近 {time}。请去看看，是本人就核对后在这里交付",
        "{count} wrong pickup codes at the kiosk within an hour, the latest at {time}. See who it "
        "is; hand out here after a check",
    ),
    "keeper.alert.left_open": Sentence("{cell} 号门还开着，请关好。", "Door {cell} is still open."),
    "keeper.help": Sentence(
        "取件屏有人要帮忙：{page} · {time}", "Help wanted at the kiosk: {page} · {time}"
    ),
    "keeper.help.go": Sentence("我来了", "I come"),
    "keeper.help.home": Sentence("在首页", "start page"),
    "keeper.help.type": Sentence("在输取件码", "typing a code"),
    "keeper.help.track": Sentence("在查件", "looking up a parcel"),
    "keeper.help.tracked": Sentence("在看查件结果", "looking at a parcel's way"),
    "keeper.help.no": Sentence("取不了件", "cannot collect"),
    "keeper.help.door": Sentence("在柜门前", "at an open door"),
    "keeper.help.called": Sentence("等店主拿件", "waits for a parcel from the shelf"),
    "keeper.help.display": Sentence("在调字和声音", "print and sound"),
    "keeper.help.proxy": Sentence("在代取", "collects for somebody"),
    "keeper.help.rest": Sentence("柜门先不开", "doors rest"),
    # -- check-in: the step's title stands over the huge cell, the text under it
    "keeper.step.off": Sentence("入库已停", "Check-in is off"),
    "keeper.step.off.text": Sentence("按“开始入库”，再扫快递单。", "Begin check-in, then scan."),
    "keeper.step.held": Sentence("停电，先不收件", "Power cut: no check-in"),
    "keeper.step.held.text": Sentence(
        "取件照常。来电后接着收。", "Pickup goes on; check-in when the mains are back."
    ),
    "keeper.step.low": Sentence("电快没了，柜门先不开", "Battery low, doors rest"),
    "keeper.step.low.text": Sentence(
        "来电自己恢复，不用做什么。急用的件用钥匙取。",
        "It recovers by itself with the mains. Urgent parcels by key.",
    ),
    "keeper.step.rests": Sentence("刚才连续断电，柜门先不开", "Power failed, doors rest"),
    "keeper.step.rests.text": Sentence(
        "为了安全，过五分钟再入库，不用做什么。",
        "To be safe, check in again in five minutes; there is nothing to do.",
    ),
    "keeper.step.scan": Sentence("请扫快递单", "Scan a waybill"),
    "keeper.step.scan.text": Sentence(
        "扫一件，放一件。扫不了就手输单号。",
        "One parcel at a time. If it will not scan, type the number.",
    ),
    "keeper.step.no_scanner": Sentence("扫码枪没接上，先手输单号", "No scanner: type the number"),
    "keeper.step.no_scanner.text": Sentence(
        "线插好就能接着扫。", "Check its cable; once it is back, go on scanning."
    ),
    "keeper.step.opening": Sentence("放入", "Put into"),
    "keeper.step.opening.text": Sentence("正在开门…", "Opening…"),
    "keeper.step.did_it_open": Sentence("门开了吗？", "Did it open?"),
    "keeper.step.did_it_open.text": Sentence(
        "没开，按“再开一次”。",
        "If not, press “Open again”.",
    ),
    "keeper.step.will_not_open": Sentence("打不开", "Does not open"),
    "keeper.step.will_not_open.text": Sentence(
        "这格坏了，不再用。再扫一次这件，换一格。",
        "This cell is out of use. Scan the parcel again for another cell.",
    ),
    "keeper.step.put_in": Sentence("放入", "Put into"),
    "keeper.step.put_in.text": Sentence("门已开。放好，关门。", "Open. Put it in, shut the door."),
    "keeper.step.left_open": Sentence("门还开着", "Still open"),
    "keeper.step.left_open.text": Sentence("请放好包裹，关好门。", "Put it in and shut the door."),
    "keeper.step.tail": Sentence("已放好", "Stored in"),
    "keeper.step.tail.text": Sentence("输入手机尾号，打小票。", "Type phone digits for the slip."),
    "keeper.step.look": Sentence("请查看", "Look into"),
    "keeper.step.look.text": Sentence(
        "看不到这个门的开关。请在“柜格”里查看。",
        "This door cannot be seen. Look at it under “Cells”.",
    ),
    "keeper.cell": Sentence("柜", "Cell"),
    "keeper.tail": Sentence("手机尾号", "Phone digits"),
    "keeper.tail.four": Sentence("四位数字，输完自动保存", "Four digits, saved by themselves"),
    "keeper.check_in.on": Sentence("开始入库", "Begin check-in"),
    "keeper.check_in.off": Sentence("停止入库", "End check-in"),
    "keeper.check_in.type": Sentence("手输单号", "Type a number"),
    "keeper.check_in.number": Sentence("快递单号", "Waybill number"),
    "keeper.check_in.type_again": Sentence("重新输入", "Type it again"),
    "keeper.check_in.sure": Sentence("单子上就是这个号", "The label says just this"),
    "keeper.check_in.retry": Sentence("再开一次", "Open again"),
    "keeper.check_in.last": Sentence("最近五件", "Last five"),
    "keeper.check_in.none": Sentence("今天还没有入库。", "Nothing checked in yet."),
    "keeper.undo": Sentence("撤销", "Undo"),
    "keeper.undo.ask": Sentence("撤销这件的入库？", "Undo this check-in?"),
    "keeper.undo.text": Sentence(
        "门会打开，请把包裹拿出来。取件码作废。",
        "The door opens; take the parcel out. Its code stops working.",
    ),
    "keeper.undo.in_hand": Sentence(
        "请把包裹拿出来，关好柜门。取件码作废，这一格之后要查看。",
        "Take the parcel out and shut the door. Its code stops working; then look into the cell.",
    ),
    "keeper.undo.then": Sentence(
        "入库已撤销。请拿出包裹，关好柜门，再到“柜格”查看。",
        "Check-in undone. Take the parcel out, shut the door, then look under “Cells”.",
    ),
    # -- the list
    "keeper.search": Sentence("单号或尾号", "Waybill or phone digits"),
    "keeper.search.none": Sentence("没有找到。", "Nothing found."),
    "keeper.where.ask": Sentence("问县里：这件在哪个站？", "Ask the county where it is"),
    "keeper.where.asking": Sentence("正在问县里…", "Asking the county…"),
    "keeper.where.unknown": Sentence(
        "县里没回答，不知道在哪。等会儿再问。",
        "The county gave no answer: not known. Ask again later.",
    ),
    "keeper.where.nowhere": Sentence(
        "全县各站都没有收过这件。", "No station of this county has ever had it."
    ),
    "keeper.where.line": Sentence("{station}：{stage}，{since}", "{station}: {stage}, {since}"),
    "keeper.notice.read": Sentence("知道了", "Got it"),
    "keeper.notice.title": Sentence("县里的通知", "Notices of the county"),
    "keeper.list.all": Sentence("在站", "Here"),
    "keeper.list.no_tail": Sentence("缺尾号", "No digits"),
    "keeper.list.collected": Sentence("今日取走", "Collected"),
    "keeper.stage.received": Sentence("正在入库", "Being checked in"),
    "keeper.stage.stored": Sentence("待取", "Waiting"),
    "keeper.stage.keeper_assist": Sentence("店主交", "Hand out yourself"),
    "keeper.stage.picked_up": Sentence("已取走", "Collected"),
    "keeper.stage.undone": Sentence("已撤销", "Undone"),
    "keeper.stage.missing": Sentence("找不到", "Missing"),
    "keeper.add_tail": Sentence("补尾号", "Add digits"),
    "keeper.release": Sentence("交给本人", "Hand out"),
    "keeper.release.ask": Sentence("交出这件包裹？", "Hand this parcel out?"),
    "keeper.release.go": Sentence("开门交件", "Open and hand out"),
    "keeper.reprint": Sentence("补打", "Reprint"),
    "keeper.reprint.ask": Sentence("补打小票？", "Print a new slip?"),
    "keeper.reprint.text": Sentence(
        "会出新取件码，旧小票作废。",
        "It carries a new code; older slips stop working.",
    ),
    # -- the map
    "keeper.size.small": Sentence("小格", "small"),
    "keeper.size.medium": Sentence("中格", "medium"),
    "keeper.size.large": Sentence("大格", "large"),
    "keeper.cell.free": Sentence("空", "free"),
    "keeper.cell.reserved": Sentence("放件", "filling"),
    "keeper.cell.held": Sentence("有件", "parcel"),
    "keeper.cell.questioned": Sentence("查看", "look"),
    "keeper.cell.faulted": Sentence("坏", "fault"),
    "keeper.door.unknown": Sentence("门不明", "door not seen"),
    "keeper.door.shut": Sentence("门关", "shut"),
    "keeper.door.asked": Sentence("开门中", "opening"),
    "keeper.door.silent": Sentence("门没动", "did not move"),
    "keeper.door.open": Sentence("门开", "open"),
    "keeper.door.forced": Sentence("被强开", "forced"),
    "keeper.article.inside": Sentence("传感器：里面有东西", "sensor: something inside"),
    "keeper.article.empty": Sentence("传感器：空", "sensor: empty"),
    "keeper.article.look_again": Sentence(
        "传感器：里面有东西。说“空的”以前，请再看一眼。",
        "Sensor: something inside. Look once more before you say that it is empty.",
    ),
    "keeper.cells.choose": Sentence("点一个格子看看。", "Choose a cell."),
    "keeper.count": Sentence(
        "换卡后请清点柜内包裹，核对后点“清点完成”。",
        "Another card took over. Count the parcels in the cells, then sign the count.",
    ),
    "keeper.count.sign": Sentence("清点完成", "Sign the count"),
    "keeper.count.ask": Sentence("都清点过了吗？", "Is everything counted?"),
    "keeper.count.text": Sentence(
        "请打开每个格口看过：里面的包裹和屏幕上的一样，再点“清点完成”。",
        "Look into every cell: what lies inside is what the screen says. Then sign the count.",
    ),
    "keeper.cells.open": Sentence("开门查看", "Open to look"),
    "keeper.cells.why": Sentence("为什么开门？", "Why do you open it?"),
    "keeper.cells.why.look": Sentence("查看里面", "look inside"),
    "keeper.cells.why.clean": Sentence("清洁", "cleaning"),
    "keeper.cells.why.repair": Sentence("修门", "repair"),
    "keeper.cells.look_first": Sentence(
        "先开门看一看，再说是不是空的。",
        "Open it and look before you call it empty.",
    ),
    "keeper.cells.by_key": Sentence(
        "看不到这个门。请用钥匙打开看过，再说里面有什么。",
        "This door cannot be seen. Look inside with the key, then say what is there.",
    ),
    "keeper.cells.repair": Sentence(
        "修好后打开看一看（打不开就用钥匙），再点“里面有什么”，这一格就能再用。",
        "Once repaired, open it to look (else by key) and say what is inside: it is back in use.",
    ),
    "keeper.cells.inside": Sentence("里面有什么？", "What is inside?"),
    "keeper.cells.empty": Sentence("空的", "Empty"),
    "keeper.cells.other": Sentence("别的件（输单号）", "Another (type its number)"),
    "keeper.candidate": Sentence(
        "〔{carrier} 〕{short} 尾号 {tail}",
        "〔{carrier} 〕{short} phone {tail}",
    ),
}
