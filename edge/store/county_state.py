"""What the county told for good: written with the facts that say so, read by kind."""

import json
import sqlite3
from dataclasses import dataclass

from cloud_sync.wire.bodies.state import LASTING
from edge.domain.effects import KeepCountyWords, MarkNoticeRead


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyRow:
    """One thing that holds; `body` is JSON as it came, `seen` that the keeper has read it."""

    kind: str
    key: str
    seq: int
    body: str
    seen: bool


def keep_words(connection: sqlite3.Connection, told: KeepCountyWords) -> None:
    """Store items, forget what is taken back or swept, and move the mark; all in order."""
    for word in told.words:
        here = {"kind": word.kind, "key": word.key, "seq": word.seq, "body": word.body}
        if word.body is None:
            connection.execute(
                "DELETE FROM county_state WHERE kind = :kind AND key = :key AND :seq > seq",
                {name: here[name] for name in ("kind", "key", "seq")},
            )
            continue
        # Said anew in the same words, a notice that was read stays read.
        connection.execute(
            "INSERT INTO county_state (kind, key, seq, body, seen) "
            "VALUES (:kind, :key, :seq, :body, 0) ON CONFLICT (kind, key) DO UPDATE "
            "SET seen = CASE WHEN body = :body THEN seen ELSE 0 END, seq = :seq, body = :body",
            here,
        )
    if told.sweep:
        # A county that was put back to before a revocation says nothing of it: that is no pardon.
        connection.execute(
            "DELETE FROM county_state WHERE seq < :sweep "
            "AND kind NOT IN (SELECT value FROM json_each(:lasting))",
            {"sweep": told.sweep, "lasting": json.dumps(sorted(LASTING))},
        )
    last = told.words[-1].seq
    connection.execute("UPDATE county_state_mark SET seq = max(seq, :last)", {"last": last})


def mark_notice_read(connection: sqlite3.Connection, read: MarkNoticeRead) -> None:
    """The keeper has read the notice that came with this number; a later one is unread again."""
    connection.execute(
        "UPDATE county_state SET seen = 1 WHERE kind = 'notice' AND key = :key AND seq = :seq",
        {"key": read.notice, "seq": read.seq},
    )
