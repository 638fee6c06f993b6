"""The trail: lines that only grow, filters, and a table that no spreadsheet carries out."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Connection

from cloud_sync.county.accounts import audit
from cloud_sync.county.accounts.audit import AccountAct, Actor, Line, Outcome, Wanted
from cloud_sync.county.accounts.rights import Act
from cloud_sync.county.tables import AUDIT_TRAIL
from edge.kernel.errors import StoreError
from tests.architecture.tree import PACKAGES, files
from tests.county.sign_ins import Accounts, open_accounts
from tests.county.village import NOON_MS

WANG, LI = Actor("wangfang", "operator", "192.0.2.1"), Actor("lixia", "admin", "192.0.2.2")


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Accounts]:
    with open_accounts(tmp_path) as county:
        yield county


def wrote(county: Accounts, *lines: Line) -> None:
    def job(connection: Connection) -> None:
        for number, line in enumerate(lines):
            audit.write(connection, line, NOON_MS + number)

    county.write(job)


def table(county: Accounts, wanted: Wanted) -> list[dict[str, str]]:
    with county.database.read() as connection:
        text = "".join(audit.exported(connection, wanted))
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_line_holds_who_what_of_what_from_where_when_and_what_came_of_it(
    county: Accounts,
) -> None:
    line = Line(
        by=WANG, act=Act.OPEN_DOOR, of="pingshang 7", outcome=Outcome.REFUSED, reason="no parcel"
    )
    wrote(county, line)
    assert county.rows(AUDIT_TRAIL) == [
        {
            "number": 1,
            "at_ms": NOON_MS,
            "who": "wangfang",
            "role": "operator",
            "act": "open_door",
            "subject": "pingshang 7",
            "address": "192.0.2.1",
            "outcome": "refused",
            "reason": "no parcel",
        }
    ]


def test_filters_take_who_what_and_when_and_the_end_is_outside(county: Accounts) -> None:
    wrote(
        county,
        Line(by=WANG, act=Act.REPRINT, of="a"),
        Line(by=LI, act=Act.REPRINT, of="b"),
        Line(by=WANG, act=AccountAct.SIGN_OUT, of="c"),
    )

    def subjects(most: int = 10, **wanted: object) -> str:
        with county.database.read() as connection:
            rows = audit.listed(connection, Wanted(**wanted), most)  # type: ignore[arg-type]  # by name
        return "".join(row.subject for row in rows)

    assert subjects() == "cba"
    assert subjects(most=2) == "cb"
    assert subjects(who="wangfang") == "ca"
    assert subjects(act="reprint") == "ba"
    assert subjects(who="wangfang", act="reprint") == "a"
    assert subjects(from_ms=NOON_MS + 1) == "cb"
    assert subjects(to_ms=NOON_MS + 1) == "a"
    assert subjects(who="nobody") == ""


def test_the_export_opens_in_excel_and_carries_nothing_out(county: Accounts) -> None:
    evil = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", 'a "b", c', "王芳\r\n=1"]
    wrote(county, *(Line(by=WANG, act=Act.REPRINT, of=text, reason=text) for text in evil))
    with county.database.read() as connection:
        text = "".join(audit.exported(connection, Wanted()))
    assert text.encode().startswith(b"\xef\xbb\xbfnumber,time,who,role,act,subject,address,")
    rows = table(county, Wanted())
    assert [row["subject"] for row in rows] == [
        "'=cmd|' /C calc'!A0",
        "'+1",
        "'-1",
        "'@SUM(A1)",
        "'＝1",
        "'=1",
        'a "b", c',
        "王芳 =1",
    ]
    assert text.count("\r\n") == len(evil) + 1 == text.count("\n")
    assert (rows[0]["number"], rows[0]["time"]) == ("1", "2026-11-24 12:00:00+08:00")
    assert all(cell[:1] not in tuple("=+-@＝＋－＠\t\r") for row in rows for cell in row.values())


def test_an_export_takes_the_same_filters(county: Accounts) -> None:
    wrote(county, Line(by=WANG, act=Act.REPRINT, of="a"), Line(by=LI, act=Act.REPRINT, of="b"))
    assert [row["who"] for row in table(county, Wanted(who="lixia"))] == ["lixia"]


def test_too_long_a_word_is_cut_and_the_line_is_written(county: Accounts) -> None:
    wrote(
        county,
        Line(
            by=Actor("w" * 99, "r" * 99, "a" * 99),
            act=Act.EXPORT,
            of="o" * 999,
            reason="x\x1b[2J" + "y" * 999,
        ),
    )
    (row,) = county.rows(AUDIT_TRAIL)
    assert {name: len(row[name]) for name in audit.LONGEST} == {
        "who": 40,
        "role": 16,
        "act": 6,
        "subject": 100,
        "address": 45,
        "outcome": 4,
        "reason": 200,
    }
    assert "\x1b" not in row["reason"]


def test_every_act_fits_its_column() -> None:
    assert max(len(act.value) for act in (*Act, *AccountAct)) <= audit.LONGEST["act"]
    assert not {act.value for act in Act} & {act.value for act in AccountAct}


def test_without_its_transaction_there_is_no_line(county: Accounts) -> None:
    def job(connection: Connection) -> None:
        audit.write(connection, Line(by=WANG, act=Act.REPRINT, of="a"), 1)
        connection.exec_driver_sql("SELECT no_such_column")

    with pytest.raises(StoreError):
        county.write(job)
    county.restart()
    assert county.rows(AUDIT_TRAIL) == []


CHANGES: Final = re.compile(r"(delete|update)\(\s*AUDIT_TRAIL|AUDIT_TRAIL\.(delete|update)\(")


def test_nothing_in_the_house_changes_or_removes_a_line_of_the_trail() -> None:
    code = {file: file.read_text(encoding="utf-8") for file in files(".py", under=PACKAGES)}
    assert any("insert(AUDIT_TRAIL)" in text for text in code.values())
    assert [file.name for file, text in code.items() if CHANGES.search(text)] == []
    assert CHANGES.search("delete(\n    AUDIT_TRAIL"), "it would be seen"
