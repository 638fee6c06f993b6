"""Lock-out: guessing gets slow, restarts reset nothing, and no colleague can be locked out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from cloud_sync.county.accounts import book, waits
from cloud_sync.county.accounts.refusal import AccountError
from cloud_sync.county.accounts.waits import FOR_A_NAME, FOR_AN_ADDRESS, network_of
from cloud_sync.county.tables import KNOWN_ADDRESSES, SIGN_IN_WAITS
from tests.county.sign_ins import BOSS, FAR, HOME, Accounts, open_accounts

MINUTE = 60_000
HOUR = 60 * MINUTE


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Accounts]:
    with open_accounts(tmp_path) as county:
        county.add("wangfang")
        county.add("lixia")
        yield county


def seconds(county: Accounts, name: str, at: str = HOME) -> int:
    """How long a try must wait; 0 where it need not."""
    try:
        county.sign_in(name, "wrong", at)
    except AccountError as refusal:
        return int(refusal.blanks.get("seconds", 0))
    raise AssertionError("a wrong password was taken")


def test_three_mistakes_are_free_and_then_each_wait_is_twice_the_last(county: Accounts) -> None:
    waited = []
    for _ in range(16):
        while left := seconds(county, "wangfang"):
            waited.append(left)
            county.now_ms += left * 1_000
    assert waited == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert county.fail(1, "wangfang") == ["account.wait"]


def test_the_right_password_waits_as_well_and_a_moment_too_soon_is_too_soon(
    county: Accounts,
) -> None:
    county.fail(6, "wangfang")  # the fifth and sixth find a wait and are not looked at
    county.now_ms += 999
    assert county.refused("wangfang") == "account.wait"
    county.now_ms += 1
    assert county.refused("wangfang") == ""


def test_a_try_that_must_wait_is_not_looked_at_and_makes_the_wait_no_longer(
    county: Accounts,
) -> None:
    county.fail(4, "wangfang")
    looked_at = county.hashing.compared
    assert set(county.fail(50, "wangfang")) == {"account.wait"}
    assert county.hashing.compared == looked_at
    county.now_ms += 1_000
    assert county.sign_in("wangfang")


def test_a_good_sign_in_ends_the_waits_of_this_name_here_alone(county: Accounts) -> None:
    county.fail(3, "wangfang")
    county.fail(4, "wangfang", FAR)
    county.sign_in("wangfang")
    assert county.fail(4, "wangfang") == ["account.wrong"] * 4
    assert county.refused("wangfang", at=FAR) == "account.wait"


def test_a_restart_gives_no_fresh_tries(county: Accounts) -> None:
    county.fail(4, "wangfang")
    county.restart()
    assert county.refused("wangfang") == "account.wait"


def test_many_tries_at_once_are_all_counted_before_the_first_is_looked_at(
    county: Accounts,
) -> None:
    inner: list[str] = []

    def meanwhile() -> None:
        if len(inner) < 8:
            inner.append("")
            inner[-1] = county.refused("wangfang", "wrong")

    county.hashing.meanwhile = meanwhile
    county.refused("wangfang", "wrong")
    assert county.hashing.compared == 4, "three free ones and the first that makes wait"


def test_an_address_that_tries_many_names_waits_for_all_of_them(county: Accounts) -> None:
    for number in range(FOR_AN_ADDRESS.free + 1):
        assert county.refused(f"name{number}", at=FAR) == "account.wrong"
    assert county.refused("wangfang", at=FAR) == "account.wait"
    assert county.refused("wangfang", at="203.0.113.10") == ""


def test_an_own_good_sign_in_does_not_wash_away_what_was_guessed_at_others(
    county: Accounts,
) -> None:
    for number in range(FOR_AN_ADDRESS.free + 1):
        county.refused(f"name{number}", at=FAR)
        county.now_ms += 1
        if number < FOR_AN_ADDRESS.free:
            assert county.sign_in("lixia", at=FAR)
    assert county.refused("name0", at=FAR) == "account.wait"


def test_behind_one_router_who_is_known_there_does_not_wait_for_others(county: Accounts) -> None:
    county.sign_in("wangfang")
    for number in range(FOR_AN_ADDRESS.free + 5):
        county.refused(f"name{number}")
    assert county.refused("lixia") == "account.wait"
    assert county.refused("wangfang") == ""
    county.now_ms += waits.KNOWN_MS
    for number in range(FOR_AN_ADDRESS.free + 5):
        county.refused(f"name{number}")
    assert county.refused("wangfang") == "account.wait", "it is known no more"


def test_after_a_quiet_day_all_is_forgotten_and_not_a_moment_before(county: Accounts) -> None:
    county.fail(4, "wangfang")
    county.now_ms += waits.FORGOTTEN_MS - 1
    assert seconds(county, "wangfang") == 0
    assert seconds(county, "wangfang") == 2, "the fifth"
    county.now_ms += waits.FORGOTTEN_MS
    assert county.fail(4, "wangfang") == ["account.wrong"] * 4


def test_a_clock_that_was_set_back_by_a_year_locks_nobody_out_for_a_year(
    county: Accounts,
) -> None:
    county.fail(4, "wangfang")
    county.now_ms -= 365 * 24 * HOUR
    assert seconds(county, "wangfang") == 1
    county.now_ms += 1_000
    assert county.sign_in("wangfang")


def test_a_name_that_nobody_has_or_that_is_disabled_costs_the_same_work_and_the_same_waits(
    county: Accounts,
) -> None:
    def told(name: str) -> tuple[list[str], int]:
        before = county.hashing.compared
        return county.fail(6, name), county.hashing.compared - before

    county.write(lambda c: book.disable(c, "lixia", BOSS, county.now_ms))
    assert told("nobody") == (["account.wrong"] * 4 + ["account.wait"] * 2, 4)
    assert told("nobody else") == told("wangfang") == told("lixia")


def test_what_was_typed_as_a_name_is_nowhere_in_the_county(county: Accounts) -> None:
    secret = "correct-horse-battery"
    assert county.refused(secret) == "account.wrong"
    kept = repr([county.rows(table) for table in SIGN_IN_WAITS.metadata.sorted_tables])
    assert secret not in kept
    assert county.trail()[0] == ("?", "sign_in", "refused", "unknown_name")


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("x" * 99, "x" * 45),
    ],
)
def test_one_machine_is_one_address_however_it_is_written(written: str, counted: str) -> None:
    assert network_of(written) == counted


def test_what_is_kept_of_waits_and_addresses_has_an_end(
    county: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "MOST_ROWS", 20)
    monkeypatch.setattr(waits, "MOST_KNOWN", 3)
    for number in range(30):
        county.now_ms += 1
        county.refused("wangfang", "wrong", f"198.51.100.{number}")
        county.sign_in("lixia", at=f"192.0.2.{number}")
    assert len(county.rows(SIGN_IN_WAITS)) <= 20 + 2
    known = {row["address"] for row in county.rows(KNOWN_ADDRESSES)}
    assert known == {"192.0.2.27", "192.0.2.28", "192.0.2.29"}


def test_the_waits_grow_up_to_the_longest_and_never_shrink() -> None:
    for rule in (FOR_A_NAME, FOR_AN_ADDRESS):
        row = [rule.wait_ms(wrong) for wrong in range(5_000)]
        assert row == sorted(row)
        assert (row[rule.free], row[-1]) == (0, rule.longest_ms)


_ELSEWHERE = st.sampled_from([FAR, "203.0.113.10", "2001:db8::1", "::ffff:203.0.113.9"])
_GUESSED = st.sampled_from(["wangfang", "lixia", "nobody"])
_TRIES = st.tuples(_ELSEWHERE, _GUESSED, st.integers(1, 6))
_AT_HOME = st.just((HOME, "many", FOR_AN_ADDRESS.free + 1))
_LATER_MS = st.sampled_from([0, 1, 1_000, MINUTE, HOUR, -HOUR])


def test_no_strangers_elsewhere_delay_an_owner_at_a_known_address(county: Accounts) -> None:
    @settings(max_examples=25)
    @given(steps=st.lists(st.tuples(_TRIES | _AT_HOME, _LATER_MS), max_size=8))
    def law(steps: list[tuple[tuple[str, str, int], int]]) -> None:
        county.write(lambda connection: connection.execute(delete(SIGN_IN_WAITS)))
        county.sign_in("wangfang")
        for (address, name, times), later_ms in steps:
            for number in range(times):
                county.fail(1, f"{name} {number}" if name == "many" else name, address)
            county.now_ms += later_ms
        assert county.refused("wangfang") == ""

    law()
