"""The laws of the house, judged from outside: what cards, doors and county show, side by side.

Codes as in the reliability notes: S for sync, D for doors, A for the audit trail, L for liveness,
P for people. None of them takes the code's own word. Where a part of it is run once more, the fold
of a start for example, that shows only that both ends agree; whether both are right is told by
`Book`, which has rules of its own.
"""

from collections import Counter
from typing import Final

from cloud_sync.county.database import Database
from cloud_sync.station.ports import Cursor
from cloud_sync.wire.envelope import decode
from edge.daemon.recovery import recover_state
from edge.kernel.ids import Epoch, Seq
from edge.simulation.oracles.county import CountyOracle
from edge.simulation.oracles.recorder import Committed, Recorder
from edge.simulation.parts.station_node import StationNode
from edge.simulation.people import Village

MOST_ATTEMPTS: Final = 2
TOLD_BY: Final = frozenset({"rollback", "fork", "clone_suspect"})


def judge_attempts(recorder: Recorder, node: StationNode) -> None:
    """D1: an authorisation opens its door twice at most, and each attempt is one of its own."""
    process = node.alive
    if process is None or process.reader is None:
        return
    attempts: Counter[tuple[str, int]] = Counter()
    for row in process.reader.rows[process.first_row :]:
        if row.kind == "door.asked":
            body = decode(row.fact).body
            attempts[body["auth"], body["attempt"]] += 1
    for (auth, attempt), count in attempts.items():
        if count > 1 or attempt > MOST_ATTEMPTS:
            recorder.trouble(f"D1: {auth} of {node.name} has attempt {attempt} {count} times")


def judge_steel(recorder: Recorder, village: Village) -> None:
    """D4 and P3, as the steel and the people saw it."""
    # An old card cannot know what lies behind its doors: there a person has to count.
    hands = village.wrong_hands if village.node.in_order else []
    for law in (*village.node.cabinet.broken_laws, *hands):
        recorder.trouble(law)


def judge_memory(recorder: Recorder, node: StationNode) -> None:
    """A1: the daemon has in memory what a start would make of its journal now.

    Whether that is what the journal says is for ParcelJudge, which does not fold by these rules.
    """
    process = node.alive
    if process is None:
        return
    replayed = recover_state(process.store, node.around.policy)
    if replayed != process.station.state:
        recorder.trouble(f"A1: the state of {node.name} is not what its journal says")


def judge_losses(
    recorder: Recorder,
    oracle: CountyOracle,
    nodes: list[StationNode],
    apart: set[bytes],
    *,
    gaps_allowed: bool,
) -> None:
    """S3: whatever was committed is at the county or on a card that still lives, or told as a gap.

    A gap may only be where the county was put back to before what it had called durable.
    """
    kept = oracle.held | apart | recorder.gone
    for node in nodes:
        kept |= _on_card(node)
    lost = [fact for digest, fact in recorder.facts.items() if digest not in kept]
    if gaps_allowed:
        # Card and county both put back to before what was durable: a person is told of a second
        # history, and how much of the first has gone nobody can know.
        put_back = {node.around.station for node in nodes if not node.in_order}
        lost = [
            fact for fact in lost if fact.station not in put_back and not _is_told(fact, oracle)
        ]
    if lost:
        first = lost[0]
        recorder.trouble(
            f"S3: {len(lost)} facts of {first.station} exist nowhere, from {first.seq} {first.kind}"
        )


def _on_card(node: StationNode) -> set[bytes]:
    process, there = node.alive, set[bytes]()
    if process is None:
        return there
    at = (Epoch(0), Seq(0))
    while rows := process.store.rows_after(*at, 500):
        there |= {row.hash for row in rows}
        at = (rows[-1].epoch, rows[-1].seq)
    return there


def _is_told(fact: Committed, oracle: CountyOracle) -> bool:
    return any(
        (gap.station, gap.epoch) == (fact.station, fact.epoch) and gap.first <= fact.seq <= gap.last
        for gap in oracle.gaps
    )


def judge_belief(
    recorder: Recorder, oracle: CountyOracle, database: Database, node: StationNode, cursor: Cursor
) -> None:
    """S6 and S3: what a card now believes delivered to this county is in its tables."""
    process = node.alive
    if process is None or cursor.county_gen != database.generation:
        return
    digest = process.store.hash_at(Seq(cursor.applied_seq))
    if digest is None or cursor.applied_seq == 0:
        return  # the card keeps that place no more, or there is none
    if not oracle.has(database, node.around.station, digest):
        recorder.trouble(f"S6: {node.name} believes {cursor}, which the county does not have")
    if cursor.durable_seq > cursor.applied_seq:
        recorder.trouble(f"S3: {node.name} believes more durable than applied: {cursor}")


def judge_arrival(recorder: Recorder, oracle: CountyOracle, node: StationNode) -> None:
    """S4: once faults have stopped, the county has all that this station has."""
    process = node.alive
    if process is None or process.reader is None or not process.reader.rows:
        recorder.trouble(f"S4: {node.name} is not up")
        return
    newest = process.reader.rows[-1]
    if oracle.head(node.around.station)[2] != newest.hash:
        place = oracle.head(node.around.station)[:2]
        recorder.trouble(
            f"S4: the county stands at {place}, {node.name} at {(newest.epoch, newest.seq)}"
            f" ({process.status})"
        )
    status = process.status
    if status is None or status.verdict or status.waiting:
        recorder.trouble(f"S4: {node.name} believes {status}")


def judge_second_history(recorder: Recorder, oracle: CountyOracle, node: StationNode) -> None:
    """S6: a card that is no continuation of what the county has, is told so and tells it."""
    process = node.alive
    if process is None or process.reader is None:
        return
    mine = {row.hash for row in process.reader.rows}
    status = process.status
    if oracle.head(node.around.station)[2] in mine or status is None:
        return
    if status.verdict not in TOLD_BY:
        recorder.trouble(f"S6: {node.name} has another history and believes {status}")
