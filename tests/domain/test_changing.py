"""Cheap copies: what they make is what dataclasses.replace makes."""

import dataclasses

import pytest

from edge.domain.changing import replace
from edge.domain.door import UNSEEN, Door
from edge.domain.state import State
from edge.domain.state_codec import decode_state, encode_state
from tests.domain.house import House


def test_a_changed_state_is_what_the_library_makes_of_it_and_the_old_one_stays() -> None:
    state = House().state
    before = encode_state(state)
    changed = replace(state, doubted=True, ran_ms=7)
    assert changed == dataclasses.replace(state, doubted=True, ran_ms=7)
    assert encode_state(changed) != before == encode_state(state)


def test_a_value_with_slots_is_changed_too() -> None:
    assert replace(UNSEEN, door=Door.SHUT) == dataclasses.replace(UNSEEN, door=Door.SHUT)


def test_a_field_that_is_not_there_is_an_error() -> None:
    nobody_checks_this: dict[str, bool] = {"doubtful": True}
    with pytest.raises(TypeError, match="doubtful"):
        replace(State(), **nobody_checks_this)  # type: ignore[arg-type]  # what is tested


def test_a_stored_state_that_lacks_a_field_has_it_once_it_is_read() -> None:
    whole = encode_state(State())
    read = decode_state(whole.replace(b'"doubted":false,', b""))
    assert replace(read, doubted=True) == State(doubted=True)
    assert encode_state(read) == whole
