"""Live commands at a station with a real store: at most once, soon or never, whatever is signed."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cloud_sync.station.talks.live import MOST_ALIVE, LiveTalk
from cloud_sync.wire.framing.frame import SealedCodec
from cloud_sync.wire.live import LIVES_MS, digest_of, sane_command
from cloud_sync.wire.messages import (
    LiveCommand,
    LiveNonce,
    LiveRequest,
    LiveResult,
    Message,
    MessageError,
    Position,
    Welcome,
)
from cloud_sync.wire.trust.identity import Identity, PublicIdentity
from edge.daemon.county.remote_desk import RemoteDesk
from edge.domain.door import Door
from edge.kernel.ids import CellId, CountyId, StationId
from edge.store.database import Store
from tests.daemon.parts import CELLS, Rig, station_in

pytestmark = pytest.mark.anyio
COUNTY = CountyId("shangyou")
HERE = StationId("pingshang")
DAY_MS = 86_400_000
_NAMES = itertools.count(1)


@dataclass
class Bench:
    """A station, its live talk, and what it said; the test is the county."""

    rig: Rig
    talk: LiveTalk
    said: list[tuple[str, Message]] = field(default_factory=list)

    def say(self, lane: str, message: Message) -> None:
        """Keep what the station says."""
        self.said.append((lane, message))

    def nonces(self) -> list[LiveNonce]:
        return [m for _lane, m in self.said if isinstance(m, LiveNonce)]

    def results(self) -> list[str]:
        return [m.result for _lane, m in self.said if isinstance(m, LiveResult)]

    def wait(self, ms: int) -> None:
        self.rig.clock.mono_ms += ms

    async def nonce(self, command: str) -> LiveNonce:
        """Ask for a nonce, after the pause that the station wants between two."""
        self.wait(1_000)
        await self.talk.hear(LiveRequest(command=command, action="open", cell=1))
        return self.nonces()[-1]

    async def command(self, cell: int = 1, **changed: Any) -> LiveCommand:
        """A command that is good but for what is changed; not sent yet."""
        name = f"m-{next(_NAMES)}"
        given = await self.nonce(name)
        command = LiveCommand(
            command=name,
            station=HERE,
            epoch=given.epoch,
            seq=given.fence + 1,
            nonce=given.nonce,
            action="open",
            cell=cell,
            parcel_tail="",
            not_after_ms=self.rig.clock.now().wall_lo_ms + LIVES_MS,
            operator="王某",
            reason="村民手机丢了",
            approvals=["王某"],
        )
        return msgspec.structs.replace(command, **changed)

    async def send(self, command: LiveCommand) -> list[str]:
        """Deliver it; the results so far."""
        await self.talk.hear(command)
        return self.results()

    async def let_it_open(self, cell: int) -> None:
        """The door springs open, and somebody shuts it."""
        if self.rig.station.state.doors[CellId(cell)].door is Door.ASKED:
            await self.rig.move(cell, is_open=True)
            await self.rig.move(cell, is_open=False)


def _welcome() -> Welcome:
    return Welcome(
        nonce="n",
        session="s",
        county_gen="g",
        verdict="ok",
        applied=Position(epoch=1, seq=0, hash="0" * 64),
        durable_seq=0,
        county_time_ms=0,
    )


@asynccontextmanager
async def bench_in(folder: Path) -> AsyncIterator[Bench]:
    if not (folder / "journal.db").exists():
        Store.create(folder, COUNTY, HERE)
    async with station_in(folder) as rig:
        rig.clock.trusted = True
        draws = itertools.count(1)
        desk = RemoteDesk(rig.station, station_id=rig.store.station, epoch=lambda: rig.store.epoch)
        talk = LiveTalk(
            desk,
            clock_ms=lambda: rig.clock.mono_ms,
            draw=lambda count: (rig.clock.boot * 1_000_000 + next(draws)).to_bytes(count, "big"),
        )
        desk.tell_with(talk.tell)
        bench = Bench(rig, talk)
        talk.opened(_welcome(), bench.say)
        await rig.shut_all()
        yield bench


# -- one good command


async def test_a_command_with_a_live_nonce_opens_its_door_once(tmp_path: Path) -> None:
    async with bench_in(tmp_path) as bench:
        command = await bench.command(2)
        assert await bench.send(command) == []
        assert bench.rig.opened_doors == [2]
        await bench.rig.move(2, is_open=True)
        assert bench.results() == ["opened"]
        kinds = [fact.kind for fact, _hash in bench.rig.store.replay()][-5:]
        assert kinds == [
            "remote.accepted",
            "door.asked",
            "door.opened",
            "remote.ended",
            "cell.questioned",
        ]
        actors = {
            fact.actor for fact, _hash in bench.rig.store.replay() if fact.kind == "door.asked"
        }
        assert actors == {"county:王某"}


async def test_a_door_without_a_sign_is_told_as_that(tmp_path: Path) -> None:
    async with bench_in(tmp_path) as bench:
        await bench.send(await bench.command())
        bench.wait(3_000)
        await bench.rig.tick()
        assert bench.results() == ["no_feedback"]
        assert bench.rig.opened_doors == [1]


# -- what is kept back, sent twice or sent elsewhere


async def test_the_same_command_a_hundred_times_is_one_pulse_and_the_same_answer(
    tmp_path: Path,
) -> None:
    async with bench_in(tmp_path) as bench:
        command = await bench.command()
        for _ in range(100):
            await bench.send(command)
            await bench.let_it_open(1)
            bench.wait(200)
        assert bench.rig.opened_doors == [1]
        assert set(bench.results()) == {"opened"}


async def test_a_command_kept_back_for_three_days_is_stale(tmp_path: Path) -> None:
    async with bench_in(tmp_path) as bench:
        command = await bench.command(not_after_ms=2**52)
        bench.wait(3 * DAY_MS)
        assert await bench.send(command) == ["refused:stale"]
        assert bench.rig.opened_doors == []


async def test_a_nonce_is_alive_for_its_minute_and_not_a_moment_longer(tmp_path: Path) -> None:
    async with bench_in(tmp_path) as bench:
        late = await bench.command(not_after_ms=2**52)
        bench.wait(LIVES_MS)
        assert await bench.send(late) == ["refused:stale"]
        soon = await bench.command(not_after_ms=2**52)
        bench.wait(LIVES_MS - 1)
        await bench.send(soon)
        assert bench.rig.opened_doors == [1]


async def test_a_nonce_is_burnt_by_whatever_is_decided_under_it(tmp_path: Path) -> None:
    async with bench_in(tmp_path) as bench:
        first = await bench.command(cell=77)
        await bench.send(first)
        again = msgspec.structs.replace(first, command=first.command, cell=1, seq=2)
        await bench.send(again)
        other = msgspec.structs.replace(first, command="m-other", cell=1, seq=3)
        assert (await bench.send(other))[-1] == "refused:stale"
        assert bench.results() == ["refused:unknown_cell", "refused:dup_body", "refused:stale"]
        assert bench.rig.opened_doors == []


async def test_a_nonce_of_one_command_is_none_for_another(tmp_path: Path) -> None:
    async with bench_in(tmp_path) as bench:
        mine = await bench.command()
        stolen = msgspec.structs.replace(mine, command="m-thief")
        assert await bench.send(stolen) == ["refused:stale"]
        assert (await bench.send(mine))[-1] == "refused:fence"


async def test_a_nonce_dies_with_its_session(tmp_path: Path) -> None:
    async with bench_in(tmp_path) as bench:
        command = await bench.command()
        bench.talk.closed()
        bench.talk.opened(_welcome(), bench.say)
        assert await bench.send(command) == ["refused:stale"]


@pytest.mark.parametrize("changed", [{"station": "dongjiang"}, {"epoch": 2}])
async def test_a_command_for_another_station_or_epoch_is_out_of_scope(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    async with bench_in(tmp_path) as bench:
        assert await bench.send(await bench.command(**changed)) == ["refused:scope"]
        assert bench.rig.opened_doors == []


@pytest.mark.parametrize(
    "changed",
    [
        {"command": ""},
        {"command": "x" * 51},
        {"operator": "x" * 51},
        {"reason": "x" * 201},
        {"approvals": ["x"] * 9},
        {"cell": 0},
        {"cell": 1_000},
        {"seq": 0},
        {"seq": 2**53},
        {"not_after_ms": -1},
        {"action": "open_all"},
        {"parcel_tail": "x" * 51},
    ],
)
async def test_a_command_out_of_bounds_is_none_and_leaves_no_fact(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    async with bench_in(tmp_path) as bench:
        command = await bench.command(**changed)
        assert not sane_command(command)
        head = bench.rig.store.head()
        assert await bench.send(command) == []
        assert (bench.talk.dropped, bench.rig.store.head()) == (1, head)


def test_every_field_of_a_command_is_in_its_digest() -> None:
    command = LiveCommand(
        command="m",
        station=HERE,
        epoch=1,
        seq=1,
        nonce="n",
        action="open",
        cell=1,
        parcel_tail="",
        not_after_ms=1,
        operator="a",
        reason="b",
        approvals=["a"],
    )
    others = [
        msgspec.structs.replace(command, **{name: value})
        for name, value in msgspec.to_builtins(command).items()
        if name != "type"
        for value in ([2] if isinstance(value, int) else [["x"]] if name == "approvals" else ["x"])
    ]
    digests = {digest_of(one) for one in (command, *others)}
    assert len(digests) == 1 + len(others)


# -- frames


def _codec(mine: Identity, other: PublicIdentity, station: StationId) -> SealedCodec:
    def lookup(key: str) -> PublicIdentity | None:
        return other if key == other.key_id else None

    return SealedCodec(mine, lambda: other, lookup, county=COUNTY, station=station)


async def test_no_changed_bit_and_no_other_station_makes_a_command_of_a_frame(
    tmp_path: Path,
) -> None:
    county, here, there = (Identity.from_secret(bytes([n]) * 32) for n in (1, 2, 3))
    async with bench_in(tmp_path) as bench:
        command = await bench.command()
    frame = _codec(county, here.public, HERE).pack("dn", command)
    at_home = _codec(here, county.public, HERE)
    assert at_home.unpack("dn", frame) == command
    elsewhere = StationId("dongjiang")
    for codec, lane in [
        (_codec(there, county.public, elsewhere), "dn"),
        (_codec(here, county.public, elsewhere), "dn"),
        (at_home, "ans"),
    ]:
        with pytest.raises(MessageError):
            codec.unpack(lane, frame)
    for bit in range(len(frame) * 8):
        changed = bytearray(frame)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(MessageError):
            at_home.unpack("dn", bytes(changed))


# -- floods


async def test_at_most_five_nonces_are_alive_and_one_a_second_is_new(tmp_path: Path) -> None:
    async with bench_in(tmp_path) as bench:
        for n in range(20):
            await bench.talk.hear(LiveRequest(command=f"q-{n}", action="open", cell=1))
            bench.wait(500)
        assert len(bench.nonces()) == MOST_ALIVE
        bench.wait(LIVES_MS)
        await bench.nonce("late")
        assert len(bench.nonces()) == MOST_ALIVE + 1


async def test_one_command_has_one_nonce_however_often_it_asks(tmp_path: Path) -> None:
    async with bench_in(tmp_path) as bench:
        given = [await bench.nonce("m") for _ in range(10)]
        assert len({one.nonce for one in given}) == 1
        assert [one.lives_ms for one in given] == [LIVES_MS - 1_000 * n for n in range(10)]


async def test_no_nonce_is_given_for_what_nobody_knows_or_outside_a_session(
    tmp_path: Path,
) -> None:
    async with bench_in(tmp_path) as bench:
        await bench.talk.hear(LiveRequest(command="m", action="open_all", cell=1))
        await bench.talk.hear(LiveRequest(command="", action="open", cell=1))
        bench.talk.closed()
        await bench.talk.hear(LiveRequest(command="m", action="open", cell=1))
        assert bench.nonces() == []


async def test_ten_thousand_commands_at_once_cost_five_decisions(tmp_path: Path) -> None:
    async with bench_in(tmp_path) as bench:
        command = await bench.command()
        head = bench.rig.store.head()[0]
        for n in range(10_000):
            await bench.send(msgspec.structs.replace(command, command=f"f-{n}", seq=n + 1))
        assert bench.rig.store.head()[0] - head <= 5
        await bench.rig.begin_check_in()
        await bench.rig.scan()
        assert bench.rig.opened_doors == [1], "villagers are served meanwhile"


async def test_ten_thousand_good_commands_open_three_doors_at_once_and_ten_a_day(
    tmp_path: Path,
) -> None:
    async with bench_in(tmp_path) as bench:
        opened_at: list[int] = []
        for n in range(10_000):
            cell = 1 + n % CELLS
            before = len(bench.rig.opened_doors)
            await bench.send(await bench.command(cell))
            opened_at += [bench.rig.clock.mono_ms] * (len(bench.rig.opened_doors) - before)
            await bench.let_it_open(cell)
            bench.said.clear()
        assert len(opened_at) == 10
        for first in opened_at:
            assert sum(first <= at < first + 600_000 for at in opened_at) <= 3


# -- death in mid-pulse


async def test_a_station_that_dies_in_mid_pulse_tells_that_nobody_knows_and_never_pulses_again(
    tmp_path: Path,
) -> None:
    async with bench_in(tmp_path) as bench:
        command = await bench.command(3)
        await bench.send(command)
        assert bench.rig.opened_doors == [3]
    async with bench_in(tmp_path) as after:
        assert await after.send(command) == ["indeterminate"]
        later = await after.command(3, command=command.command)
        assert (await after.send(later))[-1] == "refused:dup_body"
        assert after.rig.opened_doors == []
        ended = [fact for fact, _hash in after.rig.store.replay() if fact.kind == "remote.ended"]
        assert [fact.body["result"] for fact in ended] == ["indeterminate"]
