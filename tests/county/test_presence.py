"""Online, offline and never: hints that come from heartbeats and survive a restart."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from cloud_sync.county.office import Glance
from cloud_sync.county.presence import ONLINE_MS, WRITE_EVERY_MS, Presence
from cloud_sync.county.web.wall import presence_text
from cloud_sync.station.heart import HEARTBEAT_MS
from cloud_sync.wire.messages import Heartbeat
from edge.kernel.ids import StationId
from tests.county.village import NOON_MS, County, Village, open_county

PINGSHANG = StationId("pingshang")
BEAT = Heartbeat(
    boot=1, up_ms=1, head_seq=3, waiting=2, devices={"printer": "paper_out"}, simulated=True
)


class Hands:
    """A clock that is moved by hand; the wall runs along."""

    def __init__(self) -> None:
        self.mono = 5_000

    def mono_ms(self) -> int:
        return self.mono

    def wall_ms(self) -> int:
        return NOON_MS + self.mono


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    with open_county(tmp_path) as opened:
        opened.welcome(Village())
        yield opened


def look(county: County, hands: Hands) -> Presence:
    presence = Presence(hands.mono_ms, hands.wall_ms)
    presence.load(county.database)
    return presence


def says(presence: Presence, hands: Hands, language: str = "zh") -> str:
    sight, online = presence.sights()[PINGSHANG]
    return presence_text(sight, Glance(now_ms=hands.wall_ms(), language=language), online=online)


def test_a_station_is_online_for_three_heartbeats_after_its_last_word(county: County) -> None:
    hands = Hands()
    presence = look(county, hands)
    presence.heard(PINGSHANG, BEAT)

    hands.mono += ONLINE_MS
    assert says(presence, hands) == "在线"
    hands.mono += 1
    assert says(presence, hands) == "离线 1 分钟"
    hands.mono += 6 * 60_000
    assert says(presence, hands) == "离线 7 分钟"
    assert says(presence, hands, "en") == "Offline 7 min"


def test_three_lost_heartbeats_are_silence_and_silence_is_seen_within_two_minutes() -> None:
    assert 3 * HEARTBEAT_MS == ONLINE_MS
    assert ONLINE_MS < 120_000


def test_a_clean_goodbye_is_believed_at_once_and_the_next_word_undoes_it(county: County) -> None:
    hands = Hands()
    presence = look(county, hands)
    presence.heard(PINGSHANG)
    presence.parted(PINGSHANG)
    assert says(presence, hands).startswith("离线")

    presence.heard(PINGSHANG)
    assert says(presence, hands) == "在线"


def test_who_came_or_went_is_told_once(county: County) -> None:
    hands = Hands()
    presence = look(county, hands)
    presence.heard(PINGSHANG)
    assert [presence.turned(), presence.turned()] == [True, False]
    hands.mono += ONLINE_MS + 1
    assert [presence.turned(), presence.turned()] == [True, False]


def test_a_station_that_was_registered_and_never_heard_of_is_called_that(tmp_path: Path) -> None:
    from cloud_sync.county.ingest.ledger import register_listed

    hands = Hands()
    with open_county(tmp_path) as county:
        with county.database.write() as connection:
            register_listed(connection, [("pingshang", "坪上村站")])
        assert says(look(county, hands), hands) == "从未连上"


def test_the_last_sign_of_life_survives_a_restart_and_is_written_once_a_minute(
    county: County,
) -> None:
    hands = Hands()
    presence = look(county, hands)
    hands.mono += 30_000
    presence.heard(PINGSHANG, BEAT)
    presence.write(county.database)
    assert look(county, hands).sights()[PINGSHANG][0].seen_ms == NOON_MS

    heard = hands.wall_ms()
    hands.mono += WRITE_EVERY_MS
    presence.write(county.database)
    sight, online = look(county, hands).sights()[PINGSHANG]
    assert (sight.seen_ms, sight.simulated, online) == (heard, True, False)


def test_a_heartbeat_of_a_stranger_makes_no_station(county: County) -> None:
    hands = Hands()
    presence = look(county, hands)
    presence.heard(StationId("made-up"), BEAT)
    presence.parted(StationId("made-up"))

    assert presence.counts() == (0, 1)
    assert not presence.knows(StationId("made-up"))


def test_heartbeats_that_are_said_again_keep_nobody_online(county: County) -> None:
    hands = Hands()
    presence = look(county, hands)
    later = msgspec.structs.replace(BEAT, up_ms=10_001, waiting=0)
    assert presence.heard(PINGSHANG, BEAT)
    assert presence.heard(PINGSHANG, later)
    hands.mono += ONLINE_MS + 1
    for old in (BEAT, later, msgspec.structs.replace(later, boot=0, up_ms=20_001)):
        assert not presence.heard(PINGSHANG, old)
        assert says(presence, hands).startswith("离线")
    assert presence.heard(PINGSHANG, msgspec.structs.replace(BEAT, boot=2))
    assert says(presence, hands) == "在线"


def test_a_station_on_a_card_that_counts_its_starts_anew_is_seen_again(county: County) -> None:
    hands = Hands()
    presence = look(county, hands)
    presence.heard(PINGSHANG, msgspec.structs.replace(BEAT, boot=9))
    assert not presence.heard(PINGSHANG, BEAT)
    presence.greeted(PINGSHANG, 1)
    assert presence.heard(PINGSHANG, BEAT)
