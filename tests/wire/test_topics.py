"""Topics: made and taken apart, and nobody else's is mistaken for ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_sync.wire.broker.topics import (
    DOWNWARD,
    UPWARD,
    Address,
    every_station,
    parse_topic,
    topic,
)
from edge.kernel.ids import CountyId, StationId

_STATIONS = st.from_regex(r"[a-z0-9][a-z0-9-]{1,30}[a-z0-9]", fullmatch=True)
_LANES = st.sampled_from(sorted(UPWARD | DOWNWARD))


@given(_STATIONS, _STATIONS, _LANES)
def test_a_topic_is_taken_apart_as_it_was_made(county: str, station: str, lane: str) -> None:
    address = Address(CountyId(county), StationId(station), lane)
    assert parse_topic(topic(*address)) == address


def test_a_county_listens_to_one_lane_of_every_station() -> None:
    assert every_station(CountyId("dexing"), "up") == "v1/dexing/+/up"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v1/dexing/qingshan-01/open",
        "v1/dexing/qingshan-01/up/more",
        "v1/dexing/qingshan-01/up\n",
        "v2/dexing/qingshan-01/up",
        "v1/dexing//up",
        "v1/dexing/+/up",
        "v1/dexing/#",
        "v1/dexing/qingshan 01/up",
        "v1/dexing/青山-01/up",
        "v1/dexing/" + "a" * 33 + "/up",
        "$SYS/broker/uptime",
    ],
)
def test_any_other_topic_is_not_ours(text: str) -> None:
    assert parse_topic(text) is None


@given(st.text(max_size=60))
def test_random_text_is_never_an_error(text: str) -> None:
    found = parse_topic(text)
    assert found is None or topic(*found) == text
