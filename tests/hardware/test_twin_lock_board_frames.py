"""Every make of board twin, byte by byte against the vendors' frames, on a hand-driven clock.

Sources of the frames: docs/devices/lock-boards.md. The checks of Modbus frames that stand in no
sheet were computed with pymodbus.
"""

import pytest

from hardware.twins.boards.firmware import Firmware
from hardware.twins.boards.kerong_cu16 import KerongCu16
from hardware.twins.boards.modbus_relays import EletechsupRelays, ModbusRelays, WaveshareRelays
from hardware.twins.boards.wkly import Wkly
from hardware.twins.lock_board import BoardMake
from tests.hardware.board_on_table import OnTable

# -- KERONG CU16


def test_cu16_status_shows_hooks_and_articles() -> None:
    it = OnTable("cu16")
    assert it.ask("02 00 30 03 35") == "02 00 35 ff ff 00 00 03 38"
    it.stands_open(1)
    assert it.ask("02 00 30 03 35") == "02 00 35 fe ff 00 00 03 37"
    it.cabinet.put_in(1, "parcel")
    assert it.ask("02 00 30 03 35") == "02 00 35 fe ff 01 00 03 38"
    assert it.ask("02 f0 32 03 27") == "02 00 36 fe ff 01 00 03 39"


@pytest.mark.parametrize(("frame", "lock"), [("02 00 31 03 36", 1), ("02 0f 31 03 45", 16)])
def test_cu16_unlocks_with_an_answer_or_without(frame: str, lock: int) -> None:
    it, mute = OnTable("cu16"), OnTable("cu16-mute")
    assert it.ask(frame) == "02 00 35 ff ff 00 00 03 38"
    assert mute.ask(frame) == ""
    assert it.pulses() == mute.pulses() == [(lock, 300)]


def test_cu16_unlock_time_is_in_hundredths_of_a_second() -> None:
    it = OnTable("cu16-mute")
    assert it.ask("02 00 37 00 32 03 6e") == "02 00 38 00 32 03 6f"
    it.ask("02 00 31 03 36")
    assert it.pulses() == [(1, 500)]


def test_cu16_unlocks_later_and_unlocks_all() -> None:
    it = OnTable("cu16-mute")
    it.ask("02 01 39 02 03 41")
    it.pass_ms(1_990)
    assert it.pulses() == []
    it.pass_ms(20)
    assert it.pulses() == [(2, 300)]
    it.ask("02 00 33 03 38")
    assert len(it.pulses()) == 17


def test_cu16_hears_only_its_own_address() -> None:
    it = OnTable(BoardMake(dialect=KerongCu16, channels=16, address=3))
    assert it.ask("02 00 30 03 35") == ""
    assert it.ask("02 30 30 03 65") == "02 30 35 ff ff 00 00 03 68"


# -- WKLY


def test_wkly_frames_are_those_of_the_sheet() -> None:
    it = OnTable("wkly")
    shut = "57 4b 4c 59 22 00 84 00 18" + " 01" * 24
    assert it.ask("57 4b 4c 59 08 00 84 85") == shut + " b7"
    it.stands_open(1)
    assert it.ask("57 4b 4c 59 09 00 83 01 82") == "57 4b 4c 59 0b 00 83 00 01 00 80"
    assert it.ask("57 4b 4c 59 09 00 82 01 83") == "57 4b 4c 59 0b 00 82 00 01 00 81"
    assert it.pulses() == [(1, 300)]
    assert it.ask("57 4b 4c 59 09 00 81 01 80") == "57 4b 4c 59 0a 00 81 00 01 83"
    assert isinstance(it.firmware, Wkly)
    assert it.firmware.flashed == [1]


def test_wkly_tells_of_a_door_that_moved() -> None:
    it = OnTable("wkly-telling")
    report = it.firmware.report(1)
    assert report is not None
    assert report.hex(" ") == "57 4b 4c 59 0a 00 85 01 01 86"


def test_wkly_opens_several_at_once_or_one_by_one() -> None:
    at_once, in_turn = OnTable("wkly"), OnTable("wkly")
    assert at_once.ask("57 4b 4c 59 0c 00 80 03 01 02 03 86") == "57 4b 4c 59 09 00 80 00 80"
    assert len(at_once.cabinet.violations) == 2
    assert in_turn.ask("57 4b 4c 59 0c 00 87 03 01 02 03 81") == "57 4b 4c 59 09 00 87 00 87"
    in_turn.pass_ms(1_500)
    assert in_turn.pulses() == at_once.pulses() == [(1, 300), (2, 300), (3, 300)]
    assert in_turn.cabinet.violations == ()


