"""A USB printer as a stream of bytes: its two bulk pipes, through pyusb and libusb.

    usb:0416:5011          the printer with these ids (lsusb shows them)
    usb:0416:5011@1-1.3    the one in this socket, where two are alike; as in /sys/bus/usb/devices

Not python-escpos' own Usb: it wants the pipes' numbers from the user, sets the configuration and
resets the printer at each start, writes without a time-out unless told, and takes a write that
was cut short for whole.

The kernel's usblp is asked to step aside and gets the printer back at the end. Where there is no
libusb, `file:/dev/usb/lp0` reaches the same printer through usblp.
"""

import array
import errno
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from ctypes.util import find_library
from typing import Any, Final

import usb.core
import usb.util

from hardware.byte_channel import WRITE_S, ByteChannel, PortGone, write_all

USB: Final = "usb:"
_LIBRARY: Final = "usb-1.0"
_PRINTER_CLASS: Final = 7
_WRITE_MOST: Final = 4_096
_SLICE_S: Final = 0.05
"""A read within libusb cannot be woken; this often it looks whether somebody wants that."""
_NO_LIBRARY: Final = "libusb is missing: apt-get install libusb-1.0-0"
_NOT_STARTED: Final = (
    "libusb does not start: it listens to AF_NETLINK, which the unit forbids until "
    "`cunyi station install` has seen this port"
)
_NO_PERMISSION: Final = "no permission: give the group lp this printer by a udev rule"
_HELD: Final = "another driver holds it: stop that, or use file:/dev/usb/lp0 where it is usblp"


def open_usb(port: str) -> ByteChannel:
    """Open the printer of `port`. Raises PortGone saying why and what to do."""
    device = _find(port)
    try:
        return _UsbChannel(port, device)
    except usb.core.USBError as cause:
        usb.util.dispose_resources(device)
        raise _gone(port, cause) from cause
    except PortGone:
        usb.util.dispose_resources(device)
        raise


def _find(port: str) -> Any:
    ids, _, socket = port.removeprefix(USB).partition("@")
    try:
        vendor, product = (int(part, 16) for part in ids.split(":"))
    except ValueError as cause:
        raise PortGone(f"{port}: write usb:VENDOR:PRODUCT as lsusb shows them") from cause
    try:
        found = list(usb.core.find(find_all=True, idVendor=vendor, idProduct=product))
    except usb.core.NoBackendError as cause:
        if find_library(_LIBRARY) is None:
            raise PortGone(f"{port}: {_NO_LIBRARY}", "device.no_library") from cause
        raise PortGone(f"{port}: {_NOT_STARTED}", "device.no_usb") from cause
    except usb.core.USBError as cause:
        raise _gone(port, cause) from cause
    there = [device for device in found if socket in {"", _socket_of(device)}]
    if not there:
        raise PortGone(f"{port}: not plugged in")
    if len(there) > 1:
        sockets = ", ".join(sorted(f"{port}@{_socket_of(device)}" for device in there))
        raise PortGone(f"{port}: several are alike; choose one of {sockets}", "device.several")
    return there[0]


def _socket_of(device: Any) -> str:
    return f"{device.bus}-{'.'.join(str(hub) for hub in device.port_numbers or ())}"


def _gone(port: str, cause: usb.core.USBError) -> PortGone:
    if cause.errno in {errno.EACCES, errno.EPERM}:
        return PortGone(f"{port}: {_NO_PERMISSION}", "device.no_permission")
    if cause.errno == errno.EBUSY:
        return PortGone(f"{port}: {_HELD}", "device.busy")
    return PortGone(f"{port}: {cause.strerror or cause}")


