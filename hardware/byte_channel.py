"""Ports as two streams of bytes: a serial line, a twin's pty, a TCP socket or a file.

    /dev/serial/by-id/usb-...   a serial line, held alone by its owner
    twin:/run/bench/lock-board  a link to a twin's pty; such a device counts as simulated
    socket://10.0.0.7:4001      a serial device server
    file:/dev/usb/lp0           a device file without line settings, a FIFO, or a plain file
    usb:0416:5011               a USB printer (hardware.usb_port)

A channel never blocks longer than it is told, and every failure is a PortGone with its cause.
"""

import errno
import fcntl
import os
import select
import socket
import stat
import termios
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import serial

from edge.kernel.errors import DeviceGone

TWIN: Final = "twin:"
_SOCKET: Final = "socket://"
_FILE: Final = "file:"
_USB: Final = "usb:"
_READ_MOST: Final = 4_096
_CONNECT_S: Final = 1.0
"""A device server in the same room answers within ms; the end of the daemon waits for this."""
WRITE_S: Final = 1.0
_NOTES: Final = {
    errno.EACCES: "device.no_permission",
    errno.EPERM: "device.no_permission",
    errno.EBUSY: "device.busy",
    errno.EAGAIN: "device.busy",
}
_MISSING: Final = "device.missing"
_NO_PERMISSION: Final = "no permission: add the user to group dialout"


class PortGone(DeviceGone):
    """The port cannot be opened or went away; `note` is a word key for the screens."""

    def __init__(self, message: str, note: str = _MISSING) -> None:
        self.note = note
        super().__init__(message)


class ByteChannel(Protocol):
    """An open port. One thread reads and writes; any thread may wake it."""

    def read(self, timeout_s: float) -> bytes:
        """What has arrived; waits up to `timeout_s` for it, b"" when nothing came or on `wake`.

        Raises PortGone when the far side went away.
        """

    def write(self, data: bytes, timeout_s: float = WRITE_S) -> None:
        """Hand over all bytes. Raises PortGone, also when they are not taken in time."""

    def write_some(self, data: bytes | memoryview, timeout_s: float) -> int:
        """Hand over what there is room for, waiting up to `timeout_s` for some; how many bytes.

        Raises PortGone when the far side went away.
        """

    def wake(self) -> None:
        """End a `read` that waits in another thread; the next one returns at once otherwise."""

    def close(self) -> None:
        """Give the port back. Closing twice does nothing."""


def write_all(
    port: str,
    write_some: Callable[[memoryview, float], int],
    data: bytes,
    timeout_s: float,
) -> None:
    """Hand over all bytes through `write_some`. Raises PortGone when they are not taken in time."""
    left = memoryview(data)
    until_s = time.monotonic() + timeout_s  # noqa: TID251 - a port lives on real time
    while left:
        wait_s = until_s - time.monotonic()  # noqa: TID251 - as above
        taken = write_some(left, wait_s)
        if not taken and wait_s <= 0:
            raise PortGone(f"{port}: {len(left)} bytes were not taken in time")
        left = left[taken:]


def is_simulated(port: str) -> bool:
    """Whether this port leads to a twin."""
    return port.startswith(TWIN)


def line_settings(framing: str) -> dict[str, Any]:
    """What pyserial is told for a framing such as "8N1" or "7E1": data bits, parity, stop bits."""
    return {"bytesize": int(framing[0]), "parity": framing[1], "stopbits": int(framing[2])}


def open_channel(
    port: str, baud: int, framing: str = "8N1", *, keep_input: bool = False
) -> ByteChannel:
    """Open a port. Raises PortGone saying why and what to do.

    `framing` is for a serial line alone: a twin's pty has no parity and stays 8N1, and a device
    server on a socket is set on its own page. `keep_input`: what a serial line has received
    before it was opened is read, not dropped.
    """
    if port.startswith(_USB):
        from hardware.usb_port import open_usb  # noqa: PLC0415 - few stations have one

        return open_usb(port)
    try:
        if port.startswith(_SOCKET):
            return _FdChannel(port, _Socket(port))
        if port.startswith(_FILE):
            return _FdChannel(port, _File(port.removeprefix(_FILE)))
        line = _KeepingSerial if keep_input else serial.Serial
        return _FdChannel(port, _Line(line, port, baud, framing))
    except OSError as cause:
        raise _port_gone(port, cause) from cause
    except ValueError as cause:  # what is no address, or a NUL in a path
        raise PortGone(f"{port}: {cause}") from cause


