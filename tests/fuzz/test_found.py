"""Inputs that once broke something, found by these hunts and kept."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import pytest
from cryptography.fernet import Fernet

from cloud_sync.county import local_socket as county_socket
from cloud_sync.county.broker_config.record import RECORD, read_record
from cloud_sync.county.histories.epochs import EPOCHS, Epochs
from cloud_sync.county.identity import key_safe
from cloud_sync.county.identity.key_safe import KeySafeError, unlock_keys
from cloud_sync.county.settings import read_county_settings
from cloud_sync.wire.envelope import decode
from cloud_sync.wire.messages import MessageError
from cloud_sync.wire.snapshot import SnapshotBody, pack_snapshot
from cloud_sync.wire.trust.county_card import CardError, read_card
from edge.daemon import local_socket as daemon_socket
from edge.daemon.county.handover import read_handover
from edge.daemon.devices.scans import ScanReader
from edge.domain.state import State
from edge.domain.state_codec import StateCodecError, decode_state
from edge.guard.serving import listen
from edge.kernel.errors import ConfigError, StoreError
from edge.kernel.ids import CountyId, StationId
from edge.settings import read_settings
from edge.tools.commissioning.progress import PROGRESS, read_progress
from edge.tools.enrol import PENDING, take_answer
from tests.fuzz.conftest import Complaints
from tests.fuzz.test_files import a_state
from tests.fuzz.test_http_raw import GRACE_S, Served, request, served, statuses
from tests.fuzz.test_local_sockets import exchange
from tests.fuzz.test_scans import Key

__all__ = ["served"]  # a fixture
DEEP = b'{"x":' + b"[" * 4_000 + b"]" * 4_000 + b"}"


@pytest.mark.parametrize("letter", ["ſ", "ı"])
def test_a_letter_that_becomes_one_of_ours_as_a_capital_is_in_no_token(letter: str) -> None:
    token = "CY1:" + "A" * 25
    reader = ScanReader(Key(), State)
    assert reader.read(token + "S") is not None
    assert reader.read(token + letter) is None


def test_the_pages_answer_without_nagles_delay() -> None:
    with listen("127.0.0.1", 0, "test") as sock:
        assert sock.proto == socket.IPPROTO_TCP  # by this alone asyncio knows to switch it off


@pytest.mark.parametrize(
    ("name", "read"), [("station.toml", read_settings), ("county.toml", read_county_settings)]
)
@pytest.mark.parametrize("line", ["x = " + "[" * 3_000, "x = " + "9" * 5_000], ids=["deep", "long"])
def test_settings_too_deep_or_too_long_are_refused_with_file_and_fix(
    tmp_path: Path, name: str, read: Callable[[Path], object], line: str
) -> None:
    (tmp_path / name).write_text(line, encoding="ascii")
    with pytest.raises(ConfigError, match="not valid TOML"):
        read(tmp_path)


def test_broken_bytes_behind_a_good_head_are_refused_without_a_traceback(
    served: Served, complaints: Complaints
) -> None:
    head = request("POST /api/wish", served, b"", b"Transfer-Encoding: chunked\r\n")
    for broken in (b"\r\n", b"zz\r\n", b"5\r\nab"):
        assert statuses(served.say(head + broken, GRACE_S)) in ([400], [400, 400], [403])
        served.settle()
    assert not complaints, complaints[-1]


def broken_letters(field: str) -> bytes:
    """That field is no UTF-8, or without one a name is none: msgspec lets Python's own error
    through.
    """
    return b'{"' + field.encode() + b'":"\xe6"}' if field else b'{"\xe6":1}'


def unlocked(_folder: Path, data: bytes) -> object:
    return unlock_keys(data, CountyId("shangyou"), "a long passphrase")


def unlocked_inner(_folder: Path, data: bytes) -> object:
    """The box was opened by the right passphrase, and holds no keys."""
    salt = b"salt"
    box = Fernet(key_safe._key("a long passphrase", salt)).encrypt(data).decode()  # noqa: SLF001 - no keys of ours lie so
    safe = {"what": "cunyi county keys 1", "county": "shangyou", "salt": salt, "box": box}
    return unlocked(_folder, msgspec.json.encode(safe))


def in_a_file(name: str, read: Callable[[Path], object]) -> Callable[[Path, bytes], object]:
    """That reader, behind a file that lies in the folder."""

    def reader(folder: Path, data: bytes) -> object:
        (folder / name).write_bytes(data)
        return read(folder)

    return reader


def handed_over(_folder: Path, data: bytes) -> object:
    body = SnapshotBody(state=msgspec.Raw(data), cells=[], parcels=[])
    return read_handover(pack_snapshot(body))


READERS: Final[dict[str, tuple[Callable[[Path, bytes], object], type[Exception], str]]] = {
    "card": (lambda _folder, data: read_card(data), CardError, "card"),
    "state": (lambda _folder, data: decode_state(data), StateCodecError, "format"),
    "fact": (lambda _folder, data: decode(data), msgspec.DecodeError, "kind"),
    "keys": (unlocked, KeySafeError, "what"),
    "keys in their box": (unlocked_inner, KeySafeError, ""),
    "handover": (handed_over, MessageError, "key"),
    "broker's record": (in_a_file(RECORD, read_record), StoreError, "kind"),
    "epochs": (
        in_a_file(EPOCHS, lambda folder: Epochs(folder).highest(StationId("a"))),
        StoreError,
        "",
    ),
    "commissioning": (
        in_a_file(PROGRESS, lambda folder: read_progress(folder, [])),
        StoreError,
        "cabinet",
    ),
    "errand": (
        in_a_file(PENDING, lambda folder: take_answer(folder, folder / "answer")),
        StoreError,
        "code",
    ),
}


@pytest.mark.parametrize("what", READERS)
@pytest.mark.parametrize("damage", ["deep", "letters"])
def test_papers_nested_without_end_or_with_broken_letters_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, damage: str
) -> None:
    monkeypatch.setattr(key_safe, "_COST", 2)  # nobody guesses here
    read, refusal, field = READERS[what]
    with pytest.raises(refusal):
        read(tmp_path, DEEP if damage == "deep" else broken_letters(field))


def test_a_state_with_one_broken_letter_is_refused() -> None:
    broken = a_state().replace("李".encode(), b"\xe6", 1)
    assert broken != a_state()
    with pytest.raises(StateCodecError):
        decode_state(broken)


def test_a_deep_ask_ends_no_thread_of_the_countys_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fallen: list[object] = []
    monkeypatch.setattr(threading, "excepthook", fallen.append)
    served = county_socket.LocalSocket(tmp_path)
    served.start()
    try:
        deep = b'{"ask":' + b"[" * 30_000 + b"\n"
        assert exchange(tmp_path / county_socket.SOCKET, deep) == b""
        assert b"ask for one of" in exchange(tmp_path / county_socket.SOCKET, b'{"ask":"x"}\n')
    finally:
        served.stop()
    assert fallen == []


@pytest.mark.parametrize("line", [DEEP, b'{"ask":"\xe6"}', b'{"\xe6":"ask"}', b""])
def test_a_line_that_is_no_ask_is_told_so_by_the_daemon(line: bytes) -> None:
    assert not daemon_socket._read_line(line).get("ask")  # noqa: SLF001 - each damage by itself
