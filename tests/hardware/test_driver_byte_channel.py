"""Ports of every kind, and what goes wrong with them."""

import errno
import fcntl
import os
import socket
import sys
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from edge.kernel.errors import DeviceGone
from hardware.byte_channel import PortGone, channel_on, is_simulated, open_channel

TIOCGEXCL: Final = 0x80045440


@pytest.fixture
def pty(tmp_path: Path) -> Iterator[tuple[int, str]]:
    master, slave = os.openpty()
    tty.setraw(slave)
    link = tmp_path / "device"
    link.symlink_to(os.ttyname(slave))
    yield master, f"twin:{link}"
    os.close(slave)


def test_bytes_travel_both_ways_over_a_pty(pty: tuple[int, str]) -> None:
    master, port = pty
    channel = open_channel(port, 9_600)
    channel.write(b"\x00\x11\x13\x03\x04\r\n\xff")
    assert os.read(master, 100) == b"\x00\x11\x13\x03\x04\r\n\xff"
    os.write(master, b"\r\n\x00\x1a\xff")
    assert channel.read(1.0) == b"\r\n\x00\x1a\xff"
    assert channel.read(0) == b""
    channel.close()
    os.close(master)


def test_a_port_has_one_owner_at_a_time(pty: tuple[int, str]) -> None:
    master, port = pty
    first = open_channel(port, 9_600)
    with pytest.raises(PortGone, match="another program holds this port") as caught:
        open_channel(port, 9_600)
    assert caught.value.note == "device.busy"
    first.close()
    open_channel(port, 9_600).close()
    os.close(master)


def test_a_far_side_that_hangs_up_is_a_port_that_is_gone(pty: tuple[int, str]) -> None:
    master, port = pty
    channel = open_channel(port, 9_600)
    os.close(master)
    with pytest.raises(PortGone, match=port):
        channel.read(1.0)
    channel.close()


def test_a_far_side_that_takes_nothing_is_given_up_in_time(pty: tuple[int, str]) -> None:
    master, port = pty
    channel = open_channel(port, 9_600)
    with pytest.raises(PortGone, match="not taken in time"):
        channel.write(b"x" * 1_000_000, timeout_s=0.05)
    channel.close()
    os.close(master)


def test_a_read_that_waits_is_woken_from_another_thread(pty: tuple[int, str]) -> None:
    master, port = pty
    channel = open_channel(port, 9_600)
    waker = threading.Timer(0.05, channel.wake)
    began = time.monotonic()
    waker.start()
    assert channel.read(30.0) == b""
    assert time.monotonic() - began < 10.0
    waker.join()
    channel.close()
    channel.close()
    channel.wake()
    with pytest.raises(PortGone):
        channel.read(0.01)
    os.close(master)


def test_a_device_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(PortGone, match="No such file") as caught:
        open_channel(f"{tmp_path}/ttyUSB0", 9_600)
    assert caught.value.note == "device.missing"
    assert isinstance(caught.value.__cause__, OSError)


def test_a_file_that_is_no_serial_line_is_refused_and_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    with pytest.raises(PortGone):
        open_channel(str(file), 9_600)
    assert file.read_text() == "mine"


