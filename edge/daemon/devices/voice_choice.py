"""How the station speaks to whoever stands at the kiosk: which recordings, and how loud."""

from enum import StrEnum
from typing import Final

from edge.kernel.errors import Refused
from edge.words.voice import STEPS, clips_of, number_clips
from hardware.ports import Voice

MANDARIN: Final = "mandarin"
_LOUDEST: Final = 100


class Loudness(StrEnum):
    """Three steps around what the station's settings say."""

    SOFT = "soft"
    USUAL = "usual"
    LOUD = "loud"


class VoiceChoice:
    """The present choice; `dialects` are those that the station has recordings of."""

    def __init__(
        self, voice: Voice | None = None, volume: int = _LOUDEST, dialects: tuple[str, ...] = ()
    ) -> None:
        self.present = voice is not None
        self.dialects = (MANDARIN, *dialects)
        self.dialect = MANDARIN
        self.loudness = Loudness.USUAL
        self._voice = voice
        self._volumes = {
            Loudness.SOFT: volume // 2,
            Loudness.USUAL: volume,
            Loudness.LOUD: _LOUDEST,
        }

    def choose(self, dialect: str, loudness: Loudness, *, aloud: bool) -> None:
        """From the next sentence on; `aloud` lets it be heard. Raises Refused for no such voice."""
        if self._voice is None or dialect not in self.dialects:
            raise Refused("no_such_voice")
        self.dialect, self.loudness = dialect, loudness
        self._voice.tune("" if dialect == MANDARIN else dialect, self._volumes[loudness])
        if aloud:
            self._voice.say(clips_of("voice_tried"))

    def digit(self, digit: int) -> None:
        """Say a digit that somebody has just typed: who sees badly hears what they pressed."""
        if self._voice is not None:
            self._voice.say(number_clips(digit))

    def step(self, page: str) -> None:
        """Say what is to be done on a page that somebody turned to; silent without a recording."""
        if self._voice is not None:
            self._voice.say(STEPS[page])
