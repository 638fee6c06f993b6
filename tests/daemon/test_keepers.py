"""Keeper PINs: counted on disk before they are looked at, and locked across restarts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from edge.daemon.keepers import LOCK_AFTER, LOCK_MS, STRANGERS, Keepers
from edge.kernel.errors import Refused
from edge.kernel.ids import KeeperId
from edge.store.database import Store
from tests.daemon.parts import HandClock, opened
from tests.store.journals import bytes_on_disk, new_journal

pytestmark = pytest.mark.anyio

NAME = KeeperId("李店主")
PIN = "270953"
WRONG = "270954"


@asynccontextmanager
async def keepers_in(
    folder: Path, boot: int = 1
) -> AsyncIterator[tuple[Keepers, Store, HandClock]]:
    clock = HandClock(boot)
    async with opened(folder) as (store, thread):
        yield Keepers(store, thread, clock), store, clock


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[tuple[Keepers, Store, HandClock]]:
    async with keepers_in(new_journal(tmp_path)) as parts:
        await parts[0].add_first(NAME, PIN)
        yield parts


async def refusal(keepers: Keepers, name: str, pin: str) -> str:
    with pytest.raises(Refused) as refused:
        await keepers.check(KeeperId(name), pin)
    return refused.value.reason


async def test_the_first_keeper_sets_a_pin_and_is_let_in_by_it(tmp_path: Path) -> None:
    async with keepers_in(new_journal(tmp_path)) as (keepers, _store, _clock):
        assert not await keepers.exists()
        await keepers.add_first(NAME, PIN)
        assert await keepers.exists()
        await keepers.check(NAME, PIN)
        assert await refusal(keepers, NAME, WRONG) == "pin_wrong"
    assert PIN.encode() not in bytes_on_disk(tmp_path)


async def test_there_is_only_one_first_keeper(desk: tuple[Keepers, Store, HandClock]) -> None:
    keepers, store, _clock = desk
    with pytest.raises(Refused, match="keeper_exists"):
        await keepers.add_first(KeeperId("王"), "845213")
    assert store.add_first_keeper(KeeperId("王"), "hash") is False  # even if both saw none
    assert store.keeper_count() == 1


@pytest.mark.parametrize(
    ("name", "pin", "reason"),
    [
        ("", PIN, "keeper_name_unfit"),
        ("a" * 21, PIN, "keeper_name_unfit"),
        ("<b>", PIN, "keeper_name_unfit"),
        (NAME, "12345", "pin_too_simple"),
        (NAME, "1234567890123", "pin_too_simple"),
        (NAME, "27095x", "pin_too_simple"),
        (NAME, "121212", "pin_too_simple"),
        (NAME, "123456", "pin_too_simple"),
    ],
)
async def test_a_name_or_pin_that_will_not_do_is_refused(
    tmp_path: Path, name: str, pin: str, reason: str
) -> None:
    async with keepers_in(new_journal(tmp_path)) as (keepers, _store, _clock):
        with pytest.raises(Refused, match=reason):
            await keepers.add_first(KeeperId(name), pin)
        assert not await keepers.exists()


async def test_after_five_wrong_pins_the_right_one_is_refused_for_five_minutes(
    desk: tuple[Keepers, Store, HandClock],
) -> None:
    keepers, _store, clock = desk
    for _ in range(LOCK_AFTER):
        assert await refusal(keepers, NAME, WRONG) == "pin_wrong"
    assert await refusal(keepers, NAME, PIN) == "pin_locked"
    clock.mono_ms += LOCK_MS - 1
    assert await refusal(keepers, NAME, PIN) == "pin_locked"
    clock.mono_ms += 1
    await keepers.check(NAME, PIN)
    assert await refusal(keepers, NAME, WRONG) == "pin_wrong"  # the count began anew


async def test_after_the_wait_one_more_wrong_pin_locks_at_once(
    desk: tuple[Keepers, Store, HandClock],
) -> None:
    keepers, _store, clock = desk
    for _ in range(LOCK_AFTER):
        await refusal(keepers, NAME, WRONG)
    clock.mono_ms += LOCK_MS
    assert await refusal(keepers, NAME, WRONG) == "pin_wrong"
    assert await refusal(keepers, NAME, PIN) == "pin_locked"


async def test_a_power_cut_gives_a_guesser_no_fresh_tries(tmp_path: Path) -> None:
    async with keepers_in(new_journal(tmp_path)) as (keepers, _store, _clock):
        await keepers.add_first(NAME, PIN)
        for _ in range(LOCK_AFTER):
            await refusal(keepers, NAME, WRONG)
    async with keepers_in(tmp_path, boot=2) as (keepers, _store, clock):
        assert await refusal(keepers, NAME, PIN) == "pin_locked"
        clock.mono_ms += LOCK_MS
        await keepers.check(NAME, PIN)


async def test_a_try_is_on_disk_before_the_pin_is_looked_at(tmp_path: Path) -> None:
    seen: list[int] = []

    class Watched(Keepers):
        def _peppered(self, pin: str) -> str:  # the moment at which a PIN is looked at
            seen.append(self._store.pin_tries(NAME).wrong)
            return super()._peppered(pin)

    async with opened(new_journal(tmp_path)) as (store, thread):
        keepers = Watched(store, thread, HandClock())
        await keepers.add_first(NAME, PIN)
        for _ in range(3):
            await refusal(keepers, NAME, WRONG)
    assert seen == [0, 1, 2, 3]


async def test_guesses_at_once_cannot_overtake_the_count(
    desk: tuple[Keepers, Store, HandClock],
) -> None:
    import anyio

    keepers, _store, _clock = desk
    reasons: list[str] = []

    async def guess() -> None:
        reasons.append(await refusal(keepers, NAME, WRONG))

    async with anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(guess)
    assert sorted(reasons) == ["pin_locked"] * 3 + ["pin_wrong"] * 5


async def test_invented_names_share_one_count_and_lock_no_keeper_out(
    desk: tuple[Keepers, Store, HandClock],
) -> None:
    keepers, store, _clock = desk
    reasons = [await refusal(keepers, f"stranger{n}", WRONG) for n in range(7)]
    assert reasons == ["pin_wrong"] * 5 + ["pin_locked"] * 2
    assert store.pin_tries(STRANGERS).wrong == 5
    await keepers.check(NAME, PIN)
