"""Codes as scanners type them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.scanner.codes import BadCode, Blemish, Code
from firmware_bridge.scanner.line import CodeAssembler

TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=192)
SUFFIX = st.sampled_from([b"\r", b"\n", b"\r\n", b"\t"])


def scan(*chunks: bytes) -> list[Code | BadCode]:
    codes = CodeAssembler()
    return [item for chunk in chunks for item in codes.feed(chunk, 1.0)]


@given(st.lists(st.tuples(TEXT, SUFFIX), max_size=4), st.lists(st.integers(0, 600), max_size=8))
def test_codes_come_out_whole_whatever_the_suffix_and_the_chunks(
    codes: list[tuple[str, bytes]], cuts: list[int]
) -> None:
    stream = b"".join(text.encode() + suffix for text, suffix in codes)
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    chunks = [stream[a:b] for a, b in pairwise(edges)]
    assert scan(*chunks) == [Code(text) for text, _ in codes]


@pytest.mark.parametrize("byte", [b"\x00", b"\x1b", b"\x1d", b"\x7f", b"\x80", b"\xe6"])
def test_a_code_with_a_byte_beyond_printable_ascii_is_counted_and_the_next_one_is_read(
    byte: bytes,
) -> None:
    heard = scan(b"YT77" + byte + b"0123\rSF99\r")
    assert heard == [BadCode(Blemish.BINARY), Code("SF99")]


def test_chinese_in_a_barcode_is_one_bad_code() -> None:
    assert scan("取件码 12345678\r\n".encode()) == [BadCode(Blemish.BINARY)]


def test_a_code_of_192_bytes_is_read_and_one_of_193_is_counted_once() -> None:
    assert scan(b"A" * 192 + b"\r") == [Code("A" * 192)]
    assert scan(b"A" * 100_000 + b"\rB\r") == [BadCode(Blemish.OVERSIZED), Code("B")]


def test_suffixes_alone_are_no_codes() -> None:
    assert scan(b"\r\n\r\n\t\n") == []


def test_half_a_code_is_dropped_after_300_ms_of_silence() -> None:
    codes = CodeAssembler()
    assert list(codes.feed(b"YT77", 1.0)) == []
    begun = [codes.begun]
    assert list(codes.quiet(1.29)) == []
    assert list(codes.quiet(1.31)) == [BadCode(Blemish.HALF)]
    begun.append(codes.begun)
    assert begun == [True, False]
    assert list(codes.feed(b"SF99\r", 1.4)) == [Code("SF99")]


def test_the_next_code_does_not_grow_onto_a_half_one_even_if_nobody_looked_in_between() -> None:
    codes = CodeAssembler()
    assert list(codes.feed(b"YT77", 1.0)) == []
    assert list(codes.feed(b"SF99\r", 2.0)) == [BadCode(Blemish.HALF), Code("SF99")]


def test_each_byte_renews_the_patience() -> None:
    codes = CodeAssembler()
    for step in range(10):
        assert list(codes.feed(b"7", 1.0 + step * 0.25)) == []
    assert list(codes.feed(b"\r", 3.5)) == [Code("7" * 10)]


def test_silence_also_ends_the_skipping_of_an_oversized_code_without_a_suffix() -> None:
    codes = CodeAssembler()
    assert list(codes.feed(b"A" * 200, 1.0)) == []
    assert list(codes.feed(b"SF99\r", 2.0)) == [BadCode(Blemish.OVERSIZED), Code("SF99")]


def test_a_scanner_without_suffix_is_recognised_after_two_codes_and_they_are_dropped() -> None:
    codes = CodeAssembler()
    said = []
    for start in (1.0, 2.0):
        assert list(codes.feed(b"YT7700123", start)) == []
        assert list(codes.quiet(start + 0.4)) == [BadCode(Blemish.HALF)]
        said.append(codes.lacks_suffix)
    assert said == [False, True]
    assert list(codes.feed(b"\rSF99\r", 3.0)) == [Code("SF99")]
    assert not codes.lacks_suffix


def test_noise_that_ends_in_silence_says_nothing_about_the_suffix() -> None:
    codes = CodeAssembler()
    for start in (1.0, 2.0, 3.0):
        assert list(codes.feed(b"\xff\x80", start)) == []
        assert list(codes.quiet(start + 0.4)) == [BadCode(Blemish.BINARY)]
    assert not codes.lacks_suffix


def test_silence_ends_the_codes_of_a_scanner_set_to_no_suffix_and_a_suffix_does_too() -> None:
    codes = CodeAssembler(silence_ends=True)
    assert list(codes.feed(b"YT77", 1.0)) == []
    assert list(codes.feed(b"00123", 1.1)) == []
    assert list(codes.quiet(1.5)) == [Code("YT7700123")]
    assert list(codes.feed(b"SF99\r\n", 2.0)) == [Code("SF99")]
    assert list(codes.feed(b"A\xe6", 3.0)) == []
    assert list(codes.feed(b"JD1", 4.0)) == [BadCode(Blemish.BINARY)]
    assert list(codes.quiet(4.4)) == [Code("JD1")]
    assert not codes.lacks_suffix


def test_two_codes_run_into_each_other_are_one_code_and_the_next_is_whole() -> None:
    # F045: what the grammar of waybills and tokens makes of it is the station's business.
    assert scan(b"YT77", b"SF1530", b"00123\r0000001\rJD1\r") == [
        Code("YT77SF153000123"),
        Code("0000001"),
        Code("JD1"),
    ]
