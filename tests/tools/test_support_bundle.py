"""The support bundle: useful to a stranger, and no secret of anybody in it."""

import json
import zipfile
from base64 import b64decode
from pathlib import Path
from typing import Final

import pytest

from edge.kernel.errors import ConfigError
from edge.store.database import Store
from edge.tools.doctor import Finding, Grade, examine
from edge.tools.support_bundle import HIDDEN, sift, sift_all, write_bundle
from tests.store.journals import CLEAR_DIGITS, CLEAR_TOKEN, check_in, entries, moment, slip
from tests.support.station import pingshang
from tests.tools.fake_machine import FakeMachine

PHONE: Final = "13807971234"
PHONE_AS_SAID: Final = "138 0797 1234"
WAYBILL: Final = "YT7700123456789"
CODE: Final = "44719026"
CODE_AS_PRINTED: Final = "4471 9026"
KEY: Final = "Zk3fQ9pL2vX8rT6yB1nM4cW7sD0hJ5gA="
KEEPER: Final = "陈店主大妹"
PASSWORD: Final = "hunter2-secret"
SECRETS: Final = (
    PHONE,
    PHONE_AS_SAID,
    WAYBILL,
    CODE,
    CODE_AS_PRINTED,
    KEY,
    PASSWORD,
    KEEPER,
    CLEAR_TOKEN,
    CLEAR_DIGITS,
)
ALL: Final = f"李 {PHONE} {PHONE_AS_SAID} {WAYBILL} {CODE} {CODE_AS_PRINTED} {KEY} {CLEAR_TOKEN}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A station with two parcels and a slip, and secrets in its settings."""
    folder = tmp_path / "station"
    pingshang(folder, name=f"坪上 {PHONE}")
    store = Store.open(folder)
    store.commit(entries(*check_in(1)), [slip(1)], moment(1))
    store.close()
    return folder


@pytest.fixture
def fake(tmp_path: Path) -> FakeMachine:
    """A machine whose log and devices are full of secrets."""
    fake = FakeMachine(tmp_path / "root")
    fake.usb("1-1", idVendor="0403", idProduct="6001", serial=PHONE, product=ALL)
    fake.usb_tty("ttyUSB0", "1-1", by_id=f"usb-{WAYBILL}-if00")
    fake.file("/dev/video0")
    fake.file("/sys/class/video4linux/video0/name", ALL)
    event = {
        "timestamp": "2026-11-24T18:02:33.123456Z",
        "level": "info",
        "event": "device",
        "name": "printer",
        "reason": ALL,
        "cell": int(PHONE),
        "waybill_no": "surely not",
        "keeper": KEEPER,
        "digits": CODE,
    }
    fake.said["journalctl"] = f"{json.dumps(event)}\nplain {ALL}\n[1]\n"
    return fake


