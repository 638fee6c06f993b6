"""What scanners and fingers bring, into the station's core: only what is ours moves anything."""

import random
import re
import unicodedata
from contextlib import suppress
from typing import Final

from pydantic import ValidationError

from edge.daemon.devices.scans import ScanReader
from edge.domain.inputs import CodeTyped, TokenScanned, WaybillScanned
from edge.domain.parcel import read_waybill
from edge.kernel.errors import Refused
from edge.kernel.ids import Mac
from edge.web.asks import CodeAsk, ScanAsk
from tests.domain.house import House
from tests.fuzz.hunt import hunt
from tests.fuzz.mutation import TELLING_TEXTS, something_else, spoil

ROOM_FOR: Final = 100
"""Scans into one station; then the next one begins empty."""
GOOD: Final = (
    b"YT7700123456789",
    b"SF1234567890123",
    b"76543210987654",
    b"JD0123456789-1-3-",
    b"CY1:ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    b"https://example.cn/p?w=YT7700123456789",
    "村驿取件码 3865".encode(),
    "ＹＴ７７００１２３４５６７８９".encode(),
    "CY1:ABCDEFGHıſKLMNOPQRSTUVWXYZ".encode(),
    "YT77001234567٣".encode(),
)
OUR_WAYBILL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{5,28}[A-Za-z0-9]-*", re.ASCII)
OUR_TOKEN: Final = re.compile(r"[Cc][Yy]1:[A-Za-z2-7]{26}", re.ASCII)


class Key:
    """Hashes that show what they were made of."""

    def mac_code(self, digits: str) -> Mac:
        return Mac(f"code-{digits}")

    def mac_token(self, token: str) -> Mac:
        return Mac(f"token-{token}")


def a_text(chance: random.Random) -> str:
    """Mostly a code of ours with damage; now and then with what Unicode has to offer."""
    spoilt = spoil(chance, chance.choice(GOOD), GOOD).decode("utf-8", "replace")
    if chance.random() < 0.2:
        at = chance.randrange(len(spoilt) + 1)
        spoilt = spoilt[:at] + chance.choice(TELLING_TEXTS) + spoilt[at:]
    if chance.random() < 0.2 and spoilt:
        at = chance.randrange(len(spoilt))
        spoilt = spoilt[:at] + chance.choice("ıſ\u212aß٣𝟘ﬀΣ") + spoilt[at + 1 :]
    return spoilt


def is_ours(text: str) -> bool:
    """By the grammar of docs/devices/waybills.md and of the slip, whatever stands around it."""
    bare = text.strip()
    digits = sum(one in "0123456789" for one in bare)
    return bool(OUR_TOKEN.fullmatch(bare) or (OUR_WAYBILL.fullmatch(bare) and digits >= 4))


def test_a_scanned_text_moves_the_station_only_if_it_is_one_of_ours() -> None:
    taken: set[bool] = set()
    received: set[str] = set()
    house, scans = _open_house(), 0

    def try_one(text: str) -> None:
        nonlocal house, scans
        scans += 1
        if scans % ROOM_FOR == 0:
            house = _open_house()
        before = house.state
        assert read_waybill(text) is None or is_ours(text)
        make = ScanReader(Key(), lambda: house.state).read(text)
        if make is None:
            return
        told = make(house.now, house.fresh())
        assert is_ours(text), f"{text!r} was taken for {told}"
        taken.add(":" in text)
        if isinstance(told, WaybillScanned):
            assert re.fullmatch(r"[A-Z0-9-]{7,30}", told.waybill_no, re.ASCII)
        try:
            house.tell(told)
        except Refused:
            assert house.state is before
        received.update(house.state.parcels)
        for parcel in house.state.parcels.values():
            assert parcel.waybill_no.isascii()
            assert parcel.waybill_no.isprintable()
        if isinstance(told, TokenScanned):  # no slip of ours bears it
            assert not house.state.parcels or house.state.parcels == before.parcels

    hunt("scans", a_text, try_one)
    assert taken == {True, False}, "not both tokens and waybills were taken"
    assert received


def _open_house() -> House:
    house = House("SSSSSSMMML").see_all_shut()
    house.enter()
    house.check_in_on()
    return house


def test_a_typed_code_moves_nothing_unless_it_is_four_and_eight_digits() -> None:
    house = House("SSML")
    texts = ["3865", "12345678", "０１２３", "１２３４５６７８", "٣٨٦٥", "3865\n", "1234 5678"]

    def make(chance: random.Random) -> list[str]:
        tail, digits = (chance.choice(texts) for _ in range(2))
        return [str(something_else(chance, tail)), str(something_else(chance, digits))]

    def try_one(typed: list[str]) -> None:
        if len(typed) != 2:
            return
        try:
            asked = CodeAsk(phone_tail=typed[0], digits=typed[1])  # type: ignore[arg-type]  # what a page may send
        except ValidationError:
            return
        assert re.fullmatch(r"[0-9]{4}", asked.phone_tail, re.ASCII)
        assert re.fullmatch(r"[0-9]{8}", asked.digits, re.ASCII)
        mac = Key().mac_code(asked.digits)
        told = CodeTyped(
            at=house.now, phone_tail=asked.phone_tail, code_mac=mac, fresh=house.fresh()
        )
        parcels = house.state.parcels
        with suppress(Refused):
            house.tell(told)
        assert house.state.parcels == parcels

    hunt("typed", make, try_one)


def test_no_page_hands_on_a_scan_with_a_control_character() -> None:
    def try_one(text: str) -> None:
        try:
            asked = ScanAsk(text=text)
        except ValidationError:
            return  # refused, as anything that is not printable must be
        assert not any(unicodedata.category(one) in {"Cc", "Cf", "Zl", "Zp"} for one in asked.text)

    hunt("page-scans", a_text, try_one)
