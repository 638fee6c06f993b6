"""R36 at the county: whose hands a parcel went into, by a proxy's code or by the keeper's word."""

from pathlib import Path
from typing import Any

import pytest

from cloud_sync.county.histories.pictures import rebuild
from cloud_sync.county.ingest.ledger import Place
from cloud_sync.county.tables import PROXIES
from edge.kernel.ids import StationId
from tests.county.test_consents import WAYBILL, life_of
from tests.county.village import NOON_MS, County, Village, open_county

STATION = StationId("pingshang")
NAMES: dict[str, Any] = {"proxy": "王**", "relation": "family", "owner": "刘**"}


def authorised_village(*, slot: bool = False) -> Village:
    village = Village()
    village.tell("parcel.received", waybill_no=WAYBILL, carrier="圆通", keeper="li")
    if slot:
        village.tell("parcel.shelved", waybill_no=WAYBILL, slot="A-1-201", keeper="li")
    else:
        village.tell("parcel.stored", waybill_no=WAYBILL, cell=7)
    village.tell("proxy.authorised", credential="c-9", waybill_no=WAYBILL, **NAMES)
    return village


def asked(village: Village, auth: str, purpose: str) -> None:
    village.tell(
        "door.asked", cell=7, auth=auth, attempt=1, purpose=purpose, actor="kiosk", reason=""
    )


def taken(village: Village, auth: str, proof: str = "code") -> None:
    village.tell(
        "parcel.picked_up", waybill_no=WAYBILL, cell=7, auth=auth, proof=proof, actor="kiosk"
    )


def row_of(county: County) -> dict[str, Any]:
    (row,) = county.rows(PROXIES)
    return dict(row)


def test_a_door_that_opened_for_a_proxy_tells_who_has_it(tmp_path: Path) -> None:
    village = authorised_village()
    with open_county(tmp_path) as county:
        county.deliver(village)
        assert (row_of(county)["way"], row_of(county)["taken_ms"]) == ("", None)
        assert life_of(county)["stay"] == ""
        village.tell(
            "proxy.accepted",
            credential="c-9",
            waybill_no=WAYBILL,
            cell=7,
            auth="a-1",
            proof="token",
        )
        asked(village, "a-1", "pickup")
        taken(village, "a-1")
        county.deliver(village, "n2")
        assert row_of(county)["taken_ms"] is not None
        life = life_of(county)
        assert life["stay"] == "由代取人取走 王**（家人）"
        texts = [event["text"] for event in life["events"]]
        assert "可由 王**（家人）代 刘** 取" in texts
        assert "代取人在自助机开柜（二维码）" in texts
        place = Place(epoch=1, seq=village.seq, hash=village.hashes[village.seq])
        before = row_of(county)
        with county.database.write() as connection:
            rebuild(connection, STATION, place, NOON_MS)
        assert row_of(county) == before


def test_an_owner_who_came_after_all_is_no_proxy(tmp_path: Path) -> None:
    village = authorised_village()
    taken(village, "a-7")
    with open_county(tmp_path) as county:
        county.deliver(village)
        assert row_of(county)["taken_ms"] is None
        assert life_of(county)["stay"] == ""


@pytest.mark.parametrize("word", ["agreed", "released"])
def test_the_keeper_s_word_goes_with_the_door_that_she_opens_next(
    tmp_path: Path, word: str
) -> None:
    village = authorised_village()
    more = {"credential": "c-9"} if word == "agreed" else NAMES
    village.tell(f"proxy.{word}", waybill_no=WAYBILL, keeper="li", **more)
    asked(village, "a-1", "release")
    asked(village, "a-2", "release")  # later, and for the owner
    with open_county(tmp_path) as county:
        county.deliver(village)
        taken(village, "a-2", "keeper")
        county.deliver(village, "n2")
        assert row_of(county)["taken_ms"] is None
        taken(village, "a-1", "keeper")
        county.deliver(village, "n3")
        assert row_of(county)["taken_ms"] is not None


def test_from_a_slot_and_back_again(tmp_path: Path) -> None:
    village = authorised_village(slot=True)
    slot: dict[str, Any] = {"waybill_no": WAYBILL, "slot": "A-1-201", "keeper": "li"}
    with open_county(tmp_path) as county:
        village.tell("proxy.agreed", credential="c-9", waybill_no=WAYBILL, keeper="li")
        village.tell("parcel.handed_out", proof="code", **slot)
        county.deliver(village)
        assert row_of(county)["taken_ms"] is not None
        village.tell("parcel.handed_back", **slot)
        county.deliver(village, "n2")
        assert (row_of(county)["way"], row_of(county)["taken_ms"]) == ("", None)
        village.tell("parcel.handed_out", proof="keeper", **slot)
        county.deliver(village, "n3")
        assert row_of(county)["taken_ms"] is None
