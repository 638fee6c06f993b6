"""Sessions: a token that only its browser has, and every way in which a session ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from cloud_sync.county.accounts import book
from cloud_sync.county.accounts.rights import Role
from cloud_sync.county.accounts.sessions import Limits
from cloud_sync.county.accounts.sign_in import Try
from cloud_sync.county.tables import ACCOUNTS, SESSIONS
from tests.county.sign_ins import BOSS, FAR, HOME, PASSWORD, Accounts, open_accounts

IDLE, ABSOLUTE = Limits().idle_ms, Limits().absolute_ms


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Accounts]:
    with open_accounts(tmp_path) as county:
        county.add("wangfang", Role.SUPERVISOR)
        yield county


def test_a_token_says_who_it_is_in_which_role_and_is_kept_as_a_hash(county: Accounts) -> None:
    token = county.sign_in("wangfang")
    session = county.desk.who(token)
    assert session is not None
    assert (session.account, session.role, session.address) == ("wangfang", Role.SUPERVISOR, HOME)
    assert len(token) >= 43
    assert token not in repr(county.rows(SESSIONS))
    assert county.desk.who(token[:-1]) is None
    assert county.desk.who("") is None
    assert county.desk.who("\ud800") is None


def test_each_sign_in_has_a_new_token_and_ends_the_one_that_the_browser_had(
    county: Accounts,
) -> None:
    first, other = county.sign_in("wangfang"), county.sign_in("wangfang", at=FAR)
    second = county.sign_in("wangfang", earlier=first)
    assert len({first, other, second}) == 3
    assert county.desk.who(first) is None
    assert None not in (county.desk.who(other), county.desk.who(second))


def test_a_refused_sign_in_ends_nobodys_session(county: Accounts) -> None:
    token = county.sign_in("wangfang")
    assert county.refused("wangfang", "wrong", earlier=token) == "account.wrong"
    assert county.desk.who(token) is not None


def test_a_session_ends_when_nobody_uses_it_and_after_a_day_of_work_whoever_does(
    county: Accounts,
) -> None:
    token, began = county.sign_in("wangfang"), county.now_ms
    county.now_ms += IDLE - 1
    assert county.desk.who(token) is not None
    county.now_ms += IDLE
    assert county.desk.who(token) is None
    county.now_ms = began
    token = county.sign_in("wangfang")
    while county.now_ms + IDLE // 2 < began + ABSOLUTE:
        county.now_ms += IDLE // 2
        assert county.desk.who(token) is not None
    county.now_ms = began + ABSOLUTE
    assert county.desk.who(token) is None


def test_a_page_that_looks_every_second_writes_once_a_minute(county: Accounts) -> None:
    token = county.sign_in("wangfang")
    seen = set()
    for _ in range(150):
        county.now_ms += 1_000
        county.desk.who(token)
        seen |= {row["seen_ms"] for row in county.rows(SESSIONS)}
    assert len(seen) == 3


def test_a_clock_that_was_set_back_does_not_prolong_a_session(county: Accounts) -> None:
    token = county.sign_in("wangfang")
    county.now_ms -= IDLE
    assert county.desk.who(token) is None


def test_signed_out_the_token_is_worth_nothing_and_the_others_live(county: Accounts) -> None:
    token, other = county.sign_in("wangfang"), county.sign_in("wangfang", at=FAR)
    county.desk.sign_out(token, HOME)
    assert county.desk.who(token) is None
    assert county.desk.who(other) is not None
    assert county.trail(act="sign_out") == [("wangfang", "sign_out", "done", "")]
    county.desk.sign_out(token, HOME)
    county.desk.sign_out("none", HOME)
    assert len(county.trail(act="sign_out")) == 1, "who was not signed in does not sign out"


def test_signed_out_everywhere_no_token_of_the_account_is_left(county: Accounts) -> None:
    county.add("lixia")
    tokens = [county.sign_in("wangfang", at=f"192.0.2.{n}") for n in range(3)]
    hers = county.sign_in("lixia")
    assert county.desk.sign_out_everywhere("wangfang", BOSS) == 3
    assert [county.desk.who(token) for token in tokens] == [None] * 3
    assert county.desk.who(hers) is not None
    assert county.trail(act="sign_out_everywhere") == [("王芳", "sign_out_everywhere", "done", "")]


def test_sessions_outlive_a_restart_and_ended_ones_are_forgotten(county: Accounts) -> None:
    old = county.sign_in("wangfang")
    county.restart()
    assert county.desk.who(old) is not None
    county.now_ms += IDLE
    county.sign_in("wangfang")
    assert len(county.rows(SESSIONS)) == 1


def test_a_password_changed_while_the_old_one_was_looked_at_lets_nobody_in(
    county: Accounts,
) -> None:
    hashed = county.hashing.hashed("another long one", "wangfang")
    county.hashing.meanwhile = lambda: county.write(
        lambda c: book.change_password(c, "wangfang", hashed, BOSS, county.now_ms)
    )
    assert county.refused("wangfang") == "account.wrong"
    assert county.rows(SESSIONS) == []


def test_an_account_disabled_while_its_password_was_looked_at_lets_nobody_in(
    county: Accounts,
) -> None:
    county.hashing.meanwhile = lambda: county.write(
        lambda c: book.disable(c, "wangfang", BOSS, county.now_ms)
    )
    assert county.refused("wangfang") == "account.wrong"
    assert county.trail()[0] == ("wangfang", "sign_in", "refused", "disabled")


def test_a_session_without_its_account_is_none(county: Accounts) -> None:
    token = county.sign_in("wangfang")
    county.write(lambda connection: connection.execute(delete(ACCOUNTS)))
    assert county.desk.who(token) is None


def test_every_try_writes_one_line_with_the_address_and_a_wait_writes_none(
    county: Accounts,
) -> None:
    county.sign_in("wangfang", at=FAR)
    county.fail(6, "wangfang")
    lines = [line for line in county.trail(act="sign_in") if line[2] == "refused"]
    assert lines == [("wangfang", "sign_in", "refused", "wrong_password")] * 4
    assert county.trail(act="sign_in")[-1] == ("wangfang", "sign_in", "done", "password")


def test_what_somebody_typed_is_not_in_what_a_log_would_show_of_a_try() -> None:
    tried = Try(name="w", password=PASSWORD, address=HOME, code="123456", earlier="token-1")
    assert repr(tried) == f"Try(name='w', address='{HOME}')"
