"""What all slips begin with, and the language that they speak."""

from typing import Final

from edge.words import say
from hardware.ports import Block, Text

SLIP_LANGUAGE: Final = "zh"
LEADING: Final = Text(text="")
"""A blank line. Enlarged letters fill their whole line, so that the next one would touch them."""


def slip_words(key: str, **blanks: str | int) -> str:
    """A sentence as slips say it."""
    return say(key, SLIP_LANGUAGE, **blanks)


def lay_out_head(*, station_name: str, title: Text, beneath: str = "", again: bool) -> list[Block]:
    """Station, title, a line beneath it if any, and 补打 where it may have come out before."""
    head: list[Block] = [
        Text(text=station_name, scale=2, centred=True, bold=True),
        LEADING,
        title,
    ]
    if beneath:
        head.append(Text(text=beneath, centred=True))
    if again:
        head.append(Text(text=slip_words("slip.copy"), scale=2, centred=True, bold=True))
    return head


def large_title(key: str) -> Text:
    """A title that tells a paper from a villager's slip at a glance."""
    return Text(text=slip_words(key), scale=2, centred=True, bold=True)
