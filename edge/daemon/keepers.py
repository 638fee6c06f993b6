"""Keeper PINs: argon2 with a pepper outside the database, and tries counted before the answer."""

import asyncio
import re
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from edge.daemon.store_thread import StoreThread
from edge.kernel.errors import Refused
from edge.kernel.ids import KeeperId
from edge.kernel.time import Clock, Instant
from edge.store.database import Store

# 19 MiB, 2 rounds, 1 lane: OWASP's floor, 38 ms on a laptop core and bearable on a 1 GB Pi.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
PIN: Final = re.compile(r"[0-9]{6,12}")
NAME: Final = re.compile(r"[\w·-]{1,20}")
LOCK_AFTER: Final = 5
LOCK_MS: Final = 300_000
FEWEST_DIFFERENT_DIGITS: Final = 3
STRANGERS: Final = KeeperId("")
"""All unknown names share one count, so that inventing names neither helps nor fills the disk."""
_TOO_SIMPLE: Final = frozenset({"123456", "654321", "112233", "123123", "12345678"})


class Keepers:
    """Who may sign in at the counter."""

    def __init__(self, store: Store, store_thread: StoreThread, clock: Clock) -> None:
        self._store = store
        self._thread = store_thread
        self._clock = clock
        # One hash at a time: each takes 19 MiB and a core, and doors come first.
        self._hashing = asyncio.Lock()

    async def exists(self) -> bool:
        """Whether a keeper PIN has been set at this station."""
        return await self._thread.run(self._store.keeper_count) > 0

    async def add_first(self, keeper: KeeperId, pin: str) -> None:
        """Set the first keeper's PIN. Raises Refused when one exists or name or PIN will not do."""
        if await self.exists():
            raise Refused("keeper_exists")
        if not NAME.fullmatch(keeper):
            raise Refused("keeper_name_unfit")
        pin_hash = await self.hash_pin(fit_pin(pin))
        if not await self._thread.run(self._store.add_first_keeper, keeper, pin_hash):
            raise Refused("keeper_exists")

    async def hash_pin(self, pin: str) -> str:
        """What is kept of a PIN."""
        async with self._hashing:
            return await asyncio.to_thread(_HASHER.hash, self._peppered(pin))

    async def check(self, keeper: KeeperId, pin: str) -> None:
        """Check a PIN. Raises Refused; the try is on disk before the PIN is looked at."""
        async with self._hashing:
            now = self._clock.now()
            stored = await self._thread.run(self._count_a_try, keeper, now)
            if stored is None or not await asyncio.to_thread(_matches, stored, self._peppered(pin)):
                raise Refused("pin_wrong")
            await self._thread.run(self._store.note_pin_tries, keeper, 0, now)

    def _count_a_try(self, keeper: KeeperId, now: Instant) -> str | None:
        stored = self._hash_of(keeper)
        counted_as = self._counted_as(STRANGERS if stored is None else keeper)
        tries = self._store.pin_tries(counted_as)
        if tries.wrong >= LOCK_AFTER:
            # After a restart the wait begins again: a power cut gives no fresh tries.
            waited_ms = now.since_ms(tries.at) if tries.at is not None else None
            if waited_ms is None:
                self._store.note_pin_tries(counted_as, tries.wrong, now)
                raise Refused("pin_locked", minutes=LOCK_MS // 60_000)
            if waited_ms < LOCK_MS:
                minutes = (LOCK_MS - waited_ms) // 60_000 + 1
                raise Refused("pin_locked", minutes=minutes)
        self._store.note_pin_tries(counted_as, tries.wrong + 1, now)
        return stored

    def _hash_of(self, keeper: KeeperId) -> str | None:
        return self._store.keeper_pin_hash(keeper)

    def _counted_as(self, keeper: KeeperId) -> KeeperId:
        return keeper

    def _peppered(self, pin: str) -> str:
        return self._store.key.mac_pin(pin)


def fit_pin(pin: str) -> str:
    """The same PIN. Raises Refused for one that is guessed too soon."""
    if not PIN.fullmatch(pin) or len(set(pin)) < FEWEST_DIFFERENT_DIGITS or pin in _TOO_SIMPLE:
        raise Refused("pin_too_simple")
    return pin


def _matches(stored: str, offered: str) -> bool:
    try:
        return _HASHER.verify(stored, offered)
    except VerifyMismatchError:
        return False
