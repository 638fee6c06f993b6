"""The card reader twin on the wire."""

from functools import reduce
from operator import xor
from pathlib import Path

import pytest

from hardware.twins.counter.card_reader import CardReaderMake, CardReaderTwin, LaidCard
from hardware.twins.faults import Fault, Faults
from tests.hardware.twin_wire import QUIET_S, Wire

FIND, SELECT, READ = (
    "aa aa aa 96 69 00 03 20 01 22",
    "aa aa aa 96 69 00 03 20 02 21",
    "aa aa aa 96 69 00 03 30 01 32",
)
FOUND, NONE = "aa aa aa 96 69 00 08 00 00 9f 00 00 00 00 97", "aa aa aa 96 69 00 04 00 00 80 84"
CARD = LaidCard(name="张三", number="11010519491231002X")


def test_a_card_is_found_selected_and_read_and_not_found_again_until_it_was_lifted(
    tmp_path: Path,
) -> None:
    twin = CardReaderTwin(tmp_path / "card", Faults(1))
    twin.cable.start()
    with Wire(tmp_path / "card") as wire:
        assert wire.ask(FIND, 11) == NONE
        twin.lay(CARD)
        assert wire.ask(FIND, 15) == FOUND
        assert wire.ask(SELECT, 19) == "aa aa aa 96 69 00 0c 00 00 90 00 00 00 00 00 00 00 00 9c"
        answer = bytes.fromhex(wire.ask(READ, 1_295))
        assert (len(answer), reduce(xor, answer[5:])) == (1_295, 0)
        text = answer[14:270].decode("utf-16-le")
        assert (text[:15].rstrip(), text[61:79]) == ("张三", CARD.number)
        assert wire.ask(FIND, 11) == NONE
        twin.lift()
        twin.lay(CARD)
        assert wire.ask(FIND, 15) == FOUND
    twin.cable.close()
    assert (twin.reads, twin.violations) == (1, ())


def test_the_other_kind_finds_a_card_for_as_long_as_it_lies_there(tmp_path: Path) -> None:
    twin = CardReaderTwin(tmp_path / "card", Faults(1), CardReaderMake(finds_again=True))
    twin.cable.start()
    twin.lay(CARD)
    with Wire(tmp_path / "card") as wire:
        wire.ask(SELECT, 19)
        wire.ask(READ, 1_295)
        assert wire.ask(FIND, 15) == FOUND
    twin.cable.close()


def test_reading_without_selecting_breaks_the_law(tmp_path: Path) -> None:
    twin = CardReaderTwin(tmp_path / "card", Faults(1))
    twin.cable.start()
    twin.lay(CARD)
    with Wire(tmp_path / "card") as wire:
        assert wire.ask(READ, 11) == "aa aa aa 96 69 00 04 00 00 41 45"
    twin.cable.close()
    assert twin.violations == ("read before select",)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("aa aa aa 96 69 00 03 20 01 23", "aa aa aa 96 69 00 04 00 00 10 14"),
        ("aa aa aa 96 69 00 03 77 01 75", "aa aa aa 96 69 00 04 00 00 21 25"),
        (SELECT, "aa aa aa 96 69 00 04 00 00 81 85"),
        (READ, "aa aa aa 96 69 00 04 00 00 41 45"),
    ],
)
def test_what_it_cannot_do_it_says_by_a_status(tmp_path: Path, question: str, answer: str) -> None:
    twin = CardReaderTwin(tmp_path / "card", Faults(1))
    twin.cable.start()
    with Wire(tmp_path / "card") as wire:
        assert wire.ask(question, 11) == answer
    twin.cable.close()


def test_a_silent_reader_says_nothing_and_half_an_answer_is_half(tmp_path: Path) -> None:
    faults = Faults(1)
    twin = CardReaderTwin(tmp_path / "card", faults)
    twin.cable.start()
    with Wire(tmp_path / "card") as wire:
        faults.switch(Fault.CARD_READER_SILENT, on=True)
        assert wire.ask(FIND, 11, QUIET_S) == ""
        faults.mend_all()
        faults.switch(Fault.CARD_READER_HALF_FRAME, on=True)
        assert wire.ask(FIND, 11, QUIET_S) == NONE[:14]
    twin.cable.close()
