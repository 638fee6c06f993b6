"""A loudspeaker: recorded clips, played one after the other as one sentence, in a thread.

    alsa:default        the sound card, through ALSA's own player `aplay`
    twin:/run/.../voice a twin that hears; file: and socket: ports get the same raw sound

Sound is 16 kHz, mono, 16 bit little-endian, as the clips are.
"""

import array
import asyncio
import shutil
import subprocess
import sys
import threading
import time
import wave
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from hardware.byte_channel import PortGone, is_simulated
from hardware.drivers.port_keeper import PortKeeper
from hardware.options import VoiceOptions
from hardware.ports import DeviceHealth, Voice

log = structlog.get_logger(__name__)

RATE_HZ: Final = 16_000
STALE_S: Final = 5.0
"""A sentence that waited so long is not said: whoever it was meant for has gone on."""
MOST_WAITING: Final = 4
_ALSA: Final = "alsa:"
_LOUDEST: Final = 100
_GRACE_S: Final = 3.0
"""A sound card may take so much longer than the sound itself."""
_CARDS: Final = Path("/proc/asound/cards")


@dataclass(frozen=True, slots=True)
class _Sentence:
    clips: tuple[str, ...]
    asked_s: float
    dialect: str
    volume: int


class ClipVoice:
    """Implements Voice."""

    def __init__(
        self, options: VoiceOptions, cards: Path = _CARDS, grace_s: float = _GRACE_S
    ) -> None:
        self._name = options.name
        self._port = options.port
        self._volume = options.volume
        self._dialect = ""
        self._sets = {
            "": _Clips(options.clips),
            **{name: _Clips((own, *options.clips)) for name, own in options.dialects},
        }
        self._cards = cards
        self._grace_s = grace_s
        self._keeper = PortKeeper(options.name, options.port, 0)
        self._note = ""
        self._bad_clips = 0
        self._failure: Exception | None = None
        self._waiting: deque[_Sentence] = deque(maxlen=MOST_WAITING)
        self._awake = threading.Condition()
        self._playing: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name=options.name, daemon=True)
        self._thread.start()

    def say(self, clips: tuple[str, ...]) -> None:
        """Queue a sentence; the oldest of too many is dropped."""
        with self._awake:
            now = time.monotonic()
            self._waiting.append(_Sentence(clips, now, self._dialect, self._volume))
            self._awake.notify()

    def tune(self, dialect: str, volume: int) -> None:
        """What waits already is said as it was asked for."""
        with self._awake:
            self._dialect, self._volume = dialect, volume

    def health(self) -> DeviceHealth:
        """Present while there is something to play on; clips that are missing are bad frames."""
        note = "device.failed" if self._failure is not None else self._trouble()
        return DeviceHealth(
            name=self._name,
            present=not note,
            simulated=is_simulated(self._port),
            note=note,
            bad_frames=self._bad_clips,
            reconnects=self._keeper.condition.reconnects,
            failure=self._failure,
        )

    async def aclose(self) -> None:
        """Break off in mid-word."""
        self._keeper.stop()
        with self._awake:
            self._awake.notify()
            if self._playing is not None:
                self._playing.kill()
        await asyncio.to_thread(self._thread.join)

    def _trouble(self) -> str:
        if not self._port.startswith(_ALSA):
            return self._keeper.condition.note
        if shutil.which("aplay") is None:
            return "voice.no_player"
        try:
            cards = self._cards.read_text(encoding="utf-8", errors="replace")
        except OSError:
            cards = ""
        return self._note if "[" in cards else "voice.no_card"

    def _run(self) -> None:
        try:
            self._keep_serving()
        except Exception as bug:
            log.exception("device_thread_failed", name=self._name)
            self._failure = bug
        self._keeper.close()

    def _keep_serving(self) -> None:
        if not self._port.startswith(_ALSA):
            self._keeper.open()
        while (sentence := self._next()) is not None:
            recorded = self._sets.get(sentence.dialect, self._sets[""])
            sounds = [recorded.sound(clip) for clip in sentence.clips]
            self._bad_clips += sounds.count(None)
            if sound := b"".join(filter(None, sounds)):
                self._play(_softer(sound, sentence.volume))

    def _next(self) -> _Sentence | None:
        with self._awake:
            while not self._keeper.stopping:
                while self._waiting:
                    sentence = self._waiting.popleft()
                    if time.monotonic() - sentence.asked_s <= STALE_S:
                        return sentence
                if self._port.startswith(_ALSA) or self._keeper.condition.open:
                    self._awake.wait()
                elif not self._awake.wait(1.0):
                    self._keeper.open()
        return None

    def _play(self, sound: bytes) -> None:
        if self._port.startswith(_ALSA):
            self._play_on_card(sound)
        else:
            self._play_on_port(sound)

    def _play_on_port(self, sound: bytes) -> None:
        channel = self._keeper.channel or self._keeper.open()
        if channel is None:
            return
        try:
            channel.write(sound, timeout_s=self._longest_s(sound))
        except PortGone as cause:
            self._keeper.lost(cause)

    def _play_on_card(self, sound: bytes) -> None:
        device = self._port.removeprefix(_ALSA)
        command = ["aplay", "-q", "-D", device, "-t", "raw", "-f", "S16_LE", "-c", "1"]
        command += ["-r", str(RATE_HZ), "-"]
        try:
            with subprocess.Popen(  # noqa: S603 - a fixed program, sound through its input
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
            ) as player:
                self._hold(player)
                said = self._feed(player, sound)
        except FileNotFoundError:
            self._note = "voice.no_player"
            return
        finally:
            self._hold(None)
        self._note = "voice.no_sound" if player.returncode else ""
        if player.returncode and not self._keeper.stopping:
            log.warning("no_sound", name=self._name, reason=said)

    def _feed(self, player: subprocess.Popen[bytes], sound: bytes) -> str:
        """What the player complained about. One that hangs is ended: Popen waits without limit."""
        try:
            _, said = player.communicate(sound, timeout=self._longest_s(sound))
        except subprocess.TimeoutExpired:
            player.kill()
            return "the player hangs"
        return said.decode(errors="replace").strip()

    def _longest_s(self, sound: bytes) -> float:
        return len(sound) / 2 / RATE_HZ + self._grace_s

    def _hold(self, player: subprocess.Popen[bytes] | None) -> None:
        with self._awake:
            self._playing = player
            if player is not None and self._keeper.stopping:
                player.kill()


