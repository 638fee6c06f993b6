"""The code of 80 bits and what it proves, both ways; everything else is refused."""

import msgspec
import pytest

from cloud_sync.wire.trust.certificates import draw_tls_key, request_pem
from cloud_sync.wire.trust.enrolment import (
    Answer,
    EnrolmentCode,
    EnrolmentFault,
    Request,
    answer,
    ask,
    code_named,
    read_answer,
    read_request,
)
from tests.identity.places import fresh

CODE = EnrolmentCode.read("0123-4567-89AB-CDEF")
OTHER = EnrolmentCode.read("0123-4567-89AB-CDEG")
SAID = Answer(card="card", certificate="certificate", url="")


def a_request() -> Request:
    public = fresh().public
    return Request(
        county="shangyou",
        station="pingshang",
        sign=public.sign.hex(),
        seal=public.seal.hex(),
        csr=request_pem(draw_tls_key(), "pingshang"),
        machine="",
        hosts=["10.0.0.7"],
    )


@pytest.mark.parametrize(
    "typed",
    ["0123-4567-89AB-CDEF", "0123456789abcdef", " OI23 4567 89ab cdef ", "o l234567-89ab-cdef"],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert EnrolmentCode.read(typed).letters == "0123456789ABCDEF"


@pytest.mark.parametrize("typed", ["", "0123-4567-89AB-CDE", "0123-4567-89AB-CDEU", "零" * 16])
def test_what_is_no_code_is_told_so(typed: str) -> None:
    with pytest.raises(EnrolmentFault, match="16 letters in four groups"):
        EnrolmentCode.read(typed)


def test_drawn_codes_are_all_different_and_read_back() -> None:
    drawn = {EnrolmentCode.draw().text for _code in range(2_000)}
    assert len(drawn) == 2_000
    assert all(EnrolmentCode.read(text).text == text for text in drawn)


def test_the_name_of_a_code_gives_neither_its_letters_nor_its_key_away() -> None:
    assert CODE.name not in {CODE.letters, CODE.mac_key.hex()}
    assert CODE.name != OTHER.name


def test_a_request_is_read_by_its_own_code_alone() -> None:
    request = a_request()
    asked = ask(request, CODE, fresh())
    assert code_named(asked) == CODE.name
    assert read_request(asked, CODE.mac_key) == request
    with pytest.raises(EnrolmentFault, match="does not prove the code"):
        read_request(asked, OTHER.mac_key)


def test_a_request_for_the_key_of_somebody_else_is_refused() -> None:
    asked = ask(a_request(), CODE, fresh(1))
    with pytest.raises(EnrolmentFault, match="does not prove its key"):
        read_request(asked, CODE.mac_key)


def test_a_request_of_which_one_letter_was_changed_is_refused() -> None:
    asked = ask(a_request(), CODE, fresh())
    for old, new in ((b"pingshang", b"pingxiang"), (b"10.0.0.7", b"10.0.0.8")):
        with pytest.raises(EnrolmentFault, match="does not prove the code"):
            read_request(asked.replace(old, new), CODE.mac_key)


def test_an_answer_is_read_by_the_code_and_for_its_own_request_alone() -> None:
    asked, again = (ask(a_request(), CODE, fresh()) for _time in range(2))
    answered = answer(SAID, CODE.mac_key, asked)
    assert read_answer(answered, CODE, asked) == SAID
    for code, request in ((OTHER, asked), (CODE, again)):
        with pytest.raises(EnrolmentFault, match="not from your county"):
            read_answer(answered, code, request)
    with pytest.raises(EnrolmentFault, match="not from your county"):
        read_answer(answered.replace(b"certificate", b"certificatf"), CODE, asked)


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"{}",
        b"[" * 9_000,
        b"\xff" * 100,
        b'{"text": 1}',
        b"x" * 20_000,
        msgspec.json.encode({"text": "{}", "code": "", "mac": "é", "signature": "zz"}),
        msgspec.json.encode({"text": "{}", "code": "é", "mac": "", "signature": ""}),
    ],
)
def test_garbage_is_a_fault_and_no_crash(garbage: bytes) -> None:
    with pytest.raises(EnrolmentFault):
        read_request(garbage, CODE.mac_key)
    with pytest.raises(EnrolmentFault):
        read_answer(garbage, CODE, b"asked")
