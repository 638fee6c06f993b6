"""A parcel's way for whoever knows its waybill number: steps with times, and what to do next.

Nothing of its addressee is told, no cell and no code. Without the county it is this station's own
record alone, and says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cloud_sync.wire.bodies.question import TraceStep
from edge.domain.parcel import IN_CELL, Parcel, Stage
from edge.kernel.ids import StationId, WaybillNo
from edge.kernel.time import Instant
from edge.web.snapshot import Snapshot, moment_text
from edge.words import WORDS, say

_GROUP: Final = 4
_TOLD: Final = "notice.told"
"""A step that moves nothing, which the county alone knows."""
_WAITS: Final = ("parcel.stored", "parcel.shelved", "parcel.put_back", "parcel.handed_back")
_OVER: Final = ("parcel.picked_up", "parcel.handed_out")
_BACK: Final = ("parcel.returned",)
_LOST: Final = ("parcel.missing", "parcel.short")


class Outcome(StrEnum):
    """What became of it so far; the words stand in edge.words.tracking."""

    READY = "ready"
    ASK_KEEPER = "ask_keeper"
    TO_CONTACT = "to_contact"
    TO_THE_DOOR = "to_the_door"
    ELSEWHERE = "elsewhere"
    COLLECTED = "collected"
    RETURNED = "returned"
    ON_ITS_WAY = "on_its_way"
    TROUBLE = "trouble"
    NOWHERE = "nowhere"
    NOT_HERE = "not_here"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackLine:
    """One step in words, with its moment and where it was."""

    time: str
    station: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackView:
    """What the page of a parcel shows, the newest step first.

    `known` tells whether there is any step, `note` that this is the station's own record alone.
    """

    number: str
    known: bool
    title: str
    next_step: str
    note: str
    lines: tuple[TrackLine, ...]


def track_view(
    seen: Snapshot,
    station: StationId,
    waybill_no: WaybillNo,
    county: Sequence[TraceStep] | None,
    language: str,
) -> TrackView:
    """`county` is what the county answered, None where it did not."""
    parcel = seen.state.parcels.get(waybill_no)
    own = _own_steps(seen, station, parcel) if parcel is not None else []
    steps = _together(station, own, county or ())
    unknown = Outcome.NOT_HERE if county is None else Outcome.NOWHERE
    moved = [step for step in steps if step.step != _TOLD]
    outcome = _outcome(moved[-1], parcel, station) if moved else unknown
    last = moved[-1].name if moved else ""
    return TrackView(
        number=_grouped(waybill_no),
        known=bool(steps),
        title=say(f"track.{outcome}", language, station=last),
        next_step=say(f"track.{outcome}.next", language, station=last),
        note="" if county is not None else say("track.only_here", language),
        lines=tuple(_line(step, seen.now, language) for step in reversed(steps)),
    )


def _own_steps(seen: Snapshot, station: StationId, parcel: Parcel) -> list[TraceStep]:
    """What this station remembers of it."""
    on_slot = parcel.slot is not None
    ended = {
        Stage.PICKED_UP: "parcel.handed_out" if on_slot else "parcel.picked_up",
        Stage.UNDONE: "parcel.check_in_undone",
        Stage.MISSING: "parcel.missing",
        Stage.RETURNED: "parcel.returned",
    }.get(parcel.stage)
    moments = [
        ("parcel.received", parcel.received_at),
        ("parcel.shelved" if on_slot else "parcel.stored", parcel.stored_at),
        (ended or "", (parcel.collected_at or parcel.ended_at) if ended else None),
    ]
    return [
        TraceStep(
            station=station,
            name=seen.station_name,
            step=step,
            at_ms=at.wall_lo_ms,
            sure=at.wall_hi_ms is not None,
        )
        for step, at in moments
        if at is not None
    ]


def _together(
    station: StationId, own: Sequence[TraceStep], county: Iterable[TraceStep]
) -> list[TraceStep]:
    """What we remember ourselves is newer than what the county has of us."""
    theirs = [step for step in county if f"track.step.{step.step}" in WORDS]
    if not own:
        return theirs
    others = [step for step in theirs if step.station != station or step.step == _TOLD]
    return sorted((*others, *own), key=lambda step: step.at_ms)  # each one's own order stays


def _outcome(last: TraceStep, parcel: Parcel | None, station: StationId) -> Outcome:
    if parcel is not None and _for_keeper(parcel):
        return Outcome.ASK_KEEPER
    if last.step in _BACK:
        return Outcome.RETURNED
    if last.step in _OVER:
        return Outcome.COLLECTED
    if last.step not in _WAITS:
        return Outcome.TROUBLE if last.step in _LOST else Outcome.ON_ITS_WAY
    here = last.station == station and (parcel is None or parcel.stage in IN_CELL)
    if not here:
        return Outcome.ELSEWHERE
    return Outcome.READY if parcel is None else _ready(parcel)


def _ready(parcel: Parcel) -> Outcome:
    """A parcel without a code is not ready for whoever would come with a slip."""
    if parcel.agreement.to_ask:
        return Outcome.TO_CONTACT
    return Outcome.READY if parcel.agreement.to_a_code else Outcome.TO_THE_DOOR


def _for_keeper(parcel: Parcel) -> bool:
    """Whether it is here and the keeper alone may hand it out."""
    if parcel.stage in {Stage.KEEPER_ASSIST, Stage.BAGGED}:
        return True
    return parcel.stage is Stage.STORED and parcel.for_keeper_only


def _line(step: TraceStep, now: Instant, language: str) -> TrackLine:
    return TrackLine(
        time=("" if step.sure else "≈") + moment_text(step.at_ms, now, language),
        station=step.name,
        text=say(f"track.step.{step.step}", language),
    )


def _grouped(waybill_no: WaybillNo) -> str:
    """As it is printed on many labels: in groups of four."""
    return " ".join(waybill_no[n : n + _GROUP] for n in range(0, len(waybill_no), _GROUP))
