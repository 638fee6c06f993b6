"""The uplink where the county says something else than "go on": verdicts, pace, gaps."""

import pytest
from msgspec.structs import replace as changed

from cloud_sync.station.ports import Cursor
from cloud_sync.station.uplink import (
    ANSWER_MS,
    MOST_PACE_MS,
    Acknowledged,
    FetchGrant,
    Flight,
    JournalGrew,
    LinkRose,
    Phase,
    SaveCursor,
    SendBatch,
    SendHello,
    SendPiece,
    TimePassed,
    Told,
    Unknown,
    Welcomed,
)
from cloud_sync.wire.messages import Ack, Position, SnapshotTaken, Welcome
from tests.sync.test_uplink import Talk, ack, opened, place, welcome

BASE = place(10)
AT = place(14)


def greeted(head_seq: int, cursor: Cursor | None = None) -> Talk:
    talk = Talk(head_seq, cursor)
    talk.tell(LinkRose())
    return talk


def taken(next_piece: int, session: str = "s1") -> SnapshotTaken:
    return SnapshotTaken(session=session, at_seq=AT.seq, digest="d", next=next_piece)


# -- verdicts


@pytest.mark.parametrize(
    "verdict", ["rollback", "fork", "clone_suspect", "reenrol", "unknown_station", "new_epoch"]
)
def test_a_verdict_is_shown_and_nothing_is_sent_until_the_county_is_asked_again(
    verdict: str,
) -> None:
    talk = greeted(3)
    assert talk.tell(Welcomed(welcome(1, verdict=verdict), place(1))) == ()
    assert (talk.uplink.phase, talk.uplink.verdict) == (Phase.HELD, verdict)
    assert talk.tell(JournalGrew(4)) == ()
    assert talk.wait() == (SendHello("n2"),)


def test_a_word_of_a_newer_county_reads_as_refused() -> None:
    talk = greeted(3)
    talk.tell(Welcomed(welcome(1, verdict="full_moon"), place(1)))
    assert talk.uplink.verdict == "refused"


def test_a_waiting_grant_is_fetched() -> None:
    talk = greeted(3)
    granted = with_grant("g-7")
    assert talk.tell(Welcomed(granted, place(1))) == (FetchGrant("g-7"),)
    assert talk.uplink.verdict == "new_epoch"
    assert talk.wait() == (SendHello("n2"),)


def with_grant(grant: str) -> Welcome:
    return changed(welcome(1, verdict="new_epoch"), grant=grant)


def test_a_county_that_does_not_know_our_key_is_asked_again_later() -> None:
    talk = greeted(3)
    assert talk.tell(Unknown()) == ()
    assert (talk.uplink.phase, talk.uplink.verdict) == (Phase.HELD, "unknown_station")
    assert talk.wait() == (SendHello("n2"),)


def test_outside_of_a_greeting_nobody_is_unknown() -> None:
    talk = opened(3, 3)
    before = talk.uplink
    assert talk.tell(Unknown()) == ()
    assert talk.uplink == before


# -- pace


def test_between_two_batches_the_station_rests_as_long_as_the_county_wants() -> None:
    talk = opened(5, 0)
    slow = ack_with_pace(2, 700)
    assert talk.tell(Acknowledged(slow, place(2))) == (SaveCursor(talk.uplink.cursor),)
    assert (talk.uplink.flight, talk.uplink.due_ms) == (Flight.RESTING, talk.now_ms + 700)
    assert talk.tell(JournalGrew(6)) == ()
    assert talk.wait() == (SendBatch("s1", 2, empty=False),)


def test_before_the_first_batch_too_the_station_rests_as_long_as_the_county_wants() -> None:
    talk = greeted(5)
    (_save,) = talk.tell(Welcomed(changed(welcome(2), pace_ms=4_000), place(2)))
    assert (talk.uplink.phase, talk.uplink.due_ms) == (Phase.OPEN, talk.now_ms + 4_000)
    assert talk.tell(JournalGrew(6)) == ()
    assert talk.wait() == (SendBatch("s1", 2, empty=False),)


def test_a_rest_with_nothing_to_send_ends_in_quiet() -> None:
    talk = opened(2, 0)
    talk.tell(Acknowledged(ack_with_pace(2, 700), place(2)))
    assert talk.wait() == ()
    assert talk.uplink.flight is Flight.NOTHING
    assert talk.tell(JournalGrew(3)) == (SendBatch("s1", 2, empty=False),)


@pytest.mark.parametrize(("told", "rest"), [(10**12, MOST_PACE_MS), (-5, None)])
def test_no_county_can_put_us_to_sleep_for_ever(told: int, rest: int | None) -> None:
    talk = opened(5, 0)
    talk.tell(Acknowledged(ack_with_pace(2, told), place(2)))
    if rest is None:
        assert talk.uplink.flight is Flight.BATCH
    else:
        assert talk.uplink.due_ms == talk.now_ms + rest


