"""What the journal tells of itself: facts like those of edge.domain.facts, and among them."""

from dataclasses import dataclass
from typing import ClassVar

from edge.kernel.ids import KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotNoted:
    """The store keeps what the station knew right after the fact `seq`.

    `digest` is SHA-256 of it in hex, `ran_ms` the station's running time up to there.
    """

    KIND: ClassVar[str] = "journal.snapshot_taken"
    SCHEMA: ClassVar[int] = 1
    seq: int
    digest: str
    ran_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalJudged:
    """The county has compared this journal with its own copy.

    After `rollback` facts are missing here that the county has, after `ok` none are.
    """

    KIND: ClassVar[str] = "journal.judged"
    SCHEMA: ClassVar[int] = 1
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochStarted:
    """The first fact of an epoch that a GRANT began: this journal goes on after its parent.

    The parent is the county's own position, and `snapshot` the digest of what the station knew
    there. `fence` is at least the number of every live command that it was ever given.
    """

    KIND: ClassVar[str] = "epoch.started"
    SCHEMA: ClassVar[int] = 1
    parent_epoch: int
    parent_seq: int
    parent_hash: str
    grant: str
    reason: str
    fence: int
    snapshot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochCountSigned:
    """The keeper has looked into every cell since the epoch began, and what is known is true."""

    KIND: ClassVar[str] = "epoch.count_signed"
    SCHEMA: ClassVar[int] = 1
    keeper: KeeperId
