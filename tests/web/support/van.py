"""A van before the village's door: a manifest that the county told, and a courier with a PIN."""

from typing import Any, Final

from tests.web.support.village import Village

TRIP: Final = "2026-11-25-3"
COURIER: Final = "陈师傅"
COURIER_PIN: Final = "382914"
HERE: Final = "pingshang"


def seal(n: int) -> str:
    return f"FQ{n:07d}"


def waybill(n: int) -> str:
    return f"YT77002345{n:05d}"


def parcel(n: int, **more: Any) -> dict[str, Any]:
    """One of a manifest; its addressee agreed, unless the test is about that."""
    return {"waybill_no": waybill(n), "consent": "yes", **more}


def tell_bag(village: Village, n: int, parcels: list[dict[str, Any]], to: str = HERE) -> None:
    body = {"trip": TRIP, "seal": seal(n), "origin": "county", "to": to, "parcels": parcels}
    village.say("bag", f"{TRIP}/{seal(n)}", body)


def expect_van(village: Village, bags: int = 2) -> None:
    """A trip at noon with so many bags for here, one for the next village, and the routes."""
    asked = {"ask": "courier_add", "courier": COURIER, "pin": COURIER_PIN}
    village.run(village.front.couriers.carry_out(asked))
    due_ms = village.front.now().wall_lo_ms
    stops = [{"place": HERE, "at_ms": due_ms}, {"place": "shuinan", "at_ms": due_ms}]
    village.say("trip", TRIP, {"trip": TRIP, "operator": "县运", "stops": stops})
    for network, direction, hop in (("*", "*", "镇中转站"), ("post", "县中心", "邮政支局")):
        route = {"network": network, "direction": direction, "next_hop": hop}
        village.say("route", f"{network}/{direction}", route)
    for n in range(1, bags + 1):
        advised = parcel(n, carrier="圆通", piece=1, pieces=2, tail="3865", consent="yes")
        tell_bag(village, n, [advised, parcel(n + 500, carrier="中通", tail="0971")])
    tell_bag(village, 900, [parcel(900)], to="shuinan")