def test_wkly_opens_all_and_holds_and_fails_where_there_is_no_lock() -> None:
    it = OnTable("wkly")
    assert it.ask("57 4b 4c 59 09 00 88 02 8a") == "57 4b 4c 59 0b 00 88 00 02 01 89"
    assert it.board.is_on(2)
    assert it.ask("57 4b 4c 59 09 00 89 02 8b") == "57 4b 4c 59 0b 00 89 00 02 01 88"
    assert not it.board.is_on(2)
    assert it.ask("57 4b 4c 59 09 00 82 19 9b")[:26] == "57 4b 4c 59 0b 00 82 ff 19"
    assert it.pulses() == [(2, 0)]
    assert it.ask("57 4b 4c 59 08 00 86 87") == "57 4b 4c 59 09 00 86 00 86"
    assert len(it.pulses()) == 25


# -- Dongcheng


def test_dongcheng_opens_a_cell_and_tells_what_lies_in_it() -> None:
    it = OnTable("dongcheng")
    assert it.ask("02 09 01 00 4f 01 05 41 03") == "02 09 01 00 00 01 00 0b 03"
    assert it.pulses() == [(5, 300)]
    it.pass_ms(500)
    it.cabinet.put_in(5, "parcel")
    assert it.ask("02 09 01 07 4f 01 05 46 03") == "02 09 01 07 00 01 01 0d 03"


def test_dongcheng_status_has_articles_then_doors_then_four_bytes() -> None:
    it = OnTable("dongcheng")
    shut = "02 16 01 00 00 0e 00 00 00 00 00 ff ff ff ff ff 00 00 00 00 e4 03"
    assert it.ask("02 09 01 00 44 01 0f 40 03") == shut
    it.stands_open(9)
    it.cabinet.put_in(9, "parcel")
    parcel = "02 16 01 00 00 0e 00 01 00 00 00 ff fe ff ff ff 00 00 00 00 e4 03"
    assert it.ask("02 09 01 00 44 01 0f 40 03") == parcel


def test_dongcheng_keeps_its_asset_code() -> None:
    it = OnTable("dongcheng")
    assert it.ask("02 08 01 00 47 00 4c 03")[18:107] == " ".join(["ff"] * 30)
    code = b"CUNYI-0001".ljust(30, b"0").hex(" ")
    frame = bytes.fromhex("02 26 01 02 53 1e " + code)
    check = 0
    for byte in frame:
        check ^= byte
    assert it.ask(f"{frame.hex()} {check:02x} 03") == "02 08 01 02 00 00 09 03"
    assert it.ask("02 08 01 00 47 00 4c 03")[18:107] == code


def test_dongcheng_refuses_what_it_does_not_have() -> None:
    it = OnTable("dongcheng")
    assert it.ask("02 09 01 00 4f 01 29 6d 03") == "02 08 01 00 01 00 0a 03"
    assert it.ask("02 08 01 00 58 00 53 03") == "02 08 01 00 01 00 0a 03"
    assert it.pulses() == []


# -- Winnsen style


def test_winnsen_rests_a_lock_and_says_so() -> None:
    it = OnTable("winnsen")
    assert it.ask("90 06 05 01 07 03") == "90 07 85 01 07 01 03"
    it.pass_ms(14_900)
    assert it.ask("90 06 05 01 07 03") == "90 07 85 01 07 02 03"
    assert it.ask("90 06 05 01 08 03") == "90 07 85 01 08 01 03"
    it.pass_ms(200)
    assert it.ask("90 06 05 01 07 03") == "90 07 85 01 07 01 03"
    assert [channel for channel, _ in it.pulses()] == [7, 8, 7]
    assert it.ask("90 06 05 01 11 03") == "90 07 85 01 11 00 03"


def test_winnsen_status_has_state_and_lock_the_other_way_round() -> None:
    it = OnTable("winnsen")
    assert it.ask("90 06 12 01 07 03") == "90 07 92 01 00 07 03"
    it.stands_open(7)
    assert it.ask("90 06 12 01 07 03") == "90 07 92 01 01 07 03"
    assert it.ask("90 06 12 02 07 03") == ""


# -- Modbus relays


