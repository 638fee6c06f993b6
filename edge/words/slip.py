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
    "slip.enrol": Sentence("登记码", "Enrolment code"),
    "slip.enrol_how": Sentence(
        "请县中心输入：cunyi county enrol {station} 县中心文件夹 --code 登记码",
        "At the county type: cunyi county enrol {station} FOLDER --code CODE",
    ),
    "slip.enrol_once": Sentence(
        "只能用一次，15 分钟内有效。不要给别人看",
        "Good once, for 15 minutes. Show it to nobody else",
    ),
    "slip.parcel": Sentence("〔{carrier} 〕{waybill_no}", "〔{carrier} 〕{waybill_no}"),
}
