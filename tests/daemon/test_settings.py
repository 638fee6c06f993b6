"""station.toml: a typo stops the start and names the file, the key and the fix."""

from collections.abc import Callable
from pathlib import Path

import pytest

from edge.domain.advice import Consent
from edge.domain.policy import CellSize
from edge.kernel.errors import ConfigError
from edge.settings import Settings, policy_of, read_settings
from edge.tools.new_station import TEMPLATE

_WORDS = {
    "station": '"pingshang"',
    "county": '"shangyou"',
    "name": '"坪上村驿"',
    "broker": '"mqtt://127.0.0.1:1883"',
    "web_port": "8601",
    "lock_board": '"/dev/ttyUSB0"',
    "scanner": '"/dev/ttyUSB1"',
    "printer": '"socket://10.0.0.9:9100"',
}
GOOD = TEMPLATE.format(**_WORDS)

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        (tmp_path / "station.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return written


def read(folder: Path) -> Settings:
    return read_settings(folder)


def complaint(folder: Path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read_settings(folder)
    return caught.value


def test_the_example_that_init_writes_is_whole_and_its_rules_are_the_defaults(write: Write) -> None:
    settings = read(write(GOOD))
    assert (settings.station_id, settings.county_id) == ("pingshang", "shangyou")
    policy = policy_of(settings)
    assert [cell.cell for cell in policy.cells] == list(range(1, 25))
    sizes = [cell.size for cell in policy.cells]
    assert sizes == [CellSize.SMALL] * 12 + [CellSize.MEDIUM] * 8 + [CellSize.LARGE] * 4
    assert (policy.no_sign_ms, policy.left_open_ms) == (3_000, 60_000)
    shelves = [(shelf.name, shelf.layers, shelf.per_layer) for shelf in policy.shelves]
    assert (shelves, policy.floor_slots) == ([("A", 4, 30), ("B", 4, 30)], 6)


def test_whoever_was_not_announced_has_agreed_unless_the_file_says_ask(write: Write) -> None:
    assert policy_of(read(write(GOOD))).unannounced is Consent.YES
    asks = f'{GOOD}\n[rules]\nunannounced = "ask"\n'
    assert policy_of(read(write(asks))).unannounced is Consent.UNKNOWN
    wrong = f'{GOOD}\n[rules]\nunannounced = "no"\n'
    assert complaint(write(wrong)).key == "rules.unannounced"


@pytest.mark.parametrize("number", ["0797-8521234", "+86 797 8521234", "12345"])
def test_the_county_desks_number_is_kept_as_it_is_written(write: Write, number: str) -> None:
    assert read(write(GOOD)).station.county_phone == ""
    line = f'county = "shangyou"\ncounty_phone = "{number}"'
    text = GOOD.replace('county = "shangyou"', line)
    assert read(write(text)).station.county_phone == number


def test_a_station_without_shelves_has_none(write: Write) -> None:
    before, _, rest = GOOD.partition("[shelves]")
    _, _, after = rest.partition("[[cabinet.boards]]")
    settings = read(write(f"{before}[[cabinet.boards]]{after}"))
    assert (policy_of(settings).shelves, policy_of(settings).floor_slots) == ((), 0)


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ('county = "shangyou"', 'county = "shangyou"\ncolour = 1', "station.colour", "unknown key"),
        ("pulse_ms = 300", "pulse = 300", "cabinet.boards.0.pulse", "unknown key"),
        ("[web]", "[webb]", "webb", "unknown key"),
        ("[[scanners]]", "[[scaners]]", "scaners", "unknown key"),
        ('county = "shangyou"\n', "", "station.county", "this key is missing"),
        ("A = 4", "a = 4", "shelves.layers.a.[key]", "right form"),
        ("A = 4", "A = 10", "shelves.layers.A", "less than or equal to 9"),
        ("floor = 6", "floor = -1", "shelves.floor", "greater than or equal to 0"),
        ("per_layer = 30", "per_layr = 30", "shelves.per_layr", "unknown key"),
        ('id = "pingshang"', 'id = "Ping Shang"', "station.id", "right form"),
        ("port = 8601", 'port = "8601"', "web.port", "valid integer"),
        ("port = 8601", "port = 70000", "web.port", "less than or equal to 65535"),
        ('host = "127.0.0.1"', 'host = "0.0.0.0"', "web.host", "127.0.0.1"),
        ("pulse_ms = 300", "pulse_ms = 5000", "cabinet.boards.0.pulse_ms", "1000"),
        ("pulse_ms = 300", "pulse_ms = 300.5", "cabinet.boards.0.pulse_ms", "integer"),
        ("channels = 24", "channels = 25", "cabinet.boards.0", "24 or 50 channels, not 25"),
        ("closed_bit = 1", "closed_bit = true", "cabinet.boards.0.closed_bit", "integer"),
        ('"/dev/ttyUSB1"', '"COM3"', "scanners.0.port", "right form"),
        ('"mqtt://127.0.0.1:1883"', '"127.0.0.1:1883"', "link.broker", "right form"),
        ('"mqtt://127.0.0.1:1883"', '"mqtt://127.0.0.1:99999"', "link", "65535"),
        ("large = [21, 22, 23, 24]", "large = [24, 25]", "cabinet", "cells [25] have a size"),
        ("large = [21, 22, 23, 24]", "large = [20]", "cabinet", "cells [20] are both"),
        (
            'county = "shangyou"',
            'county = "shangyou"\ncounty_phone = "打县里"',
            "station.county_phone",
            "3 to 20 digits",
        ),
        (
            'county = "shangyou"',
            'county = "shangyou"\nhamlets = ["青山", "大塘", "青山"]',
            "station.hamlets",
            "青山 stands there twice",
        ),
        (
            'county = "shangyou"',
            'county = "shangyou"\nhamlets = ["青山 "]',
            "station.hamlets",
            "a blank at an end",
        ),
        (
            'county = "shangyou"',
            'county = "shangyou"\nhamlets = ["青\\u0007山"]',
            "station.hamlets",
            "cannot be printed",
        ),
        (
            'county = "shangyou"',
            'county = "shangyou"\nhamlets = [""]',
            "station.hamlets.0",
            "at least 1 character",
        ),
        (
            'county = "shangyou"',
            f'county = "shangyou"\nhamlets = ["{"村" * 13}"]',
            "station.hamlets.0",
            "at most 12 characters",
        ),
        (
            'county = "shangyou"',
            f'county = "shangyou"\nhamlets = {[str(n) for n in range(10)]}',
            "station.hamlets",
            "at most 9 items",
        ),
        (
            'county = "shangyou"',
            'county = "shangyou"\nhamlets = "青山"',
            "station.hamlets",
            "valid",
        ),
        ("dots = 384", "dots = 400", "printer.dots", "384 or 576"),
    ],
)
def test_a_wrong_key_or_value_names_file_key_and_fix(
    write: Write, old: str, new: str, key: str, problem: str
) -> None:
    assert old in GOOD
    folder = write(GOOD.replace(old, new))
    found = complaint(folder)
    assert found.key == key
    assert problem in found.problem
    assert found.fix
    assert str(found).startswith(f"{folder / 'station.toml'}: {key}: ")


