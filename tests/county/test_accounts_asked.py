"""`cunyi county account` and `audit`, asked of a county over its socket."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud_sync.county.accounts.asks import account_asks
from cloud_sync.county.accounts.book import account_of
from cloud_sync.county.accounts.refusal import AccountError
from cloud_sync.county.accounts.second_factor import STEP_MS, code_at
from cloud_sync.county.accounts.sign_in import SignInDesk, Try
from edge.cli import app
from tests.county.sign_ins import HOME, SAFE, CheapHashing
from tests.county.stream_ends import Near
from tests.county.test_stream_asked import running
from tests.county.village import NOON_MS

PASSWORD = "ein Stuhl steht am Fluss"
BY = ("--operator", "王芳")


class Town:
    """A running county, and its command line."""

    def __init__(self, near: Near) -> None:
        self.folder, self.database = str(near.folder), near.database
        self.write = lambda job: near.desk.work(job).result(timeout=10)
        self.desk = SignInDesk(
            near.database,
            write=self.write,
            safe=SAFE,
            hashing=CheapHashing(),
            wall_ms=lambda: NOON_MS,
        )

    def cunyi(self, *words: str, typed: str = "") -> str:
        done = CliRunner().invoke(app, ["county", *words], input=typed)
        return done.output + str(done.exception or "")

    def account(self, ask: str, *words: str, typed: str = "") -> str:
        return self.cunyi("account", ask, self.folder, *words, typed=typed)

    def add(self, name: str, role: str, password: str = PASSWORD) -> str:
        words = (name, "--role", role, *BY, "--stdin")
        return self.account("add", *words, typed=f"{password}\r\n")

    def sign_in(self, name: str, password: str = PASSWORD, code: str = "") -> str:
        return self.desk.sign_in(Try(name=name, password=password, address=HOME, code=code))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    near = Near(tmp_path / "county")
    town = Town(near)
    asks = account_asks(
        near.database,
        write=town.write,
        safe=SAFE,
        wall_ms=lambda: NOON_MS,
        hashing=CheapHashing(),
    )
    with running(near, asks):
        yield town
    near.database.close()


def test_a_password_from_a_file_is_never_taken_for_the_name_of_whoever_types(town: Town) -> None:
    """It would stand in the trail, in clear and for good."""
    said = town.account("add", "lixia", "--role", "admin", "--stdin", typed=f"{PASSWORD}\n" * 2)
    assert "--operator" in said
    assert "Added" not in said
    town.add("lixia", "admin")
    said = town.account("password", "lixia", "--stdin", typed=f"{PASSWORD}\n" * 2)
    assert "--operator" in said
    assert PASSWORD not in town.cunyi("audit", "list", town.folder)


def test_d19_an_account_from_the_first_admin_to_its_end_by_command(town: Town) -> None:
    assert "Added: wangfang." in town.add("WangFang", "admin")
    assert town.sign_in("wangfang")
    assert "last admin" in town.account("disable", "wangfang", *BY)
    assert "last admin" in town.account("role", "wangfang", "operator", *BY)
    assert "Added: lixia." in town.add("lixia", "operator")
    assert "lixia is admin now" in town.account("role", "lixia", "admin", *BY)
    typed = "another long one\n"
    assert "New password: lixia" in town.account("password", "lixia", *BY, "--stdin", typed=typed)
    assert town.sign_in("lixia", "another long one")
    assert "Disabled: wangfang" in town.account("disable", "wangfang", *BY)
    listed = town.account("list")
    assert "lixia  admin  password only  since 2026-11-24T12:00+08:00\n" in listed
    assert "wangfang  admin  password only  since 2026-11-24T12:00+08:00  disabled 2026" in listed
    assert "1 may sign in." in listed


def test_a_password_asked_for_is_typed_twice_and_never_shown(town: Town) -> None:
    words = ("wangfang", "--role", "admin", *BY)
    said = town.account("add", *words, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert "Added: wangfang." in said
    assert PASSWORD not in said


def test_what_cannot_be_made_is_told_with_what_to_do(town: Town) -> None:
    assert "too short" in town.add("wangfang", "admin", "short")
    assert "Take one of: operator" in town.add("wangfang", "root")
    assert "A name has 1 to 40" in town.add("wang fang", "admin")
    assert "no account nobody" in town.account("role", "nobody", "admin", *BY)
    assert "Say who you are" in town.account("disable", "wangfang", "--operator", " ")
    assert "0 may sign in." in town.account("list")


def enrolled(town: Town) -> str:
    """What `totp` prints to somebody whose app shows the right code."""
    command = [sys.executable, "-m", "edge.cli", "county", "account", "totp", town.folder]
    with subprocess.Popen(
        [*command, "wangfang", *BY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = ""
        while "otpauth" not in said:
            said += process.stdout.readline()
        with town.database.read() as connection:
            row = account_of(connection, "wangfang")
        code = code_at(SAFE.unseal(row.factor, "wangfang") or b"", NOON_MS // STEP_MS)
        rest, _errors = process.communicate(f"{code}\n", timeout=60)
    return said + rest


def test_an_app_is_enrolled_with_one_code_and_leaves_ten_on_paper(town: Town) -> None:
    town.add("wangfang", "admin")
    said = town.account("totp", "wangfang", *BY, typed="abcdef\n")
    assert "This code is wrong" in said
    assert town.sign_in("wangfang"), "it is not on yet"
    said = enrolled(town)
    assert re.search(r"otpauth://totp/\S+secret=[A-Z2-7]{32}", said)
    codes = re.findall(r"^    ([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})$", said, re.MULTILINE)
    assert len(codes) == 10
    assert "wangfang  admin  second factor" in town.account("list")
    with pytest.raises(AccountError, match="6 digits of your authenticator"):
        town.sign_in("wangfang")
    assert town.sign_in("wangfang", code=codes[0])
    assert "has a second factor" in town.account("totp", "wangfang", *BY)
    assert "no second factor now" in town.account("totp", "wangfang", *BY, "--off")
    assert town.sign_in("wangfang")


def test_d19_the_trail_by_who_act_and_day_the_newest_first(town: Town) -> None:
    town.add("wangfang", "admin")
    town.sign_in("wangfang")
    with pytest.raises(AccountError):
        town.sign_in("wangfang", "wrong")
    lines = town.cunyi("audit", "list", town.folder).splitlines()
    assert [line.split("  ")[1:] for line in lines] == [
        ["wangfang (admin)", "sign_in", "wangfang", f"from {HOME}", "refused: wrong_password"],
        ["wangfang (admin)", "sign_in", "wangfang", f"from {HOME}", "done: password"],
        ["王芳 (machine)", "add_account", "wangfang", "from machine", "done: admin"],
    ]
    assert lines[0].startswith("2026-11-24T12:00+08:00  ")

    def count(*words: str) -> int:
        return len(town.cunyi("audit", "list", town.folder, *words).splitlines())

    assert count("--who", "王芳") == count("--act", "add_account") == count("--most", "1") == 1
    assert count("--from", "2026-11-24", "--until", "2026-11-24") == 3, "the last day is whole"
    assert count("--from", "2026-11-25") == count("--until", "2026-11-23") == 0
    assert "--from is no day" in town.cunyi("audit", "list", town.folder, "--from", "today")


def test_d19_an_export_is_a_file_of_its_owner_and_stands_in_the_trail(
    town: Town, tmp_path: Path
) -> None:
    town.add("wangfang", "admin")
    file = tmp_path / "trail.csv"
    export = ("audit", "export", town.folder, "--to", str(file))
    assert "is no day" in town.cunyi(*export, *BY, "--until", "x")
    assert "Say who you are" in town.cunyi(*export, "--operator", " ")
    assert not file.exists(), "what is refused leaves no file"
    assert "holds the trail" in town.cunyi(*export, *BY)
    lines = file.read_bytes().decode("utf-8").split("\r\n")
    assert lines[0].startswith("\ufeffnumber,time,who")
    assert [line.split(",")[4] for line in lines[1:-1]] == ["add_account", "export"]
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    assert "exists" in town.cunyi(*export, *BY), "none is overwritten"
    assert file.read_bytes() == before