def channel_on(port: str, source: "_Source") -> ByteChannel:
    """A channel on a descriptor that a driver has opened in its own way.

    Raises PortGone; then `source` is closed.
    """
    try:
        return _FdChannel(port, source)
    except OSError as cause:
        raise _port_gone(port, cause) from cause


def _port_gone(port: str, cause: OSError) -> PortGone:
    note = _NOTES.get(cause.errno or 0, _MISSING)
    if note == "device.no_permission":
        return PortGone(f"{port}: {_NO_PERMISSION}", note)
    if note == "device.busy":
        return PortGone(f"{port}: another program holds this port", note)
    return PortGone(f"{port}: {cause.strerror or cause}", note)


class _Source(Protocol):
    """Something with a file descriptor that can be given back."""

    readable: bool

    def fileno(self) -> int:
        """The descriptor, non-blocking."""

    def close(self) -> None:
        """Give it back."""


class _KeepingSerial(serial.Serial):
    """A serial line that is not emptied when it is opened."""

    def _reset_input_buffer(self) -> None:
        """Called by pyserial's `open`; nothing of ours empties a line later."""


class _Line:
    """A serial line, or a pty, which is always 8N1."""

    readable = True

    def __init__(self, line: type[serial.Serial], port: str, baud: int, framing: str) -> None:
        # pyserial locks with flock, which stops every program that asks as we do; TIOCEXCL stops
        # the others. A pty keeps TIOCEXCL after its owner was killed, so a twin goes without.
        path, simulated = port.removeprefix(TWIN), is_simulated(port)
        settings = line_settings("8N1" if simulated else framing)
        try:
            self._serial = line(path, baud, timeout=0, exclusive=True, **settings)
        except termios.error as cause:
            raise OSError(*cause.args) from cause
        if not simulated:
            with suppress(OSError):
                fcntl.ioctl(self._serial.fileno(), termios.TIOCEXCL)

    def fileno(self) -> int:
        return self._serial.fileno()

    def close(self) -> None:
        with suppress(OSError):
            self._serial.close()


class _Socket:
    """A TCP connection to a serial device server."""

    readable = True

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._socket = socket.create_connection(
            (address.hostname or "", address.port or 0), timeout=_CONNECT_S
        )
        try:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            self._socket.settimeout(0.0)
        except OSError:
            self._socket.close()
            raise

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()


class _File:
    """A device file or FIFO, read and written; a plain file, appended to and never read."""

    def __init__(self, path: str) -> None:
        file = Path(path)
        self.readable = not file.exists() or not stat.S_ISREG(file.stat().st_mode)
        if self.readable and file.exists():
            self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        else:
            self.readable = False
            self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def fileno(self) -> int:
        return self._fd

    def close(self) -> None:
        os.close(self._fd)


class _FdChannel:
    """Implements ByteChannel on any source, which is closed when no channel can be made on it."""

    def __init__(self, port: str, source: _Source) -> None:
        self._port = port
        self._source = source
        try:
            self._wake_read, self._wake_write = os.pipe()
        except OSError:
            source.close()
            raise
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self._open = True
        self._gate = threading.Lock()

    def read(self, timeout_s: float) -> bytes:
        if not self._open:
            raise PortGone(f"{self._port}: this end is closed")
        watched: list[int] = [self._wake_read]
        if self._source.readable:
            watched.append(self._source.fileno())
        try:
            ready, _, _ = select.select(watched, [], [], max(0.0, timeout_s))
            if self._wake_read in ready:
                os.read(self._wake_read, _READ_MOST)
            if len(watched) == 1 or watched[1] not in ready:
                return b""
            data = os.read(watched[1], _READ_MOST)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as cause:  # ValueError: select on a descriptor that is gone
            raise PortGone(f"{self._port}: {cause}") from cause
        if not data:
            raise PortGone(f"{self._port}: the far side hung up")
        return data

    def write(self, data: bytes, timeout_s: float = WRITE_S) -> None:
        write_all(self._port, self.write_some, data, timeout_s)

    def write_some(self, data: bytes | memoryview, timeout_s: float) -> int:
        try:
            _, ready, _ = select.select([], [self._source.fileno()], [], max(0.0, timeout_s))
            return os.write(self._source.fileno(), data) if ready else 0
        except BlockingIOError:
            return 0
        except (OSError, ValueError) as cause:
            raise PortGone(f"{self._port}: {cause}") from cause

    def wake(self) -> None:
        with self._gate:  # a closed descriptor's number may already be somebody else's
            if self._open:
                with suppress(BlockingIOError):  # full: awake already
                    os.write(self._wake_write, b".")

    def close(self) -> None:
        with self._gate:
            if self._open:
                self._open = False
                self._source.close()
                os.close(self._wake_read)
                os.close(self._wake_write)
