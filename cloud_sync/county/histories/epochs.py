"""The highest epoch ever granted to each station, in a file beside the database.

A database that was put back has forgotten its newest GRANTs; this file has not, so that no epoch
is ever granted twice.
"""

from pathlib import Path
from typing import Final

import msgspec

from cloud_sync.county.folder import write_durably
from edge.kernel.errors import StoreError
from edge.kernel.ids import StationId

EPOCHS: Final = "county.epochs"
_READER: Final = msgspec.json.Decoder(dict[str, int])


class Epochs:
    """See the module's docstring. Every method raises StoreError for a file that is no such."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def highest(self, station: StationId) -> int:
        """The highest one that is written here, 0 for none."""
        return self._read().get(station, 0)

    def reserve(self, station: StationId, above: int) -> int:
        """An epoch that nobody ever had, above the given one; on disk before it is returned."""
        fresh = max(self.highest(station), above) + 1
        self.reached(station, fresh)
        return fresh

    def reached(self, station: StationId, epoch: int) -> None:
        """A station has come this far; on disk when this returns."""
        known = self._read()
        if known.get(station, 0) < epoch:
            write_durably(self._folder / EPOCHS, msgspec.json.encode({**known, station: epoch}))

    def _read(self) -> dict[str, int]:
        file = self._folder / EPOCHS
        try:
            return _READER.decode(file.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError, ValueError, RecursionError) as cause:
            raise StoreError(
                f"{file} cannot be read ({cause}). Put it back from your newest copy; without it "
                "an epoch might be granted twice"
            ) from cause
