"""The county's link against the real broker and against a peer that breaks every rule."""

import queue
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from cloud_sync.county.ingest.mqtt import CountyLink
from cloud_sync.wire.broker.topics import Address
from edge.kernel.ids import CountyId
from tests.county.speaker import Speaker
from tests.county.village import Village, until
from tests.support.broker import running_broker

COUNTY = CountyId("shangyou")
PATIENCE_S = 15.0
UP = b"v1/shangyou/pingshang/up"
ECHO = b"v1/shangyou/_county/tel"


class Ear:
    """A started link and everything that it tells."""

    def __init__(self, address: str) -> None:
        self.turns: list[bool] = []
        self.dropped: list[str] = []
        self.heard: queue.Queue[tuple[Address, bytes]] = queue.Queue()
        self.troubles: list[str] = []
        self.link = CountyLink(
            address,
            COUNTY,
            on_dropped=self.dropped.append,
            on_link=self.turns.append,
            on_trouble=self.troubles.append,
        )

    def start(self) -> None:
        self.link.start(lambda address, payload: self.heard.put((address, payload)))

    def payload(self) -> bytes:
        return self.heard.get(timeout=PATIENCE_S)[1]


@contextmanager
def linked(address: str) -> Iterator[Ear]:
    ear = Ear(address)
    ear.start()
    try:
        yield ear
    finally:
        ear.link.stop()


class StrangeBroker:
    """Takes a county in as a broker does, and then says whatever the test wants."""

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.settimeout(PATIENCE_S)
        self.address = f"mqtt://127.0.0.1:{self._door.getsockname()[1]}"

    @contextmanager
    def guest(
        self, granted: bytes = b"\x01\x01\x01", *, echoes: bool = True
    ) -> Iterator[socket.socket]:
        """The next county that connects, its three subscriptions answered."""
        peer, _address = self._door.accept()
        with peer:
            peer.settimeout(PATIENCE_S)
            peer.recv(1_000)
            peer.sendall(b"\x20\x02\x00\x00")
            peer.recv(1_000)
            peer.sendall(b"\x90\x05\x00\x01" + granted)
            if b"\x80" not in granted and echoes:
                said = peer.recv(1_000)  # one PUBLISH, and its last 16 bytes are the word
                peer.sendall(publish(ECHO, said[-16:]))
            yield peer

    def close(self) -> None:
        self._door.close()


@pytest.fixture
def strange() -> Iterator[StrangeBroker]:
    broker = StrangeBroker()
    yield broker
    broker.close()


def publish(topic: bytes, payload: bytes) -> bytes:
    """A PUBLISH packet of less than 128 bytes, at most once."""
    rest = len(topic).to_bytes(2, "big") + topic + payload
    return bytes([0x30, len(rest)]) + rest


def read_until(peer: socket.socket, word: bytes) -> bytes:
    said = b""
    while word not in said and (chunk := peer.recv(1_000)):
        said += chunk
    return said


@pytest.mark.parametrize(
    "noise",
    [b"\x30\x03\x00\x09x", b"\x00" * 9, b"\xff" * 40, b"\x90\x01\x00", b"\x40\x01\x00"],
    ids=["topic too long", "no packet", "no length", "short answer", "short receipt"],
)
def test_after_any_garbage_the_county_connects_again_and_hears(
    strange: StrangeBroker, noise: bytes
) -> None:
    with linked(strange.address) as ear:
        with strange.guest() as peer:
            assert until(lambda: ear.turns == [True])
            peer.sendall(noise)
            with suppress(OSError):  # the county may have hung up already
                peer.shutdown(socket.SHUT_WR)
            assert until(lambda: ear.turns == [True, False])
        with strange.guest() as peer:
            peer.sendall(publish(UP, b"word"))
            assert ear.payload() == b"word"
    assert ear.turns == [True, False, True, False]


def test_a_subscription_that_was_refused_is_asked_for_again(strange: StrangeBroker) -> None:
    with linked(strange.address) as ear:
        with strange.guest(b"\x01\x01\x80") as peer:
            read_until(peer, b"\xe0\x00")
        assert ear.turns == []  # half a county is none
        assert until(lambda: ear.troubles == ["no_right"])
        with strange.guest() as peer:
            peer.sendall(publish(UP, b"word"))
            assert ear.payload() == b"word"


