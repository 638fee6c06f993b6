"""Clips put together into sentences again."""

import pytest

from edge.tools.said import sentences
from edge.words.voice import SPEECH, clips_of


@pytest.mark.parametrize("key", list(SPEECH))
@pytest.mark.parametrize("cell", [1, 10, 12, 24, 101, 999])
def test_each_sentence_between_two_others_is_found_again(key: str, cell: int) -> None:
    clips = clips_of("put_in", 7) + clips_of(key, cell) + clips_of("wrong_code")
    said = sentences(clips, "zh")
    assert len(said) == 3
    assert said[1] == sentences(clips_of(key, cell), "zh")[0]


def test_a_number_runs_on_and_what_follows_a_pause_has_a_comma() -> None:
    clips = clips_of("door_open", 12)
    assert sentences(clips, "zh") == ["十二号柜门开了，请拿好东西，关上门"]
    assert sentences(clips_of("unknown_token"), "zh") == ["这张小票不能用，请找店主帮忙"]
    english = "ten two is the cell that is open now; Take your things and shut the door"
    assert sentences(clips, "en") == [english]


def test_what_is_no_sentence_is_said_clip_by_clip() -> None:
    assert sentences(("cell_open", "happy_new_year", "n3"), "zh") == [
        "号柜门开了",
        "happy_new_year",
        "三",
    ]
