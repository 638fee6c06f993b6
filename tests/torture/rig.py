"""A whole house of real processes that a torture test stops, freezes, watches and kills."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from cloud_sync.county.database import DATABASE as COUNTY_DATABASE
from cloud_sync.station.enrolment.identity import StationIdentity
from cloud_sync.wire.broker.topics import topic
from cloud_sync.wire.framing.frame import Codec, SealedCodec
from cloud_sync.wire.messages import Ack
from edge.kernel.hashing import GENESIS, chain_hash
from edge.kernel.ids import CountyId, Epoch, Seq, StationId
from edge.settings import FILE_NAME
from edge.store.connection import DATABASE as JOURNAL
from edge.tools.children import Child, cunyi
from edge.tools.house import COUNTY_ID, STATION_ID, House, Ports
from edge.tools.people import Hands, wait_for
from edge.tools.story import county_facts, journal_of
from tests.torture.recording import Step

_DOWN: Final = topic(CountyId(COUNTY_ID), StationId(STATION_ID), "dn").encode()
_PUBLISH: Final = 3
"""The kind of a message in the upper half of its first byte, by MQTT 3.1.1."""
_PACKET_ID_BYTES: Final = 2
HOME_WITHIN_S: Final = 90.0
UNLOCK: Final = 0x8A
"""The first byte of the frame that fires a lock (docs/devices/lock-boards.md)."""
_NO_REST: Final = "\n[rules]\nsafe_after_boots = 0\n"
"""Else the third kill would let the doors rest for minutes, and nobody would get served."""
_TOLD_BY: Final = {
    "put_in": "parcel.received",
    "tail_noted": "parcel.phone_tail_noted",
    "slip_queued": "pickup.code_issued",
    "door_open": "pickup.accepted",
}


class _PatientHouse(House):
    """Its station serves on however often it is started."""

    def _furnish(self) -> None:
        new = not self.station_folder.exists()
        super()._furnish()
        if new:
            with (self.station_folder / FILE_NAME).open("a", encoding="utf-8") as more:
                more.write(_NO_REST)


@contextmanager
def tortured_house(folder: Path) -> Iterator[House]:
    """A house that is up, and whose station serves on however often it is started."""
    with _PatientHouse(folder, Ports.choose(folder, 0)) as house:
        yield house


def under(head: Sequence[str], name: str, *words: str, log: Path) -> Child:
    """A cunyi whose command line begins with something that watches it."""
    return Child(name, [*head, *cunyi(*words)], log)


def station_under(house: House, head: Sequence[str]) -> Child:
    """The house's station, watched."""
    words = ("station", "run", str(house.station_folder))
    return under(head, "the station", *words, log=house.folder / "station.log")


def county_under(house: House, head: Sequence[str]) -> Child:
    """The house's county, watched."""
    words = ("county", "run", str(house.folder / "county"))
    return under(head, "the county", *words, log=house.folder / "county.log")


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """The process stands still: its sockets are open and nothing answers."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


Row = tuple[int, int, bytes, bytes]
"""Epoch, place, chain hash and the bytes of one fact."""


def rows_in(file: Path, table: str) -> list[Row]:
    """The journal in a file, or what a county has of one: read alone, the oldest first."""
    question = f"SELECT epoch, seq, hash, fact FROM {table} ORDER BY epoch, seq"  # noqa: S608 - our own names
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return [(r[0], r[1], bytes(r[2]), bytes(r[3])) for r in database.execute(question)]


def chain_trouble(rows: Sequence[Row]) -> list[str]:
    """What hinders these from being one journal from its beginning: every place once, in order,
    and every hash that of its fact and the one before.
    """
    places = [seq for _epoch, seq, _hash, _fact in rows]
    if places != list(range(1, len(rows) + 1)):
        return [f"{len(rows)} facts do not stand at the places from 1 on"]
    before = GENESIS
    for epoch, seq, digest, fact in rows:
        before = chain_hash(before, StationId(STATION_ID), Epoch(epoch), Seq(seq), fact)
        if digest != before:
            return [f"fact {seq} does not follow the one before"]
    return []


def wait_until_home(house: House) -> int:
    """Until the county has the whole journal, hash by hash; gives how many facts that are."""

    def at_home() -> int | None:
        journal = journal_of(house)
        return len(journal) if county_facts(house) == journal else None

    return wait_for("the county to have all", at_home, HOME_WITHIN_S)


def assert_the_county_has_the_journal(house: House, home: int) -> None:
    """Once both have ended: each fact once, in order, the same bytes; `home` of them at least.

    A station at rest may say that it is steady and then end, so the last may be here alone.
    """
    at_station = rows_in(house.station_folder / JOURNAL, "journal")
    at_county = rows_in(house.folder / "county" / COUNTY_DATABASE, "facts")
    assert chain_trouble(at_station) == []
    assert at_county == at_station[: len(at_county)]
    assert len(at_county) >= home


class PulseLog:
    """Every pulse that the cabinet has seen, however many: read again and again from its twin."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._seen: dict[tuple[int, int], dict[str, Any]] = {}

    def look(self) -> None:
        """Take up the newest ones; so often that no two hundred come between two looks."""
        for pulse in self._hands.bench()["pulses"]:
            self._seen[pulse["at_ms"], pulse["channel"]] = pulse

    def all(self) -> list[dict[str, Any]]:
        """The oldest first."""
        self.look()
        return [self._seen[key] for key in sorted(self._seen)]


