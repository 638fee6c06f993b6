"""The UPS twin: battery, plug and line."""

from pathlib import Path

import pytest

from hardware.twins.faults import Fault, Faults
from hardware.twins.house.ups import UpsMake, UpsTwin
from tests.hardware.twin_wire import QUIET_S, Wire, eventually

Q1 = b"Q1\r".hex()
LINE = len("(220.4 220.4 220.4 021 50.0 13.6 25.0 00001001\r")


def asked(wire: Wire) -> str:
    return bytes.fromhex(wire.ask(Q1, LINE)).decode()


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (UpsMake(), "(220.4 220.4 220.4 021 50.0 13.6 25.0 00001001\r"),
        (UpsMake(blocks=2), "(220.4 220.4 220.4 021 50.0 27.2 25.0 00001001\r"),
        (
            UpsMake(per_cell=True, standby=False),
            "(220.4 220.4 220.4 021 50.0 2.27 25.0 00000001\r",
        ),
    ],
)
def test_it_answers_q1_in_the_form_of_the_sheet(tmp_path: Path, make: UpsMake, line: str) -> None:
    twin = UpsTwin(tmp_path / "ups", Faults(1), make)
    twin.cable.start()
    with Wire(tmp_path / "ups") as wire:
        assert asked(wire) == line
        assert wire.ask(b"XY\r".hex(), 3) == b"XY\r".hex(" ")
    twin.cable.close()
    assert twin.asked == 1


def test_without_mains_the_battery_empties_turns_low_and_dies_and_mains_fill_it(
    tmp_path: Path,
) -> None:
    faults = Faults(1)
    twin = UpsTwin(tmp_path / "ups", faults, UpsMake(empties_s=0.8, fills_s=1.0))
    twin.cable.start()
    with Wire(tmp_path / "ups") as wire:
        faults.switch(Fault.MAINS_OUT, on=True)
        assert asked(wire)[-9:-1] == "10001001"
        assert eventually(lambda: twin.charge < 0.2)
        assert asked(wire)[-9:-1] == "11001001"
        assert eventually(lambda: twin.charge == 0)
        assert wire.ask(Q1, LINE, QUIET_S) == ""
        faults.mend_all()
        assert eventually(lambda: twin.charge == 1)
        assert asked(wire)[-9:-1] == "00001001"
    twin.cable.close()


def test_a_liar_says_that_the_mains_are_there(tmp_path: Path) -> None:
    faults = Faults(1)
    twin = UpsTwin(tmp_path / "ups", faults)
    twin.cable.start()
    faults.switch(Fault.MAINS_OUT, on=True)
    faults.switch(Fault.UPS_LIES, on=True)
    with Wire(tmp_path / "ups") as wire:
        assert asked(wire)[-9:-1] == "00001001"
    twin.cable.close()
    assert not twin.mains


def test_a_silent_one_and_a_garbled_one(tmp_path: Path) -> None:
    faults = Faults(1)
    twin = UpsTwin(tmp_path / "ups", faults)
    twin.cable.start()
    with Wire(tmp_path / "ups") as wire:
        faults.switch(Fault.UPS_SILENT, on=True)
        assert wire.ask(Q1, LINE, QUIET_S) == ""
        faults.mend_all()
        sound = asked(wire)
        faults.switch(Fault.UPS_GARBLED, on=True)
        wrong = asked(wire)
        assert [one for one in zip(sound, wrong, strict=True) if len(set(one)) > 1] == [("5", "e")]
    twin.cable.close()
