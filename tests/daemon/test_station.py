"""The single-writer loop: decided, stored, folded, and only then acted on."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import pytest
import structlog

from edge.daemon.recovery import recover_state
from edge.daemon.station import actor_of
from edge.domain.consent_facts import NoContact
from edge.domain.consent_inputs import ContactFailed
from edge.domain.effects import Durable, Effect, OpenDoor, Reply
from edge.domain.hamlet_inputs import HamletGiven
from edge.domain.inputs import (
    CellOpenAsked,
    CheckInSwitched,
    DoorMoved,
    Fresh,
    Input,
    KeeperEntered,
    KeeperLeft,
    TimePassed,
    TokenScanned,
    WaybillScanned,
)
from edge.domain.proxy_inputs import ProxyOpenAsked, ProxyRevokeAsked
from edge.domain.station import AT_THE_DESK, DECISIONS
from edge.kernel.errors import Refused, StoreError
from edge.kernel.ids import AuthId, CellId, CredentialId, Hamlet, KeeperId, Mac, Seq
from edge.kernel.time import Instant
from edge.store.database import Entry, Store
from edge.store.verify import verify
from tests.daemon.parts import KEEPER, POLICY, WAYBILL, Rig, station_in, until
from tests.store.journals import moment, new_journal

pytestmark = pytest.mark.anyio


class FailingStore(Store):
    """A card that fails from the n-th decision on."""

    left = 10_000

    def commit(
        self, entries: Sequence[Entry], durable: Sequence[Durable], at: Instant
    ) -> tuple[Seq, bytes]:
        self.left -= 1
        if self.left < 0:
            raise self.fail("a decision could not be stored: disk I/O error")
        return super().commit(entries, durable, at)


class SlowStore(Store):
    """A card that takes its time: commits wait until it is let go."""

    def commit(
        self, entries: Sequence[Entry], durable: Sequence[Durable], at: Instant
    ) -> tuple[Seq, bytes]:
        self.reached.set()
        self.go.wait()
        return super().commit(entries, durable, at)

    reached = threading.Event()
    go = threading.Event()


def kinds(rig: Rig) -> list[str]:
    return [row.kind for row in rig.store.rows_after(rig.store.epoch, Seq(0), 10_000)]


def keeper_enters(at: Instant, _fresh: Fresh) -> Input:
    return KeeperEntered(at=at, keeper=KEEPER)


async def test_a_lock_is_asked_only_after_its_intent_is_on_disk(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        await rig.begin_check_in()
        on_disk_at_the_pulse: list[str] = []

        def act(effect: Effect) -> None:
            rig.acts.append(effect)
            on_disk_at_the_pulse.extend(kinds(rig))

        rig.station.carry_out_with(act)
        await rig.scan()
        (wish,) = rig.acts
        assert isinstance(wish, OpenDoor)
        assert on_disk_at_the_pulse[-3:] == ["parcel.received", "cell.reserved", "door.asked"]


async def test_while_the_card_is_slow_nothing_moves_and_nobody_is_answered(tmp_path: Path) -> None:
    SlowStore.go.set()
    async with station_in(new_journal(tmp_path), SlowStore) as rig:
        await rig.begin_check_in()
        SlowStore.go.clear()
        SlowStore.reached.clear()
        told = asyncio.create_task(rig.scan())
        await until(SlowStore.reached.is_set)
        before = rig.station.state
        await asyncio.sleep(0.02)  # time enough to act too early
        assert (rig.acts, told.done(), rig.station.state is before) == ([], False, True)
        SlowStore.go.set()
        await told
        assert len(rig.opened_doors) == 1


async def test_when_the_store_fails_the_loop_ends_and_nothing_moves_any_more(
    tmp_path: Path,
) -> None:
    async with station_in(new_journal(tmp_path), FailingStore) as rig:
        await rig.begin_check_in()
        assert isinstance(rig.store, FailingStore)
        rig.store.left = 0
        waiting = [asyncio.create_task(rig.scan()) for _ in range(3)]
        with pytest.raises(StoreError, match="disk I/O error"):
            await rig.running
        for told in waiting:
            with pytest.raises(StoreError, match="disk I/O error"):
                await told
        with pytest.raises(StoreError, match="disk I/O error"):
            await rig.scan()
        assert rig.acts == []
    assert verify(tmp_path).problems == ()


async def test_a_wish_that_may_not_be_changes_nothing(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        head, state, version = rig.store.head(), rig.station.state, rig.station.version
        with pytest.raises(Refused, match="not_signed_in"):
            await rig.station.tell(
                lambda at, _fresh: CheckInSwitched(at=at, keeper=KeeperId("stranger"), on=True)
            )
        assert (rig.store.head(), rig.station.version) == (head, version)
        assert rig.station.state is state
        await rig.station.tell(keeper_enters)
        assert kinds(rig)[-1] == "keeper.signed_in"


async def test_a_fact_that_no_reader_would_take_is_refused_and_the_loop_goes_on(
    tmp_path: Path,
) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        head = rig.store.head()
        with pytest.raises(Refused, match="try_again"):
            await rig.station.tell(
                lambda at, _fresh: KeeperEntered(at=at, keeper=KeeperId("x" * 100))
            )
        assert rig.store.head() == head
        await rig.station.tell(keeper_enters)


async def test_a_bug_ends_the_loop_loudly_and_leaves_nobody_waiting(tmp_path: Path) -> None:
    def bug(_at: Instant, _fresh: Fresh) -> Input:
        raise ZeroDivisionError

    async with station_in(new_journal(tmp_path)) as rig:
        told = asyncio.create_task(rig.station.tell(bug))
        behind = asyncio.create_task(rig.station.tell(keeper_enters))
        with pytest.raises(ZeroDivisionError):
            await rig.running
        for waiting in (told, behind):
            with pytest.raises(StoreError, match="is stopping"):
                await waiting


async def test_an_answer_that_nobody_waits_for_is_stored_all_the_same(tmp_path: Path) -> None:
    SlowStore.go.set()
    async with station_in(new_journal(tmp_path), SlowStore) as rig:
        SlowStore.go.clear()
        SlowStore.reached.clear()
        told = asyncio.create_task(rig.station.tell(keeper_enters))
        await until(SlowStore.reached.is_set)
        told.cancel()
        SlowStore.go.set()
        await until(lambda: rig.station.state.desk.keeper == KEEPER)
        assert kinds(rig)[-1] == "keeper.signed_in"


async def test_a_sensor_is_not_waited_for_and_a_refused_report_stops_nothing(
    tmp_path: Path,
) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        rig.station.report(
            lambda at, _fresh: CheckInSwitched(at=at, keeper=KeeperId("stranger"), on=True)
        )
        rig.station.report(
            lambda at, fresh: DoorMoved(at=at, cell=CellId(1), is_open=False, fresh=fresh)
        )
        await until(lambda: kinds(rig)[-1] == "door.shut")


async def test_after_a_restart_the_state_is_what_it_was(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        await rig.begin_check_in()
        await rig.check_in()
        lived = rig.station.state
        replayed = await rig.thread.run(recover_state, rig.store, POLICY)
        assert replayed == lived


async def test_a_start_pulses_no_lock_whatever_was_under_way(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        await rig.begin_check_in()
        await rig.scan()
        assert len(rig.opened_doors) == 1
    async with station_in(tmp_path) as rig:
        await rig.shut_all()
        assert rig.acts == []


async def test_those_who_wait_for_the_journal_are_told_after_each_commit(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        heads: list[int] = []
        rig.station.when_journal_grows(lambda: heads.append(rig.store.head()[0]))
        await rig.station.tell(keeper_enters)
        await rig.station.tell(lambda at, _fresh: TimePassed(at=at))  # nothing to tell
        assert heads == [rig.store.head()[0]]


async def test_screens_wake_for_a_commit_and_sleep_otherwise(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        seen = rig.station.version
        assert await rig.station.changed(seen, 0.01) == seen
        waiting = asyncio.create_task(rig.station.changed(seen, 5))
        await asyncio.sleep(0)
        await rig.station.tell(keeper_enters)
        assert await waiting > seen
        assert await rig.station.changed(seen, 5) > seen  # what was missed is told at once


async def test_the_answer_to_a_scan_goes_on_the_screens_and_its_serial_grows(
    tmp_path: Path,
) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        await rig.shut_all()
        assert rig.station.announcement() is None
        for _ in range(2):
            rig.station.report(
                lambda at, fresh: WaybillScanned(at=at, waybill_no=WAYBILL, fresh=fresh),
                announce=True,
            )
        await until(lambda: (said := rig.station.announcement()) is not None and said.serial == 2)
        said = rig.station.announcement()
        assert said is not None
        assert (said.reply.ok, said.reply.key) == (False, "scan_not_expected")


async def test_a_refused_scan_is_told_on_the_screens_too(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        rig.station.report(
            lambda at, _fresh: CheckInSwitched(at=at, keeper=KeeperId("stranger"), on=True),
            announce=True,
        )
        await until(lambda: rig.station.announcement() is not None)
        said = rig.station.announcement()
        assert said is not None
        assert (said.reply.ok, said.reply.key) == (False, "not_signed_in")


def test_everyone_is_answerable_for_what_they_asked() -> None:
    fresh, at = Fresh(auth=AuthId("a"), secrets=()), moment(1)
    asked: dict[str, Input] = {
        "keeper:李店主": CellOpenAsked(
            at=at, keeper=KEEPER, cell=CellId(1), reason="look", fresh=fresh
        ),
        "kiosk": TokenScanned(at=at, token_mac=Mac("x"), fresh=fresh),
        "desk": WaybillScanned(at=at, waybill_no=WAYBILL, fresh=fresh),
        "station": TimePassed(at=at),
    }
    assert {actor_of(told): told for told in asked.values()} == asked


def test_what_a_keeper_notes_of_addressees_and_proxies_stands_under_the_keeper_s_name() -> None:
    at, fresh = moment(1), Fresh(auth=AuthId("a"), secrets=())
    failed = ContactFailed(at=at, keeper=KEEPER, waybill_no=WAYBILL, result=NoContact.NO_ANSWER)
    revoked = ProxyRevokeAsked(at=at, keeper=KEEPER, credential=CredentialId("c-1"))
    assert {actor_of(failed), actor_of(revoked)} == {"keeper:李店主"}
    assert actor_of(ProxyOpenAsked(at=at, visit=AuthId("a-1"), fresh=fresh)) == "kiosk"
    given = HamletGiven(at=at, keeper=KEEPER, waybill_no=WAYBILL, hamlet=Hamlet("上坪"))
    assert actor_of(given) == "keeper:李店主"


def test_whatever_names_a_keeper_is_a_keeper_s_alone() -> None:
    named = {told for told in DECISIONS if "keeper" in {field.name for field in fields(told)}}
    assert named - {KeeperEntered, KeeperLeft} == set(AT_THE_DESK)


async def test_an_announcement_by_hand_wakes_the_screens(tmp_path: Path) -> None:
    async with station_in(new_journal(tmp_path)) as rig:
        seen = rig.station.version
        rig.station.announce(Reply(key="unreadable", ok=False))
        assert rig.station.version > seen


async def test_fresh_values_serve_one_stored_decision_and_stay_for_the_next_after_a_refusal(
    tmp_path: Path,
) -> None:
    seen: list[str] = []

    def enters(at: Instant, fresh: Fresh) -> Input:
        seen.append(fresh.auth)
        return KeeperEntered(at=at, keeper=KeeperId(f"keeper {len(seen)}"))

    def stranger_switches(at: Instant, fresh: Fresh) -> Input:
        seen.append(fresh.auth)
        return CheckInSwitched(at=at, keeper=KeeperId("stranger"), on=True)

    async with station_in(new_journal(tmp_path)) as rig:
        await rig.station.tell(enters)
        with pytest.raises(Refused):
            await rig.station.tell(stranger_switches)
        await rig.station.tell(enters)
        await rig.station.tell(enters)
    first, second, third, fourth = seen
    assert second == third  # nothing of it was stored or shown
    assert len({first, third, fourth}) == 3


async def test_what_follows_from_a_decision_is_not_seen_before_it_is_on_disk(
    tmp_path: Path,
) -> None:
    SlowStore.go.set()
    async with station_in(new_journal(tmp_path), SlowStore) as rig:
        SlowStore.go.clear()
        SlowStore.reached.clear()
        entering = asyncio.create_task(rig.station.tell(keeper_enters))
        await until(SlowStore.reached.is_set)
        assert rig.station.state.desk.keeper is None
        SlowStore.go.set()
        await entering
        assert rig.station.state.desk.keeper == KEEPER


async def test_what_opens_a_door_without_signing_in_is_not_in_the_log(tmp_path: Path) -> None:
    with structlog.testing.capture_logs() as lines:
        async with station_in(new_journal(tmp_path)) as rig:
            await rig.begin_check_in()
            await rig.check_in()
            auths = [act.auth for act in rig.acts if isinstance(act, OpenDoor)]
    asked = [line for line in lines if line["event"] == "door.asked"]
    assert (len(asked), len(auths)) == (1, 1)
    assert asked[0]["cell"] == rig.opened_doors[0]
    assert auths[0] not in [value for line in lines for value in line.values()]
