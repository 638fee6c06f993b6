"""A manifest is told to the county, and the station has heard of it."""

from typing import Any

from edge.tools.house import STATION_ID, House
from edge.tools.people import Keeper, wait_for
from edge.tools.trips import import_manifest


def announce(house: House, keeper: Keeper, manifest: str) -> dict[str, Any]:
    """Import these lines of CSV and wait for the van at the counter; the file is gone afterwards,
    so that nothing of it is found where a test looks for secrets.
    """
    file = house.folder / "三号线.csv"
    file.write_text(manifest, encoding="utf-8")
    stops = [f"{STATION_ID}@2026-11-25T14:00"]
    told: dict[str, Any] = import_manifest(
        house.folder / "county", file, trip="2026-11-25-3", operator="县运", stops=stops
    )
    file.unlink()
    wait_for("the manifest", lambda: keeper.get("/api/keeper/screen")["handover"]["trips"], 60)
    return told
