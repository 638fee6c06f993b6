"""A real disk under a real station fills, turns read-only, or fails its writes and syncs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from cloud_sync.county.database import DATABASE as COUNTY_DATABASE
from edge.store.connection import DATABASE as JOURNAL
from edge.store.verify import export, verify
from edge.tools.children import ChildError
from edge.tools.house import House
from edge.tools.people import Hands, wait_for
from tests.stories.village import Village, assert_told_is_stored, living
from tests.torture.rig import (
    PulseLog,
    assert_pulses_explained,
    rows_in,
    station_under,
    tortured_house,
)
from tests.torture.small_disk import TROUBLES, small_disk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PATIENCE_S: Final = 120.0


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with tortured_house(tmp_path) as house:
        yield house


def more_visits(village: Village) -> None:
    """Until somebody got served from the scan to the empty cell."""
    done = village.visits
    wait_for("a whole visit", lambda: village.visits > done, PATIENCE_S)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_station_ends_with_its_disk_and_goes_on_with_all_it_has_said_once_that_is_mended(
    house: House, tmp_path: Path, trouble: str
) -> None:
    house.station.end()
    village, then, last = Village(house), tmp_path / "then", tmp_path / "last"
    with (
        small_disk(house.station_folder, tmp_path / "under") as disk,
        Hands(house.workbench_address) as hands,
    ):
        pulses = PulseLog(hands)
        house.station = station_under(house, disk.inside())
        house.start_station()
        try:
            with living(village):
                more_visits(village)
                disk.bring(trouble)
                wait_for("the daemon to end", lambda: not house.station.running, PATIENCE_S)
                assert "could not be" in house.station.last_words()
                if trouble == "the file system turns read-only":
                    with pytest.raises(ChildError, match=r"Read-only|readonly"):
                        house.start_station()
                disk.mend()
                disk.copy_out(then)
                claims = list(village.told)
                house.start_station()
                more_visits(village)
            fired = pulses.all()
        finally:
            house.station.end()
        disk.copy_out(last)
    assert verify(then).problems == ()
    assert_told_is_stored(claims, list(export(then)))
    assert verify(last).problems == ()
    facts = list(export(last))
    assert_told_is_stored(village.told, facts)
    assert_pulses_explained(fired, facts)
    house.county.end()
    at_county = rows_in(house.folder / "county" / COUNTY_DATABASE, "facts")
    assert len(at_county) > 0
    assert at_county == rows_in(last / JOURNAL, "journal")[: len(at_county)]
