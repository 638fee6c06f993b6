"""Speaks answers and wishes: from a word key to the clips of its sentence, and to beeps."""

from edge.domain.effects import Beep, Reply, Say
from edge.words.voice import clips_of
from hardware.ports import Signals, Voice

ALARM_BEEPS = 5
"""docs/devices/voice.md: heard in a shop, and over before it is a nuisance."""


class Speech:
    """Whatever loudspeaker and buzzer there are; None where there is none."""

    def __init__(self, voice: Voice | None, signals: Signals | None) -> None:
        self._voice = voice
        self._signals = signals

    def answer(self, reply: Reply) -> None:
        """Say an answer, where it has a sentence."""
        # The door speaks for itself once it has really opened.
        if reply.key != "door_open":
            self._say(clips_of(reply.key, reply.cell))

    def carry_out(self, wish: Say | Beep) -> None:
        """Say or sound what the core wants."""
        if isinstance(wish, Say):
            self._say(clips_of(wish.clip, wish.cell))
        elif self._signals is not None:
            self._signals.beep(ALARM_BEEPS)

    def _say(self, clips: tuple[str, ...]) -> None:
        if clips and self._voice is not None:
            self._voice.say(clips)