def test_modbus_coils_are_relays_that_stay_as_they_are_put() -> None:
    it = OnTable("modbus")
    assert it.ask("01 05 00 00 ff 00 8c 3a") == "01 05 00 00 ff 00 8c 3a"
    it.pass_ms(300)
    assert it.ask("01 01 00 00 00 08 3d cc") == "01 01 01 01 90 48"
    assert it.ask("01 05 00 00 00 00 cd ca") == "01 05 00 00 00 00 cd ca"
    assert it.ask("01 01 00 00 00 08 3d cc") == "01 01 01 00 51 88"
    assert it.pulses() == [(1, 300)]
    assert it.ask("01 02 00 00 00 08 79 cc") == "01 02 01 fe 20 08"  # door 1 sprang open


def test_modbus_writes_many_coils_at_once_and_nobody_answers_for_all() -> None:
    it = OnTable("modbus")
    assert it.ask("01 0f 00 00 00 08 01 04 ff 56") == "01 0f 00 00 00 08 54 0d"
    assert [it.board.is_on(n) for n in range(1, 9)] == [n == 3 for n in range(1, 9)]
    assert it.ask("00 05 00 02 00 00 6d db") == ""
    assert not it.board.is_on(3)


@pytest.mark.parametrize(
    ("frame", "answer"),
    [
        ("01 03 00 00 00 01 84 0a", "01 83 01 80 f0"),  # no registers
        ("01 06 00 01 01 00 d9 9a", "01 86 01 83 a0"),
        ("01 05 00 08 ff 00 0d f8", "01 85 02 c3 51"),  # relay 9 of 8
        ("01 05 02 00 00 02 4d b3", "01 85 03 02 91"),  # no flash on a plain board
        ("01 01 00 00 00 00 3c 0a", "01 81 03 00 51"),
    ],
)
def test_modbus_refuses_by_exception(frame: str, answer: str) -> None:
    it = OnTable("modbus")
    assert it.ask(frame) == answer
    assert it.pulses() == []


def test_waveshare_flashes_a_relay_by_itself() -> None:
    it = OnTable("modbus-waveshare")
    assert it.ask("01 05 02 00 00 02 4d b3") == "01 05 02 00 00 02 4d b3"
    assert it.pulses() == [(1, 200)]
    assert it.ask("01 01 00 00 00 08 3d cc") == "01 01 01 01 90 48"
    it.pass_ms(210)
    assert it.ask("01 01 00 00 00 08 3d cc") == "01 01 01 00 51 88"
    assert it.cabinet.violations == ()


def test_waveshare_all_off_cuts_a_flash_short() -> None:
    it = OnTable("modbus-waveshare")
    it.ask("01 05 02 00 00 02 4d b3")
    it.pass_ms(100)
    assert it.ask("01 05 00 ff 00 00 fd fa") == "01 05 00 ff 00 00 fd fa"
    assert it.pulses() == [(1, 100)]


def test_waveshare_off_for_a_time_ends_with_the_coil_on_for_good() -> None:
    it = OnTable("modbus-waveshare")
    assert it.ask("01 05 04 00 00 02 4d 3b") == "01 05 04 00 00 02 4d 3b"
    assert it.pulses() == []
    it.pass_ms(2_000)
    assert it.cabinet.held == (1,)
    assert "coil held: 1" in it.cabinet.violations[0]


def test_waveshare_forgets_the_off_time_when_it_is_switched_meanwhile() -> None:
    it = OnTable("modbus-waveshare")
    it.ask("01 05 04 00 00 02 4d 3b")
    it.ask("01 05 00 00 00 00 cd ca")
    it.pass_ms(2_000)
    assert it.pulses() == []


def test_eletechsup_is_told_by_register() -> None:
    it = OnTable("modbus-eletechsup")
    assert it.ask("01 06 00 01 01 00 d9 9a") == "01 06 00 01 01 00 d9 9a"
    assert it.board.is_on(1)
    it.pass_ms(100)
    it.ask("01 06 00 01 02 00 d9 6a")
    it.ask("01 06 00 02 05 00 2b 5a")
    assert it.pulses() == [(1, 100), (2, 300)]
    assert it.ask("01 06 00 00 01 00 88 5a") == "01 86 02 c3 a1"


@pytest.mark.parametrize(
    "dialect", [ModbusRelays, WaveshareRelays, EletechsupRelays], ids=lambda kind: kind.__name__
)
def test_modbus_trap_a_frame_with_one_byte_too_many_is_no_command(dialect: type[Firmware]) -> None:
    it = OnTable(BoardMake(dialect=dialect, channels=8))
    assert it.ask("01 05 02 00 00 00 02 8d") == ""  # a byte 00 more and half a CRC
    it.firmware.pause()
    assert it.pulses() == []
    assert it.ask("01 02 00 00 00 08 79 cc") == "01 02 01 ff e1 c8"
