"""The printer twin: commands of other encoders, noise, and what happens in mid-slip."""

import random
from pathlib import Path

import pytest

from hardware.twins.faults import Fault
from hardware.twins.printers.escpos_ear import EscposEar
from hardware.twins.printers.print_head import PrintHead
from tests.hardware.test_twin_printer import (
    CUT,
    DOTS,
    INIT,
    SLIP,
    STATUS,
    Machine,
    ink,
    ink_box,
    open_bench,
    papers,
    printed,
    zh,
)
from tests.hardware.twin_wire import QUIET_S, Wire, eventually


def test_a_stored_picture_comes_out_when_it_is_asked_for() -> None:
    body = b"\x30\x70\x30\x01\x01\x31\x08\x00\x02\x00\xff\x81"
    store = b"\x1d8L" + len(body).to_bytes(4, "little") + body
    machine = Machine().feed(INIT + store + b"x\n" + b"\x1d(L\x02\x00\x30\x32" + CUT)
    assert ink(machine.slips[0].image.crop((0, 30, DOTS, 32))) == 10
    short = b"\x1d8L\x0a\x00\x00\x00" + body[:8] + b"\xff\xff"
    odd = Machine().feed(INIT + b"\x1d(L\x02\x00\x30\x32" + b"\x1d8X" + short + b"x\n" + CUT)
    assert (odd.head.unknown_bytes, odd.slips[0].text) == (3, ("x",))


def test_a_gap_within_a_line_moves_the_rest_to_the_right() -> None:
    plain, moved = printed(INIT + zh("国\n")), printed(INIT + b"\x1b\\\x20\x01" + zh("国\n"))
    assert ink_box(moved.image)[0] - ink_box(plain.image)[0] == 288


def test_rules_of_the_katakana_page_are_rules() -> None:
    assert printed(INIT + b"\x1c.\x1bt\x01" + b"\x95" * 3 + b"\n").text == ("───",)
    assert printed(INIT + b"\x1c.\x1bt\x01\x1b@\x95\n").text == ("ò",)


def test_nothing_is_printed_for_nul_between_commands() -> None:
    machine = Machine().feed(INIT + bytes(5_000) + b"x\n" + bytes(7) + CUT)
    assert (machine.slips[0].text, machine.slips[0].image.height) == (("x",), 30)
    assert machine.head.unknown_bytes == 0


def test_a_million_random_bytes_stop_no_printer_and_fill_no_memory() -> None:
    chance = random.Random(40)
    count = [0]
    ear = EscposEar()
    head = PrintHead(DOTS, lambda _: count.__setitem__(0, count[0] + 1), lambda: None)
    for block in range(250):
        data = chance.randbytes(chance.randrange(1, 8_000))
        while data:
            size = chance.randrange(1, 700)
            ear.feed(data[:size])
            data = data[size:]
            while (command := ear.take()) is not None:
                if block % 10 == 0:  # drawing takes its time
                    head.obey(command)
        ear.forget()  # else one picture of 4 GB would swallow all the rest
    assert head.unknown_bytes > 1_000
    assert count[0] > 0


PICTURE_THAT_NEVER_ENDS = b"\x1dv0\x00\x30\x00\xff\x00"


def test_power_lost_in_the_middle_forgets_what_was_not_on_paper(tmp_path: Path) -> None:
    with open_bench(tmp_path) as bench, Wire(tmp_path / "printer") as wire:
        wire.write(INIT + zh("半行") + PICTURE_THAT_NEVER_ENDS + STATUS[3])
        assert wire.read(1) == b"\x12"
        bench.faults.switch(Fault.PRINTER_OFF, on=True)
        wire.write(STATUS[3] + zh("没人听\n"))
        assert wire.read(1, QUIET_S) == b""
        bench.faults.switch(Fault.PRINTER_OFF, on=False)
        wire.write(INIT + zh("新的\n") + CUT)
        assert eventually(papers(bench, 1))
        assert bench.printer.slips[0].text == ("新的",)


def test_without_its_cable_the_printer_still_waits_for_the_rest_of_a_picture(
    tmp_path: Path,
) -> None:
    with open_bench(tmp_path) as bench:
        with Wire(tmp_path / "printer") as wire:
            wire.write(INIT + PICTURE_THAT_NEVER_ENDS + STATUS[3])
            assert wire.read(1) == b"\x12"
            bench.faults.switch(Fault.PRINTER_UNPLUGGED, on=True)
        bench.faults.switch(Fault.PRINTER_UNPLUGGED, on=False)
        with Wire(tmp_path / "printer") as wire:
            wire.write(INIT + zh("吞了\n") + bytes(0x30 * 0xFF) + INIT + zh("新的\n") + CUT)
            assert eventually(papers(bench, 1))
        assert bench.printer.slips[0].text == ("新的",)


@pytest.mark.parametrize(
    ("soon", "then"),
    [
        (Fault.PAPER_ENDS_SOON, Fault.PAPER_OUT),
        (Fault.COVER_OPENS_SOON, Fault.COVER_OPEN),
        (Fault.POWER_FAILS_SOON, Fault.PRINTER_OFF),
        (Fault.CABLE_SLIPS_SOON, Fault.PRINTER_UNPLUGGED),
    ],
)
def test_what_comes_soon_comes_after_five_lines(tmp_path: Path, soon: Fault, then: Fault) -> None:
    with open_bench(tmp_path) as bench, Wire(tmp_path / "printer") as wire:
        bench.faults.switch(soon, on=True)
        wire.write(INIT + b"".join(b"line %02d\n" % n for n in range(1, 5)))
        assert not bench.faults.is_on(then)
        wire.write(b"".join(b"line %02d\n" % n for n in range(5, 80)) + CUT)
        assert eventually(lambda: bench.faults.is_on(then))
        assert eventually(lambda: bench.faults.is_on(soon) is (soon is Fault.PAPER_ENDS_SOON))
        assert len(bench.printer.slips) == int(soon is Fault.PAPER_ENDS_SOON)


def test_a_printer_that_lies_says_that_all_is_well_and_prints_nothing(tmp_path: Path) -> None:
    with open_bench(tmp_path) as bench, Wire(tmp_path / "printer") as wire:
        bench.faults.switch(Fault.PRINTER_LIES, on=True)
        bench.faults.switch(Fault.PAPER_OUT, on=True)
        wire.write(SLIP + b"\x1dr\x01")
        assert wire.read(1) == b"\x00"
        wire.write(STATUS[4])
        assert wire.read(1) == b"\x12"
        assert bench.printer.papers == []
