"""A keyboard of /dev/input as a channel of bytes, grabbed so that nobody else hears it."""

import errno
import fcntl
import os
import stat
from contextlib import suppress
from typing import Final

from hardware.byte_channel import TWIN, ByteChannel, PortGone, channel_on, is_simulated

EVIOCGRAB: Final = 0x40044590
"""_IOW('E', 0x90, int) of linux/input.h, the same on ARM and on PCs."""
_NO_PERMISSION: Final = "no permission: add the user to group input"


class _Keys:
    """An open event device. The grab ends with it."""

    readable = True

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor

    def close(self) -> None:
        with suppress(OSError):
            os.close(self._descriptor)


def open_key_port(port: str) -> ByteChannel:
    """Open and grab. Raises PortGone, with the note device.not_grabbed where the grab fails."""
    path = port.removeprefix(TWIN)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as cause:
        if cause.errno in {errno.EACCES, errno.EPERM}:
            raise PortGone(f"{port}: {_NO_PERMISSION}", "device.no_permission") from cause
        raise PortGone(f"{port}: {cause.strerror or cause}") from cause
    try:
        fcntl.ioctl(descriptor, EVIOCGRAB, 1)
    except OSError as cause:
        if not (is_simulated(port) and stat.S_ISFIFO(os.fstat(descriptor).st_mode)):
            os.close(descriptor)
            why = f"{port}: cannot be grabbed ({cause.strerror or cause})"
            raise PortGone(why, "device.not_grabbed") from cause
    return channel_on(port, _Keys(descriptor))
