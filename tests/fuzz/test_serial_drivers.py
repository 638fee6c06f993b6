"""The real drivers on lines that spoil what is said: they never stumble, and tell no lie."""

import asyncio
import random
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

import pytest

from edge.kernel.errors import DeviceGone, DeviceJammed
from hardware.catalogue import CARD_READERS, POWERS, PRINTERS, SCALES, SCANNERS, lock_board_kind
from hardware.options import (
    LockBankOptions,
    PortOptions,
    PowerOptions,
    PrinterOptions,
    ScannerOptions,
)
from hardware.ports import DoorChange, DoorReading, IdCard, PaperState, Text
from tests.fuzz.hunt import hunt
from tests.fuzz.mutation import spoil
from tests.fuzz.serial_laws import LOCK_BOARDS, OTHER_LINES, sound_frames, ssi_sound
from tests.fuzz.virtual_line import ScriptedLine, Socket

CHUNKS: Final = 60
"""Answers in one life of a driver."""
PORT: Final = "/dev/ttyUSB0"
MODBUS_SHUT: Final = bytes.fromhex("01 02 03 FF FF FF 49 CE")
MODBUS_WRITE: Final = b"\x05"
GOOD_NUMBER: Final = re.compile(r"[1-9][0-9]{16}[0-9X]")


@pytest.fixture
def socket(monkeypatch: pytest.MonkeyPatch) -> Socket:
    return Socket(monkeypatch)


def spoilt_chunks(good: list[bytes], share: float = 0.35) -> Callable[[random.Random], list[bytes]]:
    """What comes on the line, chunk by chunk; that share is damaged."""

    def make(chance: random.Random) -> list[bytes]:
        return [
            spoil(chance, one, good) if chance.random() < share else one
            for one in chance.choices(good, k=CHUNKS)
        ]

    return make


def live(socket: Socket, driver: Any, line: ScriptedLine, told: list[Any]) -> int:
    """The driver's whole life on one line, in which it must not stumble; the bad frames it told."""
    socket.plug(line)
    driver.start(told.append)
    try:
        socket.wait(lambda: driver.health().failure)
        health = driver.health()
        assert health.failure is None, repr(health.failure)
        return int(health.bad_frames)
    finally:
        asyncio.run(driver.aclose())


# -- what speaks by itself


@pytest.mark.parametrize("name", ["line", "ssi"])
def test_a_scanner_tells_only_what_was_whole_on_the_line(socket: Socket, name: str) -> None:
    codes: set[str] = set()
    bad: list[int] = []

    def try_one(chunks: list[bytes]) -> None:
        options = ScannerOptions(name="scanner", port=PORT, baud=9_600, repeat_ms=1)
        line, told = ScriptedLine(socket.time, chunks), list[str]()
        bad.append(live(socket, SCANNERS[name](options), line, told))
        codes.update(told)
        carried = b"\n".join(packet[5:] for packet in ssi_sound(bytes(line.said)))
        for text in told:
            assert text.isascii()
            assert text.isprintable()
            assert text.encode() in (carried if name == "ssi" else line.said)

    hunt(f"driver-{name}", spoilt_chunks(OTHER_LINES[name]), try_one)
    assert codes, "nothing good was heard either"
    assert any(bad), "nothing bad was counted"


def test_a_scale_that_sends_all_the_time(socket: Socket) -> None:
    def try_one(chunks: list[bytes]) -> None:
        options = PortOptions(name="scale", port=PORT, baud=9_600)
        told: list[Any] = []
        live(socket, SCALES["continuous"](options), ScriptedLine(socket.time, chunks), told)
        assert all(abs(one.grams) <= 1_000_000 for one in told)

    hunt("driver-continuous", spoilt_chunks(OTHER_LINES["continuous"]), try_one)


# -- what answers


def answering(chunks: list[bytes]) -> Callable[[bytes], list[bytes]]:
    """Each question gets the next answer, whatever it was."""
    left: Iterator[bytes] = iter(chunks)

    def answer(question: bytes) -> list[bytes]:
        said = next(left, b"")
        if said == MODBUS_SHUT and question[1:2] == MODBUS_WRITE:
            said = question  # a good answer to a write repeats it
        return [said] if said else []

    return answer


