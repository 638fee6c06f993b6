"""Status answers of receipt printers."""

import pytest

from firmware_bridge.receipt_printer import (
    ASK_PAPER_IN_TURN,
    Condition,
    Topic,
    ask,
    read_answer,
    read_in_turn,
)
from tests.golden import read_golden

GOLDEN = read_golden("receipt_printer_status")


@pytest.mark.parametrize("topic", Topic)
def test_questions_are_the_bytes_of_the_sheet(topic: Topic) -> None:
    assert ask(topic) == GOLDEN[f"ask.{topic.name.lower()}"]
    assert GOLDEN["ask.in_turn"] == ASK_PAPER_IN_TURN


@pytest.mark.parametrize(
    ("topic", "condition"),
    [
        (Topic.PRINTER, Condition(offline=True)),
        (Topic.OFFLINE_CAUSE, Condition(paper_out=True)),
        (Topic.PAPER, Condition(paper_low=True, paper_out=True)),
    ],
)
def test_a_printer_out_of_paper_says_so(topic: Topic, condition: Condition) -> None:
    assert read_answer(topic, GOLDEN[f"out.{topic.name.lower()}"][0]) == condition


@pytest.mark.parametrize("topic", Topic)
def test_twelve_means_that_all_is_well(topic: Topic) -> None:
    assert read_answer(topic, 0x12) == Condition()


def test_an_open_cover_is_a_cause_of_its_own() -> None:
    assert read_answer(Topic.OFFLINE_CAUSE, 0x16) == Condition(cover_open=True)


def test_a_roll_near_its_end_is_low_and_not_out() -> None:
    assert read_answer(Topic.PAPER, 0x1E) == Condition(paper_low=True)


def test_no_byte_answers_both_kinds_of_question() -> None:
    both = [
        byte
        for byte in range(256)
        if read_in_turn(byte) is not None
        and any(read_answer(topic, byte) is not None for topic in Topic)
    ]
    assert both == []


def test_only_bytes_with_the_fixed_bits_are_answers() -> None:
    answers = [byte for byte in range(256) if read_answer(Topic.PAPER, byte) is not None]
    assert len(answers) == 16
    assert all(byte & 0x93 == 0x12 for byte in answers)


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("in_turn.ok", Condition()),
        ("in_turn.out", Condition(paper_out=True)),
        ("in_turn.out_and_low", Condition(paper_low=True, paper_out=True)),
    ],
)
def test_the_answer_in_turn_is_understood(name: str, condition: Condition) -> None:
    assert read_in_turn(GOLDEN[name][0]) == condition
