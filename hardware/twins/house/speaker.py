"""A loudspeaker that understands: it knows clips by their sound, and keeps what it heard."""

import threading
import wave
from pathlib import Path
from typing import Final

from hardware.twins.cable import Cable
from hardware.twins.faults import Device, Fault, Faults
from hardware.twins.line_troubles import LineTroubles

_FRAME: Final = 2
"""One sample, 16 bit: what is no clip is skipped by so much."""


class SpeakerTwin:
    """Raw sound comes down the cable: 16 kHz, mono, 16 bit. `clips` holds the recordings."""

    def __init__(self, link: Path, faults: Faults, clips: Path) -> None:
        self._faults = faults
        self._known = {file.stem: _samples(file) for file in sorted(clips.glob("*.wav"))}
        self._longest = max(map(len, self._known.values()), default=0)
        self._pending = b""
        self._lock = threading.Lock()
        self._heard: list[str] = []
        self._noise = 0
        self.cable: Final = Cable(link, self._hear, troubles=LineTroubles(faults, Device.SPEAKER))

    @property
    def heard(self) -> tuple[str, ...]:
        """The ids of the clips that were played, oldest first."""
        with self._lock:
            return tuple(self._heard)

    @property
    def noise_bytes(self) -> int:
        """Sound that was no known clip."""
        with self._lock:
            return self._noise

    def _hear(self, chunk: bytes) -> None:
        if self._faults.is_on(Fault.SPEAKER_MUTE):
            return
        with self._lock:
            self._pending += chunk
            while self._pending and self._step():
                pass

    def _step(self) -> bool:
        """Take one clip off what has come, or some noise; False when more must come first."""
        begun = [sound for sound in self._known.values() if sound.startswith(self._pending)]
        for clip, sound in self._known.items():
            if self._pending.startswith(sound):
                self._heard.append(clip)
                self._pending = self._pending[len(sound) :]
                return True
        if begun:
            return False
        self._pending = self._pending[_FRAME:]
        self._noise += _FRAME
        return True


def _samples(file: Path) -> bytes:
    with wave.open(str(file), "rb") as sound:
        return sound.readframes(sound.getnframes())
