"""What questions and their answers hold, by kind. One that cannot be read here is "unknown"."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from cloud_sync.wire.bodies.body import Ms, Waybill

MOST_PLACES: Final = 10


class WhereAsked(msgspec.Struct, frozen=True, kw_only=True):
    """parcel.where: who has or had this parcel?"""

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
