"""Bytes a fact in sealed batches, beside the same facts as one plain JSON message each.

Both sides count the packet that MQTT makes of a message at QoS 1 and its acknowledgement. TCP, TLS
and what the county answers stand outside: they are for whoever measures at a real pipe.
"""

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from cloud_sync.wire.broker.topics import topic
from cloud_sync.wire.framing.frame import NONCE, seal, unseal
from cloud_sync.wire.messages import Batch, Position
from cloud_sync.wire.trust.identity import Identity
from edge.kernel.hashing import GENESIS, chain_hash
from edge.kernel.ids import CountyId, Epoch, Seq, StationId
from edge.tools.measures.figures import Effort, Result, compare
from edge.tools.measures.village_month import DAY, month_of_facts

BATCHES: Final = (1_000, 500, 5)
"""Facts in a message: a long journal, a shorter one, and a talk that never broke off."""
MOST_RUNS: Final = 3
LIMIT_MS: Final = 30.0
"""Of the processor, for 1,000 facts, one way."""
_SEEDS: Final = 1_000
"""The dictionary was trained with other seeds."""
_COUNTY, _STATION = CountyId("dexing"), StationId("qingshan-01")
_UP: Final = topic(_COUNTY, _STATION, "up")
_NEVER: Final = 400 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A month's facts, sent in batches of one size."""

    ours: float
    plain: float
    seal_ms: float
    unseal_ms: float


def wire_bytes(_folder: Path, effort: Effort) -> Iterable[Result]:
    """A month of a village whose county was never there, and how long packing it takes."""
    runs = min(effort.runs, MOST_RUNS)
    months = [month_of_facts(_SEEDS + run, effort.days, hears_county=_NEVER) for run in range(runs)]
    for size in BATCHES:
        tried = [_run(facts, size) for facts in months]
        yield compare(
            f"wire_bytes_by_{size}",
            "B/fact",
            [run.ours for run in tried],
            [run.plain for run in tried],
            "one plain JSON message a fact, B",
        )
        if size == BATCHES[0]:
            yield from _times(tried)


def _times(tried: Sequence[_Run]) -> Iterator[Result]:
    for name, took_ms in (
        ("wire_seal", [run.seal_ms for run in tried]),
        ("wire_unseal", [run.unseal_ms for run in tried]),
    ):
        yield compare(name, "CPU ms/1000 facts", took_ms, [LIMIT_MS] * len(tried), "limit, ms")


def _run(facts: Sequence[bytes], size: int) -> _Run:
    station, county = (
        Identity.from_secret(hashlib.sha256(name).digest()) for name in (b"station", b"county")
    )
    known = {station.public.key_id: station.public}
    wire = seal_s = unseal_s = 0.0
    for number, batch in enumerate(_batches(facts, size)):
        start = time.process_time()
        frame = seal(batch, _UP, station, county.public, number.to_bytes(NONCE, "big"))
        sealed = time.process_time()
        read = unseal(frame, _UP, county, known.get)
        unseal_s += time.process_time() - sealed
        seal_s += sealed - start
        if read != batch:
            raise AssertionError("what was read is not what was sealed")
        wire += _published(len(frame))
    thousands = len(facts) / 1_000
    return _Run(
        ours=wire / len(facts),
        plain=sum(_published(len(fact)) for fact in facts) / len(facts),
        seal_ms=seal_s * 1_000 / thousands,
        unseal_ms=unseal_s * 1_000 / thousands,
    )


def _batches(facts: Sequence[bytes], size: int) -> Iterator[Batch]:
    session = hashlib.sha256(b"session").hexdigest()[:32]
    digest = GENESIS
    for start in range(0, len(facts), size):
        previous = Position(epoch=1, seq=start, hash=digest.hex())
        part = facts[start : start + size]
        for place, fact in enumerate(part, start + 1):
            digest = chain_hash(digest, _STATION, Epoch(1), Seq(place), fact)
        raw = [msgspec.Raw(fact) for fact in part]
        yield Batch(session=session, previous=previous, facts=raw, last=digest.hex())


def _published(length: int) -> int:
    """PUBLISH at QoS 1 with this payload, and its PUBACK (MQTT 3.1.1, 3.3 and 3.4)."""
    rest = 2 + len(_UP) + 2 + length
    length_bytes = 1 + sum(rest >= 128**more for more in (1, 2, 3))
    return 1 + length_bytes + rest + 4
