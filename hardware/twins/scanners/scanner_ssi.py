"""A scanner that speaks Zebra's SSI: it repeats a code until it is acknowledged, then gives up.

After power-on it may scan and writes codes out raw, as from the factory; the host has to ask for
packets. All of that is forgotten with the power.
"""

import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hardware.twins.cable import Cable
from hardware.twins.faults import Device, Fault, Faults
from hardware.twins.line_troubles import LineTroubles

ACK, NAK = 0xD0, 0xD1
DECODE_DATA: Final = 0xF3
PARAM_SEND: Final = 0xC6
START, STOP, ENABLE, DISABLE = 0xE4, 0xE5, 0xE9, 0xEA
_PARAM_PACKETED: Final = 0xEE
_RESEND, _BAD_CONTEXT = 1, 2
_SENDINGS: Final = 3
"""The first and two copies; then four low beeps."""
_CODE_128: Final = 0x03


def packet(op: int, status: int = 0, data: bytes = b"", source: int = 0) -> bytes:
    """Bytes of one packet; the check makes the sum of all a multiple of 65,536."""
    head = [len(data) + 4, op, source, status, *data]
    check = 0x10000 - sum(head)
    return bytes([*head, check >> 8 & 0xFF, check & 0xFF])


@dataclass(slots=True)
class _Sending:
    data: bytes
    sendings: int = 0
    due_s: float = 0.0


class SsiScannerTwin:
    """Hold a code before it with `scan`. With `pulled` it reads only after START DECODE.

    `response_s` is its Host Serial Response Time-out, 2.0 from the factory.
    """

    def __init__(
        self, link: Path, faults: Faults, *, pulled: bool = False, response_s: float = 2.0
    ) -> None:
        self._faults = faults
        self._pulled = pulled
        self._response_s = response_s
        self._lock = threading.RLock()
        self._heard = bytearray()
        self._out: deque[_Sending] = deque()
        self._held: str | None = None
        self.enabled = True
        self.packeted = False
        self.lit = not pulled
        self.given_up = 0
        """Codes of which it has lost patience."""
        self.acknowledged = 0
        self.sent = 0
        """Packets with codes, copies too."""
        self.orders: list[int] = []
        """Commands that it has obeyed, by their code."""
        troubles = LineTroubles(faults, Device.SCANNER)
        self.cable: Final = Cable(link, self._hear, self._tick, troubles=troubles)

    def scan(self, text: str) -> None:
        """Read one code, when it may."""
        with self._lock:
            self._held = text
            self._look()

    def send_raw(self, data: bytes) -> None:
        """Noise on the line: these bytes and nothing else."""
        self.cable.say(data)

    def lose_power(self) -> None:
        """Off and on again, behind a cable that stays plugged."""
        with self._lock:
            self._out.clear()
            self._heard.clear()
            self.enabled, self.packeted, self.lit = True, False, not self._pulled

    def _look(self) -> None:
        if self._held is None or not (self.enabled and self.lit):
            return
        data, self._held = self._held.encode(), None
        self.lit = not self._pulled
        if self._faults.is_on(Fault.SCANNER_BINARY):
            data = data[:1] + b"\xe6" + data[1:]
        if not self.packeted:
            self.cable.say(data + b"\r\n")
            return
        self._out.append(_Sending(bytes([_CODE_128]) + data))

    def _tick(self) -> None:
        now_s = time.monotonic()
        with self._lock:
            if not self._out or self._out[0].due_s > now_s:
                return
            first = self._out[0]
            if first.sendings == _SENDINGS:
                self._out.popleft()
                self.given_up += 1
                return
            self._send(first, now_s)

    def _send(self, one: _Sending, now_s: float) -> None:
        data = packet(DECODE_DATA, 1 if one.sendings else 0, one.data)
        one.sendings += 1
        one.due_s = now_s + self._response_s
        self.sent += 1
        self.cable.say(data)

    def _hear(self, chunk: bytes) -> None:
        if self._faults.is_on(Fault.SCANNER_DEAF):
            return
        with self._lock:
            self._heard += chunk
            while len(self._heard) > 1 and len(self._heard) >= self._heard[0] + 2:
                size = self._heard[0] + 2
                frame = bytes(self._heard[:size])
                del self._heard[:size]
                self._obey(frame)

    def _obey(self, frame: bytes) -> None:
        if frame != packet(frame[1], frame[3], frame[4:-2], source=4):
            self.cable.say(packet(NAK, 0, bytes([_RESEND])))
            return
        op = frame[1]
        if op in {ACK, NAK}:
            self._answered(op, frame[4:-2])
            return
        if op not in {PARAM_SEND, START, STOP, ENABLE, DISABLE}:
            self.cable.say(packet(NAK, 0, bytes([_BAD_CONTEXT])))
            return
        self.orders.append(op)
        self.cable.say(packet(ACK))
        if op == PARAM_SEND:
            self.packeted = bytes([_PARAM_PACKETED, 1]) in frame[5:-2]
        elif op in {ENABLE, DISABLE}:
            self.enabled = op == ENABLE
        elif self._pulled:
            self.lit = op == START
        self._look()

    def _answered(self, op: int, why: bytes) -> None:
        if not self._out or not self._out[0].sendings:
            return
        if op == ACK:
            self._out.popleft()
            self.acknowledged += 1
        elif why == bytes([_RESEND]):
            self._out[0].due_s = 0.0
        else:
            self._out.popleft()
