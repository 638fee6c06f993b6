"""The loudspeaker: clips through the driver to a twin that understands, or to ALSA's player."""

import asyncio
import os
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from edge.words.voice import CLIPS, clips_of
from hardware.catalogue import VOICES, choose
from hardware.drivers.house.clip_voice import ClipVoice
from hardware.options import VoiceOptions
from hardware.ports import Voice
from hardware.twins.faults import Fault, Faults
from hardware.twins.house.speaker import SpeakerTwin
from tests.hardware.driver_peer import BACK_WITHIN_S, wait_until

pytestmark = pytest.mark.anyio


def options(port: str, *own: Path, volume: int = 100) -> VoiceOptions:
    return VoiceOptions(name="voice", port=port, volume=volume, clips=(*own, CLIPS))


@asynccontextmanager
async def speaking(folder: Path, *own: Path) -> AsyncIterator[tuple[Voice, SpeakerTwin]]:
    twin = SpeakerTwin(folder / "speaker", Faults(0), own[0] if own else CLIPS)
    twin.cable.start()
    voice = choose(VOICES, "clips")(options(f"twin:{folder / 'speaker'}", *own))
    try:
        yield voice, twin
    finally:
        await voice.aclose()
        twin.cable.close()


async def heard(twin: SpeakerTwin, clips: tuple[str, ...]) -> None:
    await asyncio.to_thread(wait_until, lambda: twin.heard == clips)


async def test_a_door_that_opened_is_said_with_its_number(tmp_path: Path) -> None:
    async with speaking(tmp_path) as (voice, twin):
        voice.say(clips_of("door_open", 12))
        await heard(twin, ("n10", "n2", "cell_open", "take_and_shut"))
        assert twin.noise_bytes == 0
        assert voice.health().present
        assert voice.health().simulated


async def test_a_clip_that_nobody_has_is_skipped_and_counted(tmp_path: Path) -> None:
    async with speaking(tmp_path) as (voice, twin):
        voice.say(("locker", "swahili", "n7"))
        await heard(twin, ("locker", "n7"))
        assert voice.health().bad_frames == 1


async def test_the_keepers_own_recording_is_played_instead_of_ours(tmp_path: Path) -> None:
    own = tmp_path / "clips"
    own.mkdir()
    with wave.open(str(own / "locker.wav"), "wb") as clip:
        clip.setparams((1, 2, 16_000, 0, "NONE", ""))
        clip.writeframes(bytes(range(2, 202)))
    async with speaking(tmp_path, own) as (voice, twin):
        voice.say(("locker",))
        await heard(twin, ("locker",))


async def test_a_dialect_falls_back_to_mandarin_and_then_to_silence(tmp_path: Path) -> None:
    hakka = tmp_path / "hakka"
    hakka.mkdir()
    with wave.open(str(hakka / "locker.wav"), "wb") as clip:
        clip.setparams((1, 2, 16_000, 0, "NONE", ""))
        clip.writeframes(bytes(range(2, 202)))
    twin = SpeakerTwin(tmp_path / "speaker", Faults(0), CLIPS)
    twin.cable.start()
    port = f"twin:{tmp_path / 'speaker'}"
    own = (("hakka", hakka),)
    voice = ClipVoice(VoiceOptions(name="voice", port=port, clips=(CLIPS,), dialects=own))
    try:
        voice.tune("hakka", 100)
        voice.say(("locker", "n7", "swahili"))
        await heard(twin, ("n7",))
        assert twin.noise_bytes == 200  # the one recording in Hakka, which the twin does not know
        assert voice.health().bad_frames == 1
        voice.tune("wu", 100)
        voice.say(("locker",))
        await heard(twin, ("n7", "locker"))
    finally:
        await voice.aclose()
        twin.cable.close()


async def test_a_recording_of_another_form_is_left_aside_for_ours(tmp_path: Path) -> None:
    own = tmp_path / "clips"
    own.mkdir()
    with wave.open(str(own / "n1.wav"), "wb") as clip:
        clip.setparams((2, 2, 44_100, 0, "NONE", ""))
        clip.writeframes(bytes(400))
    (own / "n2.wav").write_bytes(b"no sound at all")
    twin = SpeakerTwin(tmp_path / "speaker", Faults(0), CLIPS)
    twin.cable.start()
    voice = ClipVoice(options(f"twin:{tmp_path / 'speaker'}", own))
    voice.say(("n1", "n2"))
    await heard(twin, ("n1", "n2"))
    await voice.aclose()
    twin.cable.close()


async def test_a_loudspeaker_that_comes_back_speaks_again(tmp_path: Path) -> None:
    faults = Faults(0)
    twin = SpeakerTwin(tmp_path / "speaker", faults, CLIPS)
    twin.cable.start()
    voice = ClipVoice(options(f"twin:{tmp_path / 'speaker'}"))
    voice.say(("n3",))
    await heard(twin, ("n3",))
    twin.cable.plug(wanted=False)

    def gone() -> bool:
        voice.say(("n4",))
        return not voice.health().present

    await asyncio.to_thread(wait_until, gone)
    twin.cable.plug(wanted=True)
    await asyncio.to_thread(wait_until, lambda: voice.health().present, BACK_WITHIN_S)
    voice.say(("n5",))
    await asyncio.to_thread(wait_until, lambda: twin.heard[-1] == "n5")
    await voice.aclose()
    twin.cable.close()