def ack_with_pace(seq: int, pace_ms: int) -> Ack:
    return changed(ack(seq), pace_ms=pace_ms)


@pytest.mark.parametrize(("told", "most"), [(50, 50), (0, 1), (-3, 1)])
def test_a_batch_holds_no_more_facts_than_the_county_wants(told: int, most: int) -> None:
    talk = greeted(5)
    (_save, sent) = talk.tell(Welcomed(changed(welcome(0), max_facts=told), place(0)))
    assert sent == SendBatch("s1", 0, empty=False, max_facts=most)


# -- gaps


def filling() -> Talk:
    """The county was put back to fact 4; we keep nothing up to fact 10."""
    talk = greeted(20, Cursor(county_gen="g1", applied_seq=18, durable_seq=12))
    talk.tell(Welcomed(welcome(4, gen="g2"), None, BASE))
    return talk


def test_a_county_older_than_what_we_keep_gets_the_snapshot_and_the_gap_is_said() -> None:
    talk = filling()
    cursor = Cursor(county_gen="g2", applied_seq=4, durable_seq=0)
    assert talk.actions == (SaveCursor(cursor), SendPiece("s1", 5, 0))
    assert talk.uplink.phase is Phase.FILLING
    assert talk.uplink.cursor == cursor  # so that nothing more is pruned


def test_its_pieces_go_as_the_county_asks_and_then_everything_is_settled_anew() -> None:
    talk = filling()
    assert talk.tell(Told(taken(1), AT, 3)) == (SendPiece("s1", 5, 1),)
    assert talk.tell(Told(taken(2), AT, 3)) == (SendPiece("s1", 5, 2),)
    assert talk.tell(Told(taken(3), AT, 3)) == ()
    assert talk.wait() == (SendHello("n2"),)
    after = Welcomed(welcome(14, gen="g2", nonce="n2"), place(14), BASE)
    cursor = Cursor(county_gen="g2", applied_seq=14)
    assert talk.tell(after) == (SaveCursor(cursor), SendBatch("s1", 14, empty=False))


def test_repeated_and_late_answers_have_no_piece_sent_before_the_wait_is_over() -> None:
    talk = filling()
    talk.tell(Told(taken(1), AT, 3))
    assert [talk.tell(Told(taken(wanted), AT, 3)) for wanted in (1, 1, 0, 0)] == [()] * 4
    assert talk.wait() == (SendPiece("s1", 5, 0),)  # what was asked for last
    assert talk.tell(Told(taken(1), AT, 3)) == (SendPiece("s1", 5, 1),)


def test_a_piece_without_an_answer_goes_again() -> None:
    talk = filling()
    assert talk.wait() == (SendPiece("s1", 5, 0),)
    assert talk.uplink.silence == 1
    assert talk.tell(TimePassed()) == ()
    assert talk.uplink.due_ms is not None
    assert talk.uplink.due_ms >= talk.now_ms + ANSWER_MS


def test_a_county_that_no_longer_answers_to_pieces_is_greeted_anew() -> None:
    talk = filling()
    talk.wait()
    assert talk.wait() == (SendHello("n2"),)
    assert talk.uplink.phase is Phase.GREETING
    again = Welcomed(welcome(4, gen="g3", nonce="n2"), None, BASE)
    assert talk.tell(again)[-1] == SendPiece("s1", 5, 0)


@pytest.mark.parametrize(
    ("told", "at"), [(taken(1, session="old"), AT), (taken(1), None)], ids=["session", "snapshot"]
)
def test_a_word_on_another_snapshot_changes_nothing(told: SnapshotTaken, at: Position) -> None:
    talk = filling()
    before = talk.uplink
    assert talk.tell(Told(told, at, 3)) == ()
    assert talk.uplink == before


def test_outside_of_a_gap_no_piece_is_sent() -> None:
    talk = opened(3, 3)
    assert talk.tell(Told(taken(0), AT, 3)) == ()


def test_a_county_in_an_epoch_before_ours_gets_the_snapshot_that_ours_began_with() -> None:
    talk = greeted(3, Cursor(county_gen="g1", applied_seq=3))
    base = Position(epoch=2, seq=0, hash="p")
    assert talk.tell(Welcomed(welcome(1, gen="g1"), place(1), base)) == (
        SaveCursor(Cursor(county_gen="g1")),
        SendPiece("s1", 2, 0),
    )


def test_a_county_at_our_first_kept_fact_needs_no_snapshot() -> None:
    talk = greeted(20)
    talk.tell(Welcomed(welcome(10), place(10), BASE))
    assert talk.uplink.phase is Phase.OPEN
