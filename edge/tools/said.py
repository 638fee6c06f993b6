"""What a loudspeaker said, as text: clips put together into the sentences that they came from."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from typing import Final

from edge.words import WORDS, say
from edge.words.voice import CELL, MOST, SPEECH, clips_of, number_clips

_STOP: Final[Mapping[str, str]] = {"zh": "，", "en": "; "}
_GAP: Final[Mapping[str, str]] = {"zh": "", "en": " "}
_LEADS_ON: Final = frozenset(clip for n in (*range(11), 100) for clip in number_clips(n)) | {
    "locker"
}
"""After these one does not pause."""


def sentences(clips: Sequence[str], language: str) -> list[str]:
    """One text a sentence, oldest first. Clips that make none stand alone.

    Of several readings ("7" and "12 is open", or "72" and a rest without a number) the one that
    leaves the fewest clips alone.
    """
    row = tuple(clips)
    # best[n]: how many clips from n on stand alone, how many sentences, and where the first ends.
    best = [(0, 0, 0)] * (len(row) + 1)
    for start in range(len(row) - 1, -1, -1):
        ends = [start + size for size in _sizes() if row[start : start + size] in _known()]
        readings = [(best[end][0], best[end][1] + 1, end) for end in ends if end <= len(row)]
        alone, said, _ = best[start + 1]
        best[start] = min([*readings, (alone + 1, said + 1, start + 1)])
    texts = []
    start = 0
    while start < len(row):
        end = best[start][2]
        texts.append(_text(row[start:end], language))
        start = end
    return texts


def _text(clips: Sequence[str], language: str) -> str:
    text = ""
    for clip in clips:
        key = f"voice.{clip}"
        text += say(key, language) if key in WORDS else clip  # a station may have its own
        text += (_GAP if clip in _LEADS_ON else _STOP)[language]
    return text.rstrip("，; ")


@cache
def _known() -> frozenset[tuple[str, ...]]:
    """Every sentence with every number, as clips."""
    with_cell = [key for key, parts in SPEECH.items() if CELL in parts]
    without = {clips_of(key) for key in SPEECH if key not in with_cell}
    return frozenset(without | {clips_of(key, n) for key, n in product(with_cell, range(MOST + 1))})


@cache
def _sizes() -> tuple[int, ...]:
    """How many clips a sentence may have."""
    return tuple(sorted({len(known) for known in _known()}))
