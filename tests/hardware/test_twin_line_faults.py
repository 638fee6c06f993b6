"""What the cable of any twin does to all that its device says, and to its plug."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.words.workbench import WORDS
from hardware.twins.bench import EVERYTHING, Bench
from hardware.twins.cable import Cable
from hardware.twins.faults import MENU, Device, Fault, Faults, LineFault
from hardware.twins.line_troubles import LATE_S, LineTroubles, with_noise
from tests.hardware.twin_wire import QUIET_S, Wire

SAYING = b"0123456789"
RENUMBERED = {kind.device: kind.fault for kind in MENU if kind.line is LineFault.RENUMBERED}


@contextmanager
def line(folder: Path, fault: Fault | None = None) -> Iterator[tuple[Cable, Wire, Faults]]:
    faults = Faults(0)
    cable = Cable(folder / "scale", troubles=LineTroubles(faults, Device.SCALE))
    cable.start()
    with Wire(folder / "scale") as wire:
        if fault is not None:
            faults.switch(fault, on=True)
        yield cable, wire, faults
    cable.close()


@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        (Fault.SCALE_SILENT, b""),
        (Fault.SCALE_GARBLED, b"01234e6789"),
        (Fault.SCALE_HALF, b"01234"),
        (Fault.SCALE_DOUBLE, SAYING + SAYING),
        (Fault.UPS_SILENT, SAYING),
    ],
)
def test_a_line_fault_spoils_whatever_its_own_device_says(
    tmp_path: Path, fault: Fault, heard: bytes
) -> None:
    with line(tmp_path, fault) as (cable, wire, faults):
        cable.say(SAYING)
        assert wire.read(40, QUIET_S) == heard
        faults.mend_all()
        cable.say(SAYING)
        assert wire.read(10) == SAYING
        assert cable.said == 2


def test_late_words_come_late_and_are_not_overtaken(tmp_path: Path) -> None:
    with line(tmp_path, Fault.SCALE_LATE) as (cable, wire, faults):
        cable.say(SAYING)
        assert wire.read(1, QUIET_S) == b""
        faults.mend_all()
        cable.say(b"!")
        assert wire.read(11, 2 * LATE_S) == SAYING + b"!"


def test_noise_spoils_a_bit_in_one_of_a_hundred_bytes_and_a_seed_repeats_it() -> None:
    faults = Faults(0)
    faults.switch(Fault.SCALE_NOISE, on=True)
    heard, _ = LineTroubles(faults, Device.SCALE, noise_seed=7).spoil(bytes(10_000))
    assert heard == with_noise(bytes(10_000), random.Random(7))
    spoilt = [byte for byte in heard if byte]
    assert 50 < len(spoilt) < 200
    assert {byte.bit_count() for byte in spoilt} == {1}


def test_unplugged_and_renumbered_are_of_the_plug(tmp_path: Path) -> None:
    link = tmp_path / "scale"
    with line(tmp_path) as (cable, wire, faults):
        before = link.readlink()
        faults.switch(Fault.SCALE_RENUMBERED, on=True)
        assert link.readlink() != before
        with pytest.raises(OSError, match=r"hung up|Input/output error"):
            wire.read(1)
        faults.switch(Fault.SCALE_UNPLUGGED, on=True)
        assert not cable.plugged
        faults.mend_all()
        assert cable.plugged


def test_before_it_starts_a_plug_cannot_be_pulled(tmp_path: Path) -> None:
    faults = Faults(0)
    cable = Cable(tmp_path / "scale", troubles=LineTroubles(faults, Device.SCALE))
    faults.switch(Fault.SCALE_UNPLUGGED, on=True)
    faults.switch(Fault.SCALE_RENUMBERED, on=True)
    cable.start()
    assert cable.plugged
    cable.close()


@pytest.mark.parametrize("device", RENUMBERED)
def test_every_device_on_a_line_can_come_back_as_another_terminal(
    tmp_path: Path, device: Device
) -> None:
    with Bench(tmp_path, 24, EVERYTHING) as bench:
        before = {name: (tmp_path / name).readlink() for name in Device}
        bench.faults.switch(RENUMBERED[device], on=True)
        after = {name: (tmp_path / name).readlink() for name in Device}
        assert {name for name in Device if after[name] != before[name]} == {device}
        assert bench.cables[device]


def test_a_line_fault_is_said_in_the_same_words_for_every_device() -> None:
    said = {kind.line: {WORDS[one.word] for one in MENU if one.line is kind.line} for kind in MENU}
    del said[None]
    said[LineFault.UNPLUGGED].remove(WORDS["bench.fault.pins_unplugged"])
    assert set(said) == set(LineFault)
    assert {line: len(words) for line, words in said.items()} == dict.fromkeys(LineFault, 1)
