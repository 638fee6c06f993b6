"""Whoever may read everything on the broker learns nothing of anybody."""

import asyncio
import base64
import binascii
import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
import pytest
import zstandard

from cloud_sync.county.mqtt import LinkPlan
from cloud_sync.wire.messages import Batch, MessageError
from cloud_sync.wire.topics import topic
from edge.kernel.ids import CountyId
from edge.tools.children import Child
from tests.architecture.tree import ROOT
from tests.brokers.world import Journal, arrives, open_center, open_home
from tests.support.brokers import ForeignBroker, binary, mosquitto
from tests.support.plain import PlainCodec
from tests.support.voice import say_once
from tests.sync.house import STATION

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
PHONE, TAIL, NAME, CODE, WAYBILL = "13907974711", "4711", "赖桂英", "49037152", "YT7700123456"
CANARIES: Final = (PHONE, TAIL, NAME, CODE, WAYBILL)
_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_MOST: Final = 4_000_000
_DICTIONARIES: Final = (
    None,
    *(
        zstandard.ZstdCompressionDict(file.read_bytes(), zstandard.DICT_TYPE_FULLDICT)
        for file in sorted((ROOT / "cloud_sync" / "wire").glob("*.zdict"))
    ),
)


class Sniffer:
    """mosquitto_sub on everything."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def saw(self) -> list[tuple[str, bytes]]:
        """Topic and payload of each message so far."""
        whole = self._log.read_text(encoding="utf-8").rpartition("\n")[0]
        pairs = (line.partition(" ") for line in whole.splitlines())
        return [(where, bytes.fromhex(payload)) for where, _space, payload in pairs]


@contextmanager
def sniffer(broker: ForeignBroker) -> Iterator[Sniffer]:
    log = broker.folder / "sniffer.log"
    everything = ["-t", "#", "-q", "1", "-F", "%t %X"]
    child = Child(
        "mosquitto_sub",
        [binary("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(broker.port), *everything],
        log,
    )
    say_once(broker.port, "ready", b"ready", retain=True)
    child.start()
    try:
        child.wait_until(lambda: b"ready" in [said for _where, said in Sniffer(log).saw()], 20.0)
        yield Sniffer(log)
    finally:
        child.end()


def readings(payload: bytes) -> Iterator[bytes]:
    """The bytes as they are, and everything that they unpack to without a key."""
    yield payload
    with contextlib.suppress(binascii.Error):
        yield base64.b64decode(payload, validate=True)
    with contextlib.suppress(ValueError):
        yield bytes.fromhex(payload.decode("ascii"))
    at = payload.find(_MAGIC)
    while at >= 0:
        for one in _DICTIONARIES:
            with contextlib.suppress(zstandard.ZstdError):
                unpacker = zstandard.ZstdDecompressor(dict_data=one).decompressobj()
                yield unpacker.decompress(payload[at:])
        at = payload.find(_MAGIC, at + 1)
    with contextlib.suppress(MessageError):
        yield msgspec.json.encode(PlainCodec().unpack("up", payload))


def disguises(canary: str) -> Iterator[bytes]:
    """The bytes by which a canary would be known again."""
    plain = canary.encode()
    yield plain
    yield canary.encode("gb18030")
    if len(plain) > len(TAIL):  # shorter ones come about by chance
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for shift in range(3):
            whole = base64.b64encode(bytes(shift) + plain)
            yield whole[(8 * shift + 5) // 6 : len(plain) * 8 // 6 + shift]


def heard_in(payloads: list[bytes]) -> set[str]:
    """The canaries that sing in any of them."""
    return {
        canary
        for payload in payloads
        for reading in readings(payload)
        for canary in CANARIES
        if any(one in reading for one in disguises(canary))
    }


def sing(journal: Journal) -> None:
    """Facts with everything that is nobody's business."""
    journal.write("parcel.received", waybill_no=WAYBILL, carrier="中通", keeper=NAME)
    journal.write("parcel.phone_tail_noted", waybill_no=WAYBILL, phone_tail=TAIL)
    journal.write("canary.sang", phone=PHONE, name=NAME, code=CODE)


async def test_who_reads_everything_on_the_broker_sees_no_phone_no_name_and_no_code(
    tmp_path: Path,
) -> None:
    with (
        mosquitto(tmp_path / "broker") as broker,
        sniffer(broker) as spy,
        open_center(tmp_path, broker.address, LinkPlan()) as center,
    ):
        async with open_home(center, broker.address) as home:
            for _round in range(5):
                sing(home.journal)
            home.session.journal_grew()
            await arrives(home.has_delivered_all)
            last = topic(center.county, home.name, "dn")
            await asyncio.to_thread(say_once, broker.port, last, b"end")
            await arrives(lambda: (last, b"end") in spy.saw())
        saw = spy.saw()
        assert {where.rpartition("/")[2] for where, _payload in saw} >= {"up", "dn", "tel"}
        assert center.facts(home) == home.journal.facts
    assert heard_in([payload for _where, payload in saw]) == set()
    assert all(canary not in where for where, _payload in saw for canary in CANARIES)


async def test_the_same_ear_hears_every_canary_where_nothing_is_sealed(tmp_path: Path) -> None:
    journal = Journal(station=STATION)
    sing(journal)
    batch = Batch(
        session="s",
        previous=journal.place(0),
        facts=[msgspec.Raw(fact) for fact in journal.facts],
        last=journal.place(len(journal.facts)).hash,
    )
    where = topic(CountyId("shangyou"), STATION, "up")
    with mosquitto(tmp_path / "broker") as broker, sniffer(broker) as spy:
        say_once(broker.port, where, PlainCodec().pack("up", batch))
        await arrives(lambda: len(spy.saw()) == 2)
        assert heard_in([spy.saw()[1][1]]) == set(CANARIES)
    for canary in (PHONE, NAME, CODE, WAYBILL):
        hidden = canary.encode()
        assert canary in heard_in([b"xx" + base64.b64encode(b"to " + hidden + b" from")])
        assert canary in heard_in([hidden.hex().encode()])
        assert canary in heard_in([zstandard.compress(hidden)])
