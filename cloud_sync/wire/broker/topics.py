"""Where messages go: five topics a station, named by county and station, nothing retained."""

import re
from typing import Final, NamedTuple

from edge.kernel.ids import CountyId, StationId

ROOT: Final = "v1"
UPWARD: Final = frozenset({"up", "ask", "tel"})
DOWNWARD: Final = frozenset({"dn", "ans"})
SELF: Final = "_county"
"""Where the county speaks to itself; no station can be called so."""
_SHARED: Final = "$share/cunyi/"
_TOPIC: Final = re.compile(r"v1/([a-z0-9-]{2,32})/([a-z0-9-]{3,32})/(up|dn|ask|ans|tel)")


class Address(NamedTuple):
    """A topic taken apart."""

    county: CountyId
    station: StationId
    lane: str


def topic(county: CountyId, station: StationId, lane: str) -> str:
    """The topic of one lane: `up`, `dn`, `ask`, `ans` or `tel`."""
    return f"{ROOT}/{county}/{station}/{lane}"


def every_station(county: CountyId, lane: str, *, shared: bool = False) -> str:
    """The subscription that a county worker makes for one lane; `shared` among all workers."""
    return f"{_SHARED if shared else ''}{ROOT}/{county}/+/{lane}"


def echo_topic(county: CountyId) -> str:
    """Where a county hears itself; `every_station` of the lane `tel` takes it in."""
    return f"{ROOT}/{county}/{SELF}/tel"


def parse_topic(text: str) -> Address | None:
    """Take a topic apart, or None when it is not one of ours."""
    match = _TOPIC.fullmatch(text)
    if match is None:
        return None
    return Address(CountyId(match[1]), StationId(match[2]), match[3])
