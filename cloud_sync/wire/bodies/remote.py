"""Bodies of the facts that live commands leave behind."""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from cloud_sync.wire.bodies.body import Attempt, Body, Cell, Mac, Ms, Word

Reason = Annotated[str, Meta(max_length=200)]


class DoorAskedV2(Body, frozen=True):
    """For the county, by a live command; for anybody else the first schema serves."""

    KIND: ClassVar[str] = "door.asked"
    SCHEMA: ClassVar[int] = 2
    cell: Cell
    auth: Word
    attempt: Attempt
    purpose: Literal["remote"]
    actor: Word
    reason: Reason


class RemoteAcceptedV1(Body, frozen=True):
    KIND: ClassVar[str] = "remote.accepted"
    command: Word
    digest: Mac
    seq: Ms
    cell: Cell
    auth: Word
    operator: Word
    reason: Reason


class RemoteRefusedV1(Body, frozen=True):
    KIND: ClassVar[str] = "remote.refused"
    command: Word
    digest: Mac
    seq: Ms
    cell: Cell
    operator: Word
    reason: Word


class RemoteEndedV1(Body, frozen=True):
    KIND: ClassVar[str] = "remote.ended"
    command: Word
    result: Literal["opened", "no_feedback", "indeterminate"]
