"""The card: what is on it before anything moves, what it remembers, and what it never says."""

import asyncio
from dataclasses import replace
from typing import Any, Final

import pytest

from cloud_sync.station.talks.live import LiveTalk
from cloud_sync.wire.trust.identity import Identity, PublicIdentity
from edge.daemon.station import Station
from edge.domain import remote
from edge.domain.decision import Decision
from edge.domain.facts import StationStarted
from edge.domain.folds import FOLDS
from edge.domain.folds.doors import station_started
from edge.domain.inputs import Input
from edge.domain.state import State
from edge.domain.station import evolve
from edge.kernel.errors import StoreError
from edge.kernel.time import Expiry, Instant
from edge.store.database import Store
from edge.store.key import StationKey
from tests.simulation.defences.defence import defence


def _goes_on_without_its_card(patch: pytest.MonkeyPatch) -> None:
    commit = Station._commit  # noqa: SLF001 - the mistake stands here

    async def careless(self: Station, decision: Decision, told: Input, actor: str) -> None:
        try:
            await commit(self, decision, told, actor)
        except StoreError:
            for fact in decision.facts:
                self.state = evolve(self.state, fact, told.at)

    patch.setattr(Station, "_commit", careless)


def _acts_before_it_is_stored(patch: pytest.MonkeyPatch) -> None:
    commit = Station._commit  # noqa: SLF001 - the mistake stands here

    async def hasty(self: Station, decision: Decision, told: Input, actor: str) -> None:
        for effect in decision.effects:
            self._act(effect)
        await asyncio.sleep(0.01)  # the lock is under way before the card is
        await commit(self, decision, told, actor)

    patch.setattr(Station, "_commit", hasty)


def _believes_its_machine_at_a_start(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Store, "_read_wall_floor", lambda _self: 0)


def _forgets_orders_at_a_start(patch: pytest.MonkeyPatch) -> None:
    def relaxed(state: State, fact: StationStarted, at: Instant) -> State:
        state = station_started(state, fact, at)
        return replace(state, remote=replace(state.remote, opens=()))

    patch.setitem(FOLDS, StationStarted, relaxed)


def _leaves_orders_open_at_a_start(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(remote, "cut_off", lambda _state: ())


def _lets_a_nonce_live_for_ever(patch: pytest.MonkeyPatch) -> None:
    """And no clock to say that a command has expired, which would stop it as well."""
    patch.setattr(LiveTalk, "_burn", lambda _self, _command: True)
    patch.setattr(remote, "judge", lambda _at, _until: Expiry.VALID)


class _Glass:
    """A box that everybody sees into."""

    def encrypt(self, _nonce: bytes, clear: bytes, _bound: bytes) -> bytes:
        return clear

    def decrypt(self, _nonce: bytes, clear: bytes, _bound: bytes) -> bytes:
        return clear


def _signs_and_seals_not(patch: pytest.MonkeyPatch) -> None:
    def glass(_self: Identity, _other: PublicIdentity) -> Any:
        return _Glass()

    patch.setattr(Identity, "box_with", glass)


def _queues_slips_in_clear(patch: pytest.MonkeyPatch) -> None:
    """And wipes none that is printed, which leaves nothing to read as well."""

    def filed(self: Store, job: int) -> None:
        self.write("UPDATE print_queue SET state = 'done' WHERE job = :job", {"job": job})

    patch.setattr(Store, "print_done", filed)
    patch.setattr(StationKey, "seal", lambda _self, clear: clear)
    patch.setattr(StationKey, "unseal", lambda _self, clear: clear)


ORDERS: Final = ("commands", "station_kills")
DEFENCES: Final = (
    defence("ends_with_its_card", _goes_on_without_its_card, "A1", "D2", "S9", "X1"),
    defence("stores_before_it_acts", _acts_before_it_is_stored, "D2"),
    defence("lets_no_time_go_back", _believes_its_machine_at_a_start, "T1"),
    defence(
        "remembers_orders_over_a_start", _forgets_orders_at_a_start, "D7", needs=ORDERS, most=90
    ),
    defence("ends_orders_at_a_start", _leaves_orders_open_at_a_start, "S9", needs=ORDERS, most=90),
    defence(
        "lets_a_nonce_die",
        _lets_a_nonce_live_for_ever,
        "S8",
        long=True,
        needs=("commands", "roads"),
        most=95,
    ),
    defence("seals_what_it_says", _signs_and_seals_not, "X2"),
    defence("seals_slips_in_the_queue", _queues_slips_in_clear, "X2"),
)
