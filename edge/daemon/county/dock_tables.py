"""The store's tables of bags and handovers as they follow from a state that a GRANT brought."""

from typing import Any

from edge.domain.dock import Dock

Rows = list[tuple[Any, ...]]


def dock_tables(dock: Dock) -> dict[str, Rows]:
    """Rows without a fact of their own; what only the old journal told stays there."""
    bags: Rows = [
        (
            seal,
            bag.trip,
            "",
            "",
            bag.at.wall_lo_ms,
            None,
            bag.at.wall_lo_ms if bag.emptied else None,
            len(bag.found) if bag.emptied else None,
            0,
        )
        for seal, bag in dock.bags.items()
    ]
    held: Rows = [
        (seal, bag.trip, "cross_dock", "", bag.at.wall_lo_ms, None, None, None, 0)
        for seal, bag in dock.held.items()
    ]
    handovers = {
        one.trip: (
            one.trip,
            one.courier,
            "",
            None,
            one.at.wall_lo_ms,
            one.expected,
            one.taken,
            "",
            None,
            0,
        )
        for one in dock.signed
    }
    return {"bags": sorted(bags + held), "handovers": sorted(handovers.values())}
