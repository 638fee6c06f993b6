"""People who go on whatever happens to the machines, and remember what a screen has told them."""

import contextlib
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any

from edge.tools.house import STATION_ID, House
from edge.tools.people import Hands, Keeper, StoryError, Visitor, wait_for
from edge.tools.story import CODE_ON_PAPER

TAIL = "3865"
FEW = 6
_SHORT_S = 4.0


class Village:
    """People who go on whatever happens, and remember what a screen has told them."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._start = time.time_ns() // 1_000_000
        self._parcels = 0
        self.told: list[tuple[str, str]] = []
        """Kind of fact and waybill, as a screen has acknowledged it."""
        self.visits = 0
        self.trouble: deque[str] = deque(maxlen=8)
        """What went wrong last, for whoever reads a failure."""

    def live(self, stop: threading.Event) -> None:
        """One parcel after another, from the scan to the empty cell."""
        while not stop.is_set():
            try:
                self._one_parcel()
                self.visits += 1
            except StoryError as trouble:
                self.trouble.append(str(trouble))
                stop.wait(0.05)  # the station is gone; it will be back

    def _one_parcel(self) -> None:
        house = self._house
        with (
            Hands(house.workbench_address) as hands,
            Keeper(house.station_address) as keeper,
            Visitor(house.station_address) as kiosk,
        ):
            keeper.sign_in()
            self._tidy(keeper, hands)
            self._make_room(keeper, hands)
            keeper.check_in(on=True)
            self._parcels += 1
            waybill_no = f"YT{self._start + self._parcels:013d}"
            self._check_in(keeper, hands, waybill_no)
            self._collect(kiosk, hands, waybill_no)

    def _check_in(self, keeper: Keeper, hands: Hands, waybill_no: str) -> None:
        answer = keeper.post("/api/keeper/scan", text=waybill_no)
        if answer["key"] != "put_in":
            raise StoryError(f"no cell: {answer}")
        self.told.append(("parcel.received", waybill_no))
        cell = answer["cell"]
        wait_for("the door", lambda: cell in hands.open_doors(), _SHORT_S)
        hands.post(f"/api/doors/{cell}/put-in", thing=waybill_no)
        hands.shut(cell)
        answer = keeper.post("/api/keeper/phone-tail", waybill_no=waybill_no, phone_tail=TAIL)
        issued = answer["key"] == "slip_queued"
        kind = "pickup.code_issued" if issued else "parcel.phone_tail_noted"
        self.told.append((kind, waybill_no))

    def _collect(self, kiosk: Visitor, hands: Hands, waybill_no: str) -> None:
        text = wait_for("the slip", lambda: slip_of(hands, waybill_no), _SHORT_S)
        code = CODE_ON_PAPER.search(text)
        if code is None:
            raise StoryError(f"a slip without a code: {text}")
        answer = kiosk.post("/api/kiosk/code", phone_tail=TAIL, digits=code[1] + code[2])
        if not answer["ok"]:
            raise StoryError(f"refused: {answer}")
        self.told.append(("pickup.accepted", waybill_no))
        self._take(hands, answer["cell"])

    def _tidy(self, keeper: Keeper, hands: Hands) -> None:
        """Shut what stands open; open and look where the station asks what is inside."""
        for door in hands.open_doors():
            hands.shut(door)
        for cell in keeper.get("/api/keeper/screen")["cells"]:
            if cell["needs_look"]:
                self._look(keeper, hands, cell)

    def _look(self, keeper: Keeper, hands: Hands, cell: Any) -> None:
        number = cell["cell"]
        keeper.post(f"/api/keeper/cells/{number}/open", reason="看一眼")
        wait_for("the door", lambda: number in hands.open_doors(), _SHORT_S)
        known = [candidate["waybill_no"] for candidate in cell["candidates"]]
        found = inside(hands, number)
        if found is not None and found not in known:
            hands.act(number, "take-out")
        hands.shut(number)
        wait_for("the door to be seen shut", lambda: door_word(keeper, number) == "shut", _SHORT_S)
        holds = found if found in known else None
        keeper.post(f"/api/keeper/cells/{number}/inspected", holds=holds)

    def _make_room(self, keeper: Keeper, hands: Hands) -> None:
        """Hand out what interrupted visits have left, before the cabinet is full."""
        screen = keeper.get("/api/keeper/screen")
        left = [parcel for parcel in screen["parcels"] if parcel["can_release"]]
        for parcel in left if screen["counts"]["free"] < FEW else []:
            waybill_no = parcel["waybill_no"]
            answer = keeper.post("/api/keeper/release", waybill_no=waybill_no)
            self._take(hands, answer["cell"])

    @staticmethod
    def _take(hands: Hands, cell: int) -> None:
        wait_for("the door", lambda: cell in hands.open_doors(), _SHORT_S)
        if inside(hands, cell) is not None:
            hands.act(cell, "take-out")
        hands.shut(cell)


def inside(hands: Hands, cell: int) -> str | None:
    """What lies in a cell, as somebody in front of its open door sees it."""
    found: str | None = next(
        door["inside"] for door in hands.bench()["doors"] if door["channel"] == cell
    )
    return found


def door_word(keeper: Keeper, cell: int) -> str:
    cells = keeper.get("/api/keeper/screen")["cells"]
    return next(str(one["door"]) for one in cells if one["cell"] == cell)


def slip_of(hands: Hands, waybill_no: str) -> str | None:
    for paper in hands.bench()["papers"]:
        if any(waybill_no in line for line in paper["text"]):
            return "\n".join(paper["text"])
    return None


@contextlib.contextmanager
def living(village: Village) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=village.live, args=(stop,), name="village")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def assert_each_once(facts: list[Any]) -> None:
    places = Counter((fact["epoch"], fact["seq"]) for fact in facts)
    assert max(places.values()) == 1
    assert [fact["seq"] for fact in facts] == list(range(1, len(facts) + 1))


def assert_told_is_stored(told: list[tuple[str, str]], facts: list[Any]) -> None:
    stored = {(fact["kind"], fact["body"].get("waybill_no")) for fact in facts}
    assert [claim for claim in told if claim not in stored] == []


def assert_steel_and_tables_agree(house: House) -> None:
    """No cell that is offered holds anything, no parcel in our care is gone, the county agrees."""
    with (
        Hands(house.workbench_address) as hands,
        Keeper(house.station_address) as keeper,
        Visitor(house.county_address) as county,
    ):
        keeper.sign_in()
        cells = keeper.get("/api/keeper/screen")["cells"]
        steel = {door["channel"]: door["inside"] for door in hands.bench()["doors"]}
        free = [cell["cell"] for cell in cells if cell["occupancy"] == "free"]
        held = [cell["cell"] for cell in cells if cell["occupancy"] == "held"]
        assert [cell for cell in free if steel[cell] is not None] == []
        assert [cell for cell in held if steel[cell] is None] == []
        there = county.get(f"/api/stations/{STATION_ID}")["cells"]
        seen = {cell["cell"]: cell["occupancy"] for cell in there}
        assert {cell["cell"]: cell["occupancy"] for cell in cells} == seen
