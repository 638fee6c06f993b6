"""Pickup codes: who may open a door, and how often somebody may guess."""

import dataclasses
from dataclasses import replace
from types import SimpleNamespace
from typing import Final

import pytest
from immutables import Map

from edge.daemon import station as station_module
from edge.daemon.chance import SystemChance
from edge.domain import codes, collection, guesses
from edge.domain.collection import scan_token, type_code
from edge.domain.decision import Decision
from edge.domain.effects import Reply
from edge.domain.facts import PickupCodeRevoked, Proof, RefusalReason, StationStarted
from edge.domain.folds import FOLDS
from edge.domain.folds.doors import station_started
from edge.domain.inputs import CodeTyped, Fresh, Input, PickupSecret, TokenScanned
from edge.domain.parcel import Stage
from edge.domain.pickup import Credential
from edge.domain.policy import Policy
from edge.domain.state import State
from edge.domain.station import DECISIONS, decide
from edge.kernel.ids import PhoneTail
from edge.kernel.time import Instant
from tests.simulation.defences.defence import defence


def _takes_a_code_again(patch: pytest.MonkeyPatch) -> None:
    """Neither the code nor its parcel is asked whether it has gone."""
    present = collection._present  # noqa: SLF001 - the mistake stands here

    def trusting(
        state: State, known: Credential, told: CodeTyped | TokenScanned, proof: Proof
    ) -> Decision:
        parcel = state.parcels[known.waybill_no]
        if parcel.stage is Stage.PICKED_UP:
            here = replace(parcel, stage=Stage.STORED)
            state = replace(state, parcels=state.parcels.set(parcel.waybill_no, here))
            known = replace(known, live=True)
        return present(state, known, told, proof)

    patch.setattr(collection, "_present", trusting)


def _compares_no_digits(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(collection, "hmac", SimpleNamespace(compare_digest=lambda _one, _other: True))


def _asks_for_no_tail(patch: pytest.MonkeyPatch) -> None:
    def all_of_them(state: State, _tail: PhoneTail) -> tuple[Credential, ...]:
        return tuple(state.credentials[key] for key in sorted(state.credentials))

    patch.setattr(guesses, "at_tail", all_of_them)


def draws_once(patch: pytest.MonkeyPatch) -> None:
    """Codes are new each time, and authorisations are those of the first draw."""
    fresh = SystemChance.fresh

    def lazy(self: SystemChance) -> Fresh:
        drawn = fresh(self)
        first = self.__dict__.setdefault("first", drawn)
        return replace(drawn, auth=first.auth)

    patch.setattr(SystemChance, "fresh", lazy)


def _forgets_wrong_tries_at_a_start(patch: pytest.MonkeyPatch) -> None:
    def relaxed(state: State, fact: StationStarted, at: Instant) -> State:
        state = station_started(state, fact, at)
        clean = {name: replace(one, wrong=()) for name, one in state.credentials.items()}
        credentials = state.credentials.update(clean)
        return replace(state, guesses=(), strangers=Map(), credentials=credentials)

    patch.setitem(FOLDS, StationStarted, relaxed)


def _answers_without_counting(patch: pytest.MonkeyPatch) -> None:
    def generous(state: State, told: Input, policy: Policy) -> Decision:
        decision = decide(state, told, policy)
        counted = [fact for fact in decision.facts if fact.KIND != "pickup.refused"]
        return replace(decision, facts=tuple(counted))

    patch.setattr(station_module, "decide", generous)


def _never_locks_a_tail(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guesses, "_recent", lambda _tries, _now_ms: 0)


def _has_units_without_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(collection, "affordable", lambda *_anything: True)


def _counts_by_the_wall_clock(patch: pytest.MonkeyPatch) -> None:
    def by_the_wall(_state: State, at: Instant) -> int:
        return at.wall_lo_ms

    for place in ("remote", "folds.remote", "guesses", "folds.pickups"):
        patch.setattr(f"edge.domain.{place}.running_ms", by_the_wall)


def _locks_the_scanner_too(patch: pytest.MonkeyPatch) -> None:
    """A tail that somebody has guessed at is closed for its owner's slip as well."""

    def strict(state: State, told: TokenScanned, policy: Policy) -> Decision:
        key = state.by_token.get(told.token_mac)
        if key is not None:
            tail = state.credentials[key].phone_tail
            if not guesses.targets(state, tail, told.at, policy).credentials:
                return Decision(reply=Reply(key=RefusalReason.LOCKED_OUT, ok=False))
        return scan_token(state, told, policy)

    patch.setitem(DECISIONS, TokenScanned, strict)


def _answers_a_locked_code(patch: pytest.MonkeyPatch) -> None:
    """The digits are looked at before the lock, which then speaks to wrong ones only."""

    def eager(state: State, told: CodeTyped, policy: Policy) -> Decision:
        lenient = dataclasses.replace(policy, wrong_codes_per_credential=10**6)
        decision = type_code(state, told, policy)
        if decision.reply is not None and decision.reply.key == RefusalReason.LOCKED_OUT:
            return type_code(state, told, lenient)
        return decision

    patch.setitem(DECISIONS, CodeTyped, eager)


def _stores_and_says_no_more(patch: pytest.MonkeyPatch) -> None:
    """The parcel is in its cell, its tail is noted, and that is all."""
    patch.setattr(codes, "_issue", lambda *_what: Decision())


def _has_one_code_for_a_tail(patch: pytest.MonkeyPatch) -> None:
    """A tail that has a code is taken for one whose codes are used up."""
    draw = codes.draw

    def shy(state: State, tail: PhoneTail, fresh: Fresh) -> PickupSecret | None:
        return None if state.by_tail.get(tail) else draw(state, tail, fresh)

    patch.setattr(codes, "draw", shy)


def _revokes_no_code(patch: pytest.MonkeyPatch) -> None:
    """The fact is written, and the machine forgets at once that it was."""
    patch.setitem(FOLDS, PickupCodeRevoked, lambda state, _fact, _at: state)


DEFENCES: Final = (
    defence("kills_what_it_revokes", _revokes_no_code, "A1"),
    defence("issues_a_code", _stores_and_says_no_more, "L1"),
    defence("has_codes_for_every_parcel", _has_one_code_for_a_tail, "L1"),
    defence("takes_a_code_once", _takes_a_code_again, "P1", "P3"),
    defence("compares_the_digits", _compares_no_digits, "P3"),
    defence("asks_for_the_tail", _asks_for_no_tail, "P3", "X1"),
    defence("draws_each_authorisation_anew", draws_once, "D1", "P3"),
    defence(
        "remembers_wrong_tries_over_a_start",
        _forgets_wrong_tries_at_a_start,
        "X1",
        long=True,
        needs=("careless", "devices"),  # who tries and tries, and cards that make it start again
        most=75,
    ),
    defence("counts_a_wrong_try_before_it_answers", _answers_without_counting, "X1"),
    defence("locks_a_tail_after_five_wrong_tries", _never_locks_a_tail, "X1"),
    defence(
        "has_so_many_units_a_day",
        _has_units_without_end,
        "X1",
        long=True,
        needs=("careless",),
        most=85,
    ),
    defence(
        "counts_by_running_time",
        _counts_by_the_wall_clock,
        "D7",
        "X1",
        long=True,
        needs=("commands", "months"),
        most=120,
    ),
    defence("takes_a_slip_whoever_guessed", _locks_the_scanner_too, "L1"),
    defence("looks_at_no_digits_of_a_locked_tail", _answers_a_locked_code, "X1"),
)
