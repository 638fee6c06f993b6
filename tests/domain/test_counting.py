"""After another card took over: codes still open doors, and the keeper counts."""

from edge.domain.answers import Answer, CellReason, Refusal
from edge.domain.cabinet import Occupancy
from edge.domain.facts import CellQuestioned, StationStarted
from edge.domain.inputs import CountSigned, CountyJudged, SnapshotKept, StationBooted
from edge.domain.journal_facts import (
    EpochCountSigned,
    EpochStarted,
    JournalJudged,
    SnapshotNoted,
)
from edge.domain.parcel import Stage
from tests.domain.house import LI, ONE, SF, TAIL, YT, House, heard, refusal, slip_of

BEGAN = EpochStarted(
    parent_epoch=1,
    parent_seq=40,
    parent_hash="ab" * 32,
    grant="g-1",
    reason="换卡",
    fence=7,
    snapshot="cd" * 32,
)


def taken_over(house: House) -> House:
    """The same village on a new card: nobody has seen a door yet."""
    house.boot += 1
    house.mono_ms = 20
    house.tell(StationBooted(at=house.now, version="test", epoch=BEGAN))
    return house


def sign(house: House) -> str:
    return heard(house.tell(CountSigned(at=house.now, keeper=LI))).key


def test_an_epoch_begins_with_the_grant_and_then_with_the_start() -> None:
    house = taken_over(House().open_shop())
    assert house.news()[:2] == (BEGAN, StationStarted(version="test"))
    assert house.state.counting
    assert house.state.remote.fence == 7
    assert house.replayed() == house.state


def test_a_code_of_before_opens_its_door_while_nothing_is_counted_yet() -> None:
    house = House().open_shop()
    slip = slip_of(house.check_in())
    taken_over(house).see_all_shut()
    assert house.code(slip.digits, TAIL).ok
    house.opens(ONE)
    house.shuts(ONE)
    assert house.stage() is Stage.PICKED_UP


def test_parcels_are_checked_in_while_nothing_is_counted_yet() -> None:
    house = taken_over(House()).open_shop()
    house.check_in(SF)
    assert house.stage(SF) is Stage.STORED


def test_a_door_that_is_found_open_is_questioned_even_if_somebody_was_at_it_in_the_snapshot() -> (
    None
):
    house = House().open_shop()
    slip = slip_of(house.check_in())
    house.code(slip.digits, TAIL)
    taken_over(house)
    house.opens(ONE)
    assert CellQuestioned(cell=ONE, reason=CellReason.FORCED) in house.news()
    assert house.cell(ONE) is Occupancy.QUESTIONED


def test_the_keeper_signs_the_count_once_no_cell_is_in_doubt() -> None:
    house = House().open_shop()
    house.check_in()
    taken_over(house)
    house.opens(ONE)
    house.enter()
    assert refusal(lambda: sign(house)) == Refusal.CELLS_IN_DOUBT
    house.shuts(ONE)
    house.looks_into(ONE)
    house.inspect(ONE, YT)
    assert sign(house) == Answer.COUNT_SIGNED
    assert house.facts(EpochCountSigned) == [EpochCountSigned(keeper=LI)]
    assert not house.state.counting
    assert house.replayed() == house.state


def test_nobody_signs_who_is_not_signed_in_and_a_second_signature_is_no_news() -> None:
    house = taken_over(House())
    assert refusal(lambda: sign(house)) == Refusal.NOT_SIGNED_IN
    house.see_all_shut()
    house.enter()
    assert (sign(house), sign(house)) == (Answer.COUNT_SIGNED, Answer.COUNT_SIGNED)
    assert len(house.facts(EpochCountSigned)) == 1


def test_a_snapshot_is_told_and_changes_nothing() -> None:
    house = House().open_shop()
    before = house.state
    house.tell(SnapshotKept(at=house.now, seq=9, digest="ef" * 32, ran_ms=1_000))
    assert house.news() == (SnapshotNoted(seq=9, digest="ef" * 32, ran_ms=1_000),)
    assert house.state == before


def judge(house: House, verdict: str) -> None:
    house.tell(CountyJudged(at=house.now, verdict=verdict))


def test_an_old_image_opens_no_door_by_code_and_takes_nothing_in_until_a_grant() -> None:
    house = House().open_shop()
    slip = slip_of(house.check_in())
    before = len(house.pulses)
    judge(house, "rollback")
    assert house.code(slip.digits, TAIL).key == "ask_keeper"
    assert house.token(slip.token).key == "ask_keeper"
    assert heard(house.scan(SF)).key == "journal_doubted"
    assert len(house.pulses) == before
    taken_over(house).see_all_shut()
    assert house.code(slip.digits, TAIL).ok
    assert house.replayed() == house.state


def test_from_an_old_image_the_keeper_hands_parcels_out() -> None:
    house = House().open_shop()
    house.check_in()
    judge(house, "rollback")
    house.release(YT)
    assert house.pulses[-1].cell == ONE


def test_a_verdict_is_told_once_and_taken_back_when_nothing_is_missing_after_all() -> None:
    house = House().open_shop()
    for verdict in ("ok", "fork", "rollback", "rollback", "fork", "ok", "ok"):
        judge(house, verdict)
    assert [fact.verdict for fact in house.facts(JournalJudged)] == ["rollback", "ok"]
    assert not house.state.doubted
