"""A card dies, or an old image comes back: real processes and broker, and every parcel found."""

import contextlib
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cloud_sync.county.database import DATABASE
from edge.kernel.hashing import GENESIS, chain_hash
from edge.kernel.ids import Epoch, Seq, StationId
from edge.settings import read_settings
from edge.tools.children import cunyi
from edge.tools.house import COUNTY_ID, STATION_ID, STATION_NAME, House
from edge.tools.people import Hands, Keeper, StoryError, Visitor, wait_for
from edge.tools.story import collect_by_slip, read_journal
from edge.words import say
from tests.stories.test_power import TAIL, check_in, collect
from tests.stories.village import assert_steel_and_tables_agree

pytestmark = [pytest.mark.story, pytest.mark.slow]

FIRST, SECOND, THIRD = (f"YT770012300000{n}" for n in (1, 2, 3))
PATIENCE_S = 60.0
COUNT = say("keeper.count", "zh")
OLDER = "旧"
"""Part of what both pages say of an old image."""
_CODE = re.compile(r"Code: (\S+)")


def command(*words: str) -> str:
    """Another cunyi, run to its end; what it printed."""
    done = subprocess.run(
        cunyi(*words), check=False, capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


def another_card(house: House) -> None:
    """As docs/enrolment.md says: init, a code of the county's, enrol."""
    old = read_settings(house.station_folder)
    shutil.rmtree(house.station_folder)
    folder, county = str(house.station_folder), str(house.folder / "county")
    who = ["--county", COUNTY_ID, "--id", STATION_ID, "--name", STATION_NAME]
    where = ["--broker", old.link.broker, "--web-port", str(old.web.port)]
    command("station", "init", folder, *who, *where, "--twins", str(house.folder / "bench"))
    said = command("county", "enrol", STATION_ID, county, "--replace")
    code = _CODE.search(said)
    assert code is not None, said
    command("station", "enrol", folder, "--county", house.county_address, "--code", code[1])


def at_county(house: House) -> dict[str, Any]:
    with Visitor(house.county_address) as county:
        answer: dict[str, Any] = county.get(f"/api/stations/{STATION_ID}")
    return answer


def facts_at_county(house: House) -> list[tuple[int, int, str, bytes]]:
    """Epoch, seq, hash and bytes in the order of arrival, read from its file as it stands."""
    file = house.folder / "county" / DATABASE
    query = "SELECT epoch, seq, hash, fact FROM facts WHERE station = ? ORDER BY number"
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as reading:
        rows = reading.execute(query, (STATION_ID,)).fetchall()
    return [(epoch, seq, digest.hex(), fact) for epoch, seq, digest, fact in rows]


def journal(house: House) -> list[tuple[int, int, str]]:
    return [(one["epoch"], one["seq"], one["hash"]) for one in read_journal(house)]


def all_delivered(house: House) -> bool:
    mine = journal(house)
    return [one[:3] for one in facts_at_county(house)][-len(mine) :] == mine


def in_epoch(house: House, epoch: int) -> None:
    """The station goes on in this epoch, and the county has all of it."""

    def begun() -> bool:
        with contextlib.suppress(StoryError):  # it begins anew by itself, and is away meanwhile
            return {one[0] for one in journal(house)} == {epoch} and all_delivered(house)
        return False

    wait_for(f"epoch {epoch} at the county", begun, PATIENCE_S)


def assert_epochs_in_order(house: House, *ends: tuple[int, int, str]) -> None:
    """Each epoch without a hole, chained to the one before, which ends at these places."""
    facts = facts_at_county(house)
    assert [one[:3] for one, after in pairwise(facts) if after[0] != one[0]] == list(ends)
    previous, place = GENESIS, (1, 0)
    for epoch, seq, digest, fact in facts:
        assert (epoch, seq) in {(place[0], place[1] + 1), (place[0] + 1, 1)}
        previous = chain_hash(previous, StationId(STATION_ID), Epoch(epoch), Seq(seq), fact)
        assert previous.hex() == digest
        place = (epoch, seq)


def waybills(keeper: Keeper) -> set[str]:
    parcels = keeper.get("/api/keeper/screen")["parcels"]
    return {one["waybill_no"] for one in parcels}


def cell_of(keeper: Keeper, waybill_no: str) -> int:
    parcels = keeper.get("/api/keeper/screen")["parcels"]
    return next(int(one["cell"]) for one in parcels if one["waybill_no"] == waybill_no)


def paper_of(hands: Hands, waybill_no: str) -> int:
    """The newest slip of a parcel."""
    papers = hands.bench()["papers"]
    return max(int(one["paper"]) for one in papers if waybill_no in "\n".join(one["text"]))


def doors_seen(keeper: Keeper) -> bool:
    return all(one["door"] == "shut" for one in keeper.get("/api/keeper/screen")["cells"])


def alerts(keeper: Keeper) -> list[str]:
    return [one["text"] for one in keeper.get("/api/keeper/screen")["alerts"]]


def county_says(keeper: Keeper) -> str:
    return str(keeper.get("/api/keeper/screen")["county"]["says"])


def told_at_county(house: House) -> bool:
    sync = at_county(house)["sync"]
    return bool(sync["verdict"] == "rollback" and OLDER in sync["trouble"])


@contextlib.contextmanager
def checking_in(house: House) -> Iterator[Keeper]:
    """The keeper at the counter, ready to take parcels in."""
    with Keeper(house.station_address) as keeper:
        keeper.sign_in()
        keeper.check_in(on=True)
        wait_for("all doors to be seen", lambda: doors_seen(keeper))
        yield keeper


def has_a_snapshot(house: House) -> bool:
    lines = at_county(house)["sync"]["lines"]
    return any("快照" in line for line in lines)


def test_after_its_card_died_a_station_goes_on_with_its_parcels_codes_and_keepers(
    house: House,
) -> None:
    with Hands(house.workbench_address) as hands:
        with checking_in(house) as keeper:
            codes = [check_in(keeper, hands, one) for one in (FIRST, SECOND)]
        house.station.end()  # a stop in order leaves a snapshot, which goes up at the next start
        house.start_station()
        wait_for("the snapshot at the county", lambda: has_a_snapshot(house), PATIENCE_S)
        with checking_in(house) as keeper:
            codes.append(check_in(keeper, hands, THIRD))  # behind the snapshot: of the tail
        wait_for("all of it at the county", lambda: all_delivered(house), PATIENCE_S)
        house.station.kill()
        end = journal(house)[-1]

        another_card(house)
        house.start_station()
        in_epoch(house, 2)
        assert house.station.running
        with Keeper(house.station_address) as keeper, Visitor(house.station_address) as kiosk:
            keeper.sign_in()
            assert COUNT in alerts(keeper)
            assert waybills(keeper) == {FIRST, SECOND, THIRD}
            wait_for("all doors to be seen", lambda: doors_seen(keeper))
            collect(kiosk, hands, codes[0])
            collect_by_slip(hands, paper=paper_of(hands, THIRD), cell=cell_of(keeper, THIRD))
            assert keeper.post("/api/keeper/count")["ok"]
            assert COUNT not in alerts(keeper)
        wait_for("all of it at the county", lambda: all_delivered(house), PATIENCE_S)
        kinds = [one["kind"] for one in read_journal(house)]
        assert kinds[0] == "epoch.started"
        assert "epoch.count_signed" in kinds
        assert_epochs_in_order(house, end)
        assert_steel_and_tables_agree(house)


def test_an_old_image_is_told_on_both_pages_and_goes_on_where_the_county_was(
    house: House, tmp_path: Path
) -> None:
    image = tmp_path / "image"
    with Hands(house.workbench_address) as hands:
        with checking_in(house) as keeper:
            first = check_in(keeper, hands, FIRST)
        house.station.end()
        shutil.copytree(house.station_folder, image)
        house.start_station()
        with checking_in(house) as keeper:
            second = check_in(keeper, hands, SECOND)
        wait_for("all of it at the county", lambda: all_delivered(house), PATIENCE_S)
        house.station.kill()
        before, end = facts_at_county(house), facts_at_county(house)[-1][:3]

        shutil.rmtree(house.station_folder)
        shutil.copytree(image, house.station_folder)
        house.start_station()
        wait_for("the verdict", lambda: told_at_county(house), PATIENCE_S)
        with Keeper(house.station_address) as keeper, Visitor(house.station_address) as kiosk:
            keeper.sign_in()
            wait_for("it on the keeper's page", lambda: OLDER in county_says(keeper))
            refused = kiosk.post("/api/kiosk/code", phone_tail=TAIL, digits=first)
            assert (refused["ok"], refused["key"]) == (False, "ask_keeper")
        command("county", "grant", STATION_ID, str(house.folder / "county"), "--reason", "旧卡")
        in_epoch(house, 2)
        assert facts_at_county(house)[: len(before)] == before
        with Keeper(house.station_address) as keeper, Visitor(house.station_address) as kiosk:
            keeper.sign_in()
            assert waybills(keeper) == {FIRST, SECOND}
            wait_for("all doors to be seen", lambda: doors_seen(keeper))
            for code in (first, second):
                collect(kiosk, hands, code)
        wait_for("all of it at the county", lambda: all_delivered(house), PATIENCE_S)
        assert_epochs_in_order(house, end)
        assert_steel_and_tables_agree(house)
