"""A twin in a terminal: what it is, what may be typed, what can be broken, until a signal."""

import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from edge.kernel.errors import ConfigError, Refused
from edge.words import say
from hardware.twins.bench import Plug
from hardware.twins.faults import MENU, UNPLUGGED, Broken, Device, Fault, FaultKind, Faults

_LOOK_EVERY_S: Final = 0.1
_READ_MOST: Final = 4_096
_SWITCH: Final = {"on": True, "off": False}


class Mistyped(Exception):
    """A typed line means nothing here; the argument says what would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What may be typed: how it is written after its word, what it does, and its deed.

    `do` gets the rest of the line. Raises Mistyped or Refused.
    """

    form: str = ""
    about: str
    do: Callable[[str], None]


def _nothing() -> None:
    """A twin that does nothing by itself."""


def _not_understood(line: str) -> None:
    raise Mistyped(f"{line!r} means nothing here; `help` lists what does")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoneTwin:
    """One twin. `plain` takes lines that begin with no command's word, `hint` says what for.

    `table` is what names it in station.toml. `menu`: what can be broken of it. `look` is called
    about ten times a second and prints what is new.
    """

    name: str
    link: Path
    plug: Plug
    table: tuple[str, ...]
    faults: Faults
    menu: tuple[FaultKind, ...]
    hint: str = ""
    commands: Mapping[str, Command] = field(default_factory=dict)
    plain: Callable[[str], None] = _not_understood
    look: Callable[[], None] = _nothing

    def run(self, broken: Iterable[str] = ()) -> None:
        """Until SIGINT or SIGTERM; `broken` are faults from the start, NAME or NAME:DOOR.

        Raises ConfigError where a fault is unknown or no link can be made.
        """
        self.faults.listen(self._pull_plug)
        with _until_signal() as stop:
            self.plug.start()
            try:
                self._break_first(broken)
                self._greet()
                lines = _Lines()
                while not stop.is_set():
                    for line in lines.read():
                        self._hear(line)
                    self.look()
                self.look()
            finally:
                self.plug.close()

    def _greet(self) -> None:
        hint = f" {self.hint}." if self.hint else ""
        tell(f"Simulated {self.name} on {self.link}.{hint} `help` lists all. Ctrl-C ends it.")
        tell("In station.toml:")
        for line in self.table:
            tell(line)

    def _hear(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        try:
            match word:
                case "help":
                    self._help()
                case "faults":
                    self._list_faults()
                case "fault":
                    self._switch(rest)
                case _ if word in self.commands:
                    self.commands[word].do(rest.strip())
                case _:
                    self.plain(line)
        except Mistyped as slip:
            tell(str(slip))
        except Refused as refusal:
            tell(say(refusal.reason, "en", **refusal.details))

    def _help(self) -> None:
        rows = [(f"{word} {one.form}".strip(), one.about) for word, one in self.commands.items()]
        rows.append(("fault NAME on|off", "break or mend; NAME:3 for a fault of door 3"))
        rows.append(("faults", "what can be broken, and what is"))
        width = max(len(form) for form, _ in rows)
        if self.hint:
            tell(f"{self.hint}.")
        for form, about in rows:
            tell(f"  {form.ljust(width)}  {about}")

    def _list_faults(self) -> None:
        for kind in self.menu:
            on = [one for one in self.faults.active() if one.fault is kind.fault]
            doors = ", ".join(str(one.channel) for one in on if one.channel is not None)
            state = f"  ON{f' at door {doors}' if doors else ''}" if on else ""
            door = ":DOOR" if kind.needs_channel else ""
            tell(f"  {kind.fault}{door}: {say(kind.word, 'en')}{state}")

    def _switch(self, text: str) -> None:
        name, _, how = text.strip().rpartition(" ")
        if how not in _SWITCH:
            raise Mistyped("type: fault NAME on, or: fault NAME off")
        self._set(name, on=_SWITCH[how])
        tell(f"fault {name} is {how}")

    def _break_first(self, broken: Iterable[str]) -> None:
        for name in broken:
            try:
                self._set(name, on=True)
            except (Mistyped, Refused) as cause:
                reason = (
                    say(cause.reason, "en", **cause.details).rstrip(".")
                    if isinstance(cause, Refused)
                    else str(cause)
                )
                known = "Known: " + ", ".join(kind.fault for kind in self.menu)
                raise ConfigError("command line", "--fault", f"{name}: {reason}", known) from cause

    def _set(self, text: str, *, on: bool) -> None:
        name, _, door = text.strip().partition(":")
        if name not in {kind.fault.value for kind in self.menu}:
            raise Mistyped(f"this twin has no fault {name!r}; `faults` lists them")
        channel = number(door, "a door is a number") if door else None
        self.faults.switch(name, on=on, channel=channel)

    def _pull_plug(self, broken: Broken, on: bool) -> None:  # noqa: FBT001 - a listener of Faults
        if broken.fault in UNPLUGGED.values():
            self.plug.plug(wanted=not on)


def tell(line: str) -> None:
    """One line for the person, at once."""
    print(line, flush=True)


def number(text: str, otherwise: str) -> int:
    """A whole number that was typed. Raises Mistyped with `otherwise`."""
    try:
        return int(text)
    except ValueError as cause:
        raise Mistyped(f"{text!r}: {otherwise}") from cause


def menu_of(device: Device, *, only: Iterable[Fault] | None = None) -> tuple[FaultKind, ...]:
    """The faults of a device; of these `only` some, where not all can happen to this make."""
    wanted = set(Fault if only is None else only)
    return tuple(kind for kind in MENU if kind.device is device and kind.fault in wanted)


def table_of(head: str, link: Path, driver: str, **keys: object) -> tuple[str, ...]:
    """A table of station.toml, line by line."""
    rest = (f"{key} = {value}" for key, value in keys.items())
    return (head, f'driver = "{driver}"', f'port = "twin:{link.absolute()}"', *rest)


class _Lines:
    """Lines typed so far. An input that is closed or ends is simply never heard of again."""

    def __init__(self) -> None:
        self._input = sys.stdin.fileno() if sys.stdin is not None else None
        self._pending = b""

    def read(self) -> list[str]:
        """Wait a moment for input; the complete lines that came, without blank ones."""
        watched = [] if self._input is None else [self._input]
        ready, _, _ = select.select(watched, [], [], _LOOK_EVERY_S)
        if not ready or self._input is None:
            return []
        chunk = os.read(self._input, _READ_MOST)
        if not chunk:
            self._input = None
            chunk = b"\n"  # the last line may have no end
        *complete, self._pending = (self._pending + chunk).split(b"\n")
        lines = [line.decode(errors="replace").strip() for line in complete]
        return [line for line in lines if line]


@contextmanager
def _until_signal() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; the old handlers come back at the end."""
    stop = threading.Event()
    wanted = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in wanted}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