def test_a_county_that_does_not_hear_itself_says_so_and_is_not_up(strange: StrangeBroker) -> None:
    with capture_logs() as logs, linked(strange.address) as ear:
        with strange.guest(echoes=False) as peer:
            peer.sendall(publish(ECHO, b"the word of another"))
            read_until(peer, b"\xe0\x00")
        assert until(lambda: any(one["event"] == "broker_away" for one in logs))
        assert ear.turns == []
        (away,) = (one for one in logs if one["event"] == "broker_away")
        assert "has no right to publish or to read there" in str(away["reason"])
        assert ear.troubles == ["deaf"]
        with strange.guest() as peer:
            assert until(lambda: ear.turns == [True])


def test_a_bug_behind_the_link_does_not_leave_the_county_deaf(strange: StrangeBroker) -> None:
    heard: list[bytes] = []

    def stumble_once(_address: Address, payload: bytes) -> None:
        heard.append(payload)
        if len(heard) == 1:
            raise ZeroDivisionError("a bug of ours")

    ear = Ear(strange.address)
    ear.link.start(stumble_once)
    try:
        with strange.guest() as peer:
            peer.sendall(publish(UP, b"first"))
            assert until(lambda: ear.turns == [True, False])
        with strange.guest() as peer:
            peer.sendall(publish(UP, b"second"))
            assert until(lambda: heard == [b"first", b"second"])
    finally:
        ear.link.stop()


def test_a_topic_that_is_no_text_is_dropped_and_the_next_message_is_heard(
    strange: StrangeBroker,
) -> None:
    with linked(strange.address) as ear, strange.guest() as peer:
        peer.sendall(publish(b"v1/shangyou/\xff\xfe/up", b"word"))
        peer.sendall(publish(b"v1/ganxian/pingshang/up", b"word"))
        peer.sendall(publish(UP, b"good"))
        assert ear.payload() == b"good"
    assert ear.dropped == ["stranger_topic"] * 2


def test_an_absent_broker_is_told_once_and_again_after_it_was_there(tmp_path: Path) -> None:
    with running_broker(tmp_path) as broker:
        broker.kill()
        with capture_logs() as logs, linked(broker.address) as ear:

            def away() -> list[str]:
                return [str(one["reason"]) for one in logs if one["event"] == "broker_away"]

            assert until(lambda: len(away()) == 1)
            assert set(ear.troubles) == {"unreachable"}
            broker.start()
            assert until(lambda: ear.turns == [True])
            with Speaker(Village(), broker.port) as speaker:
                speaker.publish("tel", b"beat")  # a good connection
                ear.payload()
            broker.kill()
            assert until(lambda: len(away()) == 3)
            first, lost, again = away()
            assert {"lost", "unreachable"} == set(ear.troubles)
    assert first == again != lost


def test_an_answer_of_the_lost_connection_is_not_sent_on_the_next(strange: StrangeBroker) -> None:
    station = Village().station
    with linked(strange.address) as ear:
        with strange.guest() as peer:
            assert until(lambda: ear.turns == [True])
            ear.link.send(station, "dn", b"old answer")
            assert b"old answer" in read_until(peer, b"old answer")
        assert until(lambda: ear.turns == [True, False])
        ear.link.send(station, "dn", b"said to nobody")
        with strange.guest() as peer:
            assert until(lambda: len(ear.turns) == 3)
            ear.link.send(station, "dn", b"fresh answer")
            said = read_until(peer, b"fresh answer")
    assert b"old answer" not in said
    assert b"said to nobody" not in said


def test_a_killed_and_wiped_broker_is_found_again(tmp_path: Path) -> None:
    village = Village()
    with running_broker(tmp_path) as broker, linked(broker.address) as ear:
        assert until(lambda: ear.turns == [True])
        broker.kill()
        assert until(lambda: ear.turns == [True, False])
        broker.wipe()
        broker.start()
        assert until(lambda: ear.turns == [True, False, True])
        with Speaker(village, broker.port) as speaker:
            speaker.publish("tel", b"beat")
            assert ear.heard.get(timeout=PATIENCE_S) == (
                Address(COUNTY, village.station, "tel"),
                b"beat",
            )
