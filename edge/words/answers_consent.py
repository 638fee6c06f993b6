"""More answers and refusals: about asking addressees, and what nobody agreed to."""

from collections.abc import Mapping
from typing import Final

from edge.words.sentence import Sentence

WORDS: Final[Mapping[str, Sentence]] = {
    "to_contact": Sentence(
        "待联系：放到〔 {place}〕。没同意，不放柜，不出小票。",
        "To contact: put it on〔 {place}〕. Nobody agreed: no cell, no slip yet.",
    ),
    "not_in_cell": Sentence(
        "这件不放柜，放到〔 {place}〕。", "No cell for this one: put it on〔 {place}〕."
    ),
    "lies_in_cell": Sentence(
        "记好了。这件不能留在〔 {cell} 号〕柜里，请换到架上。",
        "Noted. It may not stay in cell〔 {cell}〕: move it to a shelf.",
    ),
    "consent_noted": Sentence("记好了。", "Noted."),
    "agreed_without_tail": Sentence(
        "记好了。还缺手机尾号，补上就出小票。", "Noted. Add the phone digits to print its slip."
    ),
    "contact_noted": Sentence("记好了，等会儿再打。", "Noted. Try again later."),
    "wrong_number": Sentence(
        "记好了：号码不对。请打县里电话问对的号码。",
        "Noted: wrong number. Ask the county for the right one.",
    ),
    "no_consent": Sentence(
        "收件人没同意代收，没有取件码。请先联系。",
        "The addressee has not agreed, so there is no code. Contact them first.",
    ),
    "not_for_cells": Sentence(
        "这件不能放柜：没同意，或者破损了，或是没问过的生鲜、贵重件。请拿出来放架上，再说这格是空的。",
        "Not for a cell: unagreed, damaged, or fresh or valuable and not asked about. "
        "Put it on a shelf, then call the cell empty.",
    ),
}
