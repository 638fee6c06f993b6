"""More answers and refusals: about long stays, damage, refusals and returns."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    # -- answers
    "refusal_noted": Sentence(
        "拒收记好了，进了退件单。取件码作废。",
        "The refusal is noted, and the parcel is to be returned. Its code is dead.",
    ),
    "parcel_damage_noted": Sentence(
        "破损记好了。这件只能由您当面交。",
        "The damage is noted. Only you hand this parcel out.",
    ),
    "call_noted": Sentence("记下了：打过电话。", "Noted: you have called."),
    "stays_longer": Sentence("再放 {count} 天。", "It stays {count} more days."),
    "to_be_returned": Sentence(
        "进了退件单。车来前先取出来，放进退件袋。",
        "It is to be returned. Put it into the return bag before the van comes.",
    ),
    "not_returned": Sentence("不退了，再放 {count} 天。", "It stays, {count} more days."),
    "bagged": Sentence("放进退件袋。", "Put it into the return bag."),
    "in_return_bag": Sentence(
        "这件在退件袋里。要留下，请到“退件”点“不退了”。",
        "This parcel is in the return bag. To keep it, choose “Do not return” on the page Returns.",
    ),
    "return_loaded": Sentence("退件随车走〔：{short}〕。", "Goes along〔: {short}〕."),
    "returns_loaded": Sentence("{count} 件退件随车走。", "{count} returns go along."),
    "return_bag_empty": Sentence(
        "退件袋里没有要交的了。", "Nothing more in the return bag to hand over."
    ),
    "fetch_it_first": Sentence(
        "这件退件还在{cell} 号柜。请到“退件”先取出来。",
        "This return still lies in cell {cell}. Take it out first, on the page Returns.",
    ),
    "trouble_kept": Sentence("记好了。", "Noted."),
    # -- refusals
    "to_be_returned_already": Sentence(
        "这件在退件单上。要留下，请先点“不退了”。",
        "It is to be returned. To keep it, choose “Do not return” first.",
    ),
    "not_to_be_returned": Sentence(
        "这件不在退件单上。要退，请先点“加入退件”。",
        "It is not to be returned. Choose “Return it” first.",
    ),
    "no_such_trouble": Sentence(
        "这条异常已经不在了。请刷新页面再看。",
        "This exception is no longer there. Look at the page again.",
    ),
    "return_interrupted": Sentence(
        "取退件时断了。请打开看看包裹还在不在里面。",
        "Fetching a return was interrupted. Look whether the parcel is still inside.",
    ),
    "see_keeper": Sentence(
        "这件请找店主当面看、当面取。", "Please look at this parcel together with the keeper."
    ),
    "returned": Sentence("这件已经退回了。", "This parcel has been returned."),
    # -- why a code is dead
    "refused": Sentence("收件人拒收，小票作废。", "Refused by its recipient; the slip is dead."),
}
