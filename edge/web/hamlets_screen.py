"""今日包裹·按村: what came today, by natural village, large enough to be read out."""

from dataclasses import dataclass

from edge.domain.hamlets import came_on, todays_parcels
from edge.domain.parcel import IN_CELL, Parcel
from edge.kernel.ids import Hamlet
from edge.kernel.masking import short_waybill
from edge.web.places_view import place_of
from edge.web.snapshot import Snapshot
from edge.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class HamletLine:
    """One parcel. Nobody's name is known here; the phone's last digits are all that is said."""

    waybill_no: str
    short: str
    carrier: str
    tail: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HamletGroup:
    """A village with its parcels; `hamlet` is empty for those of none."""

    hamlet: str
    title: str
    count: int
    lines: tuple[HamletLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HamletsView:
    """Every village of the list, and what else there is. `choices` may be noted of a parcel."""

    choices: tuple[str, ...]
    groups: tuple[HamletGroup, ...]
    today: str
    older: str


def hamlets_view(seen: Snapshot, language: str) -> HamletsView:
    """Those of the list though nothing came for them; others where something did."""
    lists = todays_parcels(seen.state, seen.now, seen.policy)
    groups = [
        _group(hamlet, parcels, language)
        for hamlet, parcels in lists.items()
        if parcels or hamlet in seen.policy.hamlets
    ]
    older = sum(
        parcel.stage in IN_CELL and not came_on(parcel, seen.now)
        for parcel in seen.state.parcels.values()
    )
    count = sum(map(len, lists.values()))
    return HamletsView(
        choices=seen.policy.hamlets,
        groups=tuple(groups),
        today=say("keeper.hamlets.today", language, count=count),
        older=say("keeper.hamlets.older", language, count=older) if older else "",
    )


def _group(hamlet: Hamlet, parcels: tuple[Parcel, ...], language: str) -> HamletGroup:
    return HamletGroup(
        hamlet=hamlet,
        title=hamlet or say("keeper.hamlet.none", language),
        count=len(parcels),
        lines=tuple(_line(parcel, language) for parcel in parcels),
    )


def _line(parcel: Parcel, language: str) -> HamletLine:
    return HamletLine(
        waybill_no=parcel.waybill_no,
        short=short_waybill(parcel.waybill_no),
        carrier=parcel.carrier,
        tail=parcel.phone_tail or "",
        place=place_of(parcel, language),
    )
