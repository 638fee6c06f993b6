"""Labels: what stands on them, and what the keeper reads about them."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    # -- on the label
    "label.tail": Sentence("尾号 {tail}", "Tail {tail}"),
    "label.next_hop": Sentence("下一站", "Next hop"),
    "label.origin": Sentence("{station} 发 {count} 件", "From {station}, parcels: {count}"),
    "label.to": Sentence("到 {to}", "to {to}"),
    "label.trip": Sentence("班次 {trip}", "trip {trip}"),
    "label.weekday.1": Sentence("周一", "Mon"),
    "label.weekday.2": Sentence("周二", "Tue"),
    "label.weekday.3": Sentence("周三", "Wed"),
    "label.weekday.4": Sentence("周四", "Thu"),
    "label.weekday.5": Sentence("周五", "Fri"),
    "label.weekday.6": Sentence("周六", "Sat"),
    "label.weekday.7": Sentence("周日", "Sun"),
    # -- at the counter
    "keeper.label": Sentence("补标签", "Label"),
    "keeper.label.out": Sentence(
        "没标签纸，标签排队，换卷后自己打。", "Out of labels: it waits for a new roll."
    ),
    "keeper.label.waits": Sentence(
        "标签机打不了，标签排队，好了自己打。", "The label printer is stuck: it waits for it."
    ),
    "keeper.labels_waiting": Sentence("{waiting} 张标签排队", "{waiting} labels wait"),
    "printer.label_unreadable": Sentence(
        "有一张标签打不出来，已跳过。可能标签纸太小，请换大一点的，再点“补标签”。",
        "A label could not be made and was passed over. Perhaps the labels are too small: load "
        "larger ones and print it again.",
    ),
}
