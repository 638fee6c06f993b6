"""Retries as data: three time-outs take no time here."""

import pytest

from firmware_bridge.lock_board.exchange import (
    Answered,
    GiveUp,
    Listen,
    Send,
    StatusExchange,
    UnlockExchange,
)
from firmware_bridge.lock_board.messages import (
    AllBits,
    AskAll,
    AskOne,
    Moved,
    OneBit,
    Question,
    Reply,
    StatusQuestion,
    Unlock,
    Unlocked,
    UnlockRefused,
)

ASK = AskAll(1)
PULSE = Unlock(1, 7)
STATUS = AllBits(1, (True, False))
ONE = OneBit(1, 7, bit=True)
DONE = Unlocked(1, 7)
LIKE_THE_ECHO = Unlocked(1, 7, maybe_echo=True)
REFUSED = UnlockRefused(1, 7, cooling=True)


def asked(question: StatusQuestion = ASK) -> StatusExchange:
    exchange, action = StatusExchange(question=question).next(10.0)
    assert action == Send(question)
    return exchange


def pulsed(*, echoes: bool = False, confirm: StatusQuestion | None = None) -> UnlockExchange:
    fresh = UnlockExchange(unlock=PULSE, echoes=echoes, confirm=confirm)
    exchange, action = fresh.next(10.0)
    assert action == Send(PULSE)
    return exchange


def confirmed(question: StatusQuestion = ASK) -> UnlockExchange:
    exchange, action = pulsed(confirm=question).next(10.05)
    assert action == Send(question)
    return exchange


def test_a_status_is_asked_twice_a_second_apart_and_then_given_up() -> None:
    exchange, action = asked().next(10.2)
    assert action == Listen(11.0)
    exchange, action = exchange.next(11.0)
    assert action == Send(ASK)
    exchange, action = exchange.next(11.9)
    assert action == Listen(12.0)
    assert exchange.next(12.0)[1] == GiveUp(2)


@pytest.mark.parametrize(("question", "reply"), [(ASK, STATUS), (AskOne(1, 7), ONE)])
def test_a_status_answer_ends_the_asking(question: StatusQuestion, reply: AllBits | OneBit) -> None:
    assert asked(question).hear(reply).next(10.1)[1] == Answered(reply, echoed=False)


def test_a_damaged_status_answer_is_asked_for_again_soon() -> None:
    noisy = asked().hear_noise(10.02)
    assert noisy.next(10.1)[1] == Listen(10.12)
    assert noisy.next(10.12)[1] == Send(ASK)


def test_noise_never_makes_a_status_wait_longer() -> None:
    assert asked().hear_noise(10.99).next(11.0)[1] == Send(ASK)


def test_the_line_that_gives_our_question_back_is_noticed() -> None:
    heard = asked().hear(Question(1)).hear(STATUS)
    assert heard.next(10.1)[1] == Answered(STATUS, echoed=True)


@pytest.mark.parametrize(
    "stray",
    [AllBits(2, (True,)), DONE, Moved(1, 7, bit=True), Question(2), ONE, OneBit(2, 7, bit=True)],
)
def test_a_status_exchange_ignores_strangers_and_late_answers(stray: Reply) -> None:
    assert asked().hear(stray) == asked()


@pytest.mark.parametrize("stray", [STATUS, OneBit(1, 8, bit=True), OneBit(2, 7, bit=True)])
def test_the_state_of_one_lock_is_no_answer_about_another(stray: Reply) -> None:
    first = asked(AskOne(1, 7))
    assert first.hear(stray) == first


def test_an_unlock_is_sent_once_and_never_again() -> None:
    exchange, actions = pulsed(), []
    for second in (10.1, 10.9, 11.0, 12.0, 60.0):
        exchange, action = exchange.hear_noise(second).next(second)
        actions.append(action)
    assert actions == [Listen(11.0), Listen(11.0), GiveUp(1), GiveUp(1), GiveUp(1)]


