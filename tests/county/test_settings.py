"""county.toml: what is wrong is told with file, key and fix, and nothing starts."""

from dataclasses import replace
from pathlib import Path

import pytest

from cloud_sync.county.database import Database
from cloud_sync.county.ingest.mqtt import link_plan
from cloud_sync.county.settings import NewCounty, make_county, read_county_settings
from edge.kernel.errors import ConfigError, StoreError

WANTED = NewCounty(
    county="shangyou",
    name='上犹"县"',
    broker="mqtt://127.0.0.1:1883",
    web_port=8602,
)

GOOD = """
[county]
id = "shangyou"
name = "上犹县"
[web]
port = 8602
[link]
broker = "mqtt://127.0.0.1:1883"
"""


def write(folder: Path, text: str) -> Path:
    (folder / "county.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_new_county_reads_back_as_it_was_wanted(tmp_path: Path) -> None:
    file = make_county(tmp_path / "county", WANTED)
    settings = read_county_settings(file.parent)

    assert settings.folder == tmp_path / "county"
    assert (settings.county_id, settings.county.name) == ("shangyou", '上犹"县"')
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8602)
    assert settings.link.broker == "mqtt://127.0.0.1:1883"
    assert (file.parent / "county.gen").exists()


def test_a_folder_that_holds_a_county_is_left_alone(tmp_path: Path) -> None:
    file = make_county(tmp_path, WANTED)
    before = file.read_bytes()

    with pytest.raises(ConfigError, match="there is a county here already"):
        make_county(tmp_path, WANTED)
    assert file.read_bytes() == before


def test_a_database_without_its_file_is_not_overwritten(tmp_path: Path) -> None:
    make_county(tmp_path, WANTED).unlink()
    before = (tmp_path / "county.db").read_bytes()

    with pytest.raises(StoreError, match="exists already"):
        make_county(tmp_path, WANTED)
    assert (tmp_path / "county.db").read_bytes() == before
    assert not (tmp_path / "county.toml").exists()


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"county": "Shang You"}, "--id"),
        ({"name": ""}, "county.name"),
        ({"broker": "http://127.0.0.1"}, "link.broker"),
        ({"web_port": 70_000}, "web.port"),
    ],
)
def test_a_wish_that_cannot_be_leaves_nothing_behind(
    tmp_path: Path, change: dict[str, object], key: str
) -> None:
    wish = NewCounty(**{field: getattr(WANTED, field) for field in WANTED.__slots__} | change)

    with pytest.raises(ConfigError) as caught:
        make_county(tmp_path / "county", wish)
    assert caught.value.key == key
    assert not (tmp_path / "county" / "county.toml").exists()
    assert not (tmp_path / "county" / "county.db").exists()


@pytest.mark.parametrize(
    ("wrong", "right", "key", "told"),
    [
        ("port = 8602", "prot = 8602", "web.prot", "unknown key"),
        ('id = "shangyou"', "", "county.id", "this key is missing"),
        ('id = "shangyou"', 'id = "上犹"', "county.id", "pattern"),
        ("port = 8602", 'port = "8602"', "web.port", "integer"),
        ("port = 8602", 'host = "0.0.0.0"', "web.host", "127.0.0.1"),
        ("mqtt://127.0.0.1:1883", "mqtt://127.0.0.1", "link.broker", "pattern"),
        ("[link]\n", "[link]\nworkers = 3\n", "link", "needs share = true"),
        ("[link]\n", "[link]\nworkers = 17\nshare = true\n", "link.workers", "16"),
        ("[link]\n", '[link]\nmqtt = "4"\n', "link.mqtt", "3.1.1"),
        ("[county]", "[county", "", "not valid TOML"),
        ('[link]\nbroker = "mqtt://127.0.0.1:1883"', "", "link", "this key is missing"),
    ],
)
def test_a_mistake_names_its_key_and_what_to_do(
    tmp_path: Path, wrong: str, right: str, key: str, told: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read_county_settings(write(tmp_path, GOOD.replace(wrong, right)))
    assert caught.value.key == key
    assert told in str(caught.value)
    assert str(tmp_path / "county.toml") in str(caught.value)


def test_the_link_may_have_workers_that_share_and_the_newer_protocol(tmp_path: Path) -> None:
    more = '[link]\nmqtt = "5"\nworkers = 3\nshare = true\n'
    read = read_county_settings(write(tmp_path, GOOD.replace("[link]\n", more)))
    plan = link_plan(read)
    assert (plan.version, plan.workers, plan.share, plan.tls) == ("5", 3, True, None)


def test_a_broker_that_asks_for_certificates_is_shown_the_countys(tmp_path: Path) -> None:
    make_county(tmp_path, replace(WANTED, broker="mqtts://broker.example.cn:8883"))
    plan = link_plan(read_county_settings(tmp_path))
    assert plan.tls is not None
    assert plan.tls().get_ca_certs() != []


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ('[durable]\nrule = "hope"', "durable.rule"),
        ("[durable]\ncopies = 1", "durable.copies"),
        ('[backup]\nto = ["stick"]', "backup.to.0"),
        ("[backup]\nkeep = 0", "backup.keep"),
    ],
)
def test_backups_that_would_save_nothing_are_a_mistake(
    tmp_path: Path, lines: str, key: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read_county_settings(write(tmp_path, f"{GOOD}\n{lines}\n"))
    assert caught.value.key == key


def test_a_county_that_says_nothing_of_backups_lets_no_station_forget(tmp_path: Path) -> None:
    settings = read_county_settings(write(tmp_path, GOOD))
    assert (settings.durable.rule, settings.durable.copies, settings.backup.to) == (
        "backups",
        2,
        (),
    )


def test_a_station_listed_twice_is_a_mistake(tmp_path: Path) -> None:
    twice = GOOD + 2 * '\n[[stations]]\nid = "pingshang"\nname = "坪上村站"\n'

    with pytest.raises(ConfigError, match="more than once"):
        read_county_settings(write(tmp_path, twice))


def test_an_empty_folder_is_told_how_to_become_a_county(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cunyi county init"):
        read_county_settings(tmp_path)
    with pytest.raises(StoreError, match="cunyi county init"):
        Database.open(tmp_path)


def test_a_broker_beyond_this_machine_is_refused_in_clear(tmp_path: Path) -> None:
    wanted = replace(WANTED, broker="mqtt://203.0.113.7:1883")
    with pytest.raises(ConfigError, match=r"mqtts://203\.0\.113\.7:8883") as refusal:
        make_county(tmp_path, wanted)
    assert refusal.value.key == "link.broker"
    assert not (tmp_path / "county.toml").exists()


def test_stations_may_have_hours_and_a_number_that_can_be_dialled(tmp_path: Path) -> None:
    station = '[[stations]]\nid = "pingshang"\nname = "坪上村站"\nhours = "8:00-18:30"\n'
    write(tmp_path, GOOD + station + 'phone = "0797-852 1234"\n')
    (read,) = read_county_settings(tmp_path).stations
    assert (read.hours, read.phone) == ("8:00-18:30", "0797-852 1234")
    write(tmp_path, GOOD + station + 'phone = "call me"\n')
    with pytest.raises(ConfigError, match=r"stations\.0\.phone"):
        read_county_settings(tmp_path)
