"""Every step of the kiosk has something to say, and a clip that says it."""

import pytest

from edge.daemon.help_desk import KioskPage
from edge.web.kiosk_screen import Screen
from edge.words import WORDS
from edge.words.voice import CLIPS, STEPS


@pytest.mark.parametrize("step", sorted({*map(str, Screen), *map(str, KioskPage), "help"}))
def test_every_step_of_the_kiosk_names_clips_of_the_word_list(step: str) -> None:
    assert STEPS[step]
    assert [clip for clip in STEPS[step] if f"voice.{clip}" not in WORDS] == []


def test_every_clip_of_a_step_is_recorded() -> None:
    recorded = {file.stem for file in CLIPS.glob("*.wav")}
    assert {clip for clips in STEPS.values() for clip in clips} - recorded == set()
