"""Lock boards in station.toml: each kind has its limits, and a pin has one use."""

import pytest

from edge.kernel.errors import ConfigError
from edge.settings import Settings, parse_settings

REST = """
[station]
id = "pingshang"
county = "shangyou"
name = "坪上村驿"
[link]
broker = "mqtt://127.0.0.1:1883"
[[scanners]]
port = "/dev/ttyUSB1"
[printer]
port = "/dev/ttyUSB2"
"""
PINS = 'driver = "gpio"\nport = "gpio"\nchannels = 2\nlock_pins = [10, 11]\ndoor_pins = [6, 7]\n'


def read(board: str, more: str = "") -> Settings:
    return parse_settings(f"[[cabinet.boards]]\n{board}{REST}{more}", "station.toml")


def complaint(board: str, more: str = "") -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read(board, more)
    return caught.value


def test_what_is_left_out_is_as_the_board_leaves_the_factory() -> None:
    cu16 = 'driver = "cu16"\nport = "/dev/ttyUSB0"\nchannels = 16\naddress = 0\n'
    board = read(cu16, "[rules]\nno_sign_ms = 6000\n").cabinet.boards[0]
    assert (board.baud, board.closed_bit, board.pulse_ms) == (19_200, 1, 550)


@pytest.mark.parametrize(
    ("board", "problem"),
    [
        ('driver = "8a81"\nport = "/dev/x"\n', "there is no driver '8a81'"),
        ('driver = "winnsen"\nport = "/dev/x"\nchannels = 24\n', "channels: a winnsen board has 1"),
        ('driver = "winnsen"\nport = "/dev/x"\nchannels = 16\naddress = 9\n', "address: a winnsen"),
        ('driver = "8a80"\nport = "/dev/x"\nchannels = 2\ncells = [1]\n', "name all 2 channels"),
        ('driver = "8a80"\nport = "/dev/x"\nchannels = 2\ncells = [1, 1]\n', "on two channels"),
        ('driver = "8a80"\nport = "/dev/x"\nchannels = 2\nsensors = [1, 3]\n', "each of 1 to 2"),
        (f"{PINS}pulse_ms = 501\n", "pulse_ms: a gpio board takes at most 500"),
        (
            'driver = "modbus_coils"\nport = "/dev/x"\nchannels = 8\npulse_ms = 501\n',
            "pulse_ms: a modbus_coils board takes at most 500",
        ),
        (PINS.replace("[6, 7]", "[6]"), "door_pins: name 2 pins, not 1"),
        (PINS.replace("[10, 11]", "[8, 11]"), "lock_pins: use 9 to 27"),
        (PINS.replace("[6, 7]", "[10, 7]"), "one pin is named twice"),
        ('driver = "8a80"\nport = "/dev/x"\nchannels = 2\nlock_pins = [1, 2]\n', "not on pins"),
    ],
)
def test_what_no_such_board_has_is_refused_by_its_key(board: str, problem: str) -> None:
    found = complaint(board)
    assert problem in found.problem
    assert found.key.startswith("cabinet.boards.0")


def test_cells_and_sensors_say_how_the_cables_go() -> None:
    board = read(
        'driver = "8a80"\nport = "/dev/x"\nchannels = 2\ncells = [7, 5]\nsensors = [2, 1]\n'
    ).cabinet.boards[0]
    assert board.cell_of() == {1: 7, 2: 5}
    assert board.cell_seen_on() == {2: 7, 1: 5}


def test_a_lock_that_hangs_nowhere_has_no_cell() -> None:
    settings = read('driver = "8a80"\nport = "/dev/x"\nchannels = 2\ncells = [0, 5]\n')
    assert settings.cabinet.boards[0].cell_of() == {2: 5}


@pytest.mark.parametrize(
    "more",
    [
        "[signals]\nbuzzer_pin = 7\n",
        "[signals]\nbuzzer_pin = 9\nalarm_pin = 9\n",
        '[power]\ndriver = "gpio"\nport = "gpio"\nmains_pin = 10\n',
    ],
)
def test_a_pin_with_two_uses_is_refused(more: str) -> None:
    assert "change one of the two" in complaint(PINS, more).problem


def test_pins_with_one_use_each_are_taken() -> None:
    settings = read(PINS, "[signals]\nbuzzer_pin = 8\nalarm_pin = 9\n")
    assert settings.ports()["signals"] == "gpio"
