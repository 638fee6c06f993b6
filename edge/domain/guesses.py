"""How often one may guess (A01, E10 of docs/acceptance.md): a try pays for each code it could hit.

Counts are facts before the answer is given. They age by the station's running time, so that
neither a power cycle nor a changed clock gives a guesser anything back, and no 24 hours ever see
more than the station's units. Only the typed path is closed by them: a QR code always works. A
phone tail with more live codes than the station has units a day cannot be typed at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from edge.domain.pickup import DAY_MS, Credential
from edge.domain.policy import Policy
from edge.domain.state import State, running_ms
from edge.kernel.ids import CredentialId, PhoneTail
from edge.kernel.time import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The codes that one typed try could hit, and how many wrong tries are left at this tail.

    A tail that nobody here has is one target too, so that it answers and locks like any other.
    """

    credentials: tuple[CredentialId, ...]
    tries_left: int


def stranger(tail: PhoneTail) -> CredentialId:
    """The name under which tries at an unknown tail are counted."""
    return CredentialId(f"tail-{tail}")


def targets(state: State, tail: PhoneTail, at: Instant, policy: Policy) -> Targets:
    """What a try at this tail could hit now: live codes that have wrong tries left."""
    now_ms = running_ms(state, at)
    wrong = {known.credential: known.wrong for known in at_tail(state, tail) if known.live}
    if not wrong:
        wrong = {stranger(tail): state.strangers.get(stranger(tail), ())}
    left = {
        key: policy.wrong_codes_per_credential - _recent(tries, now_ms)
        for key, tries in wrong.items()
    }
    return Targets(
        credentials=tuple(key for key, tries in left.items() if tries > 0),
        tries_left=max(0, *left.values()),
    )


def affordable(state: State, units: int, at: Instant, policy: Policy) -> bool:
    """Whether the station has units for a try that could hit so many codes."""
    now_ms = running_ms(state, at)
    spent = sum(g.units for g in state.guesses if now_ms - g.ran_ms < DAY_MS)
    return spent + units <= policy.station_tries_per_day


def at_tail(state: State, tail: PhoneTail) -> tuple[Credential, ...]:
    """All remembered codes of a phone tail, in a fixed order."""
    return tuple(state.credentials[key] for key in sorted(state.by_tail.get(tail, ())))


def _recent(tries: Iterable[int], now_ms: int) -> int:
    return sum(now_ms - ran_ms < DAY_MS for ran_ms in tries)
