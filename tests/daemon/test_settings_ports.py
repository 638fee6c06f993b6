"""Ports in station.toml: one that can never open, or that two devices want, stops the start."""

import pytest

from edge.kernel.errors import ConfigError
from edge.settings import Settings, parse_settings

HEAD = """
[station]
id = "pingshang"
county = "shangyou"
name = "坪上村驿"
[link]
broker = "mqtt://127.0.0.1:1883"
"""
BOARD = '[[cabinet.boards]]\ndriver = "8a80"\nport = "/dev/ttyUSB0"\n'
SECOND = BOARD.replace('"8a80"', '"{driver}"') + "channels = 8\naddress = 2\nfirst_cell = 25\n"
PINS = (
    '[[cabinet.boards]]\ndriver = "gpio"\nport = "gpio"\nchannels = 1\nfirst_cell = 25\n'
    "lock_pins = [10]\ndoor_pins = [5]\n"
)
SCANNER = '[[scanners]]\nport = "/dev/ttyUSB1"\n'
PRINTER = '[printer]\nport = "/dev/ttyUSB2"\n'


def read(
    *more: str, board: str = BOARD, scanner: str = SCANNER, printer: str = PRINTER
) -> Settings:
    return parse_settings("\n".join([HEAD, board, scanner, printer, *more]), "station.toml")


def complaint(
    *more: str, board: str = BOARD, scanner: str = SCANNER, printer: str = PRINTER
) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read(*more, board=board, scanner=scanner, printer=printer)
    return caught.value


@pytest.mark.parametrize(
    ("port", "problem"),
    [
        ("socket://10.0.0.7:99999", "Port out of range 0-65535"),
        ("socket://h:abc", "'abc'"),
        ("socket://[::1", "Invalid IPv6 URL"),
        ("socket://h", "the port of the host is missing"),
        ("socket://h:0", "the port of the host is missing"),
        ("socket://:4001", "the host is missing"),
        ("socket://h h:4001", "the host is missing"),
        ("socket://h:4001/x", "something behind the port"),
    ],
)
def test_an_address_that_no_device_server_can_have_is_refused(port: str, problem: str) -> None:
    found = complaint(board=BOARD.replace("/dev/ttyUSB0", port))
    assert found.key == "cabinet.boards.0.port"
    assert port in found.problem
    assert problem in found.problem
    assert found.fix == 'Write it like "socket://10.0.0.7:4001"'


@pytest.mark.parametrize("port", ["COM3", "/dev/", "gpio4", "file:slips.bin", "/dev/tty\\u0000"])
def test_what_is_no_port_at_all_is_refused(port: str) -> None:
    found = complaint(board=BOARD.replace("/dev/ttyUSB0", port))
    assert found.key == "cabinet.boards.0.port"
    assert found.problem == "this text does not have the right form"
    assert '"/dev/serial/by-id/..."' in found.fix


@pytest.mark.parametrize("port", ["usb:printer", "usb:0416", "usb:0416:5011@one", "usb:12345:1"])
def test_a_usb_printer_is_named_as_lsusb_shows_it(port: str) -> None:
    found = complaint(printer=PRINTER.replace("/dev/ttyUSB2", port))
    assert (found.key, found.fix) == ("printer.port", 'Write it like "usb:0416:5011"')


@pytest.mark.parametrize("port", ["usb:0416:5011", "usb:416:5011@1-1.3", "file:/dev/usb/lp0"])
def test_a_printer_may_be_on_usb(port: str) -> None:
    assert read(printer=PRINTER.replace("/dev/ttyUSB2", port)).printer.port == port


@pytest.mark.parametrize(
    ("table", "key", "problem"),
    [
        ('[scale]\ndriver = "continuous"\nport = "gpio"\n', "scale.port", "on a serial line"),
        ('[scale]\ndriver = "continuous"\nport = "alsa:default"\n', "scale.port", "serial line"),
        ('[card_reader]\nport = "usb:0416:5011"\n', "card_reader.port", "on a serial line"),
        ('[power]\ndriver = "megatec"\nport = "gpio"\n', "power.port", "on a serial line"),
        ('[power]\ndriver = "gpio"\nport = "/dev/x"\nmains_pin = 5\n', "power.port", "pins are"),
        ('[voice]\nport = "/dev/snd/x"\n', "voice.port", "a loudspeaker is behind alsa:"),
        ('[signals]\nport = "/dev/gpiochip0"\n', "signals.port", 'pins are behind "gpio"'),
        ('[label_printer]\nport = "gpio"\n', "label_printer.port", "a printer is on"),
    ],
)
def test_a_port_behind_which_no_such_device_can_be_is_refused(
    table: str, key: str, problem: str
) -> None:
    found = complaint(table)
    assert found.key == key
    assert problem in found.problem


