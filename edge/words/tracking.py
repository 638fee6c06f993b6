"""Where is my parcel: the page that follows a waybill number, at the kiosk."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "kiosk.track": Sentence("查件", "Track"),
    "kiosk.track.title": Sentence("快递单号", "Waybill number"),
    "kiosk.track.how": Sentence("扫快递单，或者输入单号", "Scan the waybill, or type its number"),
    "kiosk.track.go": Sentence("查询", "Look it up"),
    "kiosk.track.letters": Sentence("字母", "Letters"),
    "kiosk.track.asking": Sentence("正在查，请稍等…", "One moment…"),
    "kiosk.track.another": Sentence("再查一件", "Another one"),
    "kiosk.track.steps": Sentence("这件的经过", "Its way so far"),
    "kiosk.track.wrong": Sentence("单号不对，请核对", "No waybill number, please check"),
    # -- what became of it, and what to do
    "track.ready": Sentence("本站可取", "Ready here"),
    "track.ready.next": Sentence(
        "有小票请扫码取。没有小票，请带身份证找店主。",
        "Scan your slip. No slip? Bring your ID card to the keeper.",
    ),
    "track.ask_keeper": Sentence("请找店主取", "Ask the keeper"),
    "track.ask_keeper.next": Sentence("请带身份证到柜台。", "Bring your ID card to the counter."),
    "track.to_contact": Sentence("到站，等您同意", "It is here and waits for your word"),
    "track.to_contact.next": Sentence(
        "店主会联系您。也可以带身份证到柜台取。",
        "The keeper will contact you. Or bring your ID card to the counter.",
    ),
    "track.to_the_door": Sentence("会送到您家", "It is brought to your door"),
    "track.to_the_door.next": Sentence("着急请问店主。", "In a hurry, ask the keeper."),
    "track.elsewhere": Sentence("在{station}", "It is at {station}"),
    "track.elsewhere.next": Sentence("请到{station}取。", "Collect it at {station}."),
    "track.collected": Sentence("已取走", "Collected"),
    "track.collected.next": Sentence(
        "不是您取的？请告诉店主。", "Was it not you? Tell the keeper."
    ),
    "track.on_its_way": Sentence("还不能取", "Not ready yet"),
    "track.on_its_way.next": Sentence(
        "到了会有小票。着急请问店主。", "You get a slip when it is. In a hurry, ask the keeper."
    ),
    "track.trouble": Sentence("正在查找", "Being looked for"),
    "track.trouble.next": Sentence("请问店主。", "Please ask the keeper."),
    "track.nowhere": Sentence("县里没有这件", "The county does not have it yet"),
    "track.nowhere.next": Sentence(
        "请核对单号，或者过一天再查。", "Check the number, or look again in a day."
    ),
    "track.not_here": Sentence("本站没有这件", "It is not at this station"),
    "track.not_here.next": Sentence(
        "现在断网，查不了别的站。有网时再查，或者问店主。",
        "Offline: other stations cannot be asked. Look again later, or ask the keeper.",
    ),
    "track.only_here": Sentence("断网，仅本站记录", "Offline: this station's record only"),
    # -- the steps
    "track.step.notice.told": Sentence("已通知收件人", "The addressee was told"),
    "track.step.parcel.received": Sentence("到站，店主收下", "Arrived, the keeper has it"),
    "track.step.parcel.stored": Sentence("放进柜里，等您取", "In a locker, waiting for you"),
    "track.step.parcel.shelved": Sentence("放上货架，等您取", "On a shelf, waiting for you"),
    "track.step.parcel.taken_out": Sentence("店主换个地方放", "The keeper moves it"),
    "track.step.parcel.picked_up": Sentence("已取走", "Collected"),
    "track.step.parcel.handed_out": Sentence("店主已交给取件人", "Handed over by the keeper"),
    "track.step.parcel.put_back": Sentence("放回柜里", "Put back into the locker"),
    "track.step.parcel.handed_back": Sentence("交回店主", "Given back to the keeper"),
    "track.step.parcel.check_in_undone": Sentence("撤销入库", "Check-in taken back"),
    "track.step.parcel.misrouted": Sentence("送错站，正转往对的站", "Wrong station, sent on"),
    "track.step.parcel.short": Sentence("没有随车到，正在查", "Not on the van, being looked for"),
    "track.step.parcel.missing": Sentence("没找到，店主正在查", "Not found, the keeper looks"),
}