@pytest.mark.parametrize("reply", [DONE, LIKE_THE_ECHO, REFUSED])
def test_every_answer_to_an_unlock_counts_on_a_line_without_echo(
    reply: Unlocked | UnlockRefused,
) -> None:
    assert pulsed().hear(reply).next(10.1)[1] == Answered(reply, echoed=False)


def test_on_an_echoing_line_the_first_copy_is_not_the_boards_word() -> None:
    echoed = pulsed(echoes=True).hear(LIKE_THE_ECHO)
    assert echoed.next(10.1)[1] == Listen(11.0)
    assert echoed.next(11.0)[1] == GiveUp(1)
    assert echoed.hear(LIKE_THE_ECHO).next(10.1)[1] == Answered(LIKE_THE_ECHO, echoed=False)


@pytest.mark.parametrize("reply", [DONE, REFUSED])
def test_on_an_echoing_line_an_answer_unlike_the_echo_counts_at_once(
    reply: Unlocked | UnlockRefused,
) -> None:
    assert pulsed(echoes=True).hear(reply).next(10.1)[1] == Answered(reply, echoed=True)


@pytest.mark.parametrize(
    "stray",
    [
        Unlocked(1, 8),
        Unlocked(2, 7),
        UnlockRefused(1, 8, cooling=False),
        UnlockRefused(2, 7, cooling=False),
        STATUS,
        ONE,
        Question(1),
    ],
)
def test_an_unlock_exchange_ignores_other_locks_other_boards_and_strays(stray: Reply) -> None:
    assert pulsed().hear(stray) == pulsed()


def test_a_late_answer_from_before_does_not_stand_for_an_unlock_that_was_not_sent() -> None:
    fresh = UnlockExchange(unlock=PULSE, echoes=False)
    assert fresh.hear(DONE).next(10.0)[1] == Send(PULSE)


def test_a_board_that_answers_no_unlock_is_asked_50_ms_later_and_that_answer_counts() -> None:
    waiting = pulsed(confirm=ASK)
    assert waiting.next(10.02)[1] == Listen(10.05)
    assert confirmed().hear(STATUS).next(10.1)[1] == Answered(STATUS, echoed=False)
    one = confirmed(AskOne(1, 7)).hear(ONE)
    assert one.next(10.1)[1] == Answered(ONE, echoed=False)


def test_any_status_behind_an_unlock_settles_it_whether_the_unlock_was_heard_or_lost() -> None:
    heard, lost = AllBits(1, (False,) * 8), AllBits(1, (True,) * 8)  # lock 7 open, lock 7 shut
    for status in (heard, lost):
        assert confirmed().hear(status).next(10.1)[1] == Answered(status, echoed=False)


def test_a_status_from_before_the_question_behind_an_unlock_counts_for_nothing() -> None:
    waiting = pulsed(confirm=ASK)
    assert waiting.hear(STATUS) == waiting


def test_a_stranger_does_not_confirm_an_unlock() -> None:
    first = confirmed()
    for stray in (AllBits(2, (True,)), ONE, Question(1), Moved(1, 7, bit=False)):
        assert first.hear(stray) == first


def test_a_board_that_is_silent_behind_an_unlock_may_have_been_dead_and_is_given_up() -> None:
    exchange, action = confirmed().next(11.0)
    assert action == Listen(11.05)
    assert exchange.next(11.05)[1] == GiveUp(1)


def test_behind_an_unlock_only_the_status_is_asked_again() -> None:
    exchange, actions = confirmed().hear_noise(10.0625), []
    for second in (10.125, 10.1625, 11.0, 11.1625, 12.0):
        exchange, action = exchange.next(second)
        actions.append(action)
    assert actions == [Listen(10.0625 + 0.1), Send(ASK), Listen(11.1625), GiveUp(1), GiveUp(1)]