def make_asked(name: str) -> Any:
    options = PortOptions(name=name, port=PORT, baud=9_600)
    if name == "toledo8217":
        return SCALES[name](options)
    if name == "sdt":
        return CARD_READERS[name](options)
    return POWERS[name](PowerOptions(name=name, port=PORT, baud=2_400))


@pytest.mark.parametrize("name", ["toledo8217", "sdt", "megatec"])
def test_a_device_that_is_asked_and_answers_brokenly(socket: Socket, name: str) -> None:
    heard: list[Any] = []
    bad: list[int] = []

    def try_one(chunks: list[bytes]) -> None:
        told: list[Any] = []
        line = ScriptedLine(socket.time, answer=answering(chunks), most_reads=150)
        bad.append(live(socket, make_asked(name), line, told))
        heard.extend(told[:1])
        for one in told:
            if isinstance(one, IdCard):
                assert GOOD_NUMBER.fullmatch(one.number)

    hunt(f"driver-{name}", spoilt_chunks(OTHER_LINES[name]), try_one)
    assert heard, "nothing good was heard either"
    assert any(bad), "nothing bad was counted"


@pytest.mark.parametrize("name", ["escpos", "tspl"])
def test_a_printer_that_answers_brokenly_is_gone_jammed_or_has_printed(
    socket: Socket, name: str
) -> None:
    options = PrinterOptions(name="printer", port=PORT, baud=9_600, dots=384)

    def try_one(chunks: list[bytes]) -> None:
        socket.plug(ScriptedLine(socket.time, answer=answering(chunks), most_reads=60))
        assert asyncio.run(print_once()) in PaperState

    async def print_once() -> PaperState:
        printer = PRINTERS[name](options)
        with suppress(DeviceGone, DeviceJammed):
            await printer.print_document((Text(text="村驿"),))
        try:
            return await printer.paper()
        finally:
            await printer.aclose()

    good = OTHER_LINES["receipt" if name == "escpos" else "label"]
    hunt(f"driver-{name}", spoilt_chunks(good), try_one)


# -- lock boards


def board_options(board: str) -> LockBankOptions:
    kind = lock_board_kind(board)
    return LockBankOptions(
        name="lock-board-1",
        port=PORT,
        baud=kind.baud,
        address=1,
        channels=16 if board in {"cu16", "winnsen"} else 24,
        pulse_ms=300,
        closed_bit=1 if board != "winnsen" else 0,
    )


def crc_right(frame: bytes) -> bool:
    """Modbus over serial line V1.02, 6.2.2, bit by bit: over all with its check it comes to 0."""
    crc = 0xFFFF
    for byte in frame:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc == 0


def sound(board: str, said: bytes) -> list[bytes]:
    if not board.startswith("modbus"):
        return list(sound_frames(board, said))
    frames = (said[n : n + 8] for n in range(len(said) - 7))
    return [one for one in frames if one.startswith(MODBUS_SHUT[:2]) and crc_right(one)]


GOOD_BOARDS: Final = LOCK_BOARDS | {
    "modbus_coils": [MODBUS_SHUT],
    "modbus_flash": [MODBUS_SHUT],
}


@pytest.mark.parametrize("board", sorted(GOOD_BOARDS))
def test_no_door_is_told_open_by_a_broken_answer(socket: Socket, board: str) -> None:
    good = GOOD_BOARDS[board]
    whole = good[:1]
    seen_shut: set[int] = set()
    bad: list[int] = []

    def make(chance: random.Random) -> list[bytes]:
        answers = whole * 3 if chance.random() < 0.7 else good
        # A relay board first takes 24 writes, each of which damage would begin anew.
        return spoilt_chunks(answers, 0.05 if board.startswith("modbus") else 0.35)(chance)

    def try_one(chunks: list[bytes]) -> None:
        told: list[DoorChange] = []
        line = ScriptedLine(socket.time, answer=answering(chunks), most_reads=200)
        bad.append(live(socket, lock_board_kind(board).make(board_options(board)), line, told))
        stranger = [one for one in sound(board, bytes(line.said)) if one not in good]
        seen_shut.update(one.channel for one in told if one.reading is DoorReading.SHUT)
        opened = [one for one in told if one.reading is DoorReading.OPEN]
        assert not opened or stranger, f"{opened[:3]} from nothing"

    hunt(f"driver-{board}", make, try_one)
    assert seen_shut, "nothing good was heard either"
    assert any(bad), "nothing bad was counted"