class _Clips:
    """Recordings by id: the first folder that has one wins."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._sounds: dict[str, bytes | None] = {}

    def sound(self, clip: str) -> bytes | None:
        """The samples of a clip, None where no folder has it in the right form."""
        if clip not in self._sounds:
            files = (folder / f"{clip}.wav" for folder in self._folders)
            self._sounds[clip] = next(filter(None, map(_read, files)), None)
            if self._sounds[clip] is None:
                log.warning("clip_missing", clip=clip)
        return self._sounds[clip]


def _read(file: Path) -> bytes | None:
    try:
        with wave.open(str(file), "rb") as heard:
            if (heard.getframerate(), heard.getnchannels(), heard.getsampwidth()) == (
                RATE_HZ,
                1,
                2,
            ):
                return heard.readframes(heard.getnframes())
    except (OSError, EOFError, wave.Error):
        return None
    return None


def _softer(sound: bytes, volume: int) -> bytes:
    if volume == _LOUDEST:
        return sound
    samples = array.array("h", sound)
    if sys.byteorder == "big":
        samples.byteswap()
    softer = array.array("h", (sample * volume // _LOUDEST for sample in samples))
    if sys.byteorder == "big":
        softer.byteswap()
    return softer.tobytes()


def _conforms(driver: ClipVoice) -> Voice:
    return driver  # mypy stops here first if the port moves
