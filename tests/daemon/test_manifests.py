"""What is looked up of a bag or a parcel in what the county told."""

from typing import TypeVar

from cloud_sync.wire.bodies.state import (
    BagParcel,
    BagWord,
    RouteWord,
    StateBody,
    TripStop,
    TripWord,
)
from edge.daemon.county.manifests import Manifests
from edge.kernel.ids import Place, SealNo, TripId, WaybillNo

B = TypeVar("B", bound=StateBody)
HERE, SEAL, YT = Place("pingshang"), SealNo("FQ0000001"), WaybillNo("YT7700123456789")


class Told:
    """A board in memory."""

    def __init__(self, *words: StateBody) -> None:
        self.words, self.version = list(words), 1

    def told(self, kind: type[B]) -> list[B]:
        return [word for word in self.words if isinstance(word, kind)]

    def say(self, word: StateBody) -> None:
        self.words.append(word)
        self.version += 1


def bag(trip: str, to: str = HERE, *, tail: str = "") -> BagWord:
    parcel = BagParcel(waybill_no=YT, tail=tail)
    return BagWord(trip=trip, seal=SEAL, origin="county", to=to, parcels=[parcel])


def route(network: str, direction: str, next_hop: str) -> RouteWord:
    return RouteWord(network=network, direction=direction, next_hop=next_hop)


def test_the_more_exact_line_of_the_route_table_counts() -> None:
    told = Told(route("*", "*", "d"), route("post", "*", "c"), route("*", "east", "b"))
    here = Manifests(told, HERE, hub=False)
    assert here.next_hop("east", "post") == "b"
    assert here.next_hop("west", "post") == "c"
    assert here.next_hop("west") == "d"
    told.say(route("post", "east", "a"))
    assert here.next_hop("east", "post") == "a"


def test_where_no_line_fits_there_is_no_next_hop() -> None:
    assert Manifests(Told(), HERE, hub=False).next_hop("east") == ""


def test_a_bag_on_two_manifests_is_that_of_the_trip_at_the_door() -> None:
    here = Manifests(Told(bag("t-1"), bag("run-4")), HERE, hub=False)
    first, last = here.bag(SEAL, TripId("t-1")), here.bag(SEAL)
    assert (first and first.trip, last and last.trip) == ("t-1", "run-4")
    assert here.bag(SealNo("FQ9999999")) is None


def test_a_parcel_on_two_manifests_is_ours_if_one_is_ours() -> None:
    here = Manifests(Told(bag("t-1", tail="3865"), bag("t-2", "shuinan")), HERE, hub=False)
    found = here.parcel(YT)
    assert found is not None
    assert (found.to, found.phone_tail) == (HERE, "3865")


def test_a_hub_expects_the_bags_of_its_runs_and_a_station_its_own() -> None:
    told = Told(bag("t-1"), route("*", "shuinan", "run-4"))
    for n, to in ((2, "shuinan"), (3, "faraway")):
        told.say(BagWord(trip="t-1", seal=f"FQ000000{n}", origin="", to=to, parcels=[]))
    seals = {
        hub: [one.seal for one in Manifests(told, HERE, hub=hub).listed(TripId("t-1"))]
        for hub in (False, True)
    }
    assert seals == {False: [SEAL], True: [SEAL, "FQ0000002"]}


def test_trips_come_in_the_order_of_their_stop_here() -> None:
    def trip(name: str, **stops: int) -> TripWord:
        told = [TripStop(place=place, at_ms=at_ms) for place, at_ms in stops.items()]
        return TripWord(trip=name, operator="", stops=told)

    told = Told(trip("elsewhere", shuinan=1), trip("late", pingshang=9), trip("soon", pingshang=2))
    here = Manifests(told, HERE, hub=False)
    assert [(one.trip, one.due_ms) for one in here.trips()] == [
        ("soon", 2),
        ("late", 9),
        ("elsewhere", None),
    ]
