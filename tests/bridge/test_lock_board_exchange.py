"""Retries as data: three time-outs take no time here."""

from firmware_bridge.lock_board.codec import AllBits, Moved, Question, Unlocked
from firmware_bridge.lock_board.exchange import (
    Answered,
    GiveUp,
    Listen,
    Send,
    StatusExchange,
    UnlockExchange,
)

ASK = b"ask"
PULSE = b"pulse"
STATUS = AllBits(1, (True, False))
DONE = Unlocked(1, 7, bit=False)
LIKE_THE_ECHO = Unlocked(1, 7, bit=True)


def asked() -> StatusExchange:
    exchange, action = StatusExchange(board=1, frame=ASK).next(10.0)
    assert action == Send(ASK)
    return exchange


def pulsed(*, echoes: bool = False) -> UnlockExchange:
    fresh = UnlockExchange(board=1, channel=7, frame=PULSE, echoes=echoes)
    exchange, action = fresh.next(10.0)
    assert action == Send(PULSE)
    return exchange


def test_a_status_is_asked_twice_a_second_apart_and_then_given_up() -> None:
    exchange, action = asked().next(10.2)
    assert action == Listen(11.0)
    exchange, action = exchange.next(11.0)
    assert action == Send(ASK)
    exchange, action = exchange.next(11.9)
    assert action == Listen(12.0)
    assert exchange.next(12.0)[1] == GiveUp(2)


def test_a_status_answer_ends_the_asking() -> None:
    assert asked().hear(STATUS).next(10.1)[1] == Answered(STATUS, echoed=False)


def test_a_damaged_status_answer_is_asked_for_again_soon() -> None:
    noisy = asked().hear_noise(10.02)
    assert noisy.next(10.1)[1] == Listen(10.12)
    assert noisy.next(10.12)[1] == Send(ASK)


def test_noise_never_makes_a_status_wait_longer() -> None:
    assert asked().hear_noise(10.99).next(11.0)[1] == Send(ASK)


def test_the_line_that_gives_our_question_back_is_noticed() -> None:
    heard = asked().hear(Question(1)).hear(STATUS)
    assert heard.next(10.1)[1] == Answered(STATUS, echoed=True)


def test_a_status_exchange_ignores_strangers_and_late_answers() -> None:
    first = asked()
    for stray in (AllBits(2, (True,)), DONE, Moved(1, 7, bit=True), Question(2)):
        assert first.hear(stray) == first


def test_an_unlock_is_sent_once_and_never_again() -> None:
    exchange, actions = pulsed(), []
    for second in (10.1, 10.9, 11.0, 12.0, 60.0):
        exchange, action = exchange.hear_noise(second).next(second)
        actions.append(action)
    assert actions == [Listen(11.0), Listen(11.0), GiveUp(1), GiveUp(1), GiveUp(1)]


def test_both_answers_to_an_unlock_count_on_a_line_without_echo() -> None:
    for reply in (DONE, LIKE_THE_ECHO):
        assert pulsed().hear(reply).next(10.1)[1] == Answered(reply, echoed=False)


def test_on_an_echoing_line_the_first_copy_is_not_the_boards_word() -> None:
    echoed = pulsed(echoes=True).hear(LIKE_THE_ECHO)
    assert echoed.next(10.1)[1] == Listen(11.0)
    assert echoed.next(11.0)[1] == GiveUp(1)
    assert echoed.hear(LIKE_THE_ECHO).next(10.1)[1] == Answered(LIKE_THE_ECHO, echoed=False)


def test_on_an_echoing_line_an_answer_unlike_the_echo_counts_at_once() -> None:
    assert pulsed(echoes=True).hear(DONE).next(10.1)[1] == Answered(DONE, echoed=True)


def test_an_unlock_exchange_ignores_other_locks_other_boards_and_strays() -> None:
    first = pulsed()
    for stray in (Unlocked(1, 8, bit=False), Unlocked(2, 7, bit=False), STATUS, Question(1)):
        assert first.hear(stray) == first


def test_a_late_answer_from_before_does_not_stand_for_an_unlock_that_was_not_sent() -> None:
    fresh = UnlockExchange(board=1, channel=7, frame=PULSE, echoes=False)
    assert fresh.hear(DONE).next(10.0)[1] == Send(PULSE)
