"""Have the running county read a manifest or a route table in."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cloud_sync.county.local_socket import ask_county
from cloud_sync.county.trips.manifest import ManifestError
from edge.kernel.village_time import CHINA

_MOST_BYTES: Final = 1_000_000


def import_manifest(
    folder: Path, file: Path, *, trip: str, operator: str, stops: Sequence[str]
) -> dict[str, Any]:
    """Bags, parcels and news of a file. Raises NotRunningError, StoreError or ManifestError."""
    said = [_stop(text) for text in stops]
    as_json = file.suffix.lower() == ".json"
    more: dict[str, Any] = {"trip": trip, "operator": operator, "stops": said, "json": as_json}
    (kept,) = ask_county(folder, "manifest", text=_text(file), **more)
    return kept


def import_routes(folder: Path, file: Path) -> dict[str, Any]:
    """Lines and news of a file. Raises NotRunningError, StoreError or ManifestError."""
    (kept,) = ask_county(folder, "routes", text=_text(file))
    return kept


def list_routes(folder: Path) -> Iterator[str]:
    """The route table as CSV. Raises NotRunningError or StoreError."""
    yield "place,network,direction,next_hop"
    for line in ask_county(folder, "routes_kept"):
        yield ",".join(line["route"])


def _text(file: Path) -> str:
    """A file as a spreadsheet may have saved it: UTF-8, or GB18030 as Chinese Excel does."""
    raw = file.read_bytes()
    if len(raw) > _MOST_BYTES:
        raise ManifestError(f"{file} has more than {_MOST_BYTES} bytes; use one file a trip")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ManifestError(f"{file} is neither UTF-8 nor GB18030 text; save it as CSV UTF-8")


def _stop(text: str) -> dict[str, Any]:
    place, at, moment = text.partition("@")
    try:
        when = datetime.fromisoformat(moment)
    except ValueError as cause:
        raise ManifestError(f"stop {text!r}: e.g. pingshang@2026-11-25T14:00") from cause
    if not place or not at:
        raise ManifestError(f"stop {text!r}: e.g. pingshang@2026-11-25T14:00")
    when = when if when.tzinfo else when.replace(tzinfo=CHINA)
    return {"place": place, "at_ms": int(when.timestamp() * 1_000)}
