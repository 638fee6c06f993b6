"""What a station wrote before it knew the time is dated by its steady clock, not rewritten."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cloud_sync.county.histories.dating import Dated, date
from cloud_sync.county.histories.pictures import fold_after
from cloud_sync.county.news import News
from cloud_sync.county.office import Glance, Office
from cloud_sync.county.presence import Presence
from cloud_sync.county.tables import CLOCK_SYNCS, FACTS
from cloud_sync.county.web.journal import read_journal
from cloud_sync.county.web.trace import read_facts, trace_parcel
from cloud_sync.wire.envelope import Envelope, encode
from edge.kernel.ids import CountyId, WaybillNo
from tests.county.village import NOON_MS, County, Village, open_county

WAYBILL = WaybillNo("YT7700123456")
WRONG_MS = NOON_MS - 60 * 86_400_000
"""Where the clock of a station stands that has no battery and no county."""
HOUR_MS = 3_600_000


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with open_county(tmp_path) as opened:
        yield opened


def tell(  # noqa: PLR0913 - a moment as the station knows it, part by part
    village: Village,
    kind: str,
    *,
    mono_ms: int,
    boot: int = 1,
    wall_lo: int = WRONG_MS,
    wall_hi: int | None = None,
    **body: Any,
) -> int:
    """Add a fact with a moment of its own; its place."""
    seq = village.seq + 1
    envelope = Envelope(
        epoch=village.epoch,
        seq=seq,
        boot=boot,
        mono_ms=mono_ms,
        wall_lo=wall_lo,
        wall_hi=wall_hi,
        kind=kind,
        schema=1,
        actor="li",
        body=body,
    )
    village.tell_bytes(encode(envelope))
    return seq


def forced(village: Village, mono_ms: int, **moment: Any) -> int:
    return tell(village, "door.forced", mono_ms=mono_ms, cell=7, **moment)


def synced(village: Village, mono_ms: int, county_ms: int, error_ms: int = 40, **more: Any) -> int:
    return tell(
        village,
        "clock.synced",
        mono_ms=mono_ms,
        wall_lo=county_ms,
        wall_hi=county_ms + 1,
        county_ms=county_ms,
        error_ms=error_ms,
        **more,
    )


def dates(county: County, village: Village) -> dict[int, Dated]:
    with county.database.read() as connection:
        rows = connection.execute(select(FACTS).where(FACTS.c.station == village.station)).all()
        return {seq: dated for (_st, _epoch, seq), dated in date(connection, rows).items()}


def test_facts_of_a_boot_are_dated_back_from_the_moment_that_it_learnt_the_time(
    county: County,
) -> None:
    village = Village()
    first = forced(village, 1_000)
    synced(village, HOUR_MS, NOON_MS)
    later = forced(village, 2 * HOUR_MS)
    before = list(village.facts)
    county.deliver(village)
    found = dates(county, village)
    apart = HOUR_MS - 1_000
    assert found[first] == Dated(at_ms=NOON_MS - apart, error_ms=40 + apart // 5_000)
    assert found[later].at_ms == NOON_MS + HOUR_MS
    assert found[first].sure
    assert [bytes(row["fact"]) for row in county.rows(FACTS)] == before, "nothing is rewritten"


def test_it_does_not_matter_in_which_batch_the_time_comes(county: County) -> None:
    village = Village()
    first = forced(village, 1_000)
    county.deliver(village)
    assert not dates(county, village)[first].sure
    synced(village, 61_000, NOON_MS)
    county.deliver(village, "n2")
    assert dates(county, village)[first].at_ms == NOON_MS - 60_000


def test_facts_that_are_folded_anew_after_a_gap_date_their_boot_as_before(county: County) -> None:
    village = Village()
    forced(village, 1_000)
    synced(village, 61_000, NOON_MS)
    county.deliver(village)
    before = dates(county, village)
    with county.database.write() as connection:
        fold_after(connection, village.station, 0, 0)
    assert dates(county, village) == before
    assert before[1].sure


def test_the_nearest_of_two_moments_is_what_counts(county: County) -> None:
    village = Village()
    synced(village, 0, NOON_MS)
    near = forced(village, 9 * HOUR_MS)
    synced(village, 10 * HOUR_MS, NOON_MS + 11 * HOUR_MS)
    county.deliver(village)
    assert dates(county, village)[near].at_ms == NOON_MS + 10 * HOUR_MS


def test_a_boot_that_never_learnt_the_time_lies_between_its_neighbours(county: County) -> None:
    village = Village()
    lost = forced(village, 5_000, boot=1)
    synced(village, 50_000, NOON_MS, boot=3)
    after = forced(village, 5_000, boot=4, wall_lo=NOON_MS + 1)
    county.deliver(village)
    found = dates(county, village)
    assert found[lost] == Dated(at_ms=WRONG_MS, error_ms=None, by_ms=NOON_MS - 50_000 + 40 + 10)
    assert found[after] == Dated(at_ms=NOON_MS + 1, error_ms=None, by_ms=None)


def test_a_fact_with_a_bracket_of_its_own_needs_nobody(county: County) -> None:
    village = Village()
    mine = forced(village, 0, wall_lo=NOON_MS, wall_hi=NOON_MS + 100)
    county.deliver(village)
    assert dates(county, village)[mine] == Dated(at_ms=NOON_MS + 50, error_ms=50)


def test_an_unreadable_fact_keeps_the_time_at_which_it_came(county: County) -> None:
    village = Village()
    village.tell_bytes(b'{"no":"fact"}')
    county.deliver(village)
    assert dates(county, village)[1] == Dated(at_ms=NOON_MS, error_ms=None)


def test_a_moment_out_of_bounds_is_not_kept(county: County) -> None:
    village = Village()
    synced(village, 2**64, NOON_MS)
    synced(village, 5, NOON_MS, boot=2**64)
    county.deliver(village)
    assert county.rows(CLOCK_SYNCS) == []


# -- on the page


def office_of(county: County) -> Office:
    return Office(
        county=CountyId("shangyou"),
        name="上犹县",
        software="0.1.0",
        database=county.database,
        presence=Presence(lambda: 1_000, lambda: NOON_MS),
        metrics=county.metrics,
        news=News(),
        wall_ms=lambda: NOON_MS,
    )


def traced(county: County) -> list[tuple[str, str]]:
    life = trace_parcel(office_of(county), Glance(now_ms=NOON_MS, language="zh"), WAYBILL)
    assert life is not None
    return [(event["station"], event["time"]) for event in life["events"]]


def receive(village: Village, mono_ms: int, **moment: Any) -> None:
    body: dict[str, Any] = {"waybill_no": WAYBILL, "carrier": "中通", "keeper": "li"}
    tell(village, "parcel.received", mono_ms=mono_ms, **moment, **body)


def test_the_trace_says_about_until_the_time_is_known(county: County) -> None:
    village = Village()
    receive(village, 1_000)
    county.deliver(village)
    assert traced(county) == [("pingshang", "≈09-25 12:00")]
    synced(village, HOUR_MS + 1_000, NOON_MS)
    county.deliver(village, "n2")
    assert traced(county) == [("pingshang", "11:00:00")]


def told(county: County) -> list[str]:
    """The times of the live journal, newest first, and of the list of facts, oldest first."""
    office, glance = office_of(county), Glance(now_ms=NOON_MS, language="zh")
    with county.database.read() as connection:
        lines = [line["time"] for line in read_journal(connection, {}, glance)]
    facts = read_facts(office, glance, station=None, after=0, limit=100)["facts"]
    assert [fact["time"] for fact in facts] == lines[::-1]
    return lines


def test_the_live_journal_says_about_until_the_time_is_known(county: County) -> None:
    village = Village()
    forced(village, 1_000)
    county.deliver(village)
    assert told(county) == ["≈09-25 12:00"]
    synced(village, HOUR_MS + 1_000, NOON_MS)
    county.deliver(village, "n2")
    assert told(county) == ["12:00:00", "11:00:00"]


def test_a_station_whose_clock_jumps_back_keeps_its_own_order(county: County) -> None:
    village, other = Village(), Village("dongjiang")
    receive(village, 1_000, wall_lo=NOON_MS + 5 * HOUR_MS)
    tell(village, "parcel.stored", mono_ms=2_000, wall_lo=NOON_MS, waybill_no=WAYBILL, cell=7)
    receive(other, 1_000, wall_lo=NOON_MS + HOUR_MS, wall_hi=NOON_MS + HOUR_MS)
    county.deliver(other)
    county.deliver(village)
    assert [station for station, _time in traced(county)] == [
        "dongjiang",
        "pingshang",
        "pingshang",
    ]
