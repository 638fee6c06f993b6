"""Make the voice clips that nobody has recorded: edge/words/clips/<id>.wav.

    apt-get install espeak-ng && python scripts/make_clips.py

A clip that is there already is left alone, be it a recording or made before; delete it to have it
made again. espeak-ng reads Chinese characters badly, so pypinyin turns them into pinyin with tones
for its voice cmn-latn-pinyin. Clips are 16 kHz, mono, 16 bit, without silence at their ends.
"""

import array
import io
import shutil
import subprocess
import sys
import wave
from itertools import takewhile

from pypinyin import Style, lazy_pinyin

from edge.words.voice import CLIPS, WORDS

RATE_HZ = 16_000
WORDS_A_MINUTE = "150"
LOUD = 200
"""Samples below this count as silence; speech peaks above 10,000."""
KEEP_S = 0.04


def main() -> int:
    """Make what is missing; the exit code."""
    if shutil.which("espeak-ng") is None:
        print("espeak-ng is missing: apt-get install espeak-ng", file=sys.stderr)
        return 1
    CLIPS.mkdir(exist_ok=True)
    for key, sentence in WORDS.items():
        file = CLIPS / f"{key.removeprefix('voice.')}.wav"
        if not file.exists():
            file.write_bytes(spoken(sentence.zh))
            print(f"{file.name}: {sentence.zh}")
    return 0


def spoken(text: str) -> bytes:
    """A WAV file that says `text`."""
    pinyin = " ".join(lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True))
    made = subprocess.run(
        ["espeak-ng", "-v", "cmn-latn-pinyin", "-s", WORDS_A_MINUTE, "--stdout", pinyin],
        capture_output=True,
        check=True,
    ).stdout
    with wave.open(io.BytesIO(made)) as heard:
        samples = array.array("h", heard.readframes(heard.getnframes()))
        clip = resampled(samples, heard.getframerate())
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(trimmed(clip).tobytes())
    return file.getvalue()


def resampled(samples: "array.array[int]", rate_hz: int) -> "array.array[int]":
    """The same sound at RATE_HZ, by straight lines between samples."""
    count = len(samples) * RATE_HZ // rate_hz
    out = array.array("h")
    for n in range(count - 1):
        place, part = divmod(n * rate_hz, RATE_HZ)
        left, right = samples[place], samples[min(place + 1, len(samples) - 1)]
        out.append(left + (right - left) * part // RATE_HZ)
    return out


def trimmed(samples: "array.array[int]") -> "array.array[int]":
    """The sound without the silence around it."""
    before = sum(1 for _ in takewhile(lambda s: abs(s) < LOUD, samples))
    after = sum(1 for _ in takewhile(lambda s: abs(s) < LOUD, reversed(samples)))
    keep = int(RATE_HZ * KEEP_S)
    return samples[max(0, before - keep) : len(samples) - max(0, after - keep)]


if __name__ == "__main__":
    sys.exit(main())
