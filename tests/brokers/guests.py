"""Clients with and without certificates, who try what they may and what they may not."""

import queue
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from cloud_sync.county.identity.authority import Authority
from cloud_sync.wire.trust.certificates import draw_tls_key, key_pem
from cloud_sync.wire.trust.tls import client_context
from edge.kernel.ids import CountyId

PATIENCE_S = 20.0
NOON_MS = 1_795_492_800_000


class Shop:
    """A county's authority, and what it has signed so far."""

    def __init__(self, folder: Path, county: CountyId) -> None:
        self.folder = folder
        self.authority = Authority.create(folder, county)
        self._serials: dict[str, str] = {}

    def certify(self, name: str) -> ssl.SSLContext:
        """A connection's context with a certificate of this name."""
        key = draw_tls_key()
        issued = self.authority.sign(key.public_key(), name, (), NOON_MS)
        self._serials[name] = issued.serial
        (self.folder / f"{name}.pem").write_text(issued.pem)
        (self.folder / f"{name}.key").write_bytes(key_pem(key))
        return self.context(name)

    def context(self, name: str) -> ssl.SSLContext:
        """The same again."""
        folder = self.folder
        return client_context(folder / "ca.pem", folder / f"{name}.pem", folder / f"{name}.key")

    def stranger(self, name: str, folder: Path) -> ssl.SSLContext:
        """This name by another authority, which believes in this shop's broker."""
        other = Shop(folder, CountyId("other"))
        other.certify(name)
        return client_context(
            self.folder / "ca.pem", folder / f"{name}.pem", folder / f"{name}.key"
        )

    def nobody(self) -> ssl.SSLContext:
        """No certificate at all."""
        return ssl.create_default_context(cafile=self.folder / "ca.pem")

    def revoked(self, *names: str) -> bytes:
        """The list that shuts these names out."""
        return self.authority.revocations([(self._serials[n], NOON_MS) for n in names], NOON_MS)


class Guest:
    """One connection; `heard` is what the broker brought."""

    def __init__(
        self, client_id: str, context: ssl.SSLContext, typed: tuple[str, str] | None = None
    ) -> None:
        """`typed` are a name and a password beside the certificate."""
        self.heard: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._said: queue.Queue[str] = queue.Queue()
        self._over = threading.Event()
        client = self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, reconnect_on_failure=False
        )
        client.tls_set_context(context)
        if typed is not None:
            client.username_pw_set(*typed)
        client.on_connect = lambda _c, _d, _f, reason, _p: self._said.put(
            "refused" if reason.is_failure else "in"
        )
        client.on_subscribe = lambda _c, _d, _m, reasons, _p: self._said.put(
            "refused" if reasons[0].is_failure else "granted"
        )
        client.on_message = self._message
        client.on_disconnect = lambda *_rest: self._said.put("gone")

    def _message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        self.heard.put((message.topic, bytes(message.payload)))

    def connect(self, port: int) -> str:
        """`in`, `refused` or `gone`."""
        try:
            self._client.connect("127.0.0.1", port)
        except (OSError, ssl.SSLError):
            return "gone"
        self._client.loop_start()
        return self._said.get(timeout=PATIENCE_S)

    def subscribe(self, pattern: str) -> str:
        """`granted`, `refused` or `gone`."""
        self._client.subscribe(pattern, qos=1)
        return self._said.get(timeout=PATIENCE_S)

    def publish(self, topic: str, payload: bytes) -> None:
        """At QoS 1; whether it was taken nobody can know by 3.1.1."""
        self._client.publish(topic, payload, qos=1)

    def next(self) -> tuple[str, bytes]:
        """What came next."""
        return self.heard.get(timeout=PATIENCE_S)

    def is_gone(self, within_s: float) -> bool:
        """Whether the broker ends the connection."""
        try:
            return self._said.get(timeout=within_s) == "gone"
        except queue.Empty:
            return False

    def leave(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()


def may_hear(
    port: int, context: ssl.SSLContext, typed: tuple[str, str], said: Callable[[], None]
) -> bool:
    """Whether a guest who types a name hears what `said` has said on any topic of the county."""
    it = Guest("somebody", context, typed)
    try:
        if it.connect(port) != "in" or it.subscribe("v1/shangyou/+/up") != "granted":
            return False
        said()
        return any(payload == b"secret" for _topic, payload in list(it.heard.queue))
    finally:
        it.leave()


@contextmanager
def guest(port: int, client_id: str, context: ssl.SSLContext) -> Iterator[Guest]:
    """A guest who was let in."""
    it = Guest(client_id, context)
    assert it.connect(port) == "in"
    try:
        yield it
    finally:
        it.leave()


def is_let_in(port: int, client_id: str, context: ssl.SSLContext) -> bool:
    """Whether a connection comes about."""
    it = Guest(client_id, context)
    try:
        return it.connect(port) == "in"
    finally:
        it.leave()


def open_to_the_world(pid: int) -> set[int]:
    """Ports where a process listens beyond loopback."""
    inodes = set()
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            inodes.add(str(handle.readlink()))
        except FileNotFoundError:  # closed meanwhile
            continue
    found = set()
    for table, loopback in (("tcp", "0100007F"), ("tcp6", "0" * 24 + "01000000")):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            columns = line.split()
            host, port = columns[1].split(":")
            listening = columns[3] == "0A" and f"socket:[{columns[9]}]" in inodes
            if listening and host != loopback:
                found.add(int(port, 16))
    return found
