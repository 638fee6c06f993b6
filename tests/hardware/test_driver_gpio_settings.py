"""Relay boards in station.toml: on a Modbus line and on pins."""

import pytest

from edge.kernel.errors import ConfigError
from edge.settings import parse_settings
from hardware.catalogue import lock_board_kind

STATION = """
[station]
id = "ping-shang"
county = "shang-you"
name = "x"
[link]
broker = "mqtt://127.0.0.1:1883"
[[scanners]]
port = "/dev/ttyACM0"
[printer]
port = "/dev/usb/lp0"
[[cabinet.boards]]
{board}
"""
MODBUS = 'driver = "{driver}"\nport = "/dev/ttyUSB0"\nchannels = 8\n'
PINS = 'driver = "gpio"\nport = "gpio"\nchannels = 2\nlock_pins = [9, 10]\ndoor_pins = [16, 17]\n'


def complaint(board: str) -> str:
    with pytest.raises(ConfigError) as told:
        parse_settings(STATION.format(board=board), "station.toml")
    return str(told.value)


@pytest.mark.parametrize("driver", ["modbus_coils", "modbus_flash"])
def test_a_modbus_board_is_a_lock_board_like_any_other(driver: str) -> None:
    text = STATION.format(board=MODBUS.format(driver=driver))
    (board,) = parse_settings(text, "station.toml").cabinet.boards
    assert (board.baud, board.closed_bit, board.channels) == (9_600, 1, 8)
    assert board.pulse_ms == 300


def test_a_board_on_pins_names_a_lock_pin_and_a_door_pin_for_each_channel() -> None:
    (board,) = parse_settings(STATION.format(board=PINS), "station.toml").cabinet.boards
    assert (board.lock_pins, board.door_pins, board.closed_bit) == ((9, 10), (16, 17), 0)
    assert lock_board_kind("gpio").on_pins


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("lock_pins = [9, 10]", "lock_pins = [9]", "lock_pins: name 2 pins, not 1"),
        ("door_pins = [16, 17]\n", "", "door_pins: name 2 pins, not 0"),
        ("[16, 17]", "[16, 10]", "one pin is named twice"),
        ("[16, 17]", "[16, 28]", "less than or equal to 27"),
        ('port = "gpio"', 'port = "/dev/ttyUSB0"', 'pins are behind "gpio"'),
        ("channels = 2", "channels = 15", "1 to 14 channels, not 15"),
    ],
)
def test_pins_that_do_not_fit_stop_the_start(old: str, new: str, problem: str) -> None:
    assert old in PINS
    assert problem in complaint(PINS.replace(old, new))


def test_a_board_on_a_line_has_no_pins() -> None:
    board = MODBUS.format(driver="modbus_flash") + "lock_pins = [9]\n"
    assert "lock_pins: a modbus_flash board is on a line, not on pins" in complaint(board)


def test_two_boards_on_pins_need_no_two_addresses() -> None:
    second = PINS.replace("[9, 10]", "[11, 12]").replace("[16, 17]", "[20, 21]")
    text = STATION.format(board=PINS) + f"[[cabinet.boards]]\n{second}first_cell = 3\n"
    one, other = parse_settings(text, "station.toml").cabinet.boards
    assert one.address == other.address
    assert (one.lock_pins, other.lock_pins) == ((9, 10), (11, 12))


def test_two_boards_on_one_line_do() -> None:
    line = MODBUS.format(driver="modbus_flash")
    problem = complaint(f"{line}[[cabinet.boards]]\n{line}first_cell = 9\n")
    assert "two lock boards with address 1" in problem