def parts_of(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as bundle:
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def made(tmp_path: Path, folder: Path, fake: FakeMachine) -> dict[str, str]:
    findings = [*examine(folder, fake.machine)]
    findings.append(
        Finding(check="journal", case="damaged", grade=Grade.BAD, blanks={"problem": ALL})
    )
    file = write_bundle(tmp_path / "help.zip", folder, findings, "zh", fake.machine)
    return parts_of(file)


def test_what_helps_is_in_it(tmp_path: Path, folder: Path, fake: FakeMachine) -> None:
    parts = made(tmp_path, folder, fake)
    assert set(parts) == {
        "doctor.json",
        "versions.json",
        "devices.json",
        "log.jsonl",
        "station.toml",
        "journal.json",
    }
    checks = json.loads(parts["doctor.json"])["checks"]
    assert {"id", "grade", "finding", "next_step"} == set(checks[0])
    assert json.loads(parts["versions.json"])["cunyi"]
    assert json.loads(parts["devices.json"])["devices"][0]["usb"] == "0403:6001"
    assert 'id = "pingshang"' in parts["station.toml"]
    assert 'driver = "8a80"' in parts["station.toml"]
    line = json.loads(parts["log.jsonl"].splitlines()[0])
    assert (line["timestamp"], line["name"]) == ("2026-11-24T18:02:33.123456Z", "printer")


def test_of_the_journal_there_are_counts_alone(
    tmp_path: Path, folder: Path, fake: FakeMachine
) -> None:
    journal = json.loads(made(tmp_path, folder, fake)["journal.json"])
    assert (journal["facts"], journal["first"], journal["last"]) == (8, [1, 1], [1, 8])
    assert journal["kinds"]["parcel.stored"] == 1
    assert set(journal) == {"facts", "first", "last", "kinds"}


def test_no_secret_is_in_any_part_wherever_it_was_planted(
    tmp_path: Path, folder: Path, fake: FakeMachine
) -> None:
    as_text = "Ab/c" * 10 + "Ab8="  # no sieve sees a key in this
    key = b64decode(as_text)
    (folder / "station.key").write_bytes(key)
    file = folder / "station.toml"
    planted = f"# {ALL}\n" + file.read_text(encoding="utf-8").replace(
        'broker = "mqtt://', f'broker = "mqtt://cunyi:{PASSWORD}@'
    )
    planted += f'\n[{WAYBILL}]\npassword = "{PASSWORD}"\nnotes = ["{ALL}", "{key.hex()}"]\n'
    planted += f'token = {CODE}\nother = {{ deep = "{as_text}" }}\n'
    file.write_text(planted, encoding="utf-8")
    parts = made(tmp_path, folder, fake)
    secrets = (*SECRETS, key.hex(), as_text, "YT0000000000001", "3865", "李 1")
    found = [(name, s) for name, text in parts.items() for s in secrets if s in text]
    assert found == []
    assert HIDDEN in parts["station.toml"]
    assert key not in (tmp_path / "help.zip").read_bytes()


def test_settings_that_cannot_be_read_are_left_out(
    tmp_path: Path, folder: Path, fake: FakeMachine
) -> None:
    (folder / "station.toml").write_text(f"= {ALL}", encoding="utf-8")
    assert made(tmp_path, folder, fake)["station.toml"] == 'unreadable = "TOMLDecodeError"\n'


def test_a_journal_that_is_held_says_so(tmp_path: Path, folder: Path, fake: FakeMachine) -> None:
    store = Store.open(folder)
    journal = json.loads(made(tmp_path, folder, fake)["journal.json"])
    store.close()
    assert "does not answer on its local socket" in journal["problem"]


def test_a_machine_without_a_station_has_a_bundle_too(tmp_path: Path, fake: FakeMachine) -> None:
    file = write_bundle(tmp_path / "a.zip", None, [], "en", fake.machine)
    assert set(parts_of(file)) == {"doctor.json", "versions.json", "devices.json", "log.jsonl"}


def test_a_file_that_is_there_is_not_replaced(tmp_path: Path, fake: FakeMachine) -> None:
    file = tmp_path / "help.zip"
    file.write_bytes(b"mine")
    with pytest.raises(ConfigError, match="is there already"):
        write_bundle(file, None, [], "en", fake.machine)
    assert file.read_bytes() == b"mine"


@pytest.mark.parametrize(
    "harmless",
    [
        "2026-11-24 19:07 UTC",
        "2026-11-24T19:07:00.123456+08:00",
        "/dev/serial/by-path/platform-fd500000.pcie-pci-0000:01:00.0-usb-0:1.2:1.0-port0",
        "process 4242 answers at 127.0.0.1:8601",
        "77621 MB free at /var/lib/cunyi",
        "0403:6001 FT232R A10K5ZQX",
        "6.1.0-18-arm64",
    ],
)
def test_what_helps_is_not_sifted_out(harmless: str) -> None:
    assert sift(harmless) == harmless


@pytest.mark.parametrize(
    "secret",
    [
        *(PHONE, PHONE_AS_SAID, "+86 138-0797-1234", "0797-8541234", WAYBILL, "SF1234567890123"),
        *("JD0012345678901-1-1-", CODE, CODE_AS_PRINTED, "4471-9026", KEY, CLEAR_TOKEN),
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----",
    ],
)
def test_whatever_looks_like_a_secret_is_hidden(secret: str) -> None:
    assert sift(f"before {secret} behind").startswith(f"before {HIDDEN}")
    assert sift(f"before {secret} behind").endswith(" behind")
    assert secret not in sift(f'{{"x":"{secret}"}}')


def test_names_numbers_and_lists_are_sifted_as_well() -> None:
    sifted = sift_all({PHONE: [int(PHONE), ("a", WAYBILL)], "cell": 7, "ok": True})
    assert sifted == {HIDDEN: [HIDDEN, ["a", HIDDEN]], "cell": 7, "ok": True}
