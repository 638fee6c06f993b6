"""What is written for a broker, without starting one."""

import json
import shlex
import ssl
import subprocess
from pathlib import Path, PurePath

import pytest

from cloud_sync.county.broker_config.make import KINDS
from cloud_sync.county.broker_config.plan import BrokerPlan
from cloud_sync.county.database import Database
from cloud_sync.county.identity.authority import Issued
from cloud_sync.county.identity.devices import REVOKED, add_device, end_device
from cloud_sync.county.identity.opening import opened_office
from cloud_sync.county.settings import NewCounty, make_county
from cloud_sync.wire.trust.identity import SECRET_BYTES, Identity
from edge.kernel.errors import ConfigError
from edge.kernel.ids import CountyId, StationId
from edge.tools.broker_config import Wanted, make_broker_folder
from edge.tools.broker_steps import Change, broker_step
from edge.tools.children import cunyi
from tests.architecture.tree import ROOT
from tests.brokers.guests import NOON_MS

READY = ROOT / "deploy" / "brokers"
FOLDERS = {
    "nats": "/etc/cunyi-broker",
    "mosquitto": "/etc/cunyi-broker",
    "rabbitmq": "/etc/rabbitmq",
}


@pytest.fixture
def county(tmp_path: Path) -> Path:
    wanted = NewCounty(
        county="shangyou",
        name="上犹县",
        broker="mqtts://broker.example.cn:8883",
        web_port=8602,
    )
    file = make_county(tmp_path / "county", wanted)
    with file.open("a", encoding="utf-8") as more:
        more.write('\n[[stations]]\nid = "pingshang"\nname = "坪上"\n')
    return tmp_path / "county"


def _wanted(out: Path, *hosts: str, kind: str = "nats") -> Wanted:
    at = PurePath("/etc/cunyi-broker")
    return Wanted(kind=kind, out=out, at=at, hosts=hosts, listen="0.0.0.0", port=8883)


@pytest.mark.parametrize("kind", KINDS)
def test_the_ready_configuration_is_what_the_command_writes_for_two_stations(kind: str) -> None:
    """To write it anew: `cunyi county broker-config`, with --at as in FOLDERS."""
    plan = BrokerPlan(
        county=CountyId("shangyou"),
        stations=(StationId("pingshang"), StationId("qingshan-01")),
        folder=PurePath(FOLDERS[kind]),
        data=PurePath("/var/lib/cunyi-broker"),
    )
    ready = {file.name: file.read_text(encoding="utf-8") for file in (READY / kind).iterdir()}
    assert ready == KINDS[kind](plan)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_written_that_lets_anybody_in_or_listens_in_clear(kind: str) -> None:
    files = (READY / kind).iterdir()
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    said = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    assert said.count("8883") == 1
    assert "1883" not in said.replace("8883", "")
    assert "allow_anonymous true" not in said
    assert "allow_anonymous = true" not in said
    assert {"nats": "verify_and_map", "mosquitto": "require_certificate true"}.get(
        kind, "fail_if_no_peer_cert = true"
    ) in said


def test_a_rabbitmq_user_has_no_password_and_every_one_has_topics_of_its_own() -> None:
    said = json.loads((READY / "rabbitmq" / "definitions.json").read_text(encoding="utf-8"))
    names = ["county", "pingshang", "qingshan-01"]
    assert [user["name"] for user in said["users"]] == names
    assert {user["password_hash"] for user in said["users"]} == {""}
    assert [one["user"] for one in said["topic_permissions"]] == names


def test_a_broker_gets_a_certificate_that_its_clients_believe_and_keeps_it(
    county: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with pytest.raises(ConfigError, match="has no certificate yet"):
        make_broker_folder(county, _wanted(out))
    assert make_broker_folder(county, _wanted(out, "broker.example.cn")) == ("pingshang",)
    first = (out / "broker.pem").read_bytes()
    assert (out / "broker.key").stat().st_mode & 0o777 == 0o600
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=out / "ca.pem").load_cert_chain(
        out / "broker.pem", out / "broker.key"
    )
    make_broker_folder(county, _wanted(out, kind="mosquitto"))
    assert (out / "broker.pem").read_bytes() == first
    assert "BEGIN X509 CRL" in (out / "crl.pem").read_text(encoding="ascii")


