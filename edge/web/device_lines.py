"""Devices and the county link in a keeper's words."""

from dataclasses import dataclass
from typing import Final

from edge.daemon.front import LinkView, PrintQueueView
from edge.web.power_line import keeper_power
from edge.web.snapshot import Snapshot
from edge.words import WORDS, say
from hardware.ports import DeviceHealth, Weight

_OWN_WORDS: Final = frozenset({"not_enrolled", "unknown_station"})
"""Verdicts that somebody at the station can do something about."""

_WAITING: Final = {"printer": "keeper.prints_waiting", "label-printer": "keeper.labels_waiting"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """The county link: `waiting` facts are kept here until the county has them."""

    online: bool
    waiting: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLine:
    """One device: its name, and 正常 or what is wrong in words."""

    name: str
    word: str
    ok: bool
    simulated: bool


def link_line(link: LinkView, language: str) -> LinkLine:
    """The link with the number of facts that wait."""
    if link.verdict and not link.online:
        key = link.verdict if link.verdict in _OWN_WORDS else "refused"
    elif link.online:
        key = "sending" if link.waiting else "up"
    else:
        key = "down"
    text = say(f"keeper.link.{key}", language, waiting=link.waiting or "")
    return LinkLine(online=link.online, waiting=link.waiting, text=text)


def device_lines(seen: Snapshot, language: str) -> tuple[DeviceLine, ...]:
    """Lock boards, scanner and printer; a printer's line tells of what waits for it too."""
    return tuple(_line(seen, device, language) for device in seen.devices)


def kind_of(name: str) -> str:
    """What a device is: its name without the number that tells it from its like."""
    return name.rstrip("0123456789").rstrip("-")


def _line(seen: Snapshot, device: DeviceHealth, language: str) -> DeviceLine:
    kind = kind_of(device.name)
    word = _condition(device, language)
    ok = device.present and not device.note
    if kind == "power" and ok:
        ok, word = keeper_power(seen, language)
    if kind == "scale" and seen.weight is not None:
        word = weight_text(seen.weight, language)
    if (prints := _prints(seen, kind)) is not None:
        ok = ok and not prints.problem
        word = _queued(prints, kind, word, language)
    return DeviceLine(
        name=_name(device.name, kind, language), word=word, ok=ok, simulated=device.simulated
    )


def _prints(seen: Snapshot, kind: str) -> PrintQueueView | None:
    return {"printer": seen.prints, "label-printer": seen.labels}.get(kind)


def _queued(prints: PrintQueueView, kind: str, word: str, language: str) -> str:
    if prints.problem:
        word = say(prints.problem, language)
    if not prints.waiting:
        return word
    return f"{word} · {say(_WAITING[kind], language, waiting=prints.waiting)}"


def weight_text(weight: Weight, language: str) -> str:
    """A weight as a keeper reads it, e.g. 1.235 kg."""
    sign = "-" if weight.grams < 0 else ""
    kilograms, grams = divmod(abs(weight.grams), 1_000)
    key = "keeper.weight.net" if weight.net else "keeper.weight"
    return say(key, language, weight=f"{sign}{kilograms}.{grams:03d}")


def _name(name: str, kind: str, language: str) -> str:
    number = name[len(kind) :].strip("-")
    key = f"keeper.device.{kind}"
    word = say(key, language) if key in WORDS else kind
    return f"{word} {number}" if number not in {"", "1"} else word


def _condition(device: DeviceHealth, language: str) -> str:
    if device.present and not device.note:
        return say("keeper.device_ok", language)
    plain = f"keeper.{device.note}"  # for a grocer; `cunyi doctor` has the technical words
    if plain in WORDS:
        return say(plain, language)
    if device.note not in WORDS:
        return say("keeper.device_ok" if device.present else "keeper.device_gone", language)
    return say(device.note, language)
