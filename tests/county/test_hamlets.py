"""R72: a manifest's natural village on its way to the station, and what the county reads of one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud_sync.county.ingest.ledger import register
from cloud_sync.county.trips.manifest import ManifestError
from cloud_sync.wire.bodies.state import MOST_PARCELS, read_state_body
from edge.kernel.ids import StationId
from tests.county.stream_ends import PINGSHANG, Far, Near, exchange
from tests.county.test_manifest import keep, read

HEAD = "封签,到站,运单号,快递公司,尾号,同意,自然村\n"
LINE = "FQ0000001,pingshang,YT77001234{n:05d},圆通,{n:04d},是,{hamlet}\n"


@pytest.fixture
def near(tmp_path: Path) -> Iterator[Near]:
    opened = Near(tmp_path / "county")
    with opened.database.write() as connection:
        register(connection, StationId("shuinan"), "水南村驿")
    yield opened
    opened.database.close()


def whole_bag(hamlet: str) -> str:
    return HEAD + "".join(LINE.format(n=n, hamlet=hamlet) for n in range(MOST_PARCELS))


def test_r72_a_manifests_village_reaches_the_station_also_of_a_whole_bag(near: Near) -> None:
    keep(near, whole_bag("青山村小组"))
    far = Far(PINGSHANG)
    exchange(near, far, near.desk.welcomed(*far.hello()))
    body = far.shelf.bodies()["bag/t-3/FQ0000001"]
    assert {parcel["hamlet"] for parcel in body["parcels"]} == {"青山村小组"}
    assert read_state_body("bag", body)


def test_r72_without_a_village_nothing_is_said_of_one(near: Near) -> None:
    keep(near, whole_bag(""))
    far = Far(PINGSHANG)
    exchange(near, far, near.desk.welcomed(*far.hello()))
    assert all("hamlet" not in p for p in far.shelf.bodies()["bag/t-3/FQ0000001"]["parcels"])


@pytest.mark.parametrize("hamlet", ["村" * 13, "青\u0007山"])
def test_r72_a_village_that_no_slip_could_hold_is_told_by_its_line(hamlet: str) -> None:
    wrong = HEAD + LINE.format(n=1, hamlet=hamlet)
    with pytest.raises(ManifestError, match="line 2: hamlet: the natural village in at most 12"):
        read(wrong)