class _UsbChannel:
    """Implements ByteChannel. One thread reads and writes."""

    def __init__(self, port: str, device: Any) -> None:
        self._port = port
        self._device = device
        self._woken = threading.Event()
        self._open = True
        self._lent = False
        face = _printer_face(port, device)
        self._face: Final[int] = face.bInterfaceNumber
        self._out: Final = _pipe(face, usb.util.ENDPOINT_OUT)
        self._in: Final = _pipe(face, usb.util.ENDPOINT_IN)
        self._take_from_the_kernel()
        usb.util.claim_interface(device, self._face)

    def read(self, timeout_s: float) -> bytes:
        """What has arrived. Raises PortGone."""
        until_s = time.monotonic() + timeout_s  # noqa: TID251 - a port lives on real time
        while True:
            if self._woken.is_set():
                self._woken.clear()
                return b""
            left_s = until_s - time.monotonic()  # noqa: TID251 - as above
            data = self._read_within(min(max(left_s, 0.0), _SLICE_S))
            if data or left_s <= 0:
                return data

    def write(self, data: bytes, timeout_s: float = WRITE_S) -> None:
        """Hand over all bytes. Raises PortGone, also when they are not taken in time."""
        write_all(self._port, self.write_some, data, timeout_s)

    def write_some(self, data: bytes | memoryview, timeout_s: float) -> int:
        """Hand over what there is room for; how many bytes. Raises PortGone."""
        chunk = bytes(data[:_WRITE_MOST])
        return int(self._try(lambda: self._out.write(chunk, _ms(timeout_s)), 0))

    def wake(self) -> None:
        """End a `read` that waits, or the next one."""
        self._woken.set()

    def close(self) -> None:
        """Give the printer back to the kernel."""
        if not self._open:
            return
        self._open = False
        with suppress(usb.core.USBError):
            usb.util.release_interface(self._device, self._face)
        if self._lent:
            with suppress(usb.core.USBError, NotImplementedError):
                self._device.attach_kernel_driver(self._face)
        usb.util.dispose_resources(self._device)

    def _read_within(self, timeout_s: float) -> bytes:
        if self._in is None:  # a printer that can only listen
            self._woken.wait(timeout_s)
            return b""
        buffer = array.array("B", bytes(self._in.wMaxPacketSize))
        size = int(self._try(lambda: self._in.read(buffer, _ms(timeout_s)), 0))
        return buffer.tobytes()[:size]

    def _try(self, transfer: Callable[[], Any], nothing: int) -> Any:
        if not self._open:
            raise PortGone(f"{self._port}: this end is closed")
        try:
            return transfer()
        except usb.core.USBTimeoutError:
            return nothing
        except usb.core.USBError as cause:
            raise _gone(self._port, cause) from cause

    def _take_from_the_kernel(self) -> None:
        try:
            if self._device.is_kernel_driver_active(self._face):
                self._device.detach_kernel_driver(self._face)
                self._lent = True
        except NotImplementedError:
            pass  # not with this libusb; then claiming it says what is so
        except usb.core.USBError as cause:
            if cause.errno in {errno.EACCES, errno.EPERM}:
                raise
            raise PortGone(f"{self._port}: {_HELD}", "device.busy") from cause


def _printer_face(port: str, device: Any) -> Any:
    """The interface that prints. Clones call theirs vendor-specific: then any that takes data."""
    try:
        configuration = device.get_active_configuration()
    except usb.core.USBError as cause:
        if cause.errno in {errno.EACCES, errno.EPERM}:
            raise
        device.set_configuration()
        configuration = device.get_active_configuration()
    faces = [face for face in configuration if _pipe(face, usb.util.ENDPOINT_OUT) is not None]
    faces.sort(key=lambda face: face.bInterfaceClass != _PRINTER_CLASS)
    if not faces:
        raise PortGone(f"{port}: this device takes no data, so it is no printer")
    return faces[0]


def _pipe(face: Any, direction: int) -> Any:
    """The first bulk pipe in this direction, or None."""
    for pipe in face:
        is_bulk = usb.util.endpoint_type(pipe.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        if is_bulk and usb.util.endpoint_direction(pipe.bEndpointAddress) == direction:
            return pipe
    return None


def _ms(timeout_s: float) -> int:
    return max(1, round(timeout_s * 1_000))  # libusb takes 0 for "for ever"


def _conforms(channel: _UsbChannel) -> ByteChannel:
    return channel  # mypy stops here first if the port moves
