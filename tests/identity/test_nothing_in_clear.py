"""Nothing of ours speaks or listens in clear where others on the line could read or answer."""

import re
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from cloud_sync.county.settings import NewCounty, make_county, read_county_settings
from cloud_sync.station.enrolment.county_pages import checked_url
from edge.guard.doors import open_doors
from edge.guard.serving import PortInUseError
from edge.kernel.errors import ConfigError
from edge.settings import read_settings
from edge.wiring.county_link import make_county_link
from tests.identity.places import COUNTY, station_in

LAN = "192.168.1.20"
BEYOND = (LAN, "0.0.0.0", "10.0.0.1.", "127.0.0.1.evil.example", "127.1", "2130706433", "::")


def county_in(folder: Path) -> Path:
    broker = "mqtt://127.0.0.1:1883"
    make_county(folder, NewCounty(county=COUNTY, name="上犹县", broker=broker, web_port=8602))
    return folder / "county.toml"


def station_file(folder: Path) -> Path:
    return station_in(folder) / "station.toml"


def start_station(folder: Path) -> None:
    """As far as a start goes before anything is opened."""
    make_county_link(folder, read_settings(folder), lambda _view: None)


ENDS = pytest.mark.parametrize(
    ("make", "read"),
    [(county_in, read_county_settings), (station_file, start_station)],
    ids=["county", "station"],
)


def change(file: Path, key: str, value: str) -> None:
    text = file.read_text(encoding="utf-8")
    changed, times = re.subn(rf'^{key} = ".*?"', f'{key} = "{value}"', text, flags=re.MULTILINE)
    assert times == 1
    file.write_text(changed, encoding="utf-8")


@ENDS
@pytest.mark.parametrize("host", BEYOND)
def test_a_broker_beyond_this_machine_is_never_spoken_to_in_clear(
    tmp_path: Path, make: Callable[[Path], Path], read: Callable[[Path], object], host: str
) -> None:
    file = make(tmp_path / "end")
    for scheme in ("mqtts", "mqtt"):
        written = f"[{host}]" if ":" in host else host
        change(file, "broker", f"{scheme}://{written}:8883")
        if scheme == "mqtts":
            read(file.parent)
        else:
            with pytest.raises(ConfigError, match="in clear"):
                read(file.parent)


@ENDS
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "*", "county.lan", "224.0.0.1", "127.1"])
def test_pages_are_served_at_one_address_and_never_everywhere(
    tmp_path: Path, make: Callable[[Path], Path], read: Callable[[Path], object], host: str
) -> None:
    file = make(tmp_path / "end")
    change(file, "host", host)
    with pytest.raises(ConfigError, match=r"web\.host"):
        read(file.parent)


def test_beyond_this_machine_there_is_a_door_with_tls_or_none() -> None:
    def no_certificate() -> ssl.SSLContext:
        raise ConfigError("station.toml", "web.host", "no certificate", "Enrol first")

    with pytest.raises(ConfigError, match="no certificate"):
        open_doors(LAN, 0, "", no_certificate)


def test_a_name_that_should_mean_this_machine_and_does_not_opens_no_door(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("edge.guard.doors.is_loopback", lambda host: host == "localhost")
    with pytest.raises(PortInUseError, match="which others can reach"):
        open_doors("localhost", 0, "[web] port", lambda: pytest.fail("no TLS is asked for"))


@pytest.mark.parametrize("host", [LAN, "county.example.cn", "127.0.0.1.evil.example", "0.0.0.0"])
def test_a_station_asks_to_be_enrolled_over_tls_alone(host: str) -> None:
    assert checked_url(f"https://{host}:8602") == f"https://{host}:8602"
    with pytest.raises(ConfigError, match="in clear"):
        checked_url(f"http://{host}:8602")
