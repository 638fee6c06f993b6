"""`cunyi station init`: a whole folder, or nothing and a reason."""

import stat
from pathlib import Path
from typing import Any

import pytest

from edge.kernel.errors import ConfigError, StoreError
from edge.settings import parse_settings, read_settings
from edge.store.database import Store
from edge.tools.new_station import CHOICE, NewStation, make_station
from edge.wiring.devices import make_devices
from hardware.twins.bench import EVERYTHING


def wanted(**others: Any) -> NewStation:
    given: dict[str, Any] = {
        "county": "shangyou",
        "station": "pingshang",
        "name": "坪上村驿",
        "broker": "mqtt://127.0.0.1:1883",
        "web_port": 8601,
        "twins": None,
    }
    return NewStation(**{**given, **others})


def test_a_new_station_can_be_read_and_opened_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "station"
    file = make_station(folder, wanted())
    assert file == folder / "station.toml"
    settings = read_settings(folder)
    assert (settings.station_id, settings.county_id) == ("pingshang", "shangyou")
    assert not settings.simulated
    store = Store.open(folder)
    assert (store.station, store.county, store.boot) == ("pingshang", "shangyou", 1)
    store.close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_twins_of_a_workbench_become_its_ports(tmp_path: Path) -> None:
    make_station(tmp_path / "station", wanted(twins=tmp_path / "bench"))
    settings = read_settings(tmp_path / "station")
    assert settings.simulated
    assert settings.cabinet.boards[0].port == f"twin:{tmp_path}/bench/lock-board"
    assert settings.scanners[0].port == f"twin:{tmp_path}/bench/scanner"
    assert settings.printer.port == f"twin:{tmp_path}/bench/printer"


@pytest.mark.anyio
async def test_the_optional_devices_are_all_there_on_twins(tmp_path: Path) -> None:
    make_station(tmp_path / "station", wanted(twins=tmp_path / "bench", everything=True))
    devices = make_devices(tmp_path / "station", read_settings(tmp_path / "station"))
    health = [device.health() for device in devices.all()]
    await devices.aclose()
    assert [one.name for one in health] == [
        "lock-board-1",
        "scanner",
        "printer",
        "label-printer",
        "scale",
        "card-reader",
        "power",
        "voice",
        "signals",
    ]
    assert all(one.simulated for one in health)


def test_the_pins_of_a_new_station_are_those_that_the_bench_has_wired(tmp_path: Path) -> None:
    make_station(tmp_path, wanted(twins=tmp_path / "bench", everything=True))
    signals, wiring = read_settings(tmp_path).signals, EVERYTHING.pins
    assert signals is not None
    assert wiring is not None
    assert (signals.buzzer_pin, signals.cabinet_pin, signals.alarm_pin) == (
        wiring.buzzer,
        wiring.cabinet_lamp,
        wiring.alarm_lamp,
    )


def test_else_the_optional_devices_are_examples_that_hold_when_taken_out_of_comment(
    tmp_path: Path,
) -> None:
    file = make_station(tmp_path, wanted())
    plain = read_settings(tmp_path)
    optional = ("label_printer", "scale", "card_reader", "power", "voice", "signals")
    assert [getattr(plain, name) for name in optional] == [None] * 6
    head, examples = file.read_text(encoding="utf-8").split(CHOICE)
    taken_out = "\n".join(line.removeprefix("#").strip() for line in examples.splitlines())
    settings = parse_settings(head + taken_out, file)
    assert None not in [getattr(settings, name) for name in optional]
    assert settings.power is not None
    assert not settings.power.poweroff
    assert settings.signals is not None
    assert settings.signals.port == "gpio"


@pytest.mark.parametrize("name", ['坪上"村"驿', "back\\slash", "tab\there", "a = [1]\n[x]"])
def test_a_name_is_written_as_it_was_given(tmp_path: Path, name: str) -> None:
    make_station(tmp_path, wanted(name=name))
    assert read_settings(tmp_path).station.name == name


@pytest.mark.parametrize(
    ("change", "option"),
    [
        ({"station": "Ping Shang"}, "--id"),
        ({"station": "p"}, "--id"),
        ({"county": "上犹"}, "--county"),
        ({"name": ""}, "--name"),
        ({"broker": "127.0.0.1"}, "--broker"),
        ({"broker": "mqtt://127.0.0.1:0"}, "--broker"),
        ({"web_port": 0}, "--web-port"),
    ],
)
def test_a_wrong_word_names_its_option_and_makes_nothing(
    tmp_path: Path, change: dict[str, Any], option: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        make_station(tmp_path / "station", wanted(**change))
    assert (caught.value.file, caught.value.key) == ("command line", option)
    assert not (tmp_path / "station").exists()


def test_a_station_is_never_made_over_another(tmp_path: Path) -> None:
    make_station(tmp_path, wanted())
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(ConfigError, match="there is a station here already"):
        make_station(tmp_path, wanted(station="other"))
    (tmp_path / "station.toml").unlink()
    with pytest.raises(StoreError, match="exists already"):
        make_station(tmp_path, wanted(station="other"))
    after = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    del before["station.toml"], before["daemon.lock"], after["daemon.lock"]
    assert after == before
