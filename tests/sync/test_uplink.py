"""The uplink, one answer at a time."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_sync.station.ports import Cursor
from cloud_sync.station.uplink import (
    ANSWER_MS,
    BACKOFF_CAP_MS,
    BACKOFF_FIRST_MS,
    HELD_MS,
    PROBE_MS,
    Acknowledged,
    Action,
    Event,
    Flight,
    JournalGrew,
    LinkFell,
    LinkRose,
    Moment,
    Phase,
    SaveCursor,
    SendBatch,
    SendHello,
    TimePassed,
    Uplink,
    Welcomed,
    step,
)
from cloud_sync.wire.messages import Ack, Position, Welcome


def place(seq: int, history: str = "a") -> Position:
    return Position(epoch=1, seq=seq, hash=f"{history}{seq}")


def welcome(
    seq: int, *, gen: str = "g1", verdict: str = "ok", nonce: str = "n1", durable: int = 0
) -> Welcome:
    return Welcome(
        nonce=nonce,
        session="s1",
        county_gen=gen,
        verdict=verdict,
        applied=place(seq),
        durable_seq=durable,
        county_time_ms=0,
    )


def ack(seq: int, *, gen: str = "g1", session: str = "s1", note: str = "", durable: int = 0) -> Ack:
    return Ack(session=session, county_gen=gen, applied=place(seq), durable_seq=durable, note=note)


class Talk:
    """An uplink with the moments of its events; remembers what the last one made it do."""

    def __init__(self, head_seq: int, cursor: Cursor | None = None) -> None:
        self.uplink = Uplink(head_seq=head_seq, cursor=cursor or Cursor())
        self.now_ms = 1_000
        self.actions: tuple[Action, ...] = ()

    def tell(self, event: Event, *, nonce: str = "n1", share: float = 0.0) -> tuple[Action, ...]:
        moment = Moment(now_ms=self.now_ms, nonce=nonce, share=share)
        self.uplink, self.actions = step(self.uplink, event, moment)
        return self.actions

    def wait(self, *, nonce: str = "n2", share: float = 0.0) -> tuple[Action, ...]:
        """Let time pass until something is due."""
        assert self.uplink.due_ms is not None
        self.now_ms = self.uplink.due_ms
        return self.tell(TimePassed(), nonce=nonce, share=share)


def opened(head_seq: int, applied: int) -> Talk:
    """A talk in which the county has just said where it is."""
    talk = Talk(head_seq)
    talk.tell(LinkRose())
    talk.tell(Welcomed(welcome(applied), place(applied)))
    return talk


def test_a_station_greets_as_soon_as_the_broker_takes_it_in() -> None:
    talk = Talk(3)
    assert talk.tell(LinkRose()) == (SendHello("n1"),)
    assert not talk.uplink.online


def test_a_welcome_sets_the_cursor_and_sends_what_the_county_lacks() -> None:
    talk = opened(3, 1)
    assert talk.actions == (
        SaveCursor(Cursor(county_gen="g1", applied_seq=1)),
        SendBatch("s1", 1, empty=False),
    )
    assert (talk.uplink.online, talk.uplink.waiting) == (True, 2)


def test_a_welcome_to_another_hello_changes_nothing() -> None:
    talk = Talk(3)
    talk.tell(LinkRose())
    before = talk.uplink
    assert talk.tell(Welcomed(welcome(1, nonce="replayed"), place(1))) == ()
    assert talk.uplink == before


def test_a_repeated_welcome_does_not_send_the_batch_twice() -> None:
    talk = opened(3, 1)
    assert talk.tell(Welcomed(welcome(1), place(1))) == ()


def test_only_one_batch_is_in_flight() -> None:
    talk = opened(3, 1)
    assert talk.tell(JournalGrew(4)) == ()
    assert talk.tell(Acknowledged(ack(3), place(3))) == (
        SaveCursor(Cursor(county_gen="g1", applied_seq=3)),
        SendBatch("s1", 3, empty=False),
    )


def test_new_facts_leave_at_once_while_nothing_is_in_flight() -> None:
    talk = opened(3, 3)
    assert talk.tell(JournalGrew(4)) == (SendBatch("s1", 3, empty=False),)


def test_an_older_ack_that_comes_again_moves_nothing() -> None:
    talk = opened(5, 1)
    talk.tell(Acknowledged(ack(3), place(3)))
    assert talk.tell(Acknowledged(ack(1), place(1))) == ()
    assert (talk.uplink.cursor.applied_seq, talk.uplink.flight) == (3, Flight.BATCH)


def test_an_ack_whose_hash_is_not_ours_moves_nothing_and_is_settled_by_a_greeting() -> None:
    talk = opened(3, 1)
    assert talk.tell(Acknowledged(ack(3), place(3, "other"))) == ()
    assert talk.uplink.cursor.applied_seq == 1
    assert talk.wait() == (SendHello("n2"),)


@pytest.mark.parametrize(
    "answer",
    [
        ack(1, note="stale_session"),
        ack(1, note="gap"),
        ack(0, note="unknown_station"),
        ack(3, gen="g2"),
    ],
    ids=["stale session", "gap", "unknown station", "new generation"],
)
def test_an_answer_that_does_not_fit_is_settled_by_a_greeting(answer: Ack) -> None:
    talk = opened(3, 1)
    assert talk.tell(Acknowledged(answer, answer.applied), share=0.5) == ()
    assert (talk.uplink.phase, talk.uplink.due_ms) == (Phase.PAUSING, 1_500)
    assert talk.wait() == (SendHello("n2"),)


def test_an_ack_of_another_session_changes_nothing() -> None:
    talk = opened(3, 1)
    before = talk.uplink
    talk.tell(Acknowledged(ack(3, session="s0"), place(3)))
    assert talk.uplink == before


def test_a_restored_county_gets_again_what_it_lost() -> None:
    talk = Talk(5, Cursor(county_gen="g1", applied_seq=5, durable_seq=2))
    talk.tell(LinkRose())
    assert talk.tell(Welcomed(welcome(2, gen="g2", durable=1), place(2))) == (
        SaveCursor(Cursor(county_gen="g2", applied_seq=2, durable_seq=1)),
        SendBatch("s1", 2, empty=False),
    )


def test_a_county_that_forgot_without_saying_so_gets_it_again_too() -> None:
    talk = Talk(5, Cursor(county_gen="g1", applied_seq=5, durable_seq=4))
    talk.tell(LinkRose())
    talk.tell(Welcomed(welcome(2), place(2)))
    assert talk.uplink.cursor == Cursor(county_gen="g1", applied_seq=2, durable_seq=2)


def test_durable_only_grows_and_never_beyond_what_is_applied() -> None:
    talk = opened(5, 1)
    talk.tell(Acknowledged(ack(3, durable=9), place(3)))
    assert talk.uplink.cursor.durable_seq == 3
    talk.tell(Acknowledged(ack(5, durable=-1), place(5)))
    assert talk.uplink.cursor.durable_seq == 3


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("rollback", "rollback"),
        ("fork", "fork"),
        ("unknown_station", "unknown_station"),
        ("<b>", "refused"),
    ],
)
def test_a_county_that_does_not_take_us_gets_no_facts_and_is_asked_later(
    said: str, shown: str
) -> None:
    talk = Talk(3)
    talk.tell(LinkRose())
    assert talk.tell(Welcomed(welcome(1, verdict=said), place(1)), share=0.5) == ()
    assert (talk.uplink.verdict, talk.uplink.online) == (shown, False)
    assert talk.uplink.due_ms == 1_000 + HELD_MS + HELD_MS // 2
    assert talk.tell(JournalGrew(4)) == ()
    assert talk.wait() == (SendHello("n2"),)
    talk.tell(Welcomed(welcome(1, nonce="n2"), place(1)))
    assert (talk.uplink.verdict, talk.uplink.online) == ("", True)


def test_a_county_with_another_history_is_shown_ours_once_and_then_nothing() -> None:
    talk = Talk(3)
    talk.tell(LinkRose())
    assert talk.tell(Welcomed(welcome(2), place(2, "other"))) == (SendBatch("s1", 2, empty=False),)
    assert (talk.uplink.verdict, talk.uplink.cursor) == ("fork", Cursor())


def test_a_county_that_has_more_than_we_have_means_that_we_were_rolled_back() -> None:
    talk = Talk(3)
    talk.tell(LinkRose())
    assert talk.tell(Welcomed(welcome(9), None)) == ()
    assert talk.uplink.verdict == "rollback"


def test_a_fork_that_the_county_sees_in_a_batch_stops_the_sending() -> None:
    talk = opened(3, 1)
    assert talk.tell(Acknowledged(ack(1, note="fork"), place(1))) == ()
    assert (talk.uplink.phase, talk.uplink.verdict) == (Phase.HELD, "fork")


def test_an_unanswered_greeting_is_repeated_once_and_then_made_anew() -> None:
    talk = Talk(3)
    talk.tell(LinkRose())
    said = [talk.wait(nonce=f"later{number}") for number in range(4)]
    assert said == [
        (SendHello("n1"),),
        (SendHello("later1"),),
        (SendHello("later1"),),
        (SendHello("later3"),),
    ]


def test_nothing_is_sent_before_it_is_due() -> None:
    talk = Talk(3)
    talk.tell(LinkRose())
    talk.now_ms += ANSWER_MS - 1
    assert talk.tell(TimePassed()) == ()


def test_a_lost_batch_is_asked_after_and_then_sent_again() -> None:
    talk = opened(3, 1)
    assert talk.wait() == (SendBatch("s1", 1, empty=True),)
    assert talk.tell(Acknowledged(ack(1), place(1))) == (SendBatch("s1", 1, empty=False),)


def test_a_lost_ack_is_asked_after_and_nothing_is_sent_twice() -> None:
    talk = opened(3, 1)
    talk.wait()
    assert talk.tell(Acknowledged(ack(3), place(3))) == (
        SaveCursor(Cursor(county_gen="g1", applied_seq=3)),
    )


def test_a_batch_that_was_changed_on_its_way_is_sent_again() -> None:
    talk = opened(3, 1)
    assert talk.tell(Acknowledged(ack(1, note="corrupt"), place(1))) == ()
    assert talk.wait() == (SendBatch("s1", 1, empty=True),)
    assert talk.tell(Acknowledged(ack(1), place(1))) == (SendBatch("s1", 1, empty=False),)


def test_an_idle_county_is_asked_whether_it_is_there_and_counts_as_away_when_silent() -> None:
    talk = opened(3, 3)
    assert talk.uplink.due_ms == 1_000 + PROBE_MS
    seen = []
    for _asking in range(3):
        assert talk.wait() == (SendBatch("s1", 3, empty=True),)
        seen.append(talk.uplink.online)
    assert seen == [True, True, False]
    talk.tell(Acknowledged(ack(3), place(3)))
    assert (talk.uplink.online, talk.uplink.setbacks) == (True, 0)


def test_a_lost_broker_ends_the_talk_and_shows_us_offline() -> None:
    talk = opened(3, 1)
    assert talk.tell(LinkFell()) == ()
    assert (talk.uplink.online, talk.uplink.due_ms) == (False, None)
    assert talk.tell(TimePassed()) == ()
    assert talk.tell(JournalGrew(4)) == ()
    assert talk.tell(LinkRose(), nonce="n5") == (SendHello("n5"),)


def test_waits_grow_to_a_limit_and_fall_back_once_facts_arrive() -> None:
    talk = opened(3, 1)
    waits = []
    for _try in range(12):
        talk.wait(share=0.999)
        waits.append((talk.uplink.due_ms or 0) - talk.now_ms - ANSWER_MS)
    assert waits == sorted(waits)
    assert BACKOFF_CAP_MS * 0.99 < waits[-1] < BACKOFF_CAP_MS
    talk.tell(Acknowledged(ack(2), place(2)), share=0.999)
    assert (talk.uplink.due_ms or 0) - talk.now_ms < ANSWER_MS + BACKOFF_FIRST_MS


def test_two_stations_with_one_name_do_not_greet_in_a_race() -> None:
    talk = opened(3, 1)
    pauses = []
    for number in range(8):
        talk.tell(Acknowledged(ack(1, note="stale_session"), place(1)), share=0.999)
        pauses.append((talk.uplink.due_ms or 0) - talk.now_ms)
        talk.wait(nonce=f"again{number}")
        talk.tell(Welcomed(welcome(1, nonce=f"again{number}"), place(1)))
    assert pauses[0] < BACKOFF_FIRST_MS < 20 * BACKOFF_FIRST_MS < pauses[-1]


_SEQS = st.integers(-3, 9)
_PLACES = st.builds(place, _SEQS, st.sampled_from("ab"))
_WORDS = st.sampled_from(["", "ok", "fork", "rollback", "gap", "stale_session", "corrupt", "?"])
_GENS = st.sampled_from(["g1", "g2"])
_WELCOMES = st.builds(
    Welcome,
    nonce=st.sampled_from(["n0", "n1"]),
    session=st.sampled_from(["s1", "s2"]),
    county_gen=_GENS,
    verdict=_WORDS,
    applied=_PLACES,
    durable_seq=_SEQS,
    county_time_ms=st.just(0),
)
_ACKS = st.builds(
    Ack,
    session=st.sampled_from(["s1", "s2"]),
    county_gen=_GENS,
    applied=_PLACES,
    durable_seq=_SEQS,
    note=_WORDS,
)
_EVENTS = st.one_of(
    st.builds(LinkRose),
    st.builds(LinkFell),
    st.builds(JournalGrew, st.integers(0, 9)),
    st.builds(Welcomed, _WELCOMES, st.none() | _PLACES),
    st.builds(Acknowledged, _ACKS, st.none() | _PLACES),
    st.builds(TimePassed),
)


@given(st.lists(st.tuples(_EVENTS, st.integers(0, 40_000), st.integers(0, 1)), max_size=40))
def test_whatever_comes_the_cursor_moves_only_where_our_hash_agrees(
    story: list[tuple[Event, int, int]],
) -> None:
    talk = Talk(0)
    for event, later_ms, nonce in story:
        talk.now_ms += later_ms
        before = talk.uplink
        talk.tell(event, nonce=f"n{nonce}")
        after = talk.uplink
        if after.cursor.applied_seq != before.cursor.applied_seq:
            assert isinstance(event, Welcomed | Acknowledged)
            told = event.welcome if isinstance(event, Welcomed) else event.ack
            assert event.mine == told.applied
        if after.phase is Phase.DOWN:
            assert not any(isinstance(a, SendHello | SendBatch) for a in talk.actions)
        else:
            assert after.due_ms is not None  # somebody will ask again: nothing waits for ever
        sent = [a for a in talk.actions if isinstance(a, SendHello | SendBatch)]
        assert len(sent) <= 1


def test_an_uplink_is_a_value() -> None:
    uplink = Uplink(head_seq=2, cursor=Cursor())
    step(uplink, LinkRose(), Moment(now_ms=0, nonce="n", share=0.0))
    assert uplink == replace(uplink, phase=Phase.DOWN)
