"""Two boards under one address (F040), told from stray, late and doubled answers."""

from firmware_bridge.lock_board.messages import AllBits, AskAll, AskOne, OneBit, StatusQuestion
from hardware.drivers.locks.double_watch import DoubleWatch

ASK = AskAll(1)
ONE, OTHER = AllBits(1, (True, True)), AllBits(1, (True, False))


def ask(watch: DoubleWatch, *answers: AllBits | OneBit, question: StatusQuestion = ASK) -> None:
    watch.asks(question)
    for answer in answers:
        watch.hears(answer)


def test_two_questions_with_two_unlike_answers_mean_two_boards() -> None:
    watch = DoubleWatch()
    ask(watch, ONE, OTHER)
    assert (watch.suspected, watch.doubled) == (True, False)
    ask(watch, ONE, OTHER)
    assert watch.doubled


def test_one_question_is_one_sign_however_much_is_heard() -> None:
    watch = DoubleWatch()
    ask(watch, ONE, OTHER, ONE, OTHER)
    watch.hears_damage(50)
    assert not watch.doubled


def test_the_same_answer_twice_is_harmless() -> None:
    watch = DoubleWatch()
    for _ in range(9):
        ask(watch, ONE, ONE)
    assert not watch.suspected


def test_an_answer_that_differs_from_the_last_polls_is_a_door_that_moved() -> None:
    watch = DoubleWatch()
    for _ in range(9):
        ask(watch, ONE)
        ask(watch, OTHER)
    assert not watch.suspected


def test_after_an_unanswered_question_a_late_answer_is_no_second_board() -> None:
    watch = DoubleWatch()
    for _ in range(9):
        ask(watch)
        ask(watch, ONE, OTHER)
    assert not watch.suspected


def test_a_status_in_answer_to_an_unlock_is_no_second_board() -> None:
    watch = DoubleWatch()
    for _ in range(9):
        ask(watch, ONE)
        watch.looks_away()
        watch.hears(OTHER)
        ask(watch, ONE, OTHER)  # the answer to the unlock came behind the next question
    assert not watch.suspected


def test_a_clean_question_before_an_unlock_counts_once_for_the_board() -> None:
    watch = DoubleWatch()
    ask(watch, ONE, OTHER)
    ask(watch, ONE)
    watch.looks_away()
    ask(watch, ONE)
    ask(watch, ONE)
    watch.looks_away()
    assert watch.suspected
    ask(watch, ONE)
    ask(watch, ONE)
    watch.looks_away()
    assert not watch.suspected


def test_damage_right_behind_three_sound_answers_means_two_boards() -> None:
    watch = DoubleWatch()
    for _ in range(3):
        assert not watch.doubled
        ask(watch, ONE)
        watch.hears_damage(2)
        watch.hears_damage(2)
    assert watch.doubled


def test_a_byte_or_two_behind_an_answer_come_from_the_adapter() -> None:
    watch = DoubleWatch()
    for _ in range(9):
        ask(watch, ONE)
        watch.hears_damage(2)
    assert not watch.suspected


def test_damage_without_a_sound_answer_before_it_is_noise() -> None:
    watch = DoubleWatch()
    watch.hears_damage(9)
    for _ in range(9):
        watch.asks(ASK)
        watch.hears_damage(9)
        watch.hears(ONE)
    assert not watch.suspected


def test_three_questions_with_one_answer_clear_the_suspicion_and_two_do_not() -> None:
    watch = DoubleWatch()
    ask(watch, ONE, OTHER)
    ask(watch, ONE, OTHER)
    for _ in range(3):
        ask(watch, ONE)
        assert watch.doubled
    ask(watch, ONE)
    assert not watch.suspected


def test_the_states_of_two_locks_asked_one_by_one_do_not_contradict_each_other() -> None:
    watch = DoubleWatch()
    watch.hears(OneBit(1, 1, bit=True))
    for _ in range(9):
        ask(watch, OneBit(1, 1, bit=True), OneBit(1, 2, bit=False), question=AskOne(1, 1))
    assert not watch.suspected


def test_two_boards_that_differ_in_one_door_alone_are_found_out_lock_by_lock() -> None:
    watch = DoubleWatch()
    for _ in range(2):
        assert not watch.doubled
        ask(watch, OneBit(1, 1, bit=True), OneBit(1, 1, bit=False), question=AskOne(1, 1))
        for lock in range(2, 17):
            ask(watch, OneBit(1, lock, bit=True), question=AskOne(1, lock))
    assert watch.doubled
