"""What was last written for the broker, so that it can be written again and said how."""

from pathlib import Path
from typing import Final

import msgspec

from cloud_sync.wire.trust.private_files import write_private
from edge.kernel.errors import StoreError

RECORD: Final = "broker-config.json"


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A broker's kind, where its files are and will lie, and the names of its machine."""

    kind: str
    out: str
    at: str
    hosts: tuple[str, ...]
    listen: str
    port: int


def keep_record(folder: Path, written: Written) -> None:
    """Note it in the county's folder. Raises StoreError."""
    write_private(folder / RECORD, msgspec.json.encode(written))


def read_record(folder: Path) -> Written | None:
    """What was noted; None where no broker was ever written for. Raises StoreError."""
    try:
        return msgspec.json.decode((folder / RECORD).read_bytes(), type=Written)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, ValueError, RecursionError) as cause:
        raise StoreError(
            f"{folder / RECORD} cannot be read ({cause}). Remove it, then run: "
            "cunyi county broker-config"
        ) from cause