def test_a_station_that_was_shut_out_is_not_listed_even_where_county_toml_names_it(
    county: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    database = Database.open(county)
    with database.write() as connection:
        for number, name in enumerate(("pingshang", "niutian")):
            add_device(
                connection,
                station=StationId(name),
                public=Identity.from_secret(bytes([number]) * SECRET_BYTES).public,
                machine="",
                hosts=(),
                issued=Issued("", f"{number + 1:x}", NOON_MS),
                now_ms=NOON_MS,
            )
        end_device(connection, StationId("pingshang"), REVOKED, "stolen", NOON_MS)
    database.close()
    assert make_broker_folder(county, _wanted(out, "broker.example.cn")) == ("niutian",)
    text = (out / "nats.conf").read_text(encoding="utf-8")
    assert ("niutian" in text, "pingshang" in text) == (True, False)


def test_the_command_writes_the_folder_and_says_who_may_connect(
    county: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    words = ("mosquitto", str(county), "--out", str(out), "--host", "broker.example.cn")
    said = subprocess.run(
        cunyi("county", "broker-config", *words),
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    assert "may connect: 1." in said
    assert {file.name for file in out.iterdir()} == {
        "mosquitto.conf",
        "acl",
        "ca.pem",
        "crl.pem",
        "broker.pem",
        "broker.key",
    }
    assert f"cafile {out}/ca.pem" in (out / "mosquitto.conf").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "change", "steps"),
    [
        ("mosquitto", "enrolled", ()),
        ("mosquitto", "revoked", ("broker-config mosquitto", "kill -HUP")),
        ("mosquitto", "replaced", ("broker-config mosquitto", "kill -HUP")),
        ("nats", "enrolled", ("broker-config nats", "--signal reload")),
        ("nats", "revoked", ("broker-config nats", "--signal reload")),
        ("rabbitmq", "enrolled", ("import_definitions /etc/cunyi-broker/definitions.json",)),
        ("rabbitmq", "revoked", ("rabbitmqctl delete_user pingshang",)),
    ],
)
def test_a_person_is_told_in_one_line_what_the_broker_must_hear(
    county: Path, tmp_path: Path, kind: str, change: Change, steps: tuple[str, ...]
) -> None:
    out = tmp_path / "out"
    make_broker_folder(county, _wanted(out, "broker.example.cn", kind=kind))
    said = broker_step(county, "pingshang", change)
    assert bool(said) is bool(steps)
    assert "\n" not in said
    for step in steps:
        assert step in said


def test_the_command_that_a_person_is_told_writes_the_same_folder_again(
    county: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    make_broker_folder(county, _wanted(out, "broker.example.cn"))
    told = broker_step(county, "pingshang", "enrolled").partition("  and there")[0]
    assert told.endswith(f"--out {out} --at /etc/cunyi-broker")
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    subprocess.run(cunyi(*shlex.split(told)[1:]), check=True, capture_output=True, timeout=60)
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


def test_before_any_broker_was_written_the_line_is_there_for_tls_alone(
    county: Path, tmp_path: Path
) -> None:
    assert "cunyi county broker-config" in broker_step(county, "pingshang", "revoked")
    demo = NewCounty(county="demo", name="演示", broker="mqtt://127.0.0.1:1883", web_port=8602)
    make_county(tmp_path / "demo", demo)
    assert broker_step(tmp_path / "demo", "pingshang", "revoked") == ""


def test_no_station_is_certified_for_a_name_of_the_brokers_machine(
    county: Path, tmp_path: Path
) -> None:
    make_broker_folder(county, _wanted(tmp_path / "out", "10.0.0.5", "Broker.lan"))
    with opened_office(county) as office:
        assert {"10.0.0.5", "broker.lan", "broker.example.cn"} <= set(office.registry.own_hosts)
