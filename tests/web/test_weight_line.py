"""The scale on the keeper's list of devices."""

from dataclasses import replace

import pytest

from edge.web.device_lines import DeviceLine
from edge.web.keeper_screen import keeper_view
from hardware.ports import DeviceHealth, Weight
from tests.web.support import scenes as s

SCALE = DeviceHealth(name="scale", present=True, simulated=False)


def line(weight: Weight | None, device: DeviceHealth = SCALE, language: str = "zh") -> DeviceLine:
    seen = replace(s.seen(hardware=(device,)), weight=weight)
    return keeper_view(seen, s.KEEPER, language).devices[0]


@pytest.mark.parametrize(
    ("weight", "word"),
    [
        (Weight(grams=1_235, net=False), "1.235 kg"),
        (Weight(grams=0, net=False), "0.000 kg"),
        (Weight(grams=-15, net=True), "净重 -0.015 kg"),
        (Weight(grams=30_005, net=True), "净重 30.005 kg"),
    ],
)
def test_what_lies_still_stands_beside_the_scale(weight: Weight, word: str) -> None:
    told = line(weight)
    assert (told.name, told.word, told.ok) == ("秤", word, True)


def test_a_scale_without_a_weight_is_just_well() -> None:
    assert line(None).word == "正常"


def test_a_scale_in_trouble_says_what_to_do() -> None:
    told = line(None, replace(SCALE, note="scale.overload"))
    assert (told.word, told.ok) == ("超重了。请把东西拿下来。", False)


def test_the_card_reader_has_a_name_and_says_when_a_card_cannot_be_read() -> None:
    reader = DeviceHealth(
        name="card-reader", present=True, simulated=False, note="card_reader.unreadable"
    )
    told = line(None, reader)
    assert (told.name, told.word) == ("身份证读卡器", "这张证读不出来。请拿开，再放一次。")
    assert line(None, reader, "en").name == "ID card reader"
