"""Our side of the talk with an SSI scanner: what to say, what was scanned, what to do when.

The scanner sends a code up to three times, until it is acknowledged, and marks the copies. We
acknowledge every packet, and count a marked copy of what we had already as the same scan. Our own
commands are sent up to three times too. A scanner that stays silent is called again for ever: it
may have lost its power, and with it what it was told.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from firmware_bridge.scanner.codes import BadCode, Blemish, Code, read_code
from firmware_bridge.scanner.line import ENDS, HALF_S
from firmware_bridge.scanner.ssi import (
    NAK_RESEND,
    RETRANSMIT,
    Garbled,
    Op,
    Packet,
    SsiAssembler,
    encode,
)
from firmware_bridge.scanner.triggers import AGAIN_S

RESPONSE_S: Final = 2.0
"""The factory setting of the scanner's own time-out for an answer; ours need not be shorter."""
TRIES: Final = 3
CALL_EVERY_S: Final = 5.0
"""How often an idle scanner is asked whether it is still there."""
COPY_S: Final = 10.0
"""A copy comes a response time-out after the one before; scanners can be set to 9.9 s."""
_NO_BEEP: Final = 0xFF
_PACKETED: Final = bytes([_NO_BEEP, 0xEE, 0x01])
"""Parameter EE: codes come in packets, not raw; until the power goes, not for ever."""


@dataclass(frozen=True, slots=True)
class Say:
    """Bytes to send."""

    frame: bytes


@dataclass(slots=True)
class _Asked:
    op: Op
    tries: int
    since_s: float


Event = Code | BadCode | Say
_DATA: Final = {Op.PARAM_SEND: _PACKETED}
_OPENING: Final = (Op.PARAM_SEND, Op.SCAN_ENABLE)


class SsiSession:
    """One opening of the port. Times are seconds of the caller's clock.

    `pulled`: this scanner reads only when told, so it is told when the port opens, after each code
    and every AGAIN_S seconds.
    """

    def __init__(self, now_s: float, *, pulled: bool = False) -> None:
        self._packets = SsiAssembler()
        self._pulled = pulled
        self._opening = (*_OPENING, Op.START_DECODE) if pulled else _OPENING
        self._to_ask: deque[Op] = deque(self._opening)
        self._asked: _Asked | None = None
        self._heard_s = now_s
        self._spoke_s = now_s
        self._had: tuple[bytes, float] | None = None
        self.silent = False
        """Whether the scanner left TRIES commands in a row without an answer."""

    def feed(self, chunk: bytes, now_s: float) -> Iterator[Event]:
        """Take bytes in. Iterate to the end before the next call."""
        yield from self._silence(now_s)
        self._heard_s = now_s
        yield from self._hear(self._packets.feed(chunk), now_s)
        yield from self._ask(now_s)

    def tick(self, now_s: float) -> Iterator[Event]:
        """Time passed: what is due now."""
        yield from self._silence(now_s)
        asked = self._asked
        if asked is not None and now_s - asked.since_s >= RESPONSE_S:
            yield from self._no_answer(asked, now_s)
        if self._asked is None and not self._to_ask:
            self._idle(now_s)
        yield from self._ask(now_s)

    def wait_s(self, now_s: float) -> float:
        """How long nothing is due if nothing is heard; never negative."""
        if self._asked is not None:
            due_s = self._asked.since_s + RESPONSE_S
        else:
            due_s = self._spoke_s + (AGAIN_S if self._pulled and not self.silent else CALL_EVERY_S)
        if self._packets.begun:
            due_s = min(due_s, self._heard_s + HALF_S)
        return max(0.0, due_s - now_s)

    def farewell(self) -> bytes:
        """What to send before the port is given back; no answer is awaited."""
        return encode(Op.STOP_DECODE) if self._pulled else b""

    def _silence(self, now_s: float) -> Iterator[Event]:
        if self._packets.begun and now_s - self._heard_s >= HALF_S:
            yield from self._hear(self._packets.silence(), now_s)

    def _hear(self, heard: Iterable[Packet | Garbled], now_s: float) -> Iterator[Event]:
        for item in heard:
            if isinstance(item, Packet):
                self.silent = False
                yield from self._take(item, now_s)
                continue
            self._had = None  # its copy, if one comes, may be the first that we can read
            yield BadCode(Blemish.GARBLED)
            if item.resend:
                yield Say(encode(Op.NAK, bytes([NAK_RESEND])))
            elif not self._to_ask and self._asked is None:
                # Raw text: the scanner was without power and has forgotten about packets.
                self._to_ask.extend(self._opening)

    def _take(self, packet: Packet, now_s: float) -> Iterator[Event]:
        if packet.op == Op.ACK:
            self._asked = None
        elif packet.op == Op.NAK:
            self._refused(packet, now_s)
        else:
            yield Say(encode(Op.ACK))
            if packet.op == Op.DECODE_DATA:
                yield from self._scanned(packet, now_s)

    def _scanned(self, packet: Packet, now_s: float) -> Iterator[Event]:
        if self._pulled and Op.START_DECODE not in self._to_ask:
            self._to_ask.append(Op.START_DECODE)
        had, self._had = self._had, (packet.data, now_s)
        if packet.status & RETRANSMIT and had is not None:
            data, at_s = had
            if data == packet.data and now_s - at_s < COPY_S:
                return
        # The first byte is the kind of bar code; a suffix is a setting of the scanner.
        yield read_code(packet.data[1:].rstrip(bytes(ENDS)))

    def _refused(self, packet: Packet, now_s: float) -> None:
        asked = self._asked
        if asked is None:
            return
        if packet.data[:1] == bytes([NAK_RESEND]) and asked.tries < TRIES:
            asked.since_s = now_s - RESPONSE_S  # due again at once
        else:
            self._asked = None  # it will not have it: it works without, or the note will say so

    def _no_answer(self, asked: _Asked, now_s: float) -> Iterator[Event]:
        if asked.tries < TRIES:
            asked.tries, asked.since_s = asked.tries + 1, now_s
            yield Say(encode(asked.op, _DATA.get(asked.op, b""), again=True))
        else:
            self.silent = True
            self._asked = None
            self._to_ask.clear()

    def _idle(self, now_s: float) -> None:
        idle_s = now_s - self._spoke_s
        if self.silent:
            self._to_ask.extend(self._opening if idle_s >= CALL_EVERY_S else ())
        elif self._pulled and idle_s >= AGAIN_S:
            self._to_ask.append(Op.START_DECODE)
        elif idle_s >= CALL_EVERY_S:
            self._to_ask.append(Op.SCAN_ENABLE)

    def _ask(self, now_s: float) -> Iterator[Event]:
        if self._asked is None and self._to_ask:
            op = self._to_ask.popleft()
            self._asked = _Asked(op, 1, now_s)
            self._spoke_s = now_s
            yield Say(encode(op, _DATA.get(op, b"")))
