"""The second factor: the RFC's own codes, each step once, and ten codes on paper."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from cloud_sync.county.accounts import second_factor
from cloud_sync.county.accounts.refusal import AccountError
from cloud_sync.county.accounts.second_factor import STEP_MS, FactorSafe, code_at
from cloud_sync.county.recipients.vault import Vault
from cloud_sync.county.tables import ACCOUNTS, RECOVERY_CODES
from tests.county.sign_ins import BOSS, FAR, SAFE, Accounts, open_accounts


@pytest.fixture
def county(tmp_path: Path) -> Iterator[Accounts]:
    with open_accounts(tmp_path) as county:
        county.add("wangfang")
        yield county


@pytest.mark.parametrize(
    ("time_s", "eight"),
    [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ],
)
def test_codes_are_those_of_the_rfc(time_s: int, eight: str) -> None:
    """RFC 6238, appendix B, the rows of SHA-1; six digits are the last six of its eight."""
    secret = b"12345678901234567890"
    assert code_at(secret, time_s * 1_000 // STEP_MS) == eight[-6:]


def test_it_counts_only_once_a_right_code_was_shown(county: Accounts) -> None:
    county.write(lambda c: second_factor.begin(c, SAFE, "wangfang", BOSS, county.now_ms))
    assert county.sign_in("wangfang"), "a secret that no app has locks nobody out"
    wrong = f"{(int(code_at(county.secret_of('wangfang'), county.step)) + 1) % 10**6:06}"

    def confirm(connection: Connection) -> None:
        second_factor.confirm(connection, SAFE, "wangfang", wrong, BOSS, county.now_ms)

    assert refusal(county, confirm) == "account.code_wrong"
    assert county.rows(RECOVERY_CODES) == []
    county.enrol("wangfang")
    assert county.refused("wangfang") == "account.code_needed"


def refusal(county: Accounts, job: Callable[[Connection], object]) -> str:
    with pytest.raises(AccountError) as caught:
        county.write(job)
    return caught.value.key


def test_without_a_begun_secret_no_code_turns_it_on(county: Accounts) -> None:
    def confirm(connection: Connection) -> None:
        second_factor.confirm(connection, SAFE, "wangfang", "000000", BOSS, county.now_ms)

    assert refusal(county, confirm) == "account.code_wrong"


def test_one_that_is_on_is_not_replaced_by_the_way(county: Accounts) -> None:
    secret, _codes = county.enrol("wangfang")
    code = code_at(secret, county.step + 1)

    def confirm(connection: Connection) -> None:
        second_factor.confirm(connection, SAFE, "wangfang", code, BOSS, county.now_ms)

    def begin(connection: Connection) -> None:
        second_factor.begin(connection, SAFE, "wangfang", BOSS, county.now_ms)

    assert (refusal(county, confirm), refusal(county, begin)) == ("account.factor_on",) * 2


@pytest.mark.parametrize(
    ("away", "key"),
    [(-2, "account.code_wrong"), (-1, ""), (0, ""), (1, ""), (2, "account.code_wrong")],
)
def test_a_code_is_good_for_one_step_to_each_side_of_now(
    county: Accounts, away: int, key: str
) -> None:
    secret, _codes = county.enrol("wangfang")
    county.now_ms += 10 * STEP_MS
    assert county.refused("wangfang", code=code_at(secret, county.step + away)) == key


def test_no_step_is_accepted_twice_nor_one_before_it(county: Accounts) -> None:
    secret, _codes = county.enrol("wangfang")
    shown = code_at(secret, county.step)
    assert county.refused("wangfang", code=shown) == "account.code_wrong", "seen at the enrolment"
    county.now_ms += 5 * STEP_MS
    now, before = code_at(secret, county.step), code_at(secret, county.step - 1)
    assert county.refused("wangfang", code=now) == ""
    assert county.refused("wangfang", code=now) == "account.code_wrong"
    assert county.refused("wangfang", code=before) == "account.code_wrong"
    county.restart()
    assert county.refused("wangfang", at=FAR, code=now) == "account.code_wrong"


def test_a_code_is_read_in_groups_and_in_wide_digits(county: Accounts) -> None:
    secret, _codes = county.enrol("wangfang")
    county.now_ms += 5 * STEP_MS
    wide = code_at(secret, county.step).translate(
        {ord(digit): 0xFF10 + int(digit) for digit in "0123456789"}
    )
    assert county.sign_in("wangfang", code=f"{wide[:3]} {wide[3:]}")


def test_a_right_code_with_a_wrong_password_is_refused_and_not_spent(county: Accounts) -> None:
    secret, codes = county.enrol("wangfang")
    county.now_ms += 5 * STEP_MS
    code = code_at(secret, county.step)
    assert county.refused("wangfang", "wrong", code=code) == "account.wrong"
    assert county.refused("wangfang", "wrong", code=codes[0]) == "account.wrong"
    assert county.refused("wangfang", code=code) == ""
    assert county.refused("wangfang", code=codes[0]) == ""


def test_wrong_codes_are_slowed_down_like_wrong_passwords(county: Accounts) -> None:
    county.enrol("wangfang")
    told = [county.refused("wangfang", code="abcdef") for _ in range(5)]
    assert told == ["account.code_wrong"] * 4 + ["account.wait"]


def test_to_be_asked_for_the_code_is_no_mistake_and_washes_none_away(county: Accounts) -> None:
    county.enrol("wangfang")
    assert {county.refused("wangfang") for _ in range(20)} == {"account.code_needed"}
    told = []
    for _ in range(4):
        told += [county.refused("wangfang", code="abcdef"), county.refused("wangfang")]
    assert told[:7] == ["account.code_wrong", "account.code_needed"] * 3 + ["account.code_wrong"]
    assert told[7] == "account.wait"


def test_each_recovery_code_is_good_once_however_it_is_typed(county: Accounts) -> None:
    _secret, codes = county.enrol("wangfang")
    assert len(set(codes)) == 10
    kept = repr(county.rows(RECOVERY_CODES))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    for code in codes:
        typed = code.lower().replace("-", " ").replace("o", "0").replace("i", "1")
        assert county.refused("wangfang", code=typed) == ""
        assert county.refused("wangfang", code=code) == "account.code_wrong"
    assert county.trail(who="wangfang")[1] == (
        "wangfang",
        "sign_in",
        "done",
        "password, recovery_code",
    )


def test_a_recovery_code_of_another_is_wrong(county: Accounts) -> None:
    county.add("lixia")
    _secret, hers = county.enrol("lixia")
    county.enrol("wangfang")
    assert county.refused("wangfang", code=hers[0]) == "account.code_wrong"
    assert county.refused("lixia", code=hers[0]) == ""


def test_removed_it_is_asked_for_no_more_and_sessions_end_and_old_codes_are_dead(
    county: Accounts,
) -> None:
    secret, codes = county.enrol("wangfang")
    token = county.sign_in("wangfang", code=codes[0])
    county.write(lambda c: second_factor.remove(c, "wangfang", BOSS, county.now_ms))
    assert county.desk.who(token) is None
    assert county.sign_in("wangfang")
    again, _fresh = county.enrol("wangfang")
    assert again != secret
    assert county.refused("wangfang", code=codes[1]) == "account.code_wrong"
    acts = [act for _who, act, _outcome, _reason in county.trail() if "factor" in act]
    assert acts == ["confirm_factor", "begin_factor", "remove_factor", *acts[:2]]


def test_the_secret_is_sealed_for_one_account_and_one_county(county: Accounts) -> None:
    secret, _codes = county.enrol("wangfang")
    (row,) = county.rows(ACCOUNTS)
    assert secret not in row["factor"]
    assert base64.b32encode(secret) not in row["factor"]
    assert SAFE.unseal(row["factor"], "lixia") is None
    assert FactorSafe(b"x" * 32).unseal(row["factor"], "wangfang") is None
    assert SAFE.unseal(b"", "wangfang") is None
    assert "kkk" not in repr(SAFE)


def test_its_key_is_drawn_from_the_countys_and_is_no_other_key_of_it() -> None:
    vault = Vault(b"v" * 32)
    assert vault.key_for("second factors") == vault.key_for("second factors")
    assert vault.key_for("second factors") != vault.key_for("recipient marks")
    assert len(vault.key_for("second factors")) == 32


def test_the_address_for_a_qr_code_names_account_issuer_and_secret(county: Accounts) -> None:
    drawn = county.write(lambda c: second_factor.begin(c, SAFE, "WangFang", BOSS, county.now_ms))
    assert drawn.address.startswith("otpauth://totp/cunyi:wangfang?")
    assert f"secret={drawn.secret}" in drawn.address
    assert {"digits=6", "period=30", "algorithm=SHA1"} <= set(
        drawn.address.partition("?")[2].split("&")
    )
    assert base64.b32decode(drawn.secret) == county.secret_of("wangfang")
