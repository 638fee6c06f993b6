"""gpiozero's pins on the pin twin: its own mock pins, whose levels live behind the link."""

import errno
import os
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from gpiozero.pins.mock import MockFactory, MockPin

_PATIENCE_S: Final = 1.0
_READ_MOST: Final = 4_096

_OPEN: Final[dict[Path, "TwinPins"]] = {}
_GATE: Final = threading.Lock()


def open_pins(link: Path) -> "TwinPins":
    """The pins behind this link, which one process opens once. Raises OSError."""
    with _GATE:
        pins = _OPEN.get(link)
        if pins is None or not pins.alive:
            pins = _OPEN[link] = TwinPins(link)
        return pins


class TwinPin(MockPin):  # type: ignore[misc] # the library has no types
    """One pin. Raises OSError from everything once the link is gone, except from `close`."""

    def __init__(self, factory: "TwinPins", info: Any) -> None:
        self._number = int(info.name.removeprefix("GPIO"))
        super().__init__(factory, info)

    def output_with_state(self, state: int) -> None:
        """Drive, beginning with this level."""
        self.factory.claim(self._number, "out", int(state))
        self._function = "output"
        self._change_state(bool(state))

    def _set_function(self, value: str) -> None:
        if value == "output":
            self.output_with_state(0)
        else:
            self._function = "input"
            self._set_pull(self._pull)

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)  # knows which pins have a pull that nobody can change
        self._change_state(self.factory.claim(self._number, "in", value))

    def close(self) -> None:
        """Float again."""
        self.when_changed = None
        self._function = "input"
        with suppress(OSError):
            self.factory.say("free", self._number)

    def hear(self, *, high: bool) -> None:
        """The twin says that the level has changed."""
        if self._function == "input":
            (self.drive_high if high else self.drive_low)()

    def _set_state(self, value: int) -> None:
        super()._set_state(value)
        self.factory.say("set", self._number, int(value))

    def _get_state(self) -> Any:
        self.factory.check()
        return super()._get_state()


class TwinPins(MockFactory):  # type: ignore[misc] # the library has no types
    """All pins behind one link. Raises OSError when nothing is there."""

    def __init__(self, link: Path) -> None:
        super().__init__(pin_class=TwinPin)
        self._line = socket.socket(socket.AF_UNIX)
        try:
            self._line.connect(os.path.realpath(link))
        except OSError:
            self._line.close()
            raise
        self._answered = threading.Condition()
        self._answers: dict[int, tuple[str, bool]] = {}
        self._by_number: dict[int, TwinPin] = {}
        self.alive = True
        threading.Thread(target=self._run, name="twin-pins", daemon=True).start()

    def check(self) -> None:
        """Raises OSError once the link is gone."""
        if not self.alive:
            raise OSError(errno.ENODEV, "the pins are gone")

    def say(self, *words: object) -> None:
        """One line to the twin. Raises OSError."""
        self.check()
        self._line.sendall(" ".join(map(str, words)).encode() + b"\n")

    def claim(self, number: int, how: str, what: object) -> bool:
        """Take a pin and wait for its level. Raises OSError, EBUSY where another has it."""
        self._by_number[number] = self.pin(f"GPIO{number}")
        with self._answered:
            self._answers.pop(number, None)
            self.say(how, number, what)
            self._answered.wait_for(lambda: number in self._answers or not self.alive, _PATIENCE_S)
            self.check()
            word, high = self._answers.get(number, ("", False))
        if word == "busy":
            raise OSError(errno.EBUSY, f"another program has pin {number}")
        if not word:
            raise OSError(errno.ETIMEDOUT, f"pin {number} does not answer")
        return high

    def _run(self) -> None:
        pending, data = b"", b"."
        while data:
            data = b""
            with suppress(OSError):
                data = self._line.recv(_READ_MOST)
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                self._hear(line.decode("ascii", "replace").split())
        with self._answered:
            self.alive = False
            self._answered.notify_all()
        self._line.close()

    def _hear(self, words: list[str]) -> None:
        word, number, level = [*words, "0", "0"][:3]
        pin = int(number)
        with self._answered:
            asked = pin not in self._answers
            self._answers[pin] = (word, level == "1")
            self._answered.notify_all()
        if word == "pin" and not asked and pin in self._by_number:
            self._by_number[pin].hear(high=level == "1")
