"""Ports of station.toml: which forms a device may have, and that they are what they look like.

What a port means is told in hardware.byte_channel. Whether a device is plugged in is not asked
here: a station starts without it, and shows it as missing.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError

MAX_PORT: Final = 65_535
PORT_ERROR: Final = "port"
_TWIN: Final = "twin:/"
_SOCKET: Final = "socket://"
_FILE: Final = "file:/"
_USB: Final = "usb:"
_GPIO: Final = "gpio"
_FORMS: Final[Mapping[str, str]] = {
    "/dev/input/": "/dev/input/by-id/...-event-kbd",
    "/dev/": "/dev/serial/by-id/...",
    "/run/": "/run/folder/name",
    _SOCKET: "socket://10.0.0.7:4001",
    _FILE: "file:/folder/name",
    _USB: "usb:0416:5011",
    "alsa:": "alsa:default",
    _GPIO: _GPIO,
    _TWIN: "twin:/folder/name",
}
"""How a port begins, and how one of these is written; the first that fits counts."""
_USB_PORT: Final = re.compile(r"usb:[0-9a-f]{1,4}:[0-9a-f]{1,4}(@\d+-\d+(\.\d+)*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The ports behind which a kind of device can be, by how they begin; `says` so in words."""

    says: str
    starts: tuple[str, ...]


_LINES: Final = ("/dev/", "/run/", _SOCKET, _TWIN)
LINE: Final = Reach(says="it is on a serial line or behind a device server", starts=_LINES)
TYPED_LINE: Final = Reach(says="it is on a serial line or a file", starts=(*_LINES, _FILE))
KEYS: Final = Reach(
    says="a keyboard is an event device of /dev/input", starts=("/dev/input/", _TWIN)
)
PICTURE: Final = Reach(
    says="a camera is the file: of the picture that its program renews", starts=(_FILE, _TWIN)
)
PAPER: Final = Reach(
    says="a printer is on a serial line, USB or a device file", starts=(*_LINES, _FILE, _USB)
)
SOUND: Final = Reach(says="a loudspeaker is behind alsa:", starts=("alsa:", _SOCKET, _FILE, _TWIN))
PINS: Final = Reach(says='pins are behind "gpio"', starts=(_GPIO, _TWIN))


def port_for(reach_of: Callable[[str], Reach]) -> AfterValidator:
    """The check of a key `port` that stands below the key `driver`, which says what it reaches."""

    def check(port: str, info: ValidationInfo) -> str:
        if "driver" in info.data:  # else a wrong driver is told by its own key
            _check(port, reach_of(info.data["driver"]))
        return port

    return AfterValidator(check)


def one_owner(port: str) -> str:
    """The port as the machine would call it: two spellings of one port are alike.

    Only spellings: by which names udev calls one adapter is seen when it is opened.
    """
    if port.startswith((_SOCKET, _USB)):
        return port.lower()
    if port.startswith(("/", _FILE)):
        return posixpath.normpath(port.removeprefix("file:"))
    return port


def complaint(problem: str, fix: str, key: str = "") -> PydanticCustomError:
    """An error with a fix of its own; `key` where the place of the check does not say it."""
    return PydanticCustomError(
        PORT_ERROR, "{problem}", {"problem": problem, "fix": fix, "key": key}
    )


def _check(port: str, reach: Reach) -> None:
    forms = " or ".join(f'"{_FORMS[start]}"' for start in reach.starts)
    fix = f"Write it like {forms}"
    start = next((one for one in _FORMS if _begins(port, one)), None)
    if start is None or not port.isprintable():
        raise complaint("this text does not have the right form", fix)
    if not any(_begins(port, one) for one in reach.starts):
        raise complaint(f"{port} cannot be the port here: {reach.says}", fix)
    if start == _SOCKET and (problem := _address_problem(port)):
        raise complaint(f"{port}: {problem}", f'Write it like "{_FORMS[_SOCKET]}"')
    if start == _USB and not _USB_PORT.fullmatch(port):
        problem = "these are not the two numbers that lsusb shows"
        raise complaint(f"{port}: {problem}", f'Write it like "{_FORMS[_USB]}"')


def _begins(port: str, start: str) -> bool:
    return port == start if start == _GPIO else port.startswith(start) and port != start


def _address_problem(port: str) -> str:
    try:
        address = urlsplit(port)
        number, host = address.port, address.hostname
    except ValueError as cause:
        return str(cause)
    if not host or any(letter.isspace() for letter in host):
        return "the host is missing"
    if not number:
        return f"the port of the host is missing, 1 to {MAX_PORT}"
    if address.username is not None or address.path or address.query or address.fragment:
        return "there is something behind the port of the host"
    return ""
