"""Status answers of label printers."""

import random

import pytest

from firmware_bridge.label_printer import ASK, LabelCondition, read_answer
from tests.golden import read_golden

GOLDEN = read_golden("label_printer")


def test_the_question_is_the_one_of_the_sheet() -> None:
    assert GOLDEN["ask"] == ASK


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("ready", LabelCondition()),
        ("head_open", LabelCondition(head_open=True)),
        ("jam", LabelCondition(jammed=True)),
        ("no_label", LabelCondition(no_label=True)),
        ("no_ribbon", LabelCondition(no_ribbon=True)),
        ("paused", LabelCondition(paused=True)),
        ("printing", LabelCondition(printing=True)),
        ("other", LabelCondition(other=True)),
        ("clone_lid_open", LabelCondition(head_open=True, jammed=True, no_label=True)),
    ],
)
def test_each_bit_says_its_own(name: str, condition: LabelCondition) -> None:
    assert read_answer(GOLDEN[f"answer.{name}"][0]) == condition


def test_half_of_all_bytes_are_no_answer() -> None:
    """There is no frame and no checksum: theory says 1/2 of noise passes, and so it is measured."""
    data = random.Random(43).randbytes(1_000_000)
    passed = sum(read_answer(byte) is not None for byte in data)
    assert abs(passed / len(data) - 1 / 2) < 0.002
    assert all(read_answer(byte) is None for byte in data if byte & 0x40)
