"""Names and numbers with all that Unicode has, onto paper: no text commands the printer."""

import random
import sys
import unicodedata
from collections import defaultdict
from functools import cache
from typing import Final

import pytest

from edge.daemon.devices.slip import lay_out_slip
from edge.kernel.errors import DeviceJammed
from edge.kernel.ids import CellId
from edge.wiring.enrolment_slip import lay_out_enrolment_slip
from hardware.drivers.printers import label_layout, receipt_layout
from hardware.drivers.printers.label_layout import LabelTooFull
from hardware.ports import Block, Text
from tests.fuzz.escpos_grammar import strange_label, strange_part
from tests.fuzz.hunt import hunt
from tests.fuzz.mutation import TELLING_TEXTS

PARTS: Final = 8
"""Texts in one document."""
DANGEROUS: Final = (
    "\x1b@", "\x1bp\0\x19\xfa", "\x1dV\0", "\x10\x04\x01", "\x1b!", "\x1d(k\x03\0", "\x1c.", "\r\n",
    "\nPRINT 9,9\n", "\x00", "\x7f", "\x9b31m", "\u2028", "\u2029", "\ufff9", "\ud800", "\udfff",
    "\U000e0001",
    "\uffff", "\u202e村驿\u202c", "zalgo\u0335\u0321\u0489", "\u1100\u1161\u11a8", "🇨🇳", "𠮷㐂䶮",
    "\t", "\x0b\x0c", "A" * 500, "村" * 200, "，" * 60, "¥￥\u00a0\u3000",
)  # fmt: skip


@cache
def classes() -> list[str]:
    """Some characters of every class that Unicode has, surrogates and the unassigned included."""
    by_class: dict[str, list[str]] = defaultdict(list)
    for code in range(0, sys.maxunicode + 1, 7):
        by_class[unicodedata.category(chr(code))].append(chr(code))
    return ["".join(chars) for _name, chars in sorted(by_class.items())]


def a_text(chance: random.Random) -> str:
    """Every class of characters has the same chance, however few there are of it."""
    parts = [chance.choice(chance.choice(classes())) for _ in range(chance.randrange(1, 20))]
    parts += [chance.choice((*DANGEROUS, *TELLING_TEXTS)) for _ in range(chance.randrange(3))]
    chance.shuffle(parts)
    return "".join(parts)


def texts(chance: random.Random) -> list[str]:
    return [a_text(chance) for _ in range(PARTS)]


def slip(said: list[str]) -> tuple[Block, ...]:
    """A document in which every text is somebody else's."""
    name, waybill_no, carrier, tail, digits, token, station, code, *more = (
        *said,
        *[""] * (PARTS - len(said)),
    )
    blocks = lay_out_slip(
        station_name=name,
        waybill_no=waybill_no,
        carrier=carrier,
        phone_tail=tail,
        cell=CellId(7),
        slot=None,
        digits=digits,
        token=token.encode("utf-8", "replace").decode()[:100],
        copy=True,
    )
    enrol = lay_out_enrolment_slip(station, code, code.encode("utf-8", "replace").decode()[:40])
    return (*blocks, *enrol, *(Text(text=one, scale=4) for one in more))


@pytest.mark.parametrize("dots", [384, 576])
def test_no_text_commands_a_receipt_printer(dots: int) -> None:
    def try_one(said: list[str]) -> None:
        document = receipt_layout.lay_out(slip(said), dots)
        strange = strange_part(document, dots)
        assert not strange, strange[:40].hex(" ")

    hunt(f"receipt-{dots}", texts, try_one)


def plain_texts(chance: random.Random) -> list[str]:
    """What a printer's own fonts have, so that it goes out as letters, with all that must not."""
    letters = [*map(chr, range(256)), *"村驿取件码圆通，。：“”×℃Ω①ａ１￥ぁж", *DANGEROUS]
    return ["".join(chance.choices(letters, k=chance.randrange(40))) for _ in range(PARTS)]


def test_no_letter_commands_a_receipt_printer() -> None:
    def try_one(said: list[str]) -> None:
        blocks = tuple(Text(text=one, scale=n % 5, bold=n > 3) for n, one in enumerate(said))
        strange = strange_part(receipt_layout.lay_out(blocks, 384), 384)
        assert not strange, strange[:40].hex(" ")

    hunt("letters", plain_texts, try_one)


def test_no_text_commands_a_label_printer() -> None:
    drawn = 0

    def try_one(said: list[str]) -> None:
        nonlocal drawn
        blocks = tuple(Text(text=one, scale=2, centred=True) for one in said)
        try:
            label = label_layout.lay_out(blocks, 384, 320, 2)
        except (LabelTooFull, DeviceJammed):
            return  # too much for it, or no font here
        drawn += 1
        strange = strange_label(label, 384, 320)
        assert not strange, strange[:40]

    hunt("label", lambda chance: texts(chance)[: chance.randrange(1, 3)], try_one)


def test_the_grammar_itself_finds_a_command_that_a_text_brought_along() -> None:
    good = receipt_layout.lay_out((Text(text="A"),), 384)
    assert strange_part(good, 384) == b""
    for command in (
        b"\x1bp\0\x19\xfa",
        b"\x1dV\0",
        b"\x10\x04\x01",
        b"\x1dv0\0\x31\0\x01\0" + b"x" * 49,
    ):
        assert strange_part(good.replace(b"A", b"A\n" + command), 384)
    label = label_layout.lay_out((), 384, 320, 2)
    assert strange_label(label, 384, 320) == b""
    assert strange_label(label.replace(b"PRINT 1,1", b"PRINT 9,9"), 384, 320)