def test_a_port_without_permission_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(path: str, *_: object, **__: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr(os, "open", forbidden)  # tests may run as root, who may open everything
    with pytest.raises(DeviceGone, match="add the user to group dialout") as caught:
        open_channel(f"{tmp_path}/ttyUSB0", 9_600)
    assert isinstance(caught.value, PortGone)
    assert caught.value.note == "device.no_permission"


@pytest.mark.parametrize(("prefix", "barred"), [("twin:", 0), ("", 1)])
def test_a_serial_line_is_also_barred_to_programs_that_ask_for_no_lock(
    pty: tuple[int, str], prefix: str, barred: int
) -> None:
    master, port = pty
    path = port.removeprefix("twin:")
    onlooker = os.open(path, os.O_RDWR | os.O_NOCTTY)
    channel = open_channel(prefix + path, 9_600)
    # A pty keeps the bar after its owner was killed, so a twin goes without.
    assert fcntl.ioctl(onlooker, TIOCGEXCL, bytes(4)) == barred.to_bytes(4, sys.byteorder)
    channel.close()
    os.close(onlooker)
    os.close(master)


def test_a_serial_device_server_is_reached_over_tcp() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, number = server.getsockname()
        channel = open_channel(f"socket://{host}:{number}", 9_600)
        far, _ = server.accept()
        channel.write(b"\x8a\x01")
        assert far.recv(10) == b"\x8a\x01"
        far.sendall(b"\x80")
        assert channel.read(1.0) == b"\x80"
        far.close()
        with pytest.raises(PortGone, match="hung up"):
            channel.read(1.0)
        channel.close()
    with pytest.raises(PortGone, match="refused"):
        open_channel(f"socket://{host}:{number}", 9_600)


def test_a_plain_file_keeps_what_was_written_and_is_never_read(tmp_path: Path) -> None:
    file = tmp_path / "slips.bin"
    for piece in (b"one", b"two"):
        channel = open_channel(f"file:{file}", 9_600)
        channel.write(piece)
        assert channel.read(0.01) == b""
        channel.close()
    assert file.read_bytes() == b"onetwo"


def test_a_device_file_is_read_and_written(tmp_path: Path) -> None:
    fifo = tmp_path / "lp0"
    os.mkfifo(fifo)
    channel = open_channel(f"file:{fifo}", 9_600)
    channel.write(b"\x10\x04\x01")
    assert channel.read(1.0) == b"\x10\x04\x01"
    channel.close()


@pytest.mark.parametrize(
    "port",
    ["socket://10.0.0.7:99999", "socket://h:abc", "socket://[::1", "file:/dev/\0", "/dev/\0"],
)
def test_a_port_that_makes_no_sense_is_gone_and_ends_nothing(port: str) -> None:
    with pytest.raises(PortGone) as caught:
        open_channel(port, 9_600)
    assert str(caught.value).startswith(port)
    assert caught.value.note == "device.missing"


def no_more(*_: object) -> tuple[int, int]:
    raise OSError(errno.EMFILE, "Too many open files")


def open_descriptors() -> set[str]:
    """Who is open, by number and target; the look itself left out."""
    seen = set()
    for number in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            seen.add(f"{number.name} {number.readlink()}")
    return {one for one in seen if not one.endswith("/fd")}


def test_a_file_is_given_back_when_descriptors_run_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fifo = tmp_path / "lp0"
    os.mkfifo(fifo)
    before = open_descriptors()
    monkeypatch.setattr(os, "pipe", no_more)
    with pytest.raises(PortGone, match="Too many open files"):
        open_channel(f"file:{fifo}", 9_600)
    assert open_descriptors() == before


@pytest.mark.parametrize("pipes", [0, 1, 2])  # pyserial takes two for itself
def test_a_line_is_given_back_when_descriptors_run_out(
    pty: tuple[int, str], monkeypatch: pytest.MonkeyPatch, pipes: int
) -> None:
    master, port = pty
    before = open_descriptors()
    real, left = os.pipe, iter(range(pipes))
    monkeypatch.setattr(os, "pipe", lambda: no_more() if next(left, None) is None else real())
    with pytest.raises(PortGone, match="Too many open files"):
        open_channel(port, 9_600)
    assert open_descriptors() == before
    os.close(master)


def test_a_connection_is_given_back_when_it_cannot_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, number = server.getsockname()
        before = open_descriptors()
        monkeypatch.setattr(socket, "TCP_NODELAY", 12_345)  # no kernel knows this option
        with pytest.raises(PortGone, match="not available"):
            open_channel(f"socket://{host}:{number}", 9_600)
        assert open_descriptors() == before


def test_a_descriptor_of_a_driver_is_given_back_when_no_channel_can_be_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Source:
        readable = True
        closed = 0

        def fileno(self) -> int:
            return 0

        def close(self) -> None:
            self.closed += 1

    source = Source()
    monkeypatch.setattr(os, "pipe", no_more)
    with pytest.raises(PortGone, match="/dev/input/event3: Too many open files"):
        channel_on("/dev/input/event3", source)
    assert source.closed == 1


@pytest.mark.parametrize(
    ("port", "simulated"),
    [("twin:/run/b", True), ("/dev/ttyUSB0", False), ("socket://twin:1", False)],
)
def test_only_the_word_twin_makes_a_device_simulated(port: str, *, simulated: bool) -> None:
    assert is_simulated(port) is simulated
