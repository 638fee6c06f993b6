"""What a journal tells of itself: snapshots, and how an epoch began that a GRANT allowed."""

from typing import Annotated, ClassVar

from msgspec import Meta

from cloud_sync.wire.bodies.body import Body, Mac, Ms, Word

Name = Annotated[str, Meta(max_length=200)]
"""Of a GRANT (cloud_sync/wire/grant.py)."""
Number = Annotated[int, Meta(ge=0, le=2**63 - 1)]


class JournalSnapshotTakenV1(Body, frozen=True):
    KIND: ClassVar[str] = "journal.snapshot_taken"
    seq: Number
    digest: Mac
    ran_ms: Ms


class JournalJudgedV1(Body, frozen=True):
    KIND: ClassVar[str] = "journal.judged"
    verdict: Word


class EpochStartedV1(Body, frozen=True):
    KIND: ClassVar[str] = "epoch.started"
    parent_epoch: Number
    parent_seq: Number
    parent_hash: Mac
    grant: Name
    reason: Annotated[str, Meta(max_length=200)]
    fence: Number
    snapshot: Mac


class EpochCountSignedV1(Body, frozen=True):
    KIND: ClassVar[str] = "epoch.count_signed"
    keeper: Word
