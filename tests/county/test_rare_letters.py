"""What the desks say when nothing concerns them, and what they make of words that came too late."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from cloud_sync.county import alarms
from cloud_sync.county.commands.asking import OpenAsk, list_commands
from cloud_sync.county.commands.desk import CommandError
from cloud_sync.county.commands.telling import follow, state_sentence
from cloud_sync.county.desk import Desk
from cloud_sync.county.histories import gaps
from cloud_sync.county.histories.grants import GrantDesk
from cloud_sync.county.histories.pictures import put_up, rebuild
from cloud_sync.county.histories.snapshots import SnapshotDesk
from cloud_sync.county.ingest import ledger
from cloud_sync.county.ingest.ingest import Ingest
from cloud_sync.county.ingest.ledger import Place, register_listed
from cloud_sync.county.ingest.projections import Tables
from cloud_sync.county.local_socket import LocalSocket
from cloud_sync.county.questions.desk import QuestionDesk
from cloud_sync.county.stream import shelf
from cloud_sync.county.tables import ALARMS, CELLS, GAPS, PARCELS, STATIONS
from cloud_sync.wire.envelope import decode
from cloud_sync.wire.live import LIVES_MS
from cloud_sync.wire.messages import Answer, Ask, Batch, Goodbye, Position, StateAck
from cloud_sync.wire.snapshot import SnapshotBody
from edge.kernel.errors import StoreError
from edge.kernel.ids import StationId
from tests.county.command_center import HERE, Center, accepted, ended
from tests.county.stream_ends import PINGSHANG, Far, Near, notice
from tests.county.test_database import fail_at
from tests.county.test_grants import go_on
from tests.county.test_snapshots import packed, parcel, picture, pieces
from tests.county.village import NOON_MS, ON_COMMIT, County, Village, draw, open_county

WAYBILL = "YT7700123456"


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with open_county(tmp_path / "county") as opened:
        yield opened


@pytest.fixture
def center(county: County) -> Center:
    return Center(county)


@pytest.fixture
def village() -> Village:
    village = Village()
    village.check_in(WAYBILL, 7)
    return village


# -- desks that have nothing to say


DESKS: dict[str, Callable[[County], Desk]] = {
    "grants": lambda county: GrantDesk(county.database, lambda: NOON_MS),
    "snapshots": lambda county: SnapshotDesk(county.database, lambda: NOON_MS),
    "questions": lambda county: QuestionDesk(county.database, mono_ms=lambda: 1_000),
    "commands": lambda county: Center(county).desk,
}


@pytest.mark.parametrize("name", list(DESKS))
def test_a_desk_that_nothing_concerns_says_nothing(county: County, name: str) -> None:
    desk = DESKS[name](county)
    said = [
        *desk.hear(HERE, Goodbye(clean=True)),
        *desk.welcomed(HERE, "s1", 0, ""),
        *desk.committed(HERE),
        *desk.tick(),
    ]
    assert said == []


def test_a_question_while_the_database_cannot_be_read_is_not_known(county: County) -> None:
    desk = QuestionDesk(county.database, mono_ms=lambda: 1_000)
    ask = Ask(question="q1", kind="parcel.where", body={"waybill_no": WAYBILL})

    def known(asked: Ask) -> bool:
        (letter,) = desk.hear(HERE, asked)
        assert isinstance(letter.message, Answer)
        return letter.message.known

    assert not known(msgspec.structs.replace(ask, kind="of.nobody"))

    def unreadable(*_asked: object) -> None:
        raise StoreError("the disk is ill")

    ill = QuestionDesk(
        county.database, mono_ms=lambda: 1_000, answerers={"parcel.where": unreadable}
    )
    (letter,) = ill.hear(HERE, ask)
    assert isinstance(letter.message, Answer)
    assert not letter.message.known
    assert list(desk.hear(HERE, msgspec.structs.replace(ask, question="q" * 1_000))) == []


# -- live commands


def test_facts_that_settle_a_command_end_the_waiting_of_their_own_station_alone(
    center: Center,
) -> None:
    with center.county.database.write() as connection:
        ledger.register(connection, "taoyuan", "桃源")
    command, other = center.sent(), center.desk.open_cell(StationId("taoyuan"), 1, "王", "x", "")
    center.tick()
    center.facts(accepted(command), ended(command, "opened"))
    assert center.state(command.command) == ("opened", "")
    center.tick(LIVES_MS)
    assert center.state(command.command) == ("opened", ""), "nobody waited for it any more"
    assert center.state(other) == ("no_answer", "not_sent")


def test_what_another_worker_has_settled_is_not_given_up(center: Center) -> None:
    command = center.sent()
    for kind, body in (accepted(command), ended(command, "opened")):
        center.village.tell(kind, **body)
    center.county.deliver(center.village, "n9")  # and this desk was not told
    center.tick(LIVES_MS)
    assert center.state(command.command) == ("opened", "")


def test_a_command_that_facts_alone_tell_of_is_over_at_the_next_start(center: Center) -> None:
    strange = msgspec.structs.replace(center.sent(), command="m-of-another-county", seq=99)
    center.facts(ended(strange, "opened"))
    assert center.desk.read(strange.command) is None
    center.facts(accepted(strange))
    assert center.state(strange.command) == ("accepted", "")
    center.desk = center.start()
    center.tick()
    assert center.state(strange.command) == ("no_answer", "")


def test_an_ask_names_a_station_a_cell_an_operator_and_a_reason(center: Center) -> None:
    ask = OpenAsk(center.desk, patience_s=0)
    for half in ({}, {"cell": "7"}, {"cell": 7, "operator": 7}):
        with pytest.raises(CommandError, match="name a station"):
            list(ask(half))
    asked = {"station": HERE, "cell": 7, "operator": "王某", "reason": "x"}
    assert list(ask(asked)) == [], "patience is over at once"


def test_commands_are_listed_for_one_station_or_for_all(center: Center) -> None:
    command = center.sent().command
    assert [row["command"] for row in list_commands(center.county.database)] == [command]
    assert [row["command"] for row in list_commands(center.county.database, HERE)] == [command]
    assert list_commands(center.county.database, StationId("taoyuan")) == []


def test_a_state_is_told_in_words_that_claim_no_more_than_is_known(tmp_path: Path) -> None:
    assert "not" in state_sentence("no_answer", "not_sent", "en")
    assert state_sentence("no_answer", "", "en") != state_sentence("no_answer", "not_sent", "en")
    assert "a_word_of_tomorrow" in state_sentence("refused", "a_word_of_tomorrow", "en")
    socket = LocalSocket(tmp_path)
    lines = ({"alive": True}, {"command": "m-1", "state": "opened", "result": ""})
    socket.answers("open", lambda _asked: iter(lines))
    socket.start()
    try:
        assert [state for state, _said in follow(tmp_path, station=HERE)] == ["opened"]
    finally:
        socket.stop()


# -- histories


def place(village: Village, seq: int) -> Place:
    return Place(epoch=village.epoch, seq=seq, hash=village.hashes[seq])


def test_a_parent_reaches_only_along_our_own_history(county: County, village: Village) -> None:
    county.deliver(village)
    here, older = place(village, village.seq), place(village, 3)
    beyond = Place(epoch=1, seq=village.seq + 4, hash=b"b" * 32)
    start = Place(epoch=2, seq=0, hash=b"s" * 32)
    with county.database.write() as connection:

        def reaches(ours: Place, parent: Place) -> bool:
            return gaps.reach(connection, village.station, ours, parent, NOON_MS)

        assert reaches(here, here)
        assert not reaches(Place(epoch=2, seq=0, hash=b""), here)
        assert not reaches(here, Place(epoch=1, seq=3, hash=b"x" * 32))
        assert reaches(here, start), "an epoch that ended before its first fact leaves no gap"
        assert connection.execute(select(GAPS)).all() == []
        assert reaches(here, beyond)
        (gap,) = connection.execute(select(GAPS)).all()
        assert (gap.first, gap.last) == (village.seq + 1, beyond.seq)
        assert reaches(here, older)
    assert [row["waybill_no"] for row in county.rows(PARCELS)] == [WAYBILL]


def test_a_grant_whose_parent_is_not_our_history_begins_nothing(
    county: County, village: Village, tmp_path: Path
) -> None:
    county.deliver(village)
    grant = county.grant(village)
    other = Village()
    other.check_in("SF1234567890", 3)
    with open_county(tmp_path / "put back") as put_back:
        put_back.deliver(other)
        assert put_back.welcome(village.granted(grant, 2), "n2").verdict == "fork"
        (row,) = put_back.rows(STATIONS)
        assert (row["epoch"], row["seq"]) == (1, other.seq)


def test_a_snapshot_of_nothing_leaves_no_cell_and_loses_sight_of_every_parcel(
    county: County, village: Village
) -> None:
    county.deliver(village)
    nothing = SnapshotBody(state=msgspec.Raw(b"{}"), cells=[], parcels=[])
    with county.database.write() as connection:
        put_up(connection, village.station, nothing, village.seq, NOON_MS)
    assert county.rows(CELLS) == []
    assert [row["ended_ms"] for row in county.rows(PARCELS)] == [NOON_MS]
    with county.database.write() as connection:
        rebuild(connection, village.station, place(village, village.seq), NOON_MS)
    assert [row["cell"] for row in county.rows(CELLS)] == [7]


def test_the_tables_are_rebuilt_from_a_snapshot_that_lies_before_the_end(
    county: County, village: Village
) -> None:
    county.deliver(village)
    desk = SnapshotDesk(county.database, lambda: NOON_MS)
    welcome = county.welcome(village, "n2")
    data = packed(cells=[picture(9, "SF1234567890")], parcels=[parcel("SF1234567890", 9)])
    for piece in pieces(village, welcome.session, 2, data):
        desk.hear(village.station, piece)
    with county.database.write() as connection:
        rebuild(connection, village.station, place(village, village.seq), NOON_MS)
    assert {row["cell"] for row in county.rows(CELLS)} == {7, 9}


# -- ingest


def test_facts_fold_in_memory_alone_too() -> None:
    village = Village()
    village.check_in(WAYBILL, 7)
    facts = [decode(fact) for fact in village.facts]
    tables = Tables("pingshang")
    tables.expect(facts)
    assert tables.parcels.get(WAYBILL) is None
    for fact in facts:
        tables.fold(fact)
    assert [row["waybill_no"] for row in tables.save().parcels.all()] == [WAYBILL]


def test_of_a_parcel_whose_beginning_nobody_could_read_no_row_is_made() -> None:
    village = Village()
    village.tell("parcel.phone_tail_noted", waybill_no=WAYBILL, phone_tail="4711")
    village.tell("parcel.stored", waybill_no=WAYBILL, cell=7)
    tables = Tables("pingshang")
    for fact in village.facts:
        tables.fold(decode(fact))
    assert tables.parcels.all() == []


def test_a_station_that_the_settings_name_keeps_its_row_and_takes_their_name(
    county: County, village: Village
) -> None:
    county.deliver(village)
    with county.database.write() as connection:
        register_listed(connection, [("pingshang", "坪上"), ("taoyuan", "桃源")])
    rows = {row["station"]: (row["name"], row["seq"]) for row in county.rows(STATIONS)}
    assert rows == {"pingshang": ("坪上", village.seq), "taoyuan": ("桃源", 0)}


def test_without_a_word_on_whom_it_admits_only_listed_stations_are_heard(
    county: County, village: Village
) -> None:
    ingest = Ingest(
        county.database,
        granting=county.granting,
        durable=ON_COMMIT,
        clock_ms=lambda: NOON_MS,
        draw=draw,
        metrics=county.metrics,
    )
    answer = ingest.handle(village.station, village.hello())
    assert getattr(answer, "verdict", "") == "unknown_station"
    with county.database.write() as connection:
        register_listed(connection, [("pingshang", "坪上")])
    answer = ingest.handle(village.station, village.hello("n2"))
    assert getattr(answer, "verdict", "") == "ok"


def test_of_newer_generations_the_newest_is_remembered(county: County, village: Village) -> None:
    for told in ("9", "12", "10"):
        village.county_gen = f"{told}-{'ab' * 16}"
        assert county.ingest.handle(village.station, village.hello(told)) is None
    (alarm,) = county.rows(ALARMS)
    assert alarm["kind"] == alarms.OLDER_GENERATION
    assert county.dropped("older_generation") == 3


def test_batches_of_an_epoch_that_is_over_or_to_come_change_nothing(
    county: County, village: Village
) -> None:
    county.deliver(village)
    after = go_on(county, village, county.grant(village), 2, "n2")
    empty = Batch(session="s", previous=village.position(2), facts=[], last="")
    assert county.send(village, empty).note == "stale_session"
    welcome = county.welcome(after, "n3")
    to_come = Position(epoch=7, seq=0, hash="0" * 64)
    batch = msgspec.structs.replace(village.batch(welcome.session, 0, 1), previous=to_come, last="")
    ack = county.send(after, batch)
    assert ack.applied == welcome.applied
    assert ack.note


# -- the state stream


@pytest.fixture
def near(tmp_path: Path) -> Iterator[Near]:
    near = Near(tmp_path / "stream")
    yield near
    near.database.close()


def test_a_number_that_no_column_holds_opens_no_stream(near: Near) -> None:
    near.put(PINGSHANG, "notice", "n1", notice("停电"))
    assert list(near.desk.welcomed(PINGSHANG, "s1", -1, "")) == []
    assert list(near.desk.welcomed(PINGSHANG, "s1", 2**60, "")) == []


def test_the_same_session_welcomed_again_goes_on_where_it_was(near: Near) -> None:
    near.put(PINGSHANG, "notice", "n1", notice("停电"))
    far = Far(PINGSHANG)
    told = far.hello()
    (first,) = near.desk.welcomed(*told)
    (ack,) = far.hear(first.message)
    assert isinstance(ack, StateAck)
    assert list(near.desk.hear(PINGSHANG, ack)) == []
    assert list(near.desk.welcomed(*told)) == []
    with near.database.write() as connection:
        assert shelf.acknowledge(connection, PINGSHANG, ack.seq), "once more is no harm"
        assert not shelf.acknowledge(connection, PINGSHANG, ack.seq + 1)


def test_a_disk_that_fails_under_a_word_is_told_to_whoever_said_it_and_ends_the_desk(
    near: Near,
) -> None:
    said = near.desk.say(PINGSHANG, "notice", "n1", notice("停电"))
    with fail_at(near.database, 1), pytest.raises(StoreError):
        near.desk.tick()
    with pytest.raises(StoreError):
        said.result(0)
