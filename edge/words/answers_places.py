"""More answers and refusals: about shelves, the floor, cells off the offer, and handing out."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "no_free_slot": Sentence(
        "架和地堆都满了。请先放在柜台。",
        "Shelves and floor are full. Keep this parcel at the counter.",
    ),
    "put_on": Sentence(
        "放到〔 {place}〕。",
        "Put it on〔 {place}〕.",
    ),
    "place_it_first": Sentence(
        "手上这件〔（{short}）〕先放好：选一个位置。",
        "First put down the parcel in your hands〔 ({short})〕: choose a place.",
    ),
    "place_noted": Sentence("下一件按这个放。", "The next parcel goes there."),
    "at_shelf": Sentence(
        "请找店主拿〔：{place}〕。",
        "Please ask the keeper for it〔: {place}〕.",
    ),
    "handed_out": Sentence(
        "已交给本人〔（{place}）〕。交错了，十分钟内可以撤销。",
        "Handed out〔 ({place})〕. A mistake can be undone within ten minutes.",
    ),
    "handed_back": Sentence(
        "已撤销，放回〔 {place}〕。旧小票作废，要用请补打。",
        "Taken back to〔 {place}〕. The old slip is dead; reprint it if needed.",
    ),
    "flags_noted": Sentence("标记记好了。", "Noted."),
    "cell_locked": Sentence(
        "〔{cell} 号柜〕停用了。里面的件照样能取。",
        "Cell 〔{cell} 〕is off the offer. What lies in it can still be collected.",
    ),
    "cell_unlocked": Sentence("〔{cell} 号柜〕启用了。", "Cell 〔{cell} 〕is on offer again."),
    # -- the keeper must have seen something
    "id_not_seen": Sentence(
        "没有扫码，请先看证件，再交件。",
        "No code was shown. See the person's papers first, then tick it.",
    ),
    "not_paid": Sentence(
        "这件到付，请先收 {yuan} 元，再打勾。",
        "Cash on delivery: take {yuan} yuan first, then tick it.",
    ),
    "not_signed": Sentence(
        "这件要本人签收，请先签字，再打勾。", "Have it signed for first, then tick it."
    ),
    # -- at the kiosk
    "pay_first": Sentence(
        "待付款 ¥{yuan}。请到柜台找店主付。", "¥{yuan} to pay. Please pay at the counter."
    ),
    "sign_first": Sentence("请找店主签收。", "Please sign for it at the counter."),
    # -- why a cell needs a look
    "too_small": Sentence(
        "这件放不下，放到别处去了。请看看这格是不是空的。",
        "A parcel did not fit and went elsewhere. See whether this cell is empty.",
    ),
    "other_place": Sentence(
        "这件改放别处了。请看看这格是不是空的。",
        "A parcel was sent elsewhere. See whether this cell is empty.",
    ),
    "moved_out": Sentence(
        "这格的件拿出来换位置了。请看看是不是空的。",
        "The parcel was taken out to lie elsewhere. See whether this cell is empty.",
    ),
    "move_interrupted": Sentence(
        "换位置中断了。请看看包裹还在不在里面。",
        "A move was interrupted. Look whether the parcel is still inside.",
    ),
    # -- natural villages, and who has no code
    "hamlet_noted": Sentence("村子记好了。", "Village noted."),
    "hamlet_cleared": Sentence("村子去掉了。", "Village taken back."),
    "no_such_hamlet": Sentence(
        "本站没有这个村。请从屏幕上选一个。",
        "This station has no such village. Choose one on the screen.",
    ),
    "lists_queued": Sentence("今日包裹单在打：{count} 张。", "Lists in the printer: {count}."),
    "nobodys_parcels": Sentence(
        "今天没有到件可打。收了件再来打。", "Nothing came today, so there is no list to print yet."
    ),
    "no_code_busy": Sentence(
        "店主正忙。请带身份证直接到柜台。",
        "The keeper is busy. Please go to the counter with your ID card.",
    ),
    "no_code_gone": Sentence("这张卡片已经收起了。", "This card was put away already."),
    # -- labels
    "label_queued": Sentence("标签马上打印。", "The label is being printed."),
    "no_slot": Sentence("这件不在货架上，没有标签。", "It lies on no shelf, so it has no label."),
    "no_label_printer": Sentence("本站没有标签打印机。", "This station has no label printer."),
}