def assert_pulses_explained(pulses: Sequence[dict[str, Any]], facts: Sequence[Any]) -> int:
    """Each pulse takes an intent of its own door that was stored before it; two for an
    authorisation at most. Gives how many intents stayed without a pulse.
    """
    to_wall_ms = time.time_ns() // 1_000_000 - time.monotonic_ns() // 1_000_000
    intents = [
        (fact["wall_lo"], fact["body"]["cell"], fact["body"]["auth"])
        for fact in facts
        if fact["kind"] == "door.asked"
    ]
    fired: dict[str, int] = {}
    for pulse in pulses:
        at_ms = pulse["at_ms"] + to_wall_ms
        door = [one for one in intents if one[1] == pulse["channel"] and one[0] <= at_ms + 2]
        assert door, f"no row explains {pulse}"
        intents.remove(door[-1])
        fired[door[-1][2]] = fired.get(door[-1][2], 0) + 1
    assert [auth for auth, times in fired.items() if times > 2] == []
    return len(intents)


def answered(step: Step) -> list[tuple[str, str]]:
    """What an answer that left the station has promised: kinds of facts with waybill or auth."""
    if step.what != "sent" or not step.data.startswith(b'{"ok":true'):
        return []
    body = json.loads(step.data)
    told: list[tuple[str, str]] = []
    kind = _TOLD_BY.get(body["key"])
    if kind is not None and body["waybill_no"] is not None:  # a keeper's look at a cell has none
        told.append((kind, body["waybill_no"]))
    if body["auth"] is not None:
        told.append(("door.asked", body["auth"]))
    return told


def codec_of(house: House) -> Codec:
    """What the house's station reads its county's messages with."""
    identity = StationIdentity.read(house.station_folder, CountyId(COUNTY_ID))
    return SealedCodec(
        identity.mine,
        identity.county_key,
        identity.lookup,
        county=CountyId(COUNTY_ID),
        station=StationId(STATION_ID),
    )


def acknowledged(step: Step, codec: Codec) -> list[tuple[int, str]]:
    """Place and hash of the fact up to which an MQTT 3.1.1 message that was sent acknowledges."""
    before, found, behind = step.data.partition(_DOWN)
    if step.what != "sent" or not found or before[0] >> 4 != _PUBLISH:
        return []
    message = codec.unpack("dn", behind[_PACKET_ID_BYTES:])
    if not isinstance(message, Ack):
        return []
    return [(message.applied.seq, message.applied.hash)] if message.applied.seq else []


def unlocked(step: Step, lock_board: Path) -> list[int]:
    """The locks that these bytes on the line of the lock board fire."""
    if step.what != "wrote" or step.file != str(lock_board):
        return []
    starts = range(0, len(step.data) - 4, 5)
    return [step.data[at + 2] for at in starts if step.data[at] == UNLOCK]
