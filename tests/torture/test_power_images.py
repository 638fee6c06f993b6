"""Power cuts at every point of what real daemons wrote, under strace, while people used them."""

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pytest

from edge.tools.children import Child
from edge.tools.house import STATION_ID, House
from edge.tools.people import StoryError, Visitor, wait_for
from tests.store.journals import new_journal
from tests.stories.village import Village, living
from tests.torture.careless import MISTAKES
from tests.torture.conftest import RecordProperty, told
from tests.torture.platter import Disk
from tests.torture.powercut import Outcome, Promises, judge_county, judge_images, judge_station
from tests.torture.recording import Step, read_recording, recording, wait_for_the_end
from tests.torture.rig import codec_of, county_under, station_under, tortured_house

IMAGES: Final = int(os.environ.get("IMAGES", "1000"))
SEED: Final = int(os.environ.get("SEED", "20261125"))
VISITS: Final = 2 + min(IMAGES // 5_000, 10)
"""So that a long run has more images than points: then each gets one at least."""
LYING_IMAGES: Final = 40
PATIENCE_S: Final = 120.0
_LOOK_EVERY_S: Final = 0.05

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600 + IMAGES)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with tortured_house(tmp_path) as house:
        yield house


def joined(records: list[Path], folder: Path) -> list[Step]:
    """The steps of one process after another as one recording."""
    steps: list[Step] = []
    for record in records:
        wait_for_the_end(record)
        later = read_recording(record, folder)
        offset = max((max(step.began, step.ended or 0) for step in steps), default=-1) + 1
        for step in later:
            step.began += offset
            step.ended = None if step.ended is None else step.ended + offset
        steps += later
    return steps


def assert_all_was_recorded(before: Path, steps: list[Step], folder: Path) -> None:
    """Taken together the steps lead from the old folder to the one that lies there now.

    All but SQLite's index in shared memory, which is written by mapping and made anew at a start.
    """
    disk = Disk.of_folder(before)
    for step in steps:
        disk.take(step)
    now = Disk.of_folder(folder).uncut()
    expected = {name: content for name, content in disk.uncut().items() if name[-4:] != "-shm"}
    assert sorted(now) == sorted(expected)
    assert [name for name in now if now[name] != expected[name]] == []


def visits(village: Village, count: int) -> None:
    """Let so many more people come."""
    until = village.visits + count
    wait_for("visits", lambda: village.visits >= until, PATIENCE_S)


def test_every_image_of_a_stations_disk_holds_what_was_answered_and_what_was_fired(
    house: House, tmp_path: Path, record_property: RecordProperty
) -> None:
    house.station.end()
    before, records = tmp_path / "before", [tmp_path / "first.trace", tmp_path / "second.trace"]
    shutil.copytree(house.station_folder, before)
    village = Village(house)
    house.station = station_under(house, recording(records[0]))
    house.start_station()
    with living(village):
        visits(village, VISITS)
        house.station.kill()
        house.station = station_under(house, recording(records[1]))
        house.start_station()
        visits(village, 1)
    house.station.end()
    steps = joined(records, house.station_folder)
    assert_all_was_recorded(before, steps, house.station_folder)

    def cuts(images: int, *, lying: bool) -> Outcome:
        return judge_images(
            lambda: Disk.of_folder(before, lying=lying),
            steps,
            judge_station,
            promises=Promises(house.folder / "bench" / "lock-board"),
            scratch=tmp_path / "image",
            images=images,
            seed=SEED,
        )

    outcome = cuts(IMAGES * 7 // 10, lying=False)
    told(record_property, "station images", f"seed {SEED}, {outcome}")
    assert outcome.promises["answers"] > 5 * VISITS, outcome
    assert outcome.promises["locks fired"] > 2 * VISITS, outcome
    assert outcome.broken == [], outcome
    assert cuts(LYING_IMAGES, lying=True).broken != []  # so the judge does see what is lost


@contextmanager
def onlooker(house: House) -> Iterator[None]:
    """Somebody who reads all facts at the county, as they come."""
    over = threading.Event()

    def look() -> None:
        after = 0
        while not over.wait(_LOOK_EVERY_S):
            with suppress(StoryError), Visitor(house.county_address) as county:
                page = county.get("/api/facts", station=STATION_ID, after=after, limit=20)
                after = page["next"]

    thread = threading.Thread(target=look, name="onlooker")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_every_image_of_a_countys_disk_holds_what_its_pages_have_shown(
    house: House, tmp_path: Path, record_property: RecordProperty
) -> None:
    house.county.end()
    folder, before = house.folder / "county", tmp_path / "before"
    records = [tmp_path / "first.trace", tmp_path / "second.trace"]
    shutil.copytree(folder, before)
    village = Village(house)
    house.county = county_under(house, recording(records[0]))
    house.start_county()
    with living(village), onlooker(house):
        visits(village, VISITS)
        house.county.kill()
        house.county = county_under(house, recording(records[1]))
        house.start_county()
        visits(village, 1)
    house.county.end()
    steps = joined(records, folder)
    assert_all_was_recorded(before, steps, folder)

    def cuts(images: int, *, lying: bool) -> Outcome:
        return judge_images(
            lambda: Disk.of_folder(before, lying=lying),
            steps,
            judge_county,
            promises=Promises(house.folder / "bench" / "lock-board", codec_of(house)),
            scratch=tmp_path / "image",
            images=images,
            seed=SEED,
        )

    outcome = cuts(IMAGES * 3 // 10, lying=False)
    told(record_property, "county images", f"seed {SEED}, {outcome}")
    assert outcome.promises["facts shown"] > 20 * VISITS, outcome
    assert outcome.promises["acknowledgements"] > 2 * VISITS, outcome
    assert outcome.broken == [], outcome
    assert cuts(LYING_IMAGES, lying=True).broken != []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_store_that_syncs_too_little_or_answers_too_early_does_not_pass(
    tmp_path: Path, mistake: str
) -> None:
    folder, record = tmp_path / "station", tmp_path / "committer.trace"
    new_journal(folder)
    before = tmp_path / "before"
    shutil.copytree(folder, before)
    words = [sys.executable, "-m", "tests.torture.careless", str(folder), "5", mistake]
    child = Child("the committer", [*recording(record), *words], tmp_path / "committer.log")
    child.start()
    wait_for("its end", lambda: not child.running, PATIENCE_S)
    wait_for_the_end(record)
    steps = read_recording(record, folder)
    assert_all_was_recorded(before, steps, folder)
    outcome = judge_images(
        lambda: Disk.of_folder(before),
        steps,
        judge_station,
        promises=Promises(tmp_path / "none"),
        scratch=tmp_path / "image",
        images=100,
        seed=SEED,
    )
    assert outcome.promises == {"answers": 5}
    assert (outcome.broken == []) is (mistake == "none"), outcome
