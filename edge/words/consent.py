"""待联系: asking addressees before their parcels go into a cell; what the county reads of it."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    # -- the list of those to contact, and what they say
    "keeper.list.contact": Sentence("待联系", "To call"),
    "keeper.count.contact": Sentence("待联系", "To call"),
    "keeper.contact": Sentence("联系", "Call"),
    "keeper.contact.none": Sentence("没有待联系的件。", "Nobody has to be called."),
    "keeper.contact.said.no": Sentence("不同意投柜", "Said no"),
    "keeper.contact.said.unknown": Sentence("没问过", "Not asked yet"),
    "keeper.contact.tries": Sentence(
        "打过 {count} 次，上次 {time}", "Tried {count} times, last {time}"
    ),
    "keeper.contact.never": Sentence("还没打过", "Not tried yet"),
    "keeper.contact.wrong": Sentence("号码不对，问县里", "Wrong number, ask the county"),
    "keeper.contact.take_out": Sentence("请从柜里拿出来", "Take it out of its cell"),
    "keeper.contact.word": Sentence("{giver}{how}：{wish}", "{giver}, {how}: {wish}"),
    "keeper.contact.ask": Sentence("收件人怎么说？", "What do they say?"),
    "keeper.contact.change": Sentence("改意愿", "New wish"),
    "keeper.wish.cell": Sentence("放柜", "Cell"),
    "keeper.wish.shelf": Sentence("到店取", "At the shop"),
    "keeper.wish.home": Sentence("送货上门", "To the door"),
    "keeper.wish.nowhere": Sentence("不同意", "Says no"),
    "keeper.result.no_answer": Sentence("没接", "No answer"),
    "keeper.result.wrong_number": Sentence("号码不对", "Wrong number"),
    "keeper.how": Sentence("方式", "By"),
    "keeper.how.phone": Sentence("电话", "phone"),
    "keeper.how.in_person": Sentence("当面", "in person"),
    "keeper.how.message": Sentence("信息", "message"),
    "keeper.giver": Sentence("谁说的", "Who"),
    "keeper.giver.addressee": Sentence("本人", "addressee"),
    "keeper.giver.family": Sentence("家人", "family"),
    "keeper.alert.barred": Sentence(
        "{cell} 号柜里的件没同意放柜，请换到架上。",
        "Nobody agreed to a cell for what lies in cell {cell}. Move it to a shelf.",
    ),
    "keeper.alert.delicate": Sentence(
        "{cell} 号柜里是生鲜或贵重件：先问收件人能不能放柜，不能就换到架上。",
        "What is in cell {cell} is fresh or valuable: ask about the cell, or move it.",
    ),
    "keeper.step.to_contact": Sentence("待联系，放到", "To call first: put on"),
    "keeper.step.to_contact.text": Sentence(
        "没同意，不放柜。接着扫下一件。", "No consent, no cell. Scan the next."
    ),
    # -- the county
    "county.stay.to_contact": Sentence("待联系收件人", "The addressee is to be asked"),
    "county.fact.parcel.consent_wanted": Sentence(
        "待联系收件人（{said}）", "The addressee is to be asked ({said})"
    ),
    "county.reason.no_consent": Sentence("没同意代收", "nobody agreed"),
    "county.said.no": Sentence("不同意投柜", "said no"),
    "county.said.unknown": Sentence("没问过", "not asked yet"),
    "county.fact.parcel.consent_noted": Sentence(
        "{keeper} 记下{giver}的意愿：{wish}（{how}）",
        "{keeper} noted the word of {giver}: {wish} ({how})",
    ),
    "county.wish.cell": Sentence("同意放柜", "a cell"),
    "county.wish.shelf": Sentence("到店取", "at the counter"),
    "county.wish.home": Sentence("送货上门", "to the door"),
    "county.wish.nowhere": Sentence("不同意代收", "agrees to nothing"),
    "county.how.phone": Sentence("电话", "by phone"),
    "county.how.in_person": Sentence("当面", "in person"),
    "county.how.message": Sentence("信息", "by message"),
    "county.giver.addressee": Sentence("本人", "the addressee"),
    "county.giver.family": Sentence("家人", "the family"),
    "county.fact.parcel.contact_tried": Sentence(
        "{keeper} 联系过收件人：{result}", "{keeper} tried to reach the addressee: {result}"
    ),
    "county.result.no_answer": Sentence("没接", "no answer"),
    "county.result.wrong_number": Sentence("号码不对", "wrong number"),
}
