"""The pin twin by its own words, with nothing of our drivers in it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.kernel.errors import ConfigError
from hardware.twins.faults import Fault
from tests.hardware.driver_peer import wait_until
from tests.hardware.pin_bench import (
    ALARM_LAMP,
    BUZZER,
    DOORS,
    LOCKS,
    LOW,
    MAINS,
    PinBench,
    pin_bench,
)


class Caller:
    """A program that has the pins open."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.lines = line.makefile("r", encoding="ascii")

    def say(self, text: str) -> None:
        self.line.sendall(text.encode() + b"\n")

    def ask(self, text: str) -> str:
        self.say(text)
        return self.hear()

    def hear(self) -> str:
        return self.lines.readline().strip()


@contextmanager
def caller(bench: PinBench) -> Iterator[Caller]:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        line.connect(str(bench.link.resolve()))
        program = Caller(line)
        with program.lines:
            yield program


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[PinBench]:
    with pin_bench(tmp_path) as bench:
        yield bench


def test_a_pin_that_goes_high_drives_its_coil_until_it_goes_low(bench: PinBench) -> None:
    with caller(bench) as program:
        assert program.ask(f"out {LOCKS[1]} 0") == f"ok {LOCKS[1]}"
        program.say(f"set {LOCKS[1]} 1")
        wait_until(lambda: bench.cabinet.is_open(2))
        assert bench.cabinet.pulses[0].length_ms == 0  # it still lasts
        program.say(f"set {LOCKS[1]} 0")
        wait_until(lambda: bench.cabinet.pulses[0].length_ms > 0)


def test_a_program_that_leaves_lets_its_pins_float(bench: PinBench) -> None:
    with caller(bench) as program:
        assert program.ask(f"out {LOCKS[0]} 1") == f"ok {LOCKS[0]}"
        assert bench.pins.is_high(LOCKS[0])
    wait_until(lambda: not bench.pins.is_high(LOCKS[0]))


def test_a_pin_has_one_owner(bench: PinBench) -> None:
    with caller(bench) as first, caller(bench) as second:
        assert first.ask("out 5 1") == "ok 5"
        assert second.ask("out 5 0") == "busy 5"
        second.say("set 5 0")
        assert second.ask("in 6 up") == "pin 6 1"
        assert bench.pins.is_high(5)
        first.say("free 5")
        wait_until(lambda: not bench.pins.is_high(5))
        assert second.ask("out 5 1") == "ok 5"


def test_a_listening_pin_tells_its_level_and_each_change(bench: PinBench) -> None:
    with caller(bench) as program:
        assert program.ask(f"in {DOORS[2]} up") == f"pin {DOORS[2]} 0"
        bench.cabinet.force_open(3)
        assert program.hear() == f"pin {DOORS[2]} 1"
        assert program.ask(f"in {MAINS} down") == f"pin {MAINS} 1"
        bench.pins.set_mains(there=False)
        assert program.hear() == f"pin {MAINS} 0"
        assert program.ask("in 2 down") == "pin 2 0"


def test_what_is_not_its_language_does_no_harm(bench: PinBench) -> None:
    with caller(bench) as program:
        for nonsense in ("", "out", "out x 1", "set 99 1", "in 1", "\u00e9".encode().hex()):
            program.say(nonsense)
        assert program.ask("in 6 floating") == "pin 6 0"
        program.line.sendall(b"x" * 1_000)
        assert program.lines.read(1) == ""  # it hung up
    assert bench.pins.changes == ()


def test_pulling_the_plug_floats_every_pin_and_takes_the_link_away(bench: PinBench) -> None:
    with caller(bench) as program:
        assert program.ask("out 5 1") == "ok 5"
        bench.faults.switch(Fault.PINS_UNPLUGGED, on=True)
        assert program.hear() == ""
    assert not bench.link.exists()
    assert not bench.pins.cable.plugged
    bench.faults.switch(Fault.PINS_UNPLUGGED, on=False)
    with caller(bench) as program:
        assert program.ask("in 6 up") == "pin 6 1"


def test_a_relay_that_sticks_leaves_on_what_was_put_out_until_it_is_mended(bench: PinBench) -> None:
    pins = bench.pins
    with caller(bench) as program:
        for pin in (ALARM_LAMP, BUZZER, LOCKS[0]):
            assert program.ask(f"out {pin} 1") == f"ok {pin}"
        bench.faults.switch(Fault.PINS_STUCK_RELAY, on=True)
        for level in (0, 1, 0):
            program.say(f"set {BUZZER} {level}")
        program.say(f"set {LOCKS[0]} 0")
        assert program.ask(f"out {ALARM_LAMP} 0") == f"ok {ALARM_LAMP}"
        assert (pins.is_high(ALARM_LAMP), pins.alarm_lit, pins.buzzing) == (False, True, True)
        assert (pins.beeps, pins.cabinet_lit, bench.cabinet.held) == (1, False, ())
        bench.faults.switch(Fault.PINS_STUCK_RELAY, on=False)
        assert (pins.alarm_lit, pins.buzzing) == (False, False)


def test_a_contact_that_is_welded_stays_as_it_was_until_it_is_mended(bench: PinBench) -> None:
    bench.faults.switch(Fault.PINS_WELDED_SWITCH, on=True)
    bench.pins.set_mains(there=False)
    bench.pins.set_battery(low=True)
    with caller(bench) as program:
        assert program.ask(f"in {MAINS} down") == f"pin {MAINS} 1"
        assert program.ask(f"in {LOW} down") == f"pin {LOW} 0"
        bench.faults.switch(Fault.PINS_WELDED_SWITCH, on=False)
        assert {program.hear(), program.hear()} == {f"pin {MAINS} 0", f"pin {LOW} 1"}


def test_a_path_where_something_is_already_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "pins").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigError, match="something else than a link"), pin_bench(tmp_path):
        pass
