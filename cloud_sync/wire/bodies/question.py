"""What questions and their answers hold, by kind. One that cannot be read here is "unknown"."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from cloud_sync.wire.bodies.body import Ms, Waybill

MOST_PLACES: Final = 10
MOST_STEPS: Final = 60
"""Of a parcel's way; some 6 kB, which a slow line carries within a second."""


class WhereAsked(msgspec.Struct, frozen=True, kw_only=True):
    """parcel.where: who has or had this parcel? parcel.trace: what became of it, step by step?"""

    waybill_no: Waybill


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A station that has or had it, and its stage there since a moment."""

    station: Annotated[str, Meta(max_length=32)]
    name: Annotated[str, Meta(max_length=40)]
    stage: Annotated[str, Meta(max_length=20)]
    since_ms: Ms


class WhereAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: none at all means that no station of this county ever had it."""

    places: Annotated[list[Place], Meta(max_length=MOST_PLACES)]


class TraceStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a parcel's way. `sure` where the moment is known to a minute."""

    station: Annotated[str, Meta(max_length=32)]
    name: Annotated[str, Meta(max_length=40)]
    step: Annotated[str, Meta(max_length=40)]
    at_ms: Ms
    sure: bool


class TraceAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """The answer, the oldest first: none at all means that this county knows nothing of it."""

    steps: Annotated[list[TraceStep], Meta(max_length=MOST_STEPS)]
