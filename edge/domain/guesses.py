"""How often one may guess (A01, E10 of docs/acceptance.md): a try pays for each code it could hit.

Counts are facts before the answer is given. They age by the station's running time, so that
neither a power cycle nor a changed clock gives a guesser anything back, and no 24 hours ever see
more than the station's units. Only the typed path is closed by them: a QR code always works. A
phone tail with more live codes than the station has units a day cannot be typed at all.

A proxy's code is one target more at its tail, and pays like any other. The wrong tries of a day
belong to the parcel, however many codes open it: a second code gives a guesser no more of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from edge.domain.pickup import DAY_MS, Credential, of_the_day
from edge.domain.policy import Policy
from edge.domain.proxy_code import ProxyCode
from edge.domain.state import State, proxies_at, running_ms
from edge.kernel.ids import CredentialId, PhoneTail
from edge.kernel.time import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """The codes that one typed try could hit, and how many wrong tries are left at this tail.

    A tail that nobody here has is one target too, so that it answers and locks like any other.
    """

    credentials: tuple[CredentialId, ...]
    tries_left: int
    remembered: tuple[Credential, ...]
    """All codes of the tail, those that have gone too: what was typed is compared with each."""
    proxies: tuple[ProxyCode, ...]
    """... and all of proxies."""


def stranger(tail: PhoneTail) -> CredentialId:
    """The name under which tries at an unknown tail are counted."""
    return CredentialId(f"tail-{tail}")


def targets(state: State, tail: PhoneTail, at: Instant, policy: Policy) -> Targets:
    """What a try at this tail could hit now: live codes that have wrong tries left."""
    now_ms = running_ms(state, at)
    remembered, proxies = at_tail(state, tail), proxies_at(state, tail)
    codes = _opened_by_each(remembered, proxies) or (
        _Code(stranger(tail), (stranger(tail),), state.strangers.get(stranger(tail), ())),
    )
    left: dict[str, int] = {}
    for code in codes:
        for parcel in code.opens:
            tries = left.get(parcel, policy.wrong_codes_per_credential)
            left[parcel] = tries - _recent(code.wrong, now_ms)
    most = max(0, *(_left(code, left) for code in codes))
    reached: list[CredentialId] = []
    for code in codes:  # a try that could hit two codes of one parcel is two of its tries
        if _left(code, left) > 0:
            reached.append(code.credential)
            left |= {parcel: left[parcel] - 1 for parcel in code.opens}
    return Targets(
        credentials=tuple(reached), tries_left=most, remembered=remembered, proxies=proxies
    )


def affordable(state: State, units: int, at: Instant, policy: Policy) -> bool:
    """Whether the station has units for a try that could hit so many codes."""
    now_ms = running_ms(state, at)
    spent = sum([g.units for g in state.guesses if now_ms - g.ran_ms < DAY_MS])
    return spent + units <= policy.station_tries_per_day


def at_tail(state: State, tail: PhoneTail) -> tuple[Credential, ...]:
    """All remembered codes of a phone tail, in a fixed order."""
    return tuple(map(state.credentials.__getitem__, state.by_tail.get(tail, ())))


@dataclass(frozen=True, slots=True)
class _Code:
    credential: CredentialId
    opens: tuple[str, ...]
    wrong: tuple[int, ...]


def _opened_by_each(
    remembered: tuple[Credential, ...], proxies: tuple[ProxyCode, ...]
) -> tuple[_Code, ...]:
    """Live codes of a tail and the parcels that each opens, those of owners first."""
    own = [
        _Code(known.credential, (known.waybill_no,), known.wrong)
        for known in remembered
        if known.live
    ]
    for_proxies = [
        _Code(code.credential, code.left, code.wrong) for code in proxies if code.live and code.left
    ]
    return (*own, *for_proxies)


def _left(code: _Code, left: Mapping[str, int]) -> int:
    """The wrong tries that may still be made at a code: as few as at any parcel that it opens."""
    return min(left[parcel] for parcel in code.opens)


def _recent(tries: tuple[int, ...], now_ms: int) -> int:
    return len(of_the_day(tries, now_ms))
