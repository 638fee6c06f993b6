"""The spoken sentences: each is whole, and each has its clips on disk."""

import wave

import pytest

from edge.domain.answers import Clip
from edge.words import WORDS, voice
from edge.words.voice import CELL, CLIPS, SPEECH, clips_of, number_clips


def spoken(clips: tuple[str, ...]) -> str:
    return "".join(voice.WORDS[f"voice.{clip}"].zh for clip in clips)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "零"),
        (7, "七"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (24, "二十四"),
        (100, "一百"),
        (105, "一百零五"),
        (112, "一百一十二"),
        (230, "二百三十"),
        (999, "九百九十九"),
    ],
)
def test_numbers_are_said_as_one_says_them(number: int, said: str) -> None:
    assert spoken(number_clips(number)) == said


@pytest.mark.parametrize("number", [-1, 1_000])
def test_what_no_cell_can_be_called_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="cannot be read out"):
        number_clips(number)


def test_a_sentence_puts_the_number_where_it_belongs() -> None:
    assert spoken(clips_of("put_in", 12)) == "柜十二"
    assert spoken(clips_of("door_left_open", 3)) == "三号柜门还开着，请关好"
    assert clips_of("door_left_open") == ()
    assert clips_of("nobody says this", 3) == ()
    assert spoken(clips_of("wrong_code", 3)) == "取件码不对，请看着小票再输"


@pytest.mark.parametrize("key", sorted(SPEECH))
def test_each_sentence_answers_something_and_is_made_of_clips_that_are_there(key: str) -> None:
    assert key in WORDS
    for part in SPEECH[key]:
        assert part == CELL or f"voice.{part}" in voice.WORDS


@pytest.mark.parametrize("clip", list(Clip))
def test_what_the_core_wants_said_can_be_said(clip: Clip) -> None:
    assert clips_of(clip, 1)


@pytest.mark.parametrize("key", sorted(voice.WORDS))
def test_each_clip_is_a_recording_of_the_right_form_with_sound_in_it(key: str) -> None:
    with wave.open(str(CLIPS / f"{key.removeprefix('voice.')}.wav")) as clip:
        assert (clip.getframerate(), clip.getnchannels(), clip.getsampwidth()) == (16_000, 1, 2)
        sound = clip.readframes(clip.getnframes())
        assert 0.15 <= clip.getnframes() / 16_000 <= 6
    loudest = max(
        abs(int.from_bytes(sound[n : n + 2], "little", signed=True))
        for n in range(0, len(sound), 2)
    )
    assert loudest > 8_000


def test_no_clip_lies_there_that_nobody_plays() -> None:
    assert {file.stem for file in CLIPS.glob("*.wav")} == {
        key.removeprefix("voice.") for key in voice.WORDS
    }