@pytest.mark.parametrize("port", ["gpio", "alsa:default", "usb:0416:5011", "file:/tmp/x"])
def test_a_lock_board_on_a_line_is_behind_a_line(port: str) -> None:
    found = complaint(board=BOARD.replace("/dev/ttyUSB0", port))
    assert found.key == "cabinet.boards.0.port"
    assert found.problem == (
        f"{port} cannot be the port here: it is on a serial line or behind a device server"
    )
    assert "gpio" not in found.fix


@pytest.mark.parametrize(
    ("driver", "port", "problem"),
    [
        ("hid", "/dev/ttyUSB1", "a keyboard is an event device of /dev/input"),
        ("camera", "/dev/video0", "a camera is the file: of the picture"),
        ("ssi", "gpio", "on a serial line"),
        ("line", "usb:0c2e:090a", "on a serial line or a file"),
    ],
)
def test_a_scanner_is_behind_what_its_driver_reads(driver: str, port: str, problem: str) -> None:
    found = complaint(scanner=f'[[scanners]]\ndriver = "{driver}"\nport = "{port}"\n')
    assert found.key == "scanners.0.port"
    assert problem in found.problem


def test_a_wrong_driver_is_told_rather_than_its_port() -> None:
    found = complaint('[power]\ndriver = "magic"\nport = "gpio"\nmains_pin = 5\n')
    assert found.key == "power.driver"


@pytest.mark.parametrize(
    ("other", "key", "both"),
    [
        (
            '[[scanners]]\nport = "/dev/ttyUSB0"\n',
            "scanners.1.port",
            "cabinet.boards.0.port and scanners.1.port are both /dev/ttyUSB0",
        ),
        (SCANNER, "scanners.1.port", "scanners.0.port and scanners.1.port"),
        (
            '[scale]\ndriver = "continuous"\nport = "/dev//ttyUSB2"\n',
            "scale.port",
            "printer.port and scale.port",
        ),
        (
            '[label_printer]\nport = "file:/dev/ttyUSB2"\n',
            "label_printer.port",
            "printer.port and label_printer.port",
        ),
        (
            SECOND.format(driver="modbus_flash"),
            "cabinet.boards.1.port",
            "cabinet.boards.0.port and cabinet.boards.1.port",
        ),
    ],
)
def test_a_port_that_two_devices_want_is_refused(other: str, key: str, both: str) -> None:
    found = complaint(other)
    assert found.key == key
    assert both in found.problem
    assert "a port of its own" in found.fix


def test_two_spellings_of_one_device_server_are_one_port() -> None:
    found = complaint(
        '[scale]\ndriver = "continuous"\nport = "socket://SHED:4001"\n',
        board=BOARD.replace("/dev/ttyUSB0", "socket://shed:4001"),
    )
    assert found.key == "scale.port"


@pytest.mark.parametrize("driver", ["8a80", "cu16"])
def test_lock_boards_of_one_kind_may_share_their_line(driver: str) -> None:
    second = SECOND.format(driver=driver).replace("channels = 8", "channels = 16\nbaud = 9600")
    rules = "[rules]\nno_sign_ms = 10000\n"
    channels = "channels = 24" if driver == "8a80" else "channels = 16"
    settings = read(second.replace("channels = 16", channels), rules)
    assert {board.port for board in settings.cabinet.boards} == {"/dev/ttyUSB0"}


def test_whatever_hangs_on_pins_shares_the_pins() -> None:
    power = '[power]\ndriver = "gpio"\nport = "gpio"\nmains_pin = 6\n'
    settings = read(PINS, power, "[signals]\nbuzzer_pin = 7\n")
    assert [port for port in settings.ports().values() if port == "gpio"] == ["gpio"] * 3


def test_a_scanner_is_not_behind_the_pins_of_a_twin() -> None:
    pins = PINS.replace('"gpio"\nchannels', '"twin:/run/pins"\nchannels')
    found = complaint(pins, '[[scanners]]\nport = "twin:/run/pins"\n')
    assert found.key == "scanners.1.port"
