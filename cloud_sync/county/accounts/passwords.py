"""Passwords: long ones, hashed with argon2id, checked in the same time whether anybody is there."""

import re
import secrets
import threading
import unicodedata
from typing import Final, NewType

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from cloud_sync.county.accounts.refusal import AccountError

FEWEST_LETTERS: Final = 12
FEWEST_HANZI: Final = 8
"""A sentence of so many is as good: each of them is one of some thousand."""
MOST_LETTERS: Final = 128
FEWEST_BESIDE_NAME: Final = 8
FEWEST_DIFFERENT: Final = 4
# 19 MiB, 2 rounds, 1 lane: OWASP's floor, as for the keepers at a station.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_HANZI: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
COMMONEST: Final = frozenset(
    {
        "123456789012",
        "1234567890123",
        "12345678901234567890",
        "123123123123",
        "123456123456",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "5201314520131",
        "5201314woaini",
        "a123456789012",
        "abc123456789",
        "abcdefghijkl",
        "administrator",
        "admin123456789",
        "cunyicunyicunyi",
        "passwordpassword",
        "password1234",
        "password123456",
        "qwertyuiop[]",
        "qwertyuiop123",
        "qwertyuiopasdf",
        "woaini1314520",
        "woaini5201314",
        "恭喜发财恭喜发财",
        "祖国万岁祖国万岁",
    }
)
"""The first that somebody tries among those that are long enough."""

PasswordHash = NewType("PasswordHash", str)
"""Of a password that fits; only `Hashing.hashed` makes one."""


class Hashing:
    """Hashes one password at a time: each takes 19 MiB and a core, and ingest comes first."""

    def __init__(self, hasher: PasswordHasher = _HASHER) -> None:
        self._hasher = hasher
        self._one_at_a_time = threading.Lock()
        self._nobodys = hasher.hash(secrets.token_bytes(16))

    def hashed(self, password: str, name: str) -> PasswordHash:
        """What is kept of it. Raises AccountError for a password that is guessed too soon."""
        _fit(_plain(password), name)
        with self._one_at_a_time:
            return PasswordHash(self._hasher.hash(_bytes(password)))

    def matches(self, stored: str | None, offered: str) -> bool:
        """Whether it is the one. Takes as long where nothing is stored: nobody learns that."""
        with self._one_at_a_time:
            try:
                right = self._hasher.verify(stored or self._nobodys, _bytes(offered))
            except VerifyMismatchError:
                return False
        return right and stored is not None


def _plain(password: str) -> str:
    # One key types a wide letter or a narrow one, by the state of the input method.
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    # One letter more than any password has: a longer one is wrong and costs no more.
    return _plain(password)[: MOST_LETTERS + 1].encode("utf-8", "surrogatepass")


def _fit(password: str, name: str) -> None:
    if len(password) < FEWEST_LETTERS and len(_HANZI.findall(password)) < FEWEST_HANZI:
        raise AccountError("account.password_short", letters=FEWEST_LETTERS, hanzi=FEWEST_HANZI)
    if len(password) > MOST_LETTERS:
        raise AccountError("account.password_long", letters=MOST_LETTERS)
    folded = password.casefold()
    rest = len(folded.replace(name, ""))
    if rest < FEWEST_BESIDE_NAME and 2 * rest <= len(folded):
        raise AccountError("account.password_is_name")
    if folded in COMMONEST or len(set(folded)) < FEWEST_DIFFERENT:
        raise AccountError("account.password_common")
