"""Look into a journal from outside: is every fact whole, chained and in the tables?"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlite_utils import Database

from cloud_sync.wire.envelope import Envelope, decode, encode
from edge.kernel.errors import StoreError
from edge.kernel.hashing import GENESIS, chain_hash
from edge.kernel.ids import Epoch, Seq, StationId
from edge.store.connection import DATABASE, FolderLock, open_database
from edge.store.projections import TABLES, project
from edge.store.schema import MIGRATIONS

HIDDEN: Final = frozenset({"code_mac", "token_mac"})


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What was found; a clean journal has no problems."""

    facts: int
    epoch: int
    head: bytes
    problems: tuple[str, ...]


def verify(folder: Path) -> VerifyReport:
    """Check sequence, chain, canonical bytes and tables. Raises StoreError while a daemon runs."""
    lock = FolderLock.take(_existing(folder))
    try:
        database = open_database(folder / DATABASE)
        try:
            return _examine(database.conn)
        finally:
            database.close()
    finally:
        lock.release()


def export(folder: Path) -> Iterator[dict[str, Any]]:
    """Every fact as a readable mapping, oldest first; keyed hashes are left out."""
    lock = FolderLock.take(_existing(folder))
    try:
        database = open_database(folder / DATABASE)
        rows = database.conn.execute("SELECT hash, fact FROM journal ORDER BY epoch, seq")
        for digest, fact in rows:
            readable = msgspec.structs.asdict(decode(fact))
            body = {k: v for k, v in readable["body"].items() if k not in HIDDEN}
            yield readable | {"body": body, "hash": bytes(digest).hex()}
        database.close()
    finally:
        lock.release()


def _existing(folder: Path) -> Path:
    if not (folder / DATABASE).exists():
        raise StoreError(f"there is no journal in {folder}")
    return folder


def _examine(connection: sqlite3.Connection) -> VerifyReport:
    meta = dict(connection.execute("SELECT name, value FROM meta"))
    station, epoch = StationId(meta["station"]), Epoch(int(meta["epoch"]))
    problems: list[str] = []
    fold = Database(memory=True)
    MIGRATIONS.apply(fold)
    previous, count = GENESIS, 0
    for seq, digest, kind, fact in connection.execute(
        "SELECT seq, hash, kind, fact FROM journal ORDER BY epoch, seq"
    ):
        count += 1
        if seq != count:
            problems.append(f"fact {count} is missing, {seq} follows")
            count = seq
        if chain_hash(previous, station, epoch, Seq(seq), fact) != digest:
            problems.append(f"fact {seq} does not fit the chain")
        if envelope := _read(fact, seq, kind, problems):
            project(fold.conn, envelope)
        previous = digest
    problems += _compare_tables(connection, fold.conn)
    applied = connection.execute("SELECT applied_seq FROM county_cursor").fetchone()[0]
    if applied > count:
        problems.append(f"the county has {applied} facts, this journal only {count}: it was cut")
    return VerifyReport(facts=count, epoch=epoch, head=previous, problems=tuple(problems))


def _read(fact: bytes, seq: int, kind: str, problems: list[str]) -> Envelope | None:
    try:
        envelope = decode(fact)
    except msgspec.MsgspecError as cause:
        problems.append(f"fact {seq} cannot be read: {cause}")
        return None
    if encode(envelope) != fact:
        problems.append(f"fact {seq} is not in canonical form")
    if envelope.seq != seq or envelope.kind != kind:
        problems.append(f"fact {seq} is not what its row says")
    return envelope


def _compare_tables(stored: sqlite3.Connection, folded: sqlite3.Connection) -> list[str]:
    problems = []
    for table in TABLES:
        query = f"SELECT * FROM {table} ORDER BY 1"  # noqa: S608 - table names are our constants
        if stored.execute(query).fetchall() != folded.execute(query).fetchall():
            problems.append(f"table {table} is not what the journal says")
    return problems
