"""Opens one port again and again: a vanished device is taken back by the same path."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from hardware.byte_channel import ByteChannel, PortGone, open_channel

log = structlog.get_logger(__name__)

FIRST_WAIT_S: Final = 0.25
LONGEST_WAIT_S: Final = 2.0
"""A keeper who plugs a cable back in should see it work at once."""
NO_PERMISSION_WAIT_S: Final = 10.0
"""Nothing but an administrator mends a lasting refusal (docs/devices/lock-boards.md)."""
QUICK_TRIES: Final = 5
"""So often, 5.75 s, a refused port is tried as if it were away: right after the plug has gone in
the device file is root's alone, until udev has given it to its group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortCondition:
    """How a port is doing; `note` is a word key, empty while the port is open."""

    open: bool = False
    note: str = "device.missing"
    reconnects: int = 0


class Waits:
    """How long to wait before each next try; one for each device."""

    def __init__(self) -> None:
        self._wait_s = FIRST_WAIT_S
        self._refused = 0

    def opened(self) -> None:
        """It is there: the next loss is a new one."""
        self._wait_s, self._refused = FIRST_WAIT_S, 0

    def next_s(self, note: str) -> float:
        """Seconds after a try that failed so; longer each time."""
        self._refused = self._refused + 1 if note == "device.no_permission" else 0
        if self._refused > QUICK_TRIES:
            return NO_PERMISSION_WAIT_S
        wait_s = FIRST_WAIT_S if self._refused == 1 else self._wait_s
        self._wait_s = min(wait_s * 2, LONGEST_WAIT_S)
        return wait_s


class PortKeeper:
    """One device thread opens and closes; any thread may look, wake and stop.

    `opener` stands in for a port that is no stream of a serial line's kind; it raises PortGone.
    """

    def __init__(
        self,
        name: str,
        port: str,
        baud: int,
        framing: str = "8N1",
        *,
        opener: Callable[[], ByteChannel] | None = None,
    ) -> None:
        self._name = name
        self._port = port
        self._opener = opener or (lambda: open_channel(port, baud, framing))
        self._channel: ByteChannel | None = None
        self._waits = Waits()
        self._opens = 0
        self._logged = ""
        self._awake = threading.Event()
        self.stopping = False
        self.condition = PortCondition()

    @property
    def channel(self) -> ByteChannel | None:
        """The port while it is open."""
        return self._channel

    def open(self) -> ByteChannel | None:
        """The port, freshly opened, or None for now; then `rest` before the next try."""
        try:
            channel = self._opener()
        except PortGone as cause:
            self._note(cause)
            return None
        self._opens += 1
        self._logged = ""
        self.condition = PortCondition(open=True, note="", reconnects=self._opens - 1)
        log.info("port_open", name=self._name, port=self._port)
        self._waits.opened()
        self._channel = channel
        if self.stopping:  # `stop` came while we opened and found nothing to wake
            channel.wake()
        return channel

    def lost(self, cause: PortGone) -> None:
        """The open port went away."""
        self.close()
        self._note(cause)

    def close(self) -> None:
        """Give the port back, if it is open."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()
        self.condition = PortCondition(reconnects=self.condition.reconnects)

    def rest(self) -> None:
        """Wait before the next try, longer each time; `wake` and `stop` end it."""
        self.pause(self._waits.next_s(self.condition.note))

    def pause(self, seconds: float) -> None:
        """Wait so long; `wake` and `stop` end it."""
        self._awake.wait(seconds)
        self._awake.clear()

    def wake(self) -> None:
        """End a rest, or a read of the open channel."""
        self._awake.set()
        channel = self._channel
        if channel is not None:
            channel.wake()

    def stop(self) -> None:
        """Ask the device thread to end."""
        self.stopping = True
        self.wake()

    def _note(self, cause: PortGone) -> None:
        self.condition = PortCondition(note=cause.note, reconnects=self.condition.reconnects)
        if str(cause) != self._logged:  # once for each reason: it may stay away for a week
            self._logged = str(cause)
            log.warning("port_gone", name=self._name, reason=str(cause))
