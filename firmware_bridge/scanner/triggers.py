"""Scanners that read only when told: the bytes that switch the light on and off.

Bytes from the vendors' guides, docs/devices/scanners.md. A scanner that was told to read does so
until it has read one code, was told to stop, or its own time-out has passed; so it must be told
again and again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from firmware_bridge.scanner.line import HALF_S

AGAIN_S: Final = 2.0
"""Below every vendor's own time-out for one reading, so that it is never dark for longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """How one vendor's scanners are told to read and to stop. `replies`: they answer commands."""

    on: bytes
    off: bytes
    replies: bool


def _newland(command: bytes) -> bytes:
    # "#" changes nothing that outlives the power; "@" would wear the scanner's flash.
    return b"\x7e\x01" + b"0000" + b"#" + command + b"\x3b\x03"


TRIGGERS: Final[Mapping[str, Trigger]] = {
    "honeywell": Trigger(on=b"\x16T\r", off=b"\x16U\r", replies=False),
    "newland": Trigger(on=_newland(b"SCNTRG1"), off=_newland(b"SCNTRG0"), replies=True),
}

_REPLY_HEAD: Final = b"\x02\x01" + b"0000"
_REPLY_END: Final = 0x03
LONGEST_REPLY: Final = 64


class ReplyFilter:
    """Takes Newland's replies to commands out of what a scanner types.

    A reply is the command once more, 02 in place of its first byte and 06, 15 or 05 before its
    last two. What begins like one and does not go on or end like one is handed on, and after a
    silence forgotten. Times are seconds of the caller's clock.
    """

    def __init__(self) -> None:
        self._held = bytearray()
        self._heard_s = 0.0

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """The bytes of `chunk`, and of earlier ones, that are no reply."""
        if now_s - self._heard_s >= HALF_S:
            self._held.clear()
        self._heard_s = now_s
        passed = bytearray()
        for byte in chunk:
            self._held.append(byte)
            size = len(self._held)
            if not _REPLY_HEAD.startswith(self._held[: len(_REPLY_HEAD)]) or size > LONGEST_REPLY:
                passed += self._held
                self._held.clear()
            elif size > len(_REPLY_HEAD) and byte == _REPLY_END:
                self._held.clear()
        return bytes(passed)
