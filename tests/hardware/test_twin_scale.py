"""The scale twin as its own display and its own line show it."""

from pathlib import Path

import pytest

from hardware.twins.counter.scale import ScaleMake, ScaleTwin, Talk
from hardware.twins.faults import Fault, Faults
from tests.hardware.twin_wire import QUIET_S, Wire, eventually


def test_a_load_swings_about_its_weight_and_comes_to_rest_within_a_second(tmp_path: Path) -> None:
    twin = ScaleTwin(tmp_path / "scale", Faults(1))
    twin.put(1_000)
    swings: set[int] = set()

    def rests() -> bool:
        shown = twin.shown()
        swings.add(shown.grams)
        return shown.stable

    assert eventually(rests)
    assert min(swings) < 1_000 < max(swings)
    assert (twin.shown().grams, twin.shown().net, twin.shown().overload) == (1_000, False, False)


def test_the_display_rounds_to_the_division(tmp_path: Path) -> None:
    twin = ScaleTwin(tmp_path / "scale", Faults(1), ScaleMake(settle_s=0.0, division_g=5))
    twin.put(1_013)
    assert twin.shown().grams == 1_015


def test_a_shaken_platform_is_never_stable(tmp_path: Path) -> None:
    faults = Faults(1)
    twin = ScaleTwin(tmp_path / "scale", faults, ScaleMake(settle_s=0.0))
    faults.switch(Fault.SCALE_UNSTEADY, on=True)
    assert not twin.shown().stable


def test_lines_come_by_themselves_in_the_form_of_the_sheet(tmp_path: Path) -> None:
    twin = ScaleTwin(tmp_path / "scale", Faults(1), ScaleMake(settle_s=0.0))
    twin.put(4_876)
    twin.cable.start()
    with Wire(tmp_path / "scale") as wire:
        assert b"ST,GS,+  4.876kg\r\n" in wire.read(40)
    twin.cable.close()


def test_an_overload_shows_no_number(tmp_path: Path) -> None:
    make = ScaleMake(settle_s=0.0, capacity_g=100)
    twin = ScaleTwin(tmp_path / "scale", Faults(1), make)
    twin.put(101)
    twin.cable.start()
    with Wire(tmp_path / "scale") as wire:
        assert b"OL,GS,+       kg\r\n" in wire.read(40)
    twin.cable.close()


@pytest.mark.parametrize(
    ("grams", "answer"),
    [
        (12_345, "02 31 32 2e 33 34 35 0d"),
        (735, "02 20 30 2e 37 33 35 0d"),
        (40_000, "02 3f 6a 0d"),
    ],
)
def test_a_toledo_scale_answers_w_as_the_sheet_says(
    tmp_path: Path, grams: int, answer: str
) -> None:
    twin = ScaleTwin(tmp_path / "scale", Faults(1), ScaleMake(talk=Talk.TOLEDO, settle_s=0.0))
    twin.put(grams)
    twin.cable.start()
    with Wire(tmp_path / "scale") as wire:
        assert wire.ask("57", len(bytes.fromhex(answer))) == answer
    twin.cable.close()
    assert twin.violations == ()


def test_a_toledo_command_that_comes_too_soon_breaks_the_law_and_is_not_answered(
    tmp_path: Path,
) -> None:
    twin = ScaleTwin(tmp_path / "scale", Faults(1), ScaleMake(talk=Talk.TOLEDO))
    twin.cable.start()
    with Wire(tmp_path / "scale") as wire:
        wire.write(b"WW")
        assert len(wire.read(40, QUIET_S)) == 8
    twin.cable.close()
    assert len(twin.violations) == 1
