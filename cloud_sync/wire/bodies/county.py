"""Bodies of the facts about what the county told a station for good."""

from typing import Annotated, ClassVar

from msgspec import Meta

from cloud_sync.wire.bodies.body import Body, Ms, Word

_Seq = Ms  # no larger than what every JSON reader and database column holds exactly
_Kind = Annotated[str, Meta(max_length=40)]
_Key = Annotated[str, Meta(max_length=200)]


class CountyStateAppliedV1(Body, frozen=True):
    KIND: ClassVar[str] = "county_state.applied"
    first: _Seq
    last: _Seq
    kinds: Annotated[list[_Kind], Meta(max_length=1_000)]
    sweep: _Seq


class NoticeReadV1(Body, frozen=True):
    KIND: ClassVar[str] = "notice.read"
    notice: _Key
    seq: _Seq
    keeper: Word