def test_a_pulse_whose_coil_rests_longer_than_a_person_waits_is_refused(write: Write) -> None:
    longer = GOOD.replace("pulse_ms = 300", "pulse_ms = 500")
    found = complaint(write(longer))
    assert (found.key, found.fix) == ("", "Change one of the two")
    assert "pulse_ms = 500 needs no_sign_ms = 5000" in found.problem
    settings = read(write(longer + "\n[rules]\nno_sign_ms = 5000\n"))
    assert settings.rules.no_sign_ms == 5_000


def test_how_many_starts_let_doors_rest_and_for_how_long_is_the_countys_to_say(
    write: Write,
) -> None:
    assert policy_of(read(write(GOOD))).safe_after_boots == 3
    rules = "\n[rules]\nsafe_after_boots = 0\nsteady_ms = 60000\nsafe_ms = 120000\n"
    policy = policy_of(read(write(GOOD + rules)))
    assert (policy.safe_after_boots, policy.steady_ms, policy.safe_ms) == (0, 60_000, 120_000)
    assert complaint(write(GOOD + rules.replace("= 0", "= -1"))).key == "rules.safe_after_boots"


def test_two_boards_on_one_cell_number_are_refused(write: Write) -> None:
    board = GOOD[GOOD.index("[[cabinet.boards]]") : GOOD.index("[[scanners]]")]
    second = board.replace("first_cell = 1", "first_cell = 24").replace("USB0", "USB7")
    found = complaint(write(GOOD.replace("[[scanners]]", second + "[[scanners]]")))
    assert found.key == "cabinet"
    assert "two lock boards share a cell number" in found.problem


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("", "", "/dev/ttyUSB0 has two lock boards with address 1"),
        ("baud = 9600\naddress = 1", "baud = 19200\naddress = 2", "with different baud"),
    ],
)
def test_two_boards_on_one_line_that_cannot_be_told_apart_are_refused(
    write: Write, old: str, new: str, problem: str
) -> None:
    board = GOOD[GOOD.index("[[cabinet.boards]]") : GOOD.index("[[scanners]]")]
    assert old in board
    second = board.replace("first_cell = 1", "first_cell = 25").replace(old, new)
    found = complaint(write(GOOD.replace("[[scanners]]", second + "[[scanners]]")))
    assert found.key == "cabinet"
    assert problem in found.problem


