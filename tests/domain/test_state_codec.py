"""States as bytes: the same state comes back, whatever happened, and old bytes stay readable."""

from typing import Any, Final

import msgspec
import pytest
from hypothesis import HealthCheck, settings

from edge.domain.cabinet import FREE
from edge.domain.door import UNSEEN
from edge.domain.state import State
from edge.domain.state_codec import (
    STATE_SCHEMA,
    StateCodecError,
    decode_state,
    encode_state,
    fit_to,
    from_plain,
)
from edge.domain.station import evolve, initial_state
from edge.kernel.ids import CellId
from tests.domain.house import THREE, House, policy_of
from tests.domain.state_shape import SAMPLE, SHAPE, shape, story
from tests.domain.test_laws import Village

_EVERY: Final = 7


class SnapshotsOfAVillage(Village):
    """Whatever people do, a state that was stored and read goes on like one that never was."""

    def teardown(self) -> None:
        state = initial_state(self.house.policy)
        for number, (fact, at) in enumerate(self.house.journal):
            state = evolve(state, fact, at)
            if number % _EVERY == 0:
                stored = encode_state(state)
                assert decode_state(stored) == state
                assert encode_state(decode_state(stored)) == stored
                state = fit_to(self.house.policy, decode_state(stored))
        assert state == self.house.state


SnapshotsOfAVillage.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestSnapshotAndTailAreTheWholeHistory = SnapshotsOfAVillage.TestCase


def test_the_shape_of_a_stored_state_changes_only_with_its_number() -> None:
    # Changed on purpose? Raise STATE_SCHEMA, keep the old number in READABLE, and run
    # python -m tests.domain.state_shape
    assert shape() == SHAPE.read_text(encoding="utf-8")


@pytest.mark.parametrize("sample", sorted(SAMPLE.parent.glob("state_*.json")), ids=lambda p: p.name)
def test_every_shape_that_was_ever_written_is_still_read(sample: object) -> None:
    state = decode_state(SAMPLE.parent.joinpath(str(sample)).read_bytes())
    assert {parcel.stage for parcel in state.parcels.values()} == {
        parcel.stage for parcel in story().state.parcels.values()
    }


def test_a_field_that_came_later_has_its_default() -> None:
    stored = msgspec.json.decode(encode_state(House().state))
    del stored["state"]["counting"]
    assert decode_state(msgspec.json.encode(stored)) == House().state


def test_a_newer_shape_is_not_read_but_named() -> None:
    newer = b'{"schema":%d,"state":{}}' % (STATE_SCHEMA + 1)
    with pytest.raises(StateCodecError, match="Install the newer version"):
        decode_state(newer)


@pytest.mark.parametrize("bad", [b"", b"{}", b'{"schema":1,"state":[]}', b'{"schema":1}'])
def test_whatever_is_no_state_is_an_error(bad: bytes) -> None:
    with pytest.raises(StateCodecError, match="cannot be read"):
        decode_state(bad)


def test_a_cell_built_since_is_there_and_an_unused_one_taken_out_is_not() -> None:
    house = House("SSS").open_shop()
    house.check_in()
    unused = House("SSS")
    assert fit_to(policy_of("SS"), unused.state).cells == initial_state(policy_of("SS")).cells
    fitted = fit_to(policy_of("SSSS"), house.state)
    assert (fitted.cells[CellId(4)], fitted.doors[CellId(4)]) == (FREE, UNSEEN)
    assert fit_to(policy_of("SS"), house.state).doors[THREE] == house.state.doors[THREE]


def test_only_what_a_state_is_made_of_can_be_stored() -> None:
    impossible: Any = 1j
    with pytest.raises(NotImplementedError, match="a state holds no complex"):
        encode_state(State(boot=impossible))


def test_no_kind_is_made_up_for_what_is_stored() -> None:
    with pytest.raises(NotImplementedError, match="a state holds no"):
        from_plain(complex, "1j")
