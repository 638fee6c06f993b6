"""A person lets a station begin a new epoch: once, provably, and nothing old is merged into it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cloud_sync.county.database import Database
from cloud_sync.county.histories.epochs import EPOCHS as EPOCHS_FILE
from cloud_sync.county.histories.grants import GrantDesk
from cloud_sync.county.tables import (
    CELLS,
    COMMANDS,
    EPOCHS,
    FACTS,
    FORK_STORE,
    GAPS,
    GRANTS,
    PARCELS,
)
from cloud_sync.wire.grant import grant_parent, unpack_grant
from cloud_sync.wire.messages import GrantAsk, GrantBody, GrantGap, GrantPiece
from edge.kernel.errors import Refused, StoreError
from tests.county.test_database import fail_at
from tests.county.village import NOON_MS, County, Village, open_county

WAYBILL = "YT7700123456"


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with open_county(tmp_path / "county") as opened:
        yield opened


@pytest.fixture
def village() -> Village:
    village = Village()
    village.tell("station.started", version="0.1.0")
    village.check_in(WAYBILL, 7)
    return village


def fetch(county: County, village: Village, grant: str) -> GrantBody:
    """Everything that the station fetches, as it would put it together."""
    desk = GrantDesk(county.database, lambda: NOON_MS)
    pieces: list[GrantPiece] = []
    while not pieces or len(pieces) < pieces[0].count:
        (letter,) = desk.hear(village.station, GrantAsk(grant=grant, index=len(pieces)))
        assert isinstance(letter.message, GrantPiece)
        assert letter.lane == "dn"
        pieces.append(letter.message)
    whole = b"".join(piece.data for piece in pieces)
    assert {piece.digest for piece in pieces} == {hashlib.sha256(whole).hexdigest()}
    return unpack_grant(whole)


def go_on(county: County, village: Village, grant: str, epoch: int, nonce: str) -> Village:
    """The station takes the GRANT and writes on."""
    fresh = village.granted(grant, epoch)
    fresh.boot = 1
    fresh.tell("station.started", version="0.2.0")
    assert county.deliver(fresh, nonce).applied == fresh.position(1)
    return fresh


def test_a_rolled_back_station_is_granted_a_new_epoch_and_goes_on(
    county: County, village: Village
) -> None:
    county.deliver(village)
    old = village.cut(3)
    assert county.welcome(old, "n2").verdict == "rollback"
    grant = county.grant(village)

    told = county.welcome(old, "n3")
    body = fetch(county, village, told.grant)
    fresh = go_on(county, village, told.grant, body.epoch, "n4")

    assert (told.verdict, told.grant, told.session) == ("new_epoch", grant, "")
    assert (body.grant, body.station, body.epoch) == (grant, "pingshang", 2)
    assert (body.parent, body.tail) == (village.position(7), village.facts)
    assert county.open_alarms() == set()
    assert [(row["epoch"], row["seq"]) for row in county.rows(FACTS)] == [
        *((1, seq) for seq in range(1, 8)),
        (2, 1),
    ]
    assert county.welcome(fresh, "n5").verdict == "ok"
    (row,) = county.rows(GRANTS)
    assert (row["reason"], row["fetched_ms"], row["taken_ms"]) == ("a new card", NOON_MS, NOON_MS)


def test_a_blank_card_gets_the_fence_and_the_place_of_the_state_stream(
    county: County, village: Village
) -> None:
    county.deliver(village)
    told = msgspec.structs.replace(village.hello("n2"), fence=41, state_seq=7, boot=9)
    county.ingest.handle(village.station, told)
    blank = Village()
    county.grant(village)
    welcome = county.welcome(blank, "n3")
    assert welcome.verdict == "new_epoch"
    body = fetch(county, village, welcome.grant)
    assert (body.fence, body.state_seq, body.boot) == (41, 7, 9)


def test_the_fence_is_above_every_command_that_was_ever_sent(
    county: County, village: Village
) -> None:
    county.deliver(village)
    command = dict.fromkeys((column.name for column in COMMANDS.c), "")
    numbers = {"cell": 3, "asked_ms": 1, "seq": 99, "not_after_ms": 1, "changed_ms": 1}
    with county.database.write() as connection:
        row = {**command, **numbers, "settled": False, "station": village.station}
        connection.execute(COMMANDS.insert(), row)
    assert fetch(county, village, county.grant(village)).fence == 99


def test_no_fact_is_taken_between_the_order_and_the_new_epoch(
    county: County, village: Village
) -> None:
    session = county.welcome(village).session
    county.send(village, village.batch(session, 0, 5))
    county.grant(village)

    late = county.send(village, village.batch(session, 5))

    assert (late.note, late.applied.seq) == ("stale_session", 5)
    assert county.welcome(village, "n2").verdict == "new_epoch"


def test_late_facts_of_the_epoch_that_is_over_are_kept_apart(
    county: County, village: Village
) -> None:
    session = county.welcome(village).session
    county.send(village, village.batch(session, 0, 5))
    go_on(county, village, county.grant(village), 2, "n2")

    ack = county.send(village, village.batch(session, 4))
    again = county.send(village, village.batch(session, 0, 5))

    assert (ack.note, again.note) == ("fork", "stale_session")
    assert [row["fact"] for row in county.rows(FORK_STORE)] == village.facts[5:]
    assert len(county.rows(FACTS)) == 6
    assert county.open_alarms() == {("pingshang", "fork")}


def test_the_card_of_the_epoch_that_is_over_ends_nobodys_talk(
    county: County, village: Village
) -> None:
    county.deliver(village)
    grant = county.grant(village)
    fresh = go_on(county, village, grant, 2, "n2")
    session = county.welcome(fresh, "n3").session

    verdicts = [county.welcome(village, nonce).verdict for nonce in ("n4", "n5")]

    assert verdicts == ["fork", "fork"]
    fresh.tell("door.forced", cell=3)
    assert county.send(fresh, fresh.batch(session, 1)).note == ""
    assert county.open_alarms() == {("pingshang", "fork")}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _grant: "",
        lambda grant: grant[:-1] + ("0" if grant[-1] != "0" else "1"),
        lambda grant: grant.replace(".7.", ".6."),
        lambda _grant: "nonsense",
    ],
)
def test_an_epoch_without_a_true_grant_is_a_fork(
    tmp_path: Path, village: Village, spoil: object
) -> None:
    assert callable(spoil)
    with open_county(tmp_path) as county:
        county.deliver(village)
        grant = county.grant(village)
    with open_county(tmp_path / "other") as county:  # the same key, but it never heard of it
        county.deliver(village)
        fresh = village.granted(grant, 2)
        fresh.grant = spoil(grant)
        assert county.welcome(fresh, "n2").verdict == "fork"
        assert county.open_alarms() == {("pingshang", "fork")}


def test_a_grant_of_one_station_is_none_for_another_and_none_for_another_epoch(
    county: County, village: Village
) -> None:
    county.deliver(village)
    grant = county.grant(village)
    other = Village("shexi")
    other.tell("station.started", version="0.1.0")
    county.deliver(other)
    stolen = other.granted(grant, 2)
    assert county.welcome(stolen, "n2").verdict == "fork"
    assert county.welcome(village.granted(grant, 3), "n3").verdict == "fork"


def old_copy(folder: Path) -> bytes:
    return (folder / "county.db").read_bytes()


def put_back(folder: Path, copy: bytes) -> None:
    for end in ("-wal", "-shm"):
        (folder / f"county.db{end}").unlink(missing_ok=True)
    (folder / "county.db").write_bytes(copy)


def test_a_county_that_was_put_back_honours_a_grant_that_it_no_longer_remembers(
    tmp_path: Path, village: Village
) -> None:
    with open_county(tmp_path) as county:
        county.deliver(village)
    copy = old_copy(tmp_path)
    with open_county(tmp_path) as county:
        fresh = go_on(county, village, county.grant(village), 2, "n2")
    put_back(tmp_path, copy)

    with open_county(tmp_path) as county:
        assert county.rows(GRANTS) == []
        assert county.deliver(fresh, "n3").applied == fresh.position(1)
        assert county.open_alarms() == set()
        (row,) = county.rows(EPOCHS)
        assert (row["parent_seq"], row["grant_id"]) == (7, fresh.grant)


def test_a_county_put_back_to_before_the_parent_notes_the_gap_and_goes_on(
    tmp_path: Path, village: Village
) -> None:
    with open_county(tmp_path) as county:
        session = county.welcome(village).session
        county.send(village, village.batch(session, 0, 4))
    copy = old_copy(tmp_path)
    with open_county(tmp_path) as county:
        county.send(village, village.batch(session, 4))
        fresh = go_on(county, village, county.grant(village), 2, "n2")
    put_back(tmp_path, copy)

    with open_county(tmp_path) as county:
        assert county.deliver(fresh, "n3").applied == fresh.position(1)
        assert county.open_alarms() == {("pingshang", "gap")}
        (gap,) = county.rows(GAPS)
        assert (gap["epoch"], gap["first"], gap["last"], gap["settled_ms"]) == (1, 5, 7, None)
        # And if that card is lost as well, the next one is told what nobody knows any more.
        county.grant(fresh)
        body = fetch(county, fresh, county.welcome(fresh, "n4").grant)
        assert body.parent == fresh.position(1)
        assert body.gaps == [GrantGap(epoch=1, first=5, last=7, hash=village.hashes[7].hex())]
        assert body.tail == [*village.facts[:4], *fresh.facts]


def test_what_the_replaced_card_told_a_county_that_was_put_back_is_kept_apart_again(
    tmp_path: Path, village: Village
) -> None:
    with open_county(tmp_path) as county:
        county.deliver(village)
        before = county.rows(CELLS), county.rows(PARCELS)
    copy = old_copy(tmp_path)
    with open_county(tmp_path) as county:
        fresh = go_on(county, village, county.grant(village), 2, "n2")
    put_back(tmp_path, copy)

    with open_county(tmp_path) as county:
        longer = village.copy()
        longer.pick_up(WAYBILL, 7)
        county.deliver(longer, "n3")
        assert county.welcome(fresh, "n4").verdict == "ok"
        assert (county.rows(CELLS), county.rows(PARCELS)) == before
        assert [row["fact"] for row in county.rows(FORK_STORE)] == longer.facts[7:]
        assert [row["fact"] for row in county.rows(FACTS)] == village.facts
        assert county.open_alarms() == {("pingshang", "fork")}


def test_no_epoch_is_ever_granted_twice_whatever_was_put_back(
    tmp_path: Path, village: Village
) -> None:
    with open_county(tmp_path) as county:
        county.deliver(village)
    copy = old_copy(tmp_path)
    granted = []
    for number in range(4):
        with open_county(tmp_path) as county:
            county.grant(village)
            granted.append(
                fetch(county, village, county.welcome(village, f"g{number}").grant).epoch
            )
        put_back(tmp_path, copy)
    assert granted == [2, 3, 4, 5]


def test_an_epoch_that_a_station_brings_is_never_granted_again(
    tmp_path: Path, village: Village
) -> None:
    with open_county(tmp_path / "first") as county:
        county.deliver(village)
        fresh = go_on(county, village, county.grant(village), 2, "n2")
    with open_county(tmp_path / "anew") as county:  # the disk is gone, the key is not
        county.deliver(village)
        assert county.welcome(fresh, "n2").verdict == "ok"
        county.grant(village)
        assert fetch(county, village, county.welcome(fresh, "n3").grant).epoch == 3


def test_an_order_that_never_reached_the_disk_leaves_its_epoch_unused(
    tmp_path: Path, village: Village
) -> None:
    with open_county(tmp_path) as county:
        county.deliver(village)
        with fail_at(county.database, 6), pytest.raises(StoreError):
            county.grant(village)
    with open_county(tmp_path) as again:
        assert again.rows(GRANTS) == []
        grant = again.grant(village)
        assert fetch(again, village, grant).epoch == 3


def test_a_second_order_takes_the_place_of_the_first(county: County, village: Village) -> None:
    county.deliver(village)
    first = county.grant(village)
    second = county.grant(village)

    assert county.welcome(village.granted(first, 2), "n2").grant == second
    go_on(county, village, second, 3, "n3")
    assert county.welcome(village.granted(first, 2), "n4").verdict == "fork"


def test_nobody_else_fetches_a_grant_and_a_taken_one_is_given_no_more(
    county: County, village: Village
) -> None:
    county.deliver(village)
    grant = county.grant(village)
    desk = GrantDesk(county.database, lambda: NOON_MS)
    stranger = Village("shexi")
    assert list(desk.hear(stranger.station, GrantAsk(grant=grant, index=0))) == []
    assert list(desk.hear(village.station, GrantAsk(grant=grant, index=1))) == []
    assert list(desk.hear(village.station, GrantAsk(grant=grant, index=-1))) == []
    go_on(county, village, grant, 2, "n2")
    assert list(desk.hear(village.station, GrantAsk(grant=grant, index=0))) == []


def test_a_station_that_is_not_ours_gets_no_grant(county: County, village: Village) -> None:
    with pytest.raises(Refused):
        county.grant(village)


def test_a_spoilt_list_of_epochs_stops_every_grant(county: County, village: Village) -> None:
    county.deliver(village)
    (county.folder / EPOCHS_FILE).write_text("not a list", encoding="utf-8")
    with pytest.raises(StoreError, match="granted twice"):
        county.grant(village)


def test_the_name_of_a_grant_says_where_it_begins(county: County, village: Village) -> None:
    county.deliver(village)
    assert grant_parent(county.grant(village)) == village.position(7)
    assert grant_parent("1.2.3") is None


def test_a_grant_of_an_epoch_follows_the_epoch_before_it(county: County, village: Village) -> None:
    county.deliver(village)
    second = go_on(county, village, county.grant(village), 2, "n2")
    third_grant = county.grant(second)
    body = fetch(county, second, third_grant)
    third = go_on(county, second, third_grant, 3, "n3")

    assert (body.parent, body.tail) == (second.position(1), village.facts + second.facts)
    assert county.welcome(third, "n4").applied == third.position(1)


def test_a_database_of_an_older_software_gets_the_tables_of_sync(tmp_path: Path) -> None:
    with open_county(tmp_path) as county, county.database.write() as connection:
        for table in (EPOCHS, GRANTS, GAPS):
            table.drop(connection)
    database = Database.open(tmp_path)
    with database.read() as connection:
        assert connection.execute(GRANTS.select()).all() == []
    database.close()
