"""What all bodies share: bounded words and numbers, and a kind with a schema number."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from edge.kernel.errors import CunyiError

Word = Annotated[str, Meta(max_length=64)]
# `$(?!\n)`: in Python's `re` a bare `$` also stands before a last line feed.
Mac = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
Sealed = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,300}$(?!\n)")]
"""Bytes for the county alone, in letters that go into an address."""
Cell = Annotated[int, Meta(ge=1, le=999)]
Waybill = Annotated[str, Meta(pattern=r"^[A-Z0-9-]{6,30}$(?!\n)")]
Tail = Annotated[str, Meta(pattern=r"^[0-9]{4}$(?!\n)")]
Ms = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""Milliseconds; no larger than what every JSON reader and database column holds exactly."""
Percent = Annotated[int, Meta(ge=0, le=100)]
Starts = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Attempt = Annotated[int, Meta(ge=1, le=2)]
Proof = Literal["code", "token", "keeper"]


class BodyError(CunyiError):
    """A kind, schema or body that this software cannot read: kept raw, parked, told."""


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all bodies share: a kind and a schema number."""

    KIND: ClassVar[str] = ""
    SCHEMA: ClassVar[int] = 1
