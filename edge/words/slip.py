"""The pickup slip: large, short, and nothing private on it."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "slip.title": Sentence("取件小票", "Pickup slip"),
    "slip.copy": Sentence("补打", "COPY"),
    "slip.cell": Sentence("{cell} 号柜", "Cell {cell}"),
    "slip.tail": Sentence("手机尾号 {tail}", "Phone ends in {tail}"),
    "slip.code": Sentence("取件码", "Pickup code"),
    "slip.how": Sentence(
        "扫二维码，或输尾号和取件码",
        "Scan the QR code, or type phone digits and code",
    ),
    "slip.parcel": Sentence("〔{carrier} 〕{waybill_no}", "〔{carrier} 〕{waybill_no}"),
}
