"""The disk fails under real daemons: their own system calls are made to fail, by strace."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from cloud_sync.county.database import DATABASE as COUNTY_DATABASE
from edge.store.connection import DATABASE as JOURNAL
from edge.store.verify import export, verify
from edge.tools.children import Child, ChildError
from edge.tools.house import House
from edge.tools.people import Hands, StoryError, wait_for
from tests.stories.village import Village, assert_told_is_stored, living
from tests.torture.recording import tracing
from tests.torture.rig import (
    PulseLog,
    assert_pulses_explained,
    assert_the_county_has_the_journal,
    county_under,
    rows_in,
    station_under,
    tortured_house,
    wait_until_home,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PATIENCE_S: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A call that fails from its `first` time on: once, or for `ever` after."""

    call: str
    error: str
    first: int
    ever: bool = False

    def on(self, file: Path, out: Path) -> list[str]:
        """The head of a command line that has this trouble with a file and its log."""
        when = f"{self.first}+" if self.ever else f"{self.first}"
        paths = ("-P", str(file), "-P", f"{file}-wal")
        call = (*paths, "-e", f"trace={self.call}")
        return tracing(out, *call, "-e", f"inject={self.call}:error={self.error}:when={when}")


TROUBLES: Final = {
    "a sync fails while a parcel comes": Trouble(call="fdatasync", error="EIO", first=12),
    "a sync fails while a parcel goes": Trouble(call="fdatasync", error="EIO", first=27),
    "a write fails": Trouble(call="pwrite64", error="EIO", first=60),
    "the disk is full": Trouble(call="pwrite64", error="ENOSPC", first=75, ever=True),
    "the disk is read-only": Trouble(call="pwrite64", error="EROFS", first=90, ever=True),
    "the log cannot be cut": Trouble(call="ftruncate", error="EIO", first=2),
}

COUNTY_TROUBLES: Final = {
    "a sync fails": Trouble(call="fdatasync", error="EIO", first=9),
    "the disk is full": Trouble(call="pwrite64", error="ENOSPC", first=40, ever=True),
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with tortured_house(tmp_path) as house:
        yield house


def ends_by_itself(child: Child, out: Path) -> str:
    """Wait for the end that the trouble must bring; its last words."""
    wait_for("the daemon to end", lambda: not child.running, PATIENCE_S)
    assert "(INJECTED)" in out.read_text(encoding="utf-8", errors="replace")
    return child.last_words()


@pytest.mark.parametrize("name", TROUBLES)
def test_a_station_ends_at_once_and_whatever_it_has_answered_is_there_at_its_next_start(
    house: House, tmp_path: Path, name: str
) -> None:
    trouble, file = TROUBLES[name], house.station_folder / JOURNAL
    whole, village = house.station, Village(house)
    whole.end()
    out = tmp_path / "strace.out"
    with Hands(house.workbench_address) as hands:
        pulses = PulseLog(hands)
        house.station = station_under(house, trouble.on(file, out))
        house.start_station()
        with living(village):
            words = ends_by_itself(house.station, out)
            assert "could not be" in words, words
            assert verify(house.station_folder).problems == ()
            before = len(rows_in(file, "journal"))
            assert_told_is_stored(list(village.told), list(export(house.station_folder)))
            if trouble.ever:
                _does_not_start(house, trouble, file, tmp_path / "again.out")
                assert len(rows_in(file, "journal")) == before
            house.station = whole
            house.start_station()
            done = village.visits
            with suppress(StoryError):
                wait_for("a whole visit", lambda: village.visits > done, PATIENCE_S)
        assert village.visits > done, list(village.trouble)
        fired = pulses.all()
    wait_until_home(house)
    house.station.end()
    assert verify(house.station_folder).problems == ()
    facts = list(export(house.station_folder))
    assert_told_is_stored(village.told, facts)
    assert_pulses_explained(fired, facts)


def _does_not_start(house: House, trouble: Trouble, file: Path, out: Path) -> None:
    """On a disk that takes nothing the daemon says so and ends, and fires no lock."""
    still = Trouble(call=trouble.call, error=trouble.error, first=1, ever=True)
    house.station = station_under(house, still.on(file, out))
    with pytest.raises(ChildError, match=r"could not be written|cannot be opened"):
        house.start_station()
    assert "(INJECTED)" in out.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("name", COUNTY_TROUBLES)
def test_a_county_whose_disk_fails_ends_and_has_all_after_its_next_start(
    house: House, tmp_path: Path, name: str
) -> None:
    trouble = COUNTY_TROUBLES[name]
    file, whole, village = house.folder / "county" / COUNTY_DATABASE, house.county, Village(house)
    whole.end()
    out = tmp_path / "strace.out"
    house.county = county_under(house, trouble.on(file, out))
    house.start_county()
    with living(village):
        ends_by_itself(house.county, out)
        house.county = whole
        house.start_county()
        done = village.visits
        wait_for("a whole visit", lambda: village.visits > done, PATIENCE_S)
    home = wait_until_home(house)
    house.station.end()
    house.county.end()
    assert_the_county_has_the_journal(house, home)
