"""The state stays small for ever; the journal keeps everything."""

from typing import get_args

from edge.domain.facts import Fact
from edge.domain.folds import FOLDS
from edge.domain.folds.parcels import MOST_ENDED
from edge.domain.inputs import Input
from edge.domain.station import DECISIONS
from edge.kernel.ids import WaybillNo
from tests.domain.house import ONE, YT, House, slip_of


def _waybill(n: int) -> WaybillNo:
    return WaybillNo(f"YT{n:013d}")


def test_every_fact_has_a_fold_and_every_input_a_decision() -> None:
    assert set(FOLDS) == set(get_args(Fact))
    # By name: a class with slots is made twice, and the first one lingers.
    named = {told.__name__ for told in Input.__subclasses__()}
    assert {told.__name__ for told in DECISIONS} == named


def test_parcels_that_left_are_forgotten_with_their_codes_the_oldest_first() -> None:
    house = House("S").open_shop()
    for n in range(MOST_ENDED + 20):
        slip = slip_of(house.check_in(_waybill(n)))
        house.token(slip.token)
        house.opens(ONE)
        house.shuts(ONE)
    state = house.state
    assert len(state.parcels) == len(state.ended) == MOST_ENDED
    assert len(state.credentials) == len(state.by_token) == MOST_ENDED
    assert len(state.auths) == MOST_ENDED
    assert sum(len(same_tail) for same_tail in state.by_tail.values()) == MOST_ENDED
    assert house.token(house.slips[0].token).key == "unknown_token"
    assert house.token(house.slips[-1].token).key == "already_collected"


def test_a_forgotten_parcel_may_come_in_again() -> None:
    house = House("SS").open_shop()
    for n in range(MOST_ENDED + 1):
        house.check_in(_waybill(n), tail=None)
        house.release(_waybill(n))
        house.opens(house.pulses[-1].cell)
        house.shuts(house.pulses[-1].cell)
    assert _waybill(0) not in house.state.parcels
    assert house.scan(_waybill(0)).ok
    assert not house.scan(_waybill(1)).ok


def test_taking_back_and_in_again_leaves_one_parcel() -> None:
    house = House().open_shop()
    for _ in range(10):
        house.check_in()
        house.cancel()
        house.opens(ONE)
        house.shuts(ONE)
    assert house.state.ended == (YT,)
    assert (len(house.state.parcels), len(house.state.auths)) == (1, 0)
    assert len(house.state.credentials) <= 2


def test_a_put_back_whose_parcel_is_forgotten_disturbs_nothing() -> None:
    house = House("SSS").open_shop()
    house.check_in(_waybill(0))
    auth = house.token(house.slips[0].token).auth
    house.opens(ONE)
    house.shuts(ONE)
    assert auth is not None
    house.put_back(auth)
    house.opens(ONE)
    house.lost(ONE)
    for n in range(1, MOST_ENDED + 2):
        house.check_in(_waybill(n), tail=None)
        house.release(_waybill(n))
        cell = house.pulses[-1].cell
        house.opens(cell)
        house.shuts(cell)
    house.opens(ONE)
    house.shuts(ONE)
    assert house.kinds == ["door.shut"]
    assert house.replayed() == house.state
