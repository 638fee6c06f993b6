"""The ledger of live commands."""

from edge.domain.changing import replace
from edge.domain.remote_facts import RemoteAccepted, RemoteEnded, RemoteRefused
from edge.domain.remote_ledger import (
    DAY_MS,
    MOST_OPENS,
    MOST_SEEN,
    RemoteLedger,
    RemoteOpening,
    SeenCommand,
)
from edge.domain.state import State, running_ms
from edge.kernel.time import Instant

_NOT_OURS = ("scope", "dup_body")
"""Refusals that say nothing of the command itself: it is neither remembered nor counted."""


def accepted(state: State, fact: RemoteAccepted, at: Instant) -> State:
    """A door is told to open; from here on this command never opens one again."""
    ledger = _note(state.remote, fact.command, SeenCommand(digest=fact.digest, seq=fact.seq))
    opening = RemoteOpening(command=fact.command, operator=fact.operator, reason=fact.reason)
    now_ms = running_ms(state, at)
    today = tuple(opened for opened in ledger.opens if now_ms - opened < DAY_MS)
    ledger = replace(
        ledger,
        opens=(*today, now_ms)[-MOST_OPENS:],
        under_way=ledger.under_way.set(fact.auth, fact.command),
        by_cell=ledger.by_cell.set(fact.cell, opening),
    )
    return replace(state, remote=ledger)


def refused(state: State, fact: RemoteRefused, _at: Instant) -> State:
    """Decided on, for good."""
    if fact.reason in _NOT_OURS:
        return state
    seen = SeenCommand(digest=fact.digest, seq=fact.seq, result="refused", why=fact.reason)
    return replace(state, remote=_note(state.remote, fact.command, seen))


def ended(state: State, fact: RemoteEnded, _at: Instant) -> State:
    """What it came to."""
    ledger = state.remote
    under_way = {
        auth: command for auth, command in ledger.under_way.items() if command == fact.command
    }
    for auth in under_way:
        ledger = replace(ledger, under_way=ledger.under_way.delete(auth))
    before = ledger.seen.get(fact.command)
    if before is not None:
        told = replace(before, result=fact.result)
        ledger = replace(ledger, seen=ledger.seen.set(fact.command, told))
    return replace(state, remote=ledger)


def _note(ledger: RemoteLedger, command: str, seen: SeenCommand) -> RemoteLedger:
    order = (*ledger.order, command)
    known = ledger.seen.set(command, seen)
    for forgotten in order[:-MOST_SEEN]:
        known = known.delete(forgotten)
    return replace(ledger, fence=max(ledger.fence, seen.seq), seen=known, order=order[-MOST_SEEN:])
