"""What wants somebody at the doors: a silent, forced or open one, wrong codes, or that all rest.

Shown on every page of the counter.
"""

from dataclasses import dataclass
from typing import Final

from edge.domain.answers import CellReason
from edge.domain.boots import always_cut_off_at
from edge.domain.door import Door
from edge.domain.parcel import IN_CELL
from edge.domain.pulse import can_pulse_again
from edge.domain.remote_ledger import RemoteResult
from edge.domain.settlement import taken
from edge.domain.state import cell_of, door_of, running_ms
from edge.kernel.ids import CellId
from edge.web.snapshot import Snapshot, about, clock_text
from edge.web.wording import cell_text
from edge.words import say

_HOUR_MS: Final = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorAlert:
    """One door in words, or all where `cell` is None; `can_retry` where the one human retry may
    still help, `can_say_taken` where the keeper's word stands for a sensor that saw nothing.
    `passes` ends with time alone.
    """

    cell: int | None
    name: str
    text: str
    auth: str
    can_retry: bool
    can_say_taken: bool
    can_sign_count: bool = False
    passes: bool = False


def door_alerts(seen: Snapshot, language: str) -> tuple[DoorAlert, ...]:
    """All doors, then by cell number. The parcel in hand has its place on the check-in page."""
    hand = seen.state.parcels.get(seen.state.desk.in_hand) if seen.state.desk.in_hand else None
    in_hand = hand.cell if hand else None
    found = [_safe(seen, language)] if seen.state.boots.safe else []
    if seen.state.counting:
        found.append(_counting(language))
    found += [*_wrong_codes(seen, language), *_unagreed(seen, language)]
    for known in seen.policy.cells:
        word = _word(seen, known.cell)
        if known.cell == in_hand:
            continue
        if word is None:
            found += _by_county(seen, known.cell, language)
            continue
        name = cell_text(known.cell)
        found.append(
            DoorAlert(
                cell=known.cell,
                name=name,
                text=say(f"keeper.alert.{word}", language, cell=name),
                auth=door_of(seen.state, known.cell).auth or "",
                can_retry=can_pulse_again(seen.state, known.cell),
                can_say_taken=bool(taken(seen.state, known.cell)),
            )
        )
    return tuple(found)


def _wrong_codes(seen: Snapshot, language: str) -> list[DoorAlert]:
    """As many wrong codes as one parcel bears: somebody guesses, or cannot read their slip."""
    now_ms = running_ms(seen.state, seen.now)
    ages = [age for one in seen.state.guesses if (age := now_ms - one.ran_ms) < _HOUR_MS]
    if len(ages) < seen.policy.wrong_codes_per_credential:
        return []
    latest = about(seen.now) + clock_text(seen.now.wall_lo_ms - min(ages))
    text = say("keeper.alert.wrong_codes", language, count=len(ages), time=latest)
    alert = DoorAlert(
        cell=None, name="", text=text, auth="", can_retry=False, can_say_taken=False, passes=True
    )
    return [alert]


def _unagreed(seen: Snapshot, language: str) -> list[DoorAlert]:
    """Parcels in cells to which nobody agrees any more, or not to a cell: the keeper moves them.

    Of what is fresh or worth much the addressee may still be asked.
    """
    lying = {
        parcel.cell: "delicate" if parcel.agreement.to_a_cell else "barred"
        for parcel in seen.state.parcels.values()
        if parcel.cell is not None and parcel.stage in IN_CELL and parcel.unagreed
    }
    return [
        DoorAlert(
            cell=cell,
            name=cell_text(cell),
            text=say(f"keeper.alert.{why}", language, cell=cell_text(cell)),
            auth="",
            can_retry=False,
            can_say_taken=False,
        )
        for cell, why in sorted(lying.items())
    ]


def _counting(language: str) -> DoorAlert:
    """The journal went on by a GRANT: what lies in the cells is to be counted."""
    return DoorAlert(
        cell=None,
        name="",
        text=say("keeper.count", language),
        auth="",
        can_retry=False,
        can_say_taken=False,
        can_sign_count=True,
    )


def _safe(seen: Snapshot, language: str) -> DoorAlert:
    """Too many restarts: why no door is opened, until when, and what to look at."""
    boots, now = seen.state.boots, seen.now
    wake_ms = now.wall_lo_ms + max(0, seen.policy.safe_ms - now.mono_ms)
    cell = cell_text(always_cut_off_at(boots))
    text = say("keeper.alert.safe", language, time=about(now) + clock_text(wake_ms), cell=cell)
    return DoorAlert(cell=None, name="", text=text, auth="", can_retry=False, can_say_taken=False)


def _by_county(seen: Snapshot, cell: CellId, language: str) -> list[DoorAlert]:
    """The county opened this cell, and nobody has looked into it since."""
    remote = seen.state.remote
    opening = remote.by_cell.get(cell)
    if opening is None or cell_of(seen.state, cell).reason != CellReason.REMOTE_OPENED:
        return []
    known = remote.seen.get(opening.command)
    opened = known is not None and known.result == RemoteResult.OPENED
    name = cell_text(cell)
    text = say(
        f"keeper.alert.{'remote_opened' if opened else 'remote_tried'}",
        language,
        operator=opening.operator,
        reason=opening.reason,
        cell=name,
    )
    alert = DoorAlert(
        cell=cell, name=name, text=text, auth="", can_retry=False, can_say_taken=False
    )
    return [alert]


def _word(seen: Snapshot, cell: CellId) -> str | None:
    door = door_of(seen.state, cell)
    match door.door:
        case Door.SILENT:
            return "silent"
        case Door.FORCED:
            return "forced"
        case Door.OPEN if door.left_open_told:
            return "left_open"
        case _:
            return None
