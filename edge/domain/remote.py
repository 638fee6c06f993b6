"""The county opens one cell: at most once, soon or never, and not often, whoever asks for it.

Nothing here believes that a command is fresh because a clock says so: a nonce does that, which the
station itself gave out a moment ago. A station that is asked too often refuses, whatever is
signed, and running time counts that, which no restart and no clock can shorten.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from edge.domain.cabinet import Occupancy
from edge.domain.changing import replace
from edge.domain.decision import NOTHING, Decision
from edge.domain.door import IN_MOTION, Door
from edge.domain.facts import Fact, Purpose
from edge.domain.inputs import RemoteOpenAsked
from edge.domain.pickup import Auth
from edge.domain.policy import Policy
from edge.domain.pulse import Opening, pulse
from edge.domain.remote_facts import RemoteAccepted, RemoteEnded, RemoteRefused
from edge.domain.remote_ledger import (
    AT_ONCE_MS,
    DAY_MS,
    MOST_OPENS,
    MOST_OPENS_AT_ONCE,
    RemoteResult,
)
from edge.domain.rest import why_doors_rest
from edge.domain.state import State, cell_of, door_of, running_ms
from edge.kernel.time import Expiry, judge

FEWEST_OF_TAIL: Final = 4
"""So much of a waybill's end tells one parcel of a cabinet from the others."""


class RemoteRefusal(StrEnum):
    """Why a live command opened no door, in the order in which this is looked at."""

    SCOPE = "scope"
    DUP_BODY = "dup_body"
    FENCE = "fence"
    STALE = "stale"
    EXPIRED = "expired"
    CLOCK_UNSURE = "clock_unsure"
    RATE = "rate"
    UNKNOWN_CELL = "unknown_cell"
    COUNTING = "counting"
    DOORS_REST = "doors_rest"
    DOOR_UNSEEN = "door_unseen"
    DOOR_IN_USE = "door_in_use"
    DOOR_NOT_SHUT = "door_not_shut"
    CELL_FAULTED = "cell_faulted"
    WRONG_PARCEL = "wrong_parcel"
    NOBODY_ANSWERS = "nobody_answers"


def open_cell(state: State, told: RemoteOpenAsked, policy: Policy) -> Decision:
    """One pulse, or a refusal that says why. A command that was decided on changes nothing."""
    seen = state.remote.seen.get(told.command)
    if told.in_scope and seen is not None and seen.digest == told.digest:
        return NOTHING
    for look in _LOOKS:
        why = look(state, told, policy)
        if why is not None:
            return Decision(facts=(_refused(told, why),))
    accepted = RemoteAccepted(
        command=told.command,
        digest=told.digest,
        seq=told.seq,
        cell=told.cell,
        auth=told.fresh.auth,
        operator=told.operator,
        reason=told.reason,
    )
    opening = Opening(
        cell=told.cell,
        auth=told.fresh.auth,
        purpose=Purpose.REMOTE,
        actor=by_county(told.operator),
        reason=told.reason,
    )
    return replace(pulse(opening, before=(accepted,)), reply=None)  # nobody stands there


def by_county(operator: str) -> str:
    """An operator at the county as the actor of a door's movement."""
    return f"county:{operator}"


def ended(state: State, auth: Auth, result: RemoteResult) -> tuple[Fact, ...]:
    """The command that an authorisation serves has come to something, unless it had before."""
    command = state.remote.under_way.get(auth.auth)
    return () if command is None else (RemoteEnded(command=command, result=result),)


def cut_off(state: State) -> tuple[Fact, ...]:
    """A start: whether the doors of commands under way have opened, nobody will ever know."""
    return tuple(
        RemoteEnded(command=command, result=RemoteResult.INDETERMINATE)
        for command in sorted(state.remote.under_way.values())
    )


def _refused(told: RemoteOpenAsked, why: RemoteRefusal) -> RemoteRefused:
    return RemoteRefused(
        command=told.command,
        digest=told.digest,
        seq=told.seq,
        cell=told.cell,
        operator=told.operator,
        reason=why,
    )


# -- what is looked at, each in its turn


_TOO_LATE: Final[Mapping[Expiry, RemoteRefusal]] = {
    Expiry.EXPIRED: RemoteRefusal.EXPIRED,
    Expiry.UNSURE: RemoteRefusal.CLOCK_UNSURE,
}
_Look = Callable[[State, RemoteOpenAsked, Policy], RemoteRefusal | None]


def _for_us(state: State, told: RemoteOpenAsked, _policy: Policy) -> RemoteRefusal | None:
    if not told.in_scope:
        return RemoteRefusal.SCOPE
    return RemoteRefusal.DUP_BODY if told.command in state.remote.seen else None


def _fresh(state: State, told: RemoteOpenAsked, _policy: Policy) -> RemoteRefusal | None:
    if told.seq <= state.remote.fence:
        return RemoteRefusal.FENCE
    if not told.nonce_alive:
        return RemoteRefusal.STALE
    return _TOO_LATE.get(judge(told.at, told.not_after_ms))


def _seldom(state: State, told: RemoteOpenAsked, _policy: Policy) -> RemoteRefusal | None:
    """The governor. Time off does not count, so a row of restarts wins nothing."""
    now_ms = running_ms(state, told.at)
    ages = [now_ms - opened for opened in state.remote.opens]
    today = sum(age < DAY_MS for age in ages)
    just_now = sum(age < AT_ONCE_MS for age in ages)
    often = today >= MOST_OPENS or just_now >= MOST_OPENS_AT_ONCE
    return RemoteRefusal.RATE if often else None


def _at_work(state: State, told: RemoteOpenAsked, policy: Policy) -> RemoteRefusal | None:
    if all(cell.cell != told.cell for cell in policy.cells):
        return RemoteRefusal.UNKNOWN_CELL
    if state.counting:
        return RemoteRefusal.COUNTING
    return RemoteRefusal.DOORS_REST if why_doors_rest(state, told.at) is not None else None


def _shut(state: State, told: RemoteOpenAsked, _policy: Policy) -> RemoteRefusal | None:
    door = door_of(state, told.cell)
    if door.door is Door.UNKNOWN:
        return RemoteRefusal.DOOR_UNSEEN
    if door.door in IN_MOTION and door.auth is not None:
        return RemoteRefusal.DOOR_IN_USE
    return None if door.door is Door.SHUT else RemoteRefusal.DOOR_NOT_SHUT


def _as_expected(state: State, told: RemoteOpenAsked, _policy: Policy) -> RemoteRefusal | None:
    content = cell_of(state, told.cell)
    if content.occupancy is Occupancy.FAULTED:
        return RemoteRefusal.CELL_FAULTED
    inside, tail = content.waybill_no, told.parcel_tail
    fits = not tail if inside is None else len(tail) >= FEWEST_OF_TAIL and inside.endswith(tail)
    return None if fits else RemoteRefusal.WRONG_PARCEL


def _somebody_answers(
    _state: State, told: RemoteOpenAsked, _policy: Policy
) -> RemoteRefusal | None:
    named = told.operator.strip() and told.reason.strip()
    by_operator = told.approvals[:1] == (told.operator,)
    return None if named and by_operator else RemoteRefusal.NOBODY_ANSWERS


_LOOKS: Final[tuple[_Look, ...]] = (
    _for_us,
    _fresh,
    _seldom,
    _at_work,
    _shut,
    _as_expected,
    _somebody_answers,
)
