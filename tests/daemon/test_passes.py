"""A station reads passes by its county's keys, and learns of their end by the county's word."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from cloud_sync.wire.messages import StateItem, StateItems
from cloud_sync.wire.trust.identity import PublicIdentity
from cloud_sync.wire.trust.proxy_pass import ProxyPass, parcel_mark, station_mark, write_pass
from edge.daemon.county.county_word import CountyBoard
from edge.daemon.county.passes import PassReader
from edge.daemon.devices.scans import ScanReader
from edge.domain.proxy_answers import ProxyAnswer
from edge.domain.proxy_facts import ProxyEnd
from edge.domain.proxy_inputs import PassScanned
from edge.domain.state import State
from edge.kernel.ids import CountyId, StationId, WaybillNo
from edge.store.key import StationKey
from tests.daemon.parts import WAYBILL, Counter, Rig, station_in
from tests.store.journals import moment, new_journal
from tests.wire.ends import COUNTY, DEXING, QINGSHAN, STRANGER

pytestmark = pytest.mark.anyio
FAR_MS: Final = 4_000_000_000_000
PASS_ID: Final = "0123456789abcdef"


def pass_for(station: StationId, county: CountyId = DEXING, waybill_no: WaybillNo = WAYBILL) -> str:
    said = ProxyPass(
        pass_id=PASS_ID,
        station=station_mark(station),
        parcel=parcel_mark(PASS_ID, waybill_no),
        until_ms=FAR_MS,
    )
    return write_pass(said, county, COUNTY)


def read(reader: ScanReader, text: str) -> PassScanned:
    make = reader.read(text)
    assert make is not None
    told = make(moment(1), Counter().fresh())
    assert isinstance(told, PassScanned)
    return told


def reading(folder: Path, *keys: PublicIdentity, state: State | None = None) -> ScanReader:
    StationKey.create(folder)
    reader = ScanReader(StationKey.read(folder), lambda: state or State())
    reader.passes = PassReader(county=DEXING, station=QINGSHAN, keys=lambda: keys)
    return reader


def test_a_pass_is_read_whatever_the_scanner_makes_of_its_letters(tmp_path: Path) -> None:
    reader = reading(tmp_path, COUNTY.public)
    for text in (pass_for(QINGSHAN), f" {pass_for(QINGSHAN).lower()}\r"):
        told = read(reader, text)
        assert (told.credential, told.flaw) == (f"pass-{PASS_ID}", None)
        assert (told.waybill_no, told.until_ms) == (None, FAR_MS), "no such parcel is here"


def test_a_forged_one_and_one_for_elsewhere_are_told_apart(tmp_path: Path) -> None:
    reader = reading(tmp_path, STRANGER.public)
    assert read(reader, pass_for(QINGSHAN)).flaw is ProxyAnswer.FORGED
    reader.passes = PassReader(county=DEXING, station=QINGSHAN, keys=lambda: [COUNTY.public])
    assert read(reader, pass_for(StationId("qingshan-02"))).flaw is ProxyAnswer.ELSEWHERE
    assert read(reader, pass_for(QINGSHAN, CountyId("wuyuan"))).flaw is ProxyAnswer.FORGED


def test_a_station_that_no_county_took_in_believes_no_pass(tmp_path: Path) -> None:
    StationKey.create(tmp_path)
    reader = ScanReader(StationKey.read(tmp_path), State)
    assert read(reader, pass_for(QINGSHAN)).flaw is ProxyAnswer.FORGED


@asynccontextmanager
async def a_parcel_lies_here(folder: Path) -> AsyncIterator[tuple[Rig, CountyBoard, ScanReader]]:
    async with station_in(new_journal(folder)) as rig:
        board = CountyBoard(rig.station, rig.store, rig.thread)
        await board.load()
        await rig.begin_check_in()
        await rig.check_in()
        reader = ScanReader(rig.store.key, lambda: rig.station.state)
        reader.passes = PassReader(
            county=DEXING, station=QINGSHAN, keys=lambda: [STRANGER.public, COUNTY.public]
        )
        yield rig, board, reader


async def told(board: CountyBoard, key: str, body: dict[str, Any] | None) -> None:
    seq = await board.seq()
    item = StateItem(seq=seq + 1, kind="pass_end", key=key, body=body)
    await board.keep(StateItems(session="s1", previous_seq=seq, items=[item]))
    assert await board.seq() == seq + 1, "kept, whatever it says"


async def test_its_parcel_is_found_among_those_that_lie_here(tmp_path: Path) -> None:
    async with a_parcel_lies_here(tmp_path) as (rig, _board, reader):
        make = reader.read(pass_for(QINGSHAN))
        assert make is not None
        reply = await rig.station.tell(make)
        assert reply is not None
        assert (reply.key, reply.count) == (ProxyAnswer.SHOWN, 1)
        (code,) = rig.station.state.proxies
        assert code.left == (WAYBILL,)


async def test_the_county_s_word_ends_a_pass_across_a_restart(tmp_path: Path) -> None:
    async with a_parcel_lies_here(tmp_path) as (rig, board, _reader):
        await told(board, PASS_ID, {"until_ms": FAR_MS})
        (code,) = rig.station.state.proxies
        assert (code.live, code.ended) == (False, ProxyEnd.COUNTY)
    async with station_in(tmp_path) as rig:
        reader = ScanReader(rig.store.key, lambda: rig.station.state)
        reader.passes = PassReader(county=DEXING, station=QINGSHAN, keys=lambda: [COUNTY.public])
        make = reader.read(pass_for(QINGSHAN))
        assert make is not None
        reply = await rig.station.tell(make)
        assert reply is not None
        assert (reply.key, reply.ok) == (ProxyAnswer.DEAD, False)


@pytest.mark.parametrize(
    ("key", "body"),
    [
        (PASS_ID, None),
        (PASS_ID, {"until_ms": "never"}),
        (PASS_ID.upper(), {"until_ms": FAR_MS}),
        ("all", {"until_ms": FAR_MS}),
    ],
)
async def test_a_word_that_ends_no_pass_is_kept_and_changes_nothing(
    tmp_path: Path, key: str, body: dict[str, Any] | None
) -> None:
    async with a_parcel_lies_here(tmp_path) as (rig, board, _reader):
        await told(board, key, body)
        assert rig.station.state.proxies == ()
