"""What the pages may know of the county and ask it: its word, its answers, and room to wait."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from cloud_sync.station.talks.questions import Answered, Questions
from cloud_sync.wire.bodies.question import Place, TraceAnswered, TraceStep, WhereAnswered
from edge.daemon.county.county_word import CountyBoard
from edge.daemon.county.manifests import Manifests
from edge.daemon.front import RoomView
from edge.kernel.ids import WaybillNo

TRACE_WITHIN_S: Final = 1.5
"""Whoever stands at the kiosk has an answer within two seconds, if only the station's own."""


def no_room() -> RoomView | None:
    """Where nobody has measured."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyCorner:
    """The parts of a station that face the county, for its pages."""

    board: CountyBoard
    questions: Questions
    manifests: Manifests
    room: Callable[[], RoomView | None] = no_room

    async def where_is(self, waybill_no: WaybillNo) -> tuple[Place, ...] | None:
        """Ask the county; None when nobody knows now. A malformed answer is none."""
        answer = await self.questions.ask("parcel.where", {"waybill_no": waybill_no})
        if not isinstance(answer, Answered):
            return None
        try:
            return tuple(msgspec.convert(answer.body, WhereAnswered).places)
        except msgspec.ValidationError:
            return None

    async def trace(self, waybill_no: WaybillNo) -> tuple[TraceStep, ...] | None:
        """A parcel's way as the county has it; None when nobody knows now."""
        asked = {"waybill_no": waybill_no}
        answer = await self.questions.ask("parcel.trace", asked, TRACE_WITHIN_S)
        if not isinstance(answer, Answered):
            return None
        try:
            return tuple(msgspec.convert(answer.body, TraceAnswered).steps)
        except msgspec.ValidationError:
            return None
