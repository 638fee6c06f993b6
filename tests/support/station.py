"""A village station's data folder, as `cunyi station init` makes it, on ports that are free."""

from pathlib import Path

from edge.tools.children import free_ports
from edge.tools.new_station import NewStation, make_station


def pingshang(
    folder: Path, *, twins: Path | None = None, name: str = "坪上村驿", everything: bool = False
) -> Path:
    """The folder of a new station; nobody listens at its broker. Returns `folder`."""
    broker, web = free_ports(2)
    wanted = NewStation(
        county="shangyou",
        station="pingshang",
        name=name,
        broker=f"mqtt://127.0.0.1:{broker}",
        web_port=web,
        twins=twins,
        everything=everything,
    )
    make_station(folder, wanted)
    return folder
