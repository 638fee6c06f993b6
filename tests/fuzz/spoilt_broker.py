"""A broker that takes everybody in and then says what a test wants; its MQTT is written by hand."""

import queue
import socket
import struct
import threading
from contextlib import suppress
from types import TracebackType
from typing import Final, Literal, Self

PATIENCE_S: Final = 20.0
Version = Literal["3.1.1", "5"]


def packet(kind: int, flags: int, body: bytes) -> bytes:
    """One control packet."""
    size, length = len(body), b""
    while True:
        size, low = divmod(size, 128)
        length += bytes([low | 0x80 if size else low])
        if not size:
            return bytes([kind << 4 | flags]) + length + body


def text(said: bytes) -> bytes:
    """A string as MQTT has it, whatever its bytes."""
    return struct.pack(">H", len(said) % 65_536) + said


def connack(version: Version, *, properties: bytes = b"", code: int = 0) -> bytes:
    """Taken in, or not."""
    told = bytes([len(properties)]) + properties if version == "5" else b""
    return packet(2, 0, bytes([0, code]) + told)


def suback(version: Version, mid: bytes, granted: bytes) -> bytes:
    """What was subscribed."""
    return packet(9, 0, mid + (b"\0" if version == "5" else b"") + granted)


def publish(  # noqa: PLR0913 - the fields of the packet by name
    version: Version,
    topic: bytes,
    payload: bytes,
    *,
    qos: int = 1,
    retain: bool = False,
    again: bool = False,
    mid: int = 7,
) -> bytes:
    """A message; QoS 3 is none."""
    number = struct.pack(">H", mid) if qos else b""
    properties = b"\0" if version == "5" else b""
    flags = again << 3 | qos << 1 | retain
    return packet(3, flags, text(topic) + number + properties + payload)


class SpoiltBroker:
    """One connection at a time; each gets the next tape behind a proper welcome, then the end."""

    def __init__(self, version: Version) -> None:
        self._version = version
        self._tapes: queue.Queue[tuple[bytes, bool] | None] = queue.Queue()
        self._done: queue.Queue[bytes] = queue.Queue()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE_S)
        self.address = f"mqtt://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._run, name="spoilt-broker")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _cause: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        self._tapes.put(None)
        self._listener.close()
        self._thread.join(PATIENCE_S)

    def play(self, tape: bytes, *, welcome: bool = True) -> bytes:
        """Say this on the next connection; all that came back. Fails when nobody connects."""
        self._tapes.put((tape, welcome))
        try:
            return self._done.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise AssertionError("nobody connects any more") from None

    def _run(self) -> None:
        while (wanted := self._tapes.get()) is not None:
            with suppress(OSError):
                line, _from = self._listener.accept()
                line.settimeout(PATIENCE_S)
                with line:
                    self._serve(line, *wanted)

    def _serve(self, line: socket.socket, tape: bytes, welcome: bool) -> None:  # noqa: FBT001 - a field of the tape
        heard = b""
        with suppress(OSError):
            heard += line.recv(65_536)
            if welcome:
                line.sendall(connack(self._version))
                asked = line.recv(65_536)
                heard += asked
                mid = asked[2:4] if asked[:1] == b"\x82" else b"\0\1"
                line.sendall(suback(self._version, mid, b"\1" * asked.count(b"v1/")))
            line.sendall(tape)
            line.shutdown(socket.SHUT_WR)
            while piece := line.recv(65_536):
                heard += piece
        self._done.put(heard)
