"""A card's years in a world's minutes: snapshots and pruning come after a dozen facts.

Snapshots are small then, and so are the pieces in which they travel.
"""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

from cloud_sync.county.histories import grants as county_grants
from cloud_sync.county.histories import snapshots as county_snapshots
from cloud_sync.wire import snapshot as wire
from edge.daemon.county import handover, snapshots
from edge.store import pruning
from edge.store import snapshots as shelf

KEEP_MS: Final = 30 * 86_400_000
SOON_MS: Final = 60_000
"""What a hasty card keeps."""
_HASTY: Final[tuple[tuple[Any, str, int], ...]] = (
    (snapshots, "FIRST", 12),
    (snapshots, "SPACING", 15),
    (shelf, "SPACING", 15),
    (handover, "SPACING", 15),
    (pruning, "PORTION", 10),
    (wire, "PIECE_BYTES", 700),
    (county_snapshots, "PIECE_BYTES", 700),
    (county_grants, "PIECE_BYTES", 700),
)


@contextlib.contextmanager
def hurried() -> Iterator[None]:
    """While this lasts, every card snapshots and prunes early; what is done is the same."""
    kept = [getattr(module, name) for module, name, _few in _HASTY]
    try:
        for module, name, few in _HASTY:
            setattr(module, name, few)
        yield
    finally:
        for (module, name, _few), usual in zip(_HASTY, kept, strict=True):
            setattr(module, name, usual)