async def test_a_mute_twin_hears_nothing(tmp_path: Path) -> None:
    faults = Faults(0)
    twin = SpeakerTwin(tmp_path / "speaker", faults, CLIPS)
    twin.cable.start()
    voice = ClipVoice(options(f"twin:{tmp_path / 'speaker'}"))
    faults.switch(Fault.SPEAKER_MUTE, on=True)
    voice.say(("n1",))
    await voice.aclose()
    faults.mend_all()
    assert twin.heard == ()
    twin.cable.close()


async def test_too_many_sentences_lose_the_oldest(tmp_path: Path) -> None:
    async with speaking(tmp_path) as (voice, twin):
        for clip in ("codes_paused", "n1", "n2", "n3", "n4", "n5", "n6"):
            voice.say((clip,))
        await asyncio.to_thread(wait_until, lambda: twin.heard[-4:] == ("n3", "n4", "n5", "n6"))


def a_player(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in ALSA's place: a program named aplay, first on the path."""
    player = folder / "aplay"
    player.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    player.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    cards = folder / "cards"
    cards.write_text(" 0 [Headphones     ]: bcm2835 - bcm2835 Headphones\n", encoding="utf-8")
    return cards


async def test_a_sound_card_gets_the_samples_softer_by_the_volume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = a_player(
        tmp_path,
        f'echo "$@" > {tmp_path}/args; cat > {tmp_path}/sound; touch {tmp_path}/done',
        monkeypatch,
    )
    voice = ClipVoice(options("alsa:default", volume=50), cards)
    voice.say(("n1",))
    await asyncio.to_thread(wait_until, (tmp_path / "done").exists)
    with wave.open(str(CLIPS / "n1.wav")) as clip:
        loud = clip.readframes(clip.getnframes())
    soft = (tmp_path / "sound").read_bytes()
    assert len(soft) == len(loud)
    first = [int.from_bytes(loud[n : n + 2], "little", signed=True) for n in range(0, 2_000, 2)]
    half = [int.from_bytes(soft[n : n + 2], "little", signed=True) for n in range(0, 2_000, 2)]
    assert half == [sample * 50 // 100 for sample in first]
    assert (tmp_path / "args").read_text().split() == (
        ["-q", "-D", "default", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", "16000", "-"]
    )
    await asyncio.to_thread(wait_until, lambda: voice.health().present)
    await voice.aclose()


async def test_a_player_that_fails_is_told_and_heals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = a_player(tmp_path, f"cat > {tmp_path}/sound; test -e {tmp_path}/well", monkeypatch)
    voice = ClipVoice(options("alsa:hw:9"), cards)
    voice.say(("n1",))
    await asyncio.to_thread(wait_until, lambda: voice.health().note == "voice.no_sound")
    (tmp_path / "well").touch()
    voice.say(("n1",))
    await asyncio.to_thread(wait_until, lambda: voice.health().present)
    await voice.aclose()


async def test_a_player_that_hangs_is_ended_and_the_next_sentence_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs = f"test -e {tmp_path}/well || exec sleep 60; cat > {tmp_path}/sound"
    cards = a_player(tmp_path, hangs, monkeypatch)
    voice = ClipVoice(options("alsa:hw:9"), cards, grace_s=0.1)
    voice.say(("n1",))
    await asyncio.to_thread(wait_until, lambda: voice.health().note == "voice.no_sound")
    (tmp_path / "well").touch()
    voice.say(("n1",))
    await asyncio.to_thread(wait_until, lambda: voice.health().present)
    assert (tmp_path / "sound").stat().st_size > 0
    await voice.aclose()


async def test_no_card_and_no_player_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = a_player(tmp_path, "cat > /dev/null", monkeypatch)
    voice = ClipVoice(options("alsa:default"), tmp_path / "nothing")
    assert voice.health().note == "voice.no_card"
    cards.write_text("--- no soundcards ---\n", encoding="utf-8")
    other = ClipVoice(options("alsa:default"), cards)
    assert other.health().note == "voice.no_card"
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert other.health().note == "voice.no_player"
    other.say(("n1",))
    await asyncio.gather(voice.aclose(), other.aclose())


async def test_closing_breaks_off_a_long_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = a_player(tmp_path, f"touch {tmp_path}/begun; exec sleep 30", monkeypatch)
    voice = ClipVoice(options("alsa:default"), cards)
    voice.say(("n1",))
    await asyncio.to_thread(wait_until, (tmp_path / "begun").exists)
    await asyncio.wait_for(voice.aclose(), 5)
