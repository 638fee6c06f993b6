"""Mistakes put into the real code: the hunts find each, with the inputs they have anyway."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pytest
import zstandard
from starlette.responses import JSONResponse

from cloud_sync.county.ingest import reading
from cloud_sync.wire.framing import dictionary
from cloud_sync.wire.trust.identity import PublicIdentity
from edge.daemon.devices import scans
from edge.guard import errors
from edge.settings import reading as station_reading
from firmware_bridge import card_reader
from firmware_bridge.lock_board import cu16, wkly
from firmware_bridge.scanner import line, ssi
from hardware.drivers.printers import receipt_layout
from tests.county.village import open_county
from tests.fuzz import (
    test_files,
    test_http_values,
    test_paper,
    test_scans,
    test_senseless_county,
    test_serial_decoders,
    test_wire,
)
from tests.fuzz.budget import spent
from tests.fuzz.conftest import Complaints

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]
Hunt = Callable[[Path, Complaints], None]


def instead(where: object, name: str, put: object) -> Plant:
    """That name of the real code is something else."""
    return lambda patch: patch.setattr(where, name, put)


def _unbounded(frame: bytes, _most: int) -> bytes:
    says = zstandard.get_frame_parameters(frame)
    with_words = zstandard.ZstdDecompressor(dict_data=dictionary._loaded(says.dict_id))  # noqa: SLF001 - the mistake stands here
    return with_words.decompressobj().decompress(frame)


def _county(folder: Path, complaints: Complaints) -> None:
    with open_county(folder) as county:
        desk = test_senseless_county.Desk(county)
        test_senseless_county.test_no_message_of_a_station_makes_the_county_stumble_or_forget(
            desk, complaints
        )


def _addresses(folder: Path, complaints: Complaints) -> None:
    test_http_values.test_no_value_in_an_address_breaks_a_county(folder, complaints)


def _board(name: str) -> Hunt:
    hunts = test_serial_decoders.test_no_door_of_a_lock_board_opens_by_a_broken_frame
    return lambda _folder, _complaints: hunts(name)


def _alone(hunts: Callable[[], None]) -> Hunt:
    return lambda _folder, _complaints: hunts()


def _in(hunts: Callable[[Path], None]) -> Hunt:
    return lambda folder, _complaints: hunts(folder)


MISTAKES: Final[Mapping[str, tuple[Plant, Hunt]]] = {
    "a board's sum is not checked: wkly": (instead(wkly, "bcc", lambda _b: 0), _board("wkly")),
    "a board's sum is not checked: cu16": (
        instead(cu16, "_sound", lambda _frame: True),
        _board("cu16"),
    ),
    "a scanner's sum is not checked": (
        instead(ssi.SsiAssembler, "_is_good", lambda *_where: True),
        _alone(test_serial_decoders.test_an_ssi_scanner_tells_no_code_that_was_in_no_sound_packet),
    ),
    "control characters are in codes": (
        instead(line, "PRINTABLE", range(0x80)),
        _alone(test_serial_decoders.test_every_code_of_a_line_scanner_is_printable_and_short),
    ),
    "a card's check digit is not checked": (
        instead(
            card_reader,
            "number_is_sound",
            lambda number: re.fullmatch(r"[0-9]{17}[0-9X]", number) is not None,
        ),
        _alone(test_serial_decoders.test_a_card_reader_tells_no_card_whose_number_does_not_add_up),
    ),
    "any letters are a token": (
        instead(scans, "TOKEN", re.compile(r"CY1:.{26}")),
        _alone(test_scans.test_a_scanned_text_moves_the_station_only_if_it_is_one_of_ours),
    ),
    "texts go to the printer as they are": (
        instead(receipt_layout, "clean", lambda text: text),
        _alone(test_paper.test_no_letter_commands_a_receipt_printer),
    ),
    "signatures are not checked": (
        instead(PublicIdentity, "has_signed", lambda *_signed: True),
        _alone(test_wire.test_a_station_takes_no_spoilt_frame_for_a_message),
    ),
    "bombs are unpacked": (
        instead(dictionary, "decompress", _unbounded),
        _alone(test_wire.test_a_bomb_with_damage_anywhere_is_refused_in_bounded_memory),
    ),
    "numbers that no column holds are taken": (
        instead(reading, "_countable", lambda _number: True),
        _county,
    ),
    "a refusal of a setting has no fix": (
        instead(station_reading, "_explain", lambda *_why: ("it is wrong", "")),
        _in(test_files.test_station_toml_is_read_or_refused_with_file_key_and_fix),
    ),
    "a bad request is told without a code": (
        instead(errors, "problem", lambda status, *_why: JSONResponse({}, status)),
        _addresses,
    ),
}


@pytest.fixture(autouse=True)
def patience(monkeypatch: Patch) -> None:
    monkeypatch.setattr("edge.guard.bucket.Buckets.take", lambda *_how: True)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_real_code_is_found(
    tmp_path: Path, monkeypatch: Patch, complaints: Complaints, mistake: str
) -> None:
    plant, hunts = MISTAKES[mistake]
    plant(monkeypatch)
    try:
        with pytest.raises(AssertionError):
            hunts(tmp_path, complaints)
    finally:
        spent.clear()  # what was tried on broken code is no input of this run
