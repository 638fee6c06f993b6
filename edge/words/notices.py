"""What villagers are told by WeChat, SMS or a call, and the simulated carrier's page of it."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "county.told": Sentence(
        "{time} {about} {way}：{outcome}〔（{why}）〕",
        "{time} {about}, {way}: {outcome}〔 ({why})〕",
    ),
    "county.told.keeper": Sentence(
        "通知不到，等店主打电话〔（{why}）〕", "Cannot be told, the keeper calls〔 ({why})〕"
    ),
    "county.told.title": Sentence("通知收件人", "Told to the addressee"),
    "county.told.arrived": Sentence("到件通知", "Arrival"),
    "county.told.reminder": Sentence("催取通知", "Reminder"),
    "county.told.wechat": Sentence("微信", "WeChat"),
    "county.told.sms": Sentence("短信", "SMS"),
    "county.told.voice": Sentence("电话", "voice call"),
    "county.told.taken": Sentence("已发出", "sent"),
    "county.told.nobody": Sentence("发不到", "reaches nobody"),
    "county.told.unknown": Sentence("没有回音，再试", "no answer, tried again"),
    "county.told.delivered": Sentence("已送达", "delivered"),
    "county.told.failed": Sentence("没送到，换一种方式", "not delivered, the next way"),
    "county.told.why.invalid_number": Sentence("号码无效", "invalid number"),
    "county.told.why.unfollowed": Sentence("没有关注公众号", "does not follow the account"),
    "county.told.why.switched_off": Sentence("关机", "switched off"),
    "county.told.why.masked": Sentence("虚拟号码", "masked number"),
    "notice.arrived": Sentence(
        "【村驿】您有 {count} 件包裹到 {station}〔，保管至 {month}月{day}日〕〔。取件码 {codes}〕。"
        "二维码和详情 {link}",
        "[Cunyi] {count} of your parcels came to {station}〔, kept until {month}-{day}〕"
        "〔. Pickup code {codes}〕. QR code and more: {link}",
    ),
    "notice.reminder": Sentence(
        "【村驿】您还有 {count} 件包裹在 {station} 没取〔，保管至 {month}月{day}日，过期退回〕"
        "〔。取件码 {codes}〕。二维码和详情 {link}",
        "[Cunyi] {count} of your parcels still wait at {station}〔, until {month}-{day}, then they "
        "go back〕〔. Pickup code {codes}〕. QR code and more: {link}",
    ),
    "messages.title": Sentence("模拟的短信和微信", "Simulated messages"),
    "messages.none": Sentence("还没有人收到消息。", "Nobody got a message yet."),
    "county.alarm.untold": Sentence("有收件人通知不到", "An addressee cannot be told"),
    "county.todo.untold": Sentence(
        "号码不对、没关注或是虚拟号。请店主打运单上的电话，或等人来取",
        "A wrong or virtual number, or nobody follows. Let the keeper call by the waybill, or wait",
    ),
}
