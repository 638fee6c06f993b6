"""Laws of time, guesses, secrets and service are broken here by hand, and a judge names each."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import zstandard

from cloud_sync.wire.broker.topics import UPWARD
from cloud_sync.wire.framing.dictionary import FILES, FOLDER
from edge.domain.facts import Fact, PickupRefused, Proof, RefusalReason
from edge.domain.remote_facts import RemoteAccepted
from edge.kernel.ids import AuthId, CredentialId
from edge.kernel.time import Instant
from edge.simulation.oracles.service import LOG_BYTES
from edge.simulation.parts.links import Packet
from edge.simulation.people import Village
from edge.simulation.world import World
from tests.simulation.forging import HERE, OTHER, TAIL, TWO, forge, laws, received, small_world


@pytest.fixture
def world() -> Iterator[World]:
    """See `small_world`."""
    with small_world() as made:
        yield made


@pytest.fixture
def village(world: World) -> Village:
    """Everybody around its one station."""
    return world.villages[0]


def _earlier(at: Instant) -> Instant:
    return replace(at, mono_ms=0)


def _yesterday(at: Instant) -> Instant:
    return replace(at, wall_lo_ms=at.wall_lo_ms - 86_400_000)


def _upside_down(at: Instant) -> Instant:
    return replace(at, wall_hi_ms=at.wall_lo_ms - 1)


@pytest.mark.parametrize(
    ("later", "law"),
    [
        (_earlier, "T1: the running time of"),
        (_yesterday, "T1: the wall of"),
        (_upside_down, "ends before it begins"),
    ],
)
def test_a_stamp_that_goes_back_is_told(
    world: World, later: Callable[[Instant], Instant], law: str
) -> None:
    forge(world, received(OTHER), later=later)
    assert law in laws(world)


def _refused(charged: int, *names: str) -> Fact:
    return PickupRefused(
        reason=RefusalReason.WRONG_CODE,
        proof=Proof.CODE,
        charged=charged,
        credentials=tuple(CredentialId(name) for name in names),
    )


def test_sixty_units_a_day_are_fine_and_one_more_is_told(world: World, village: Village) -> None:
    forge(world, _refused(30), _refused(30))
    assert laws(world) == ""
    village.node.wall_error_ms = 100 * 86_400_000
    village.node.restart()
    world.loop.run(village.node.came_up.wait())
    forge(world, _refused(1))
    assert "X1: more than 60 units in a day" in laws(world)


def test_units_come_back_after_a_day_of_running(world: World) -> None:
    forge(world, _refused(60))
    world.loop.jump(86_400.0 + 60.0)
    forge(world, _refused(60))
    assert "X1" not in laws(world)


def test_the_sixth_wrong_try_at_a_code_is_told(world: World) -> None:
    forge(world, *(_refused(1, "tail-0971") for _try in range(5)))
    assert laws(world) == ""
    forge(world, _refused(1, "tail-0971"))
    assert "X1: more than 5 wrong tries at tail-0971" in laws(world)


def test_a_wrong_try_that_was_answered_and_not_counted_is_told(
    world: World, village: Village
) -> None:
    world.loop.run(village.guess(TAIL))
    assert village.told_wrong == 1
    assert laws(world) == ""
    village.told_wrong += 1
    assert "X1: 2 wrong tries, 1 were counted" in laws(world)


@pytest.mark.parametrize(("most", "apart_s"), [(3, 0.0), (10, 700.0)])
def test_one_door_too_many_for_the_county_is_told(world: World, most: int, apart_s: float) -> None:
    def once(number: int) -> None:
        accepted = RemoteAccepted(
            command=f"c{number}",
            digest="00" * 32,
            seq=number,
            cell=TWO,
            auth=AuthId("nobody"),
            operator="x",
            reason="x",
        )
        forge(world, accepted)
        world.loop.run_for(apart_s)

    told = f"D7: more than {most} doors for the county"
    for number in range(1, most + 1):
        once(number)
    assert told not in laws(world)
    once(most + 1)
    assert told in laws(world)


# -- secrets


def _packed(clear: bytes) -> bytes:
    words = zstandard.ZstdCompressionDict((FOLDER / FILES[2]).read_bytes())
    return zstandard.ZstdCompressor(dict_data=words).compress(clear)


@pytest.mark.parametrize("wrap", [bytes, _packed, lambda clear: b"\x02head" + _packed(clear)])
def test_a_packet_that_says_a_waybill_number_to_all_is_told(
    world: World, village: Village, wrap: Callable[[bytes], bytes]
) -> None:
    clear = b'{"kind":"parcel.stored","waybill_no":"%s"}' % HERE.encode()
    world.road.carry(Packet(village.node.around.station, min(UPWARD), wrap(clear)))
    assert f"says {HERE} to all" in laws(world)


@pytest.mark.parametrize("before", ["", "17"])
@pytest.mark.parametrize("wrap", [bytes, _packed])
def test_a_packet_that_says_a_code_to_all_is_told(
    world: World, village: Village, wrap: Callable[[bytes], bytes], before: str
) -> None:
    """A longer number that ends like a code is none."""
    digits = village.slips.out[HERE].digits
    clear = f'{{"kind":"pickup.code_issued","said":"{before}{digits}"}}'.encode()
    world.road.carry(Packet(village.node.around.station, min(UPWARD), wrap(clear)))
    assert (f"says the code {digits} to all" in laws(world)) is not bool(before)


@pytest.mark.parametrize("where", ["county", "backups", "card"])
def test_a_code_in_clear_at_rest_is_told(world: World, village: Village, where: str) -> None:
    world.judge()
    assert world.recorder.troubles == []
    home = village.node.folder if where == "card" else world.folder / where
    slip = village.slips.out[HERE]
    (home / "notes.txt").write_text(f'{{"digits":"{slip.digits}"}}')
    world.judge()
    assert "X2: notes.txt of" in laws(world)


def test_a_code_within_a_longer_number_is_none(world: World, village: Village) -> None:
    digits = village.slips.out[HERE].digits
    (world.folder / "county" / "notes.txt").write_text(f"17{digits} {digits}99 a{digits}")
    world.judge()
    assert laws(world) == ""


def test_a_token_in_clear_at_rest_is_told(world: World, village: Village) -> None:
    (village.node.folder / "notes.txt").write_text(f"x{village.slips.out[HERE].token}x")
    world.judge()
    assert "X2: notes.txt of qingshan-01 has a pickup code in clear" in laws(world)


# -- rubbish


def test_rubbish_on_every_lane_changes_neither_card_nor_county(
    world: World, village: Village
) -> None:
    heard: list[Packet] = []
    world.road.overhear(heard.append)
    world.loop.run_for(60.0)
    process, database = village.node.alive, world.county.database
    assert process is not None
    assert database is not None
    assert {packet.lane in UPWARD for packet in heard} == {True, False}
    before = process.store.head(), world.oracle.head(village.node.around.station)
    for packet in tuple(heard):
        for at in range(0, len(packet.payload), 7):
            bent = bytearray(packet.payload)
            bent[at] ^= 0x10
            world.road.carry(packet._replace(payload=bytes(bent)))
        world.road.carry(packet._replace(payload=packet.payload[:-1]))
        world.road.carry(packet._replace(payload=b""))
    world.loop.run_for(5.0)
    world.look()
    assert (process.store.head(), world.oracle.head(village.node.around.station)) == before
    world.judge()
    assert laws(world) == ""


# -- service


def test_somebody_who_waits_for_more_than_a_minute_is_told(world: World, village: Village) -> None:
    process = village.node.alive
    assert process is not None
    village.waiting[0] = (world.loop.time(), process)
    world.loop.run_for(60.0)
    assert laws(world) == ""
    world.loop.run_for(1.0)
    assert "L2: qingshan-01 has not answered for 60 s" in laws(world)


def test_a_daemon_that_does_not_come_up_is_told(world: World, village: Village) -> None:
    process = village.node.process
    assert process is not None
    process.up = False
    assert laws(world) == ""
    world.loop.run_for(61.0)
    assert "L2: qingshan-01 has not come up in 60 s" in laws(world)


@pytest.mark.parametrize("name", ["grown.db", "grown.db-wal"])
def test_a_file_that_nothing_explains_is_told(world: World, name: str) -> None:
    with (world.folder / "county" / name).open("wb") as file:
        file.truncate(LOG_BYTES + 1)
    world.judge()
    assert f"L3: {name} of the county has" in laws(world)
