"""Days that go by at a station behind its pages, under a clock that somebody has told."""

from typing import Final

from tests.web.support.browserless import KEEPER, PIN, Visitor
from tests.web.support.parcels import WAYBILL
from tests.web.support.village import Village, eventually

DAY_S: Final = 86_400


def knows_the_time(village: Village) -> None:
    """The county has told it, and it is believed."""
    village.clock.trusted = True


def days_pass(village: Village, days: int, keeper: Visitor | None = None) -> None:
    """So many days at once; the station looks at its deadlines, the keeper signs in again."""
    village.clock.forward(days * DAY_S)
    village.ring()
    if keeper is not None:
        keeper.ask("/api/keeper/sign-in", keeper=KEEPER, pin=PIN)


def listed(village: Village, keeper: Visitor, waybill_no: str = WAYBILL) -> None:
    """Until a parcel that lies here is on the page of long stays."""
    days_pass(village, 4, keeper)

    def there() -> bool:
        lines = keeper.get("/api/keeper/screen")["returns"]["lines"]
        return any(line["waybill_no"] == waybill_no for line in lines)

    eventually(there, "the overdue parcel")