def test_two_boards_on_one_line_with_their_own_addresses_are_taken(write: Write) -> None:
    board = GOOD[GOOD.index("[[cabinet.boards]]") : GOOD.index("[[scanners]]")]
    second = board.replace("first_cell = 1", "first_cell = 25").replace(
        "address = 1", "address = 2"
    )
    settings = read(write(GOOD.replace("[[scanners]]", second + "[[scanners]]")))
    assert [board.address for board in settings.cabinet.boards] == [1, 2]


def test_two_boards_in_a_row_make_one_cabinet(write: Write) -> None:
    board = GOOD[GOOD.index("[[cabinet.boards]]") : GOOD.index("[[scanners]]")]
    second = board.replace("first_cell = 1", "first_cell = 25").replace("USB0", "USB7")
    settings = read(write(GOOD.replace("[[scanners]]", second + "[[scanners]]")))
    assert len(policy_of(settings).cells) == 48


def test_no_board_at_all_is_refused(write: Write) -> None:
    start, end = GOOD.index("[[cabinet.boards]]"), GOOD.index("[[scanners]]")
    assert complaint(write(GOOD[:start] + "boards = []\n" + GOOD[end:])).key == "cabinet.boards"


@pytest.mark.parametrize(
    "port", ["/dev/serial/by-id/usb-x", "socket://10.0.0.7:4001", "file:/tmp/scanner"]
)
def test_real_ports_make_a_real_station(write: Write, port: str) -> None:
    assert not read(write(GOOD.replace("/dev/ttyUSB1", port))).simulated


@pytest.mark.parametrize("real", ["/dev/ttyUSB0", "/dev/ttyUSB1", "socket://10.0.0.9:9100"])
def test_one_twin_among_the_devices_makes_the_station_simulated(write: Write, real: str) -> None:
    assert read(write(GOOD.replace(real, "twin:/run/bench/device"))).simulated


def test_a_broken_line_is_named_by_its_number(write: Write) -> None:
    found = complaint(write('[station]\nid = "a"\nname = \n'))
    assert "not valid TOML" in found.problem
    assert "line 3" in found.problem


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    found = complaint(tmp_path / "nowhere")
    assert found.fix == f"Run: cunyi station init {tmp_path / 'nowhere'}"


def test_a_file_that_is_no_text_or_no_file_is_a_clear_error(tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    file.write_bytes(GOOD.encode("gb18030"))
    assert complaint(tmp_path).problem == "not UTF-8 text"
    file.unlink()
    file.mkdir()
    assert complaint(tmp_path).problem == "cannot be read (Is a directory)"


def test_a_byte_order_mark_from_a_windows_editor_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text(GOOD, encoding="utf-8-sig")
    assert read(tmp_path).station.name == "坪上村驿"


def test_settings_cannot_be_changed_after_reading(write: Write) -> None:
    settings = read(write(GOOD))
    with pytest.raises(ValueError, match="frozen"):
        settings.web.port = 1


def test_nobodys_parcel_goes_back_before_they_hear_of_it(write: Write) -> None:
    policy = policy_of(read(write(GOOD + "\n[rules]\nremind_days = 2\nreturn_days = 10\n")))
    assert (policy.remind_days, policy.return_days) == (2, 10)
    found = complaint(write(GOOD + "\n[rules]\nremind_days = 7\n"))
    assert "remind_days = 7 must be less than return_days = 7" in found.problem
