"""Dictionaries: what was shipped under a number stays, and nothing else is taken for one."""

import hashlib

import pytest
import zstandard

from cloud_sync.wire.framing.dictionary import FACTS, FILES, FOLDER, MESSAGES, compress, decompress
from cloud_sync.wire.messages import MessageError

SHIPPED = {
    FACTS: "c3d356a3a17e7ddf8e0dfa1d46da8233b02089ae676aec0cec33d6705ca9f84b",
    MESSAGES: "13e0353e6544ca00042ccd16cdcb92fe4caaf74a3ea9099d0e33f3686c2a8067",
}


def test_every_dictionary_is_known_by_its_digest() -> None:
    assert set(SHIPPED) == set(FILES)


@pytest.mark.parametrize("number", sorted(FILES))
def test_a_shipped_dictionary_never_changes(number: int) -> None:
    data = (FOLDER / FILES[number]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == SHIPPED[number], (
        "bytes packed with it are on their way: give a better one the next number"
    )
    assert zstandard.ZstdCompressionDict(data).dict_id() == number


@pytest.mark.parametrize("number", sorted(FILES))
def test_a_frame_names_its_dictionary_and_its_size(number: int) -> None:
    frame = compress(b"cunyi", number)
    says = zstandard.get_frame_parameters(frame)
    assert (says.dict_id, says.content_size) == (number, 5)
    assert decompress(frame, 5) == b"cunyi"
    with pytest.raises(MessageError, match="more than 4 bytes"):
        decompress(frame, 4)


def test_a_frame_without_a_dictionary_or_with_an_unknown_one_is_refused() -> None:
    with pytest.raises(MessageError, match="no dictionary 0"):
        decompress(zstandard.compress(b"cunyi"), 100)
    frame = bytearray(compress(b"cunyi", FACTS))
    frame[frame.index(FACTS, 4)] = 99  # behind the magic number
    with pytest.raises(MessageError, match="no dictionary 99"):
        decompress(bytes(frame), 100)


@pytest.mark.parametrize("broken", [b"", b"\x28\xb5\x2f\xfd", b"nonsense", bytes(40)])
def test_what_is_no_frame_is_refused(broken: bytes) -> None:
    with pytest.raises(MessageError):
        decompress(broken, 100)


def test_nothing_may_stand_behind_a_frame() -> None:
    with pytest.raises(MessageError):
        decompress(compress(b"cunyi", FACTS) + b"\0", 100)
