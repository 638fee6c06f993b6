"""Accounts: made, changed and disabled, each with a line; the county is never without an admin."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from cloud_sync.county.accounts import book
from cloud_sync.county.accounts.passwords import MOST_LETTERS, Hashing
from cloud_sync.county.accounts.refusal import AccountError
from cloud_sync.county.accounts.rights import Role
from cloud_sync.county.database import Database
from cloud_sync.county.tables import ACCOUNTS, SIGN_IN_WAITS
from edge.kernel.ids import CountyId
from edge.words import WORDS
from tests.county.sign_ins import BOSS, HOME, PASSWORD, Accounts, open_accounts

ACCOUNTS_CODE = Path(book.__file__).parent


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Accounts]:
    with open_accounts(tmp_path) as county:
        yield county


def refusal(county: Accounts, job: Callable[[Connection], object]) -> str:
    with pytest.raises(AccountError) as caught:
        county.write(job)
    return caught.value.key


def test_an_older_file_gets_the_tables_and_keeps_what_it_had(tmp_path: Path) -> None:
    Database.create(tmp_path, CountyId("shangyou"))
    database = Database.open(tmp_path)
    with database.write() as connection:
        for table in ("accounts", "audit_trail", "sign_in_waits"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
    database.close()
    county = Accounts(tmp_path)
    county.add("wangfang")
    assert county.sign_in("wangfang")
    county.database.close()


def test_an_account_is_kept_with_argon2id_and_never_its_password(county: Accounts) -> None:
    county.add("wangfang")
    (row,) = county.rows(ACCOUNTS)
    assert row["password_hash"].startswith("$argon2id$")
    county.database.close()
    kept = b"".join(file.read_bytes() for file in county.folder.iterdir() if file.is_file())
    assert PASSWORD.encode() not in kept
    county.open()


def test_production_hashes_at_the_cost_of_the_keepers_pins() -> None:
    assert "$m=19456,t=2,p=1$" in Hashing().hashed(PASSWORD, "wangfang")


def test_a_name_is_the_same_wide_or_in_capitals_and_is_given_once(county: Accounts) -> None:
    county.add("wangfang")
    assert county.sign_in(" ＷangFang ")
    hashed = county.hashing.hashed(PASSWORD, "x")

    def again(connection: Connection) -> None:
        book.add(connection, "WANGFANG", Role.OPERATOR, hashed, BOSS, 1)

    assert refusal(county, again) == "account.name_taken"
    county.write(lambda c: book.disable(c, "wangfang", BOSS, 1))
    assert refusal(county, again) == "account.name_taken", "the trail would name two people"


@pytest.mark.parametrize("name", ["", " ", "wang fang", "a" * 41, "x\ny", "=cmd", "?"])
def test_a_name_that_will_not_do_is_refused(name: str) -> None:
    with pytest.raises(AccountError, match="A name has 1 to 40"):
        book.account_name(name)


def test_a_role_that_nobody_knows_is_refused_with_those_there_are() -> None:
    assert book.role_named("finance") is Role.FINANCE
    with pytest.raises(AccountError, match="operator, finance, supervisor, admin, read_only"):
        book.role_named("root")


@pytest.mark.parametrize(
    ("password", "key"),
    [
        ("elf letters", "account.password_short"),
        ("七个字就太短了", "account.password_short"),
        ("", "account.password_short"),
        ("x" * (MOST_LETTERS + 1), "account.password_long"),
        ("wangfangwangfang", "account.password_is_name"),
        ("WangFang2026!", "account.password_is_name"),
        ("password1234", "account.password_common"),
        ("ＰＡＳＳＷＯＲＤ１２３４", "account.password_common"),
        ("aaaaaaaaaaaa", "account.password_common"),
        ("121212121212", "account.password_common"),
    ],
)
def test_a_password_that_is_guessed_too_soon_is_refused_in_words(
    county: Accounts, password: str, key: str
) -> None:
    with pytest.raises(AccountError) as caught:
        county.hashing.hashed(password, "wangfang")
    assert caught.value.key == key
    assert caught.value.said("zh") != str(caught.value) == caught.value.said("en")


@pytest.mark.parametrize(
    "password",
    [
        "芳芳芳芳今天去赶集",
        "twelveletter",
        "门前有条小河流过去",
        "8945612307 77",
        "wangfang likes noodles",
    ],
)
def test_a_long_password_needs_no_capitals_digits_or_signs(county: Accounts, password: str) -> None:
    county.add("wangfang", password=password)
    assert county.sign_in("wangfang", password)


def test_a_password_typed_with_wide_letters_is_the_same(county: Accounts) -> None:
    county.add("wangfang", password="lotus 2026 pond")
    assert county.sign_in("wangfang", "ｌｏｔｕｓ　２０２６ pond")
    assert county.refused("wangfang", "Lotus 2026 pond") == "account.wrong"


def test_the_longest_password_with_more_behind_it_is_another(county: Accounts) -> None:
    longest = ("0123456789abcdef" * 8)[:MOST_LETTERS]
    county.add("wangfang", password=longest)
    assert county.refused("wangfang", longest + "x") == "account.wrong"
    assert county.refused("wangfang", "\ud800") == "account.wrong", "half a letter breaks nothing"
    assert county.sign_in("wangfang", longest)


def test_a_new_password_ends_sessions_and_waits_and_the_old_one(county: Accounts) -> None:
    county.add("wangfang")
    token = county.sign_in("wangfang")
    county.fail(5, "wangfang")
    assert county.refused("wangfang") == "account.wait"
    hashed = county.hashing.hashed("another long one", "wangfang")
    county.write(lambda c: book.change_password(c, "wangfang", hashed, BOSS, county.now_ms))
    assert county.desk.who(token) is None
    assert county.sign_in("wangfang", "another long one")
    assert county.refused("wangfang") == "account.wrong"


def test_a_new_role_ends_all_sessions_of_that_account_alone(county: Accounts) -> None:
    county.add("wangfang")
    county.add("lixia")
    here, there = county.sign_in("wangfang"), county.sign_in("wangfang", at="198.51.100.7")
    hers = county.sign_in("lixia")
    county.write(lambda c: book.change_role(c, "wangfang", Role.FINANCE, BOSS, county.now_ms))
    assert (county.desk.who(here), county.desk.who(there)) == (None, None)
    assert county.desk.who(hers) is not None
    session = county.desk.who(county.sign_in("wangfang"))
    assert session is not None
    assert session.role is Role.FINANCE


def test_who_is_disabled_is_out_at_once_and_stays_out(county: Accounts) -> None:
    county.add("wangfang")
    token = county.sign_in("wangfang")
    county.write(lambda c: book.disable(c, "wangfang", BOSS, 0))
    assert county.desk.who(token) is None
    assert county.refused("wangfang") == "account.wrong", "the right password tells nothing"
    hashed = county.hashing.hashed("another long one", "wangfang")
    for change in (
        lambda c: book.change_password(c, "wangfang", hashed, BOSS, 1),
        lambda c: book.change_role(c, "wangfang", Role.ADMIN, BOSS, 1),
        lambda c: book.disable(c, "wangfang", BOSS, 1),
    ):
        assert refusal(county, change) == "account.disabled"


def test_the_last_admin_can_be_neither_disabled_nor_demoted(county: Accounts) -> None:
    county.add("wangfang", Role.ADMIN)
    county.add("lixia", Role.OPERATOR)

    def demote(connection: Connection) -> None:
        book.change_role(connection, "wangfang", Role.OPERATOR, BOSS, 1)

    def disable(connection: Connection) -> None:
        book.disable(connection, "wangfang", BOSS, 1)

    assert (refusal(county, demote), refusal(county, disable)) == ("account.last_admin",) * 2
    county.write(lambda c: book.change_role(c, "wangfang", Role.ADMIN, BOSS, 1))
    county.write(lambda c: book.change_role(c, "lixia", Role.ADMIN, BOSS, 1))
    county.write(disable)
    assert refusal(county, lambda c: book.disable(c, "lixia", BOSS, 1)) == "account.last_admin", (
        "one that is disabled is no admin"
    )


def test_what_is_refused_changes_nothing_and_writes_no_line(county: Accounts) -> None:
    county.add("wangfang", Role.ADMIN)
    before = county.rows(ACCOUNTS), county.trail()
    refusal(county, lambda c: book.disable(c, "wangfang", BOSS, 1))
    assert refusal(county, lambda c: book.disable(c, "nobody", BOSS, 1)) == "account.unknown"
    assert (county.rows(ACCOUNTS), county.trail()) == before


def test_every_change_writes_one_line_that_says_who_and_from_what_to_what(
    county: Accounts,
) -> None:
    county.add("wangfang", Role.ADMIN)
    county.add("lixia")
    hashed = county.hashing.hashed("another long one", "lixia")
    county.write(lambda c: book.change_password(c, "lixia", hashed, BOSS, 1))
    county.write(lambda c: book.change_role(c, "lixia", Role.FINANCE, BOSS, 1))
    county.write(lambda c: book.disable(c, "lixia", BOSS, 1))
    assert county.trail() == [
        ("王芳", "disable_account", "done", ""),
        ("王芳", "change_role", "done", "operator to finance"),
        ("王芳", "change_password", "done", ""),
        ("王芳", "add_account", "done", "operator"),
        ("王芳", "add_account", "done", "admin"),
    ]


def test_a_list_of_accounts_tells_no_secret(county: Accounts) -> None:
    county.add("wangfang")
    with county.database.read() as connection:
        (row,) = book.listed(connection)
    assert county.rows(ACCOUNTS)[0]["password_hash"] not in tuple(row)
    assert tuple(row) == ("wangfang", "operator", False, county.now_ms, None)


def test_every_refusal_has_words_in_both_languages() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in ACCOUNTS_CODE.glob("*.py"))
    named = set(re.findall(r"[\"'](account\.[a-z_]+)[\"']", code))
    assert named == {key for key in WORDS if key.startswith("account.")}


def test_a_wait_row_of_a_password_change_is_of_that_name_alone(county: Accounts) -> None:
    county.add("wangfang")
    county.fail(5, "wangfang")
    county.fail(5, "lixia")
    hashed = county.hashing.hashed("another long one", "wangfang")
    county.write(lambda c: book.change_password(c, "wangfang", hashed, BOSS, county.now_ms))
    assert {row["address"] for row in county.rows(SIGN_IN_WAITS)} == {HOME}
    assert county.refused("lixia") == "account.wait"
