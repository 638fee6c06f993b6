"""What the demo's county knows beforehand: a manifest of samples, and whom to tell of them."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cloud_sync.county.local_socket import NotRunningError
from edge.kernel.village_time import CHINA
from edge.tools.house import STATION_ID, House
from edge.tools.people import Hands, wait_for
from edge.tools.trips import import_manifest

PARCELS: Final = 6
_NUMBERS: Final = ("13800133865", "13800130971")
"""Of two villagers, who get three parcels each."""
_HEAD: Final = len("YT7700")


def announce_samples(house: House, now: datetime) -> list[str]:
    """Announce the first carrier's next samples, with phones; their waybills. Raises CunyiError."""
    with Hands(house.workbench_address) as hands:
        first = str(hands.bench()["samples"][0])
    width, number = len(first) - _HEAD, int(first[_HEAD:])
    waybills = [f"{first[:_HEAD]}{(number + n) % 10**width:0{width}d}" for n in range(PARCELS)]
    lines = ["封签,起点,到站,运单号,快递公司,件号,总件数,手机号,同意"]
    lines += [
        f"FQ{number % 10**7:07d},county,{STATION_ID},{waybill},圆通,1,1,{_NUMBERS[n % 2]},是"
        for n, waybill in enumerate(waybills)
    ]
    arrives = (now.astimezone(CHINA) + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "manifest.csv")
        file.write_text("\n".join(lines), encoding="utf-8")
        stops = [f"{STATION_ID}@{arrives}"]
        wait_for("the county's socket", lambda: _told(house, file, f"demo-{number}", stops))
    return waybills


def _told(house: House, file: Path, trip: str, stops: list[str]) -> bool:
    """False while the county's page is there and its socket is not yet."""
    try:
        import_manifest(house.folder / "county", file, trip=trip, operator="县运", stops=stops)
    except NotRunningError:
        return False
    return True
