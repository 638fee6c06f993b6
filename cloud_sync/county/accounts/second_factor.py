"""The second factor: a code of an app (RFC 6238, SHA-1, 30 s, 6 digits), and ten codes on paper.

The secret lies sealed with a key that is in no backup of the database: whoever finds one of those
can make no codes.
"""

import base64
import secrets
import unicodedata
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import Connection, Row, delete, insert, update

from cloud_sync.county.accounts import audit
from cloud_sync.county.accounts.audit import AccountAct, Actor, Line
from cloud_sync.county.accounts.book import account_of
from cloud_sync.county.accounts.refusal import AccountError
from cloud_sync.county.accounts.sessions import end_all
from cloud_sync.county.tables import ACCOUNTS, RECOVERY_CODES
from edge.kernel.hashing import keyed_hash

STEP_MS: Final = 30_000
DIGITS: Final = 6
WINDOW: Final = 1
"""Steps before and after: a phone's clock is wrong, and people type slowly (RFC 6238, 5.2)."""
SECRET_BYTES: Final = 20
"""As many as SHA-1 has (RFC 4226, section 4, R6)."""
RECOVERY_CODES_EACH: Final = 10
_RECOVERY_BYTES: Final = 10
"""80 bits: 16 letters of base32, which has neither 0 nor 1 nor 8."""
_NONCE_BYTES: Final = 12
_MISREAD: Final = str.maketrans("018", "OIB")
_ISSUER: Final = "cunyi"


@dataclass(frozen=True, slots=True)
class FactorSafe:
    """Seals secrets and marks recovery codes; its key is not in the database."""

    _key: bytes = field(repr=False)

    def seal(self, secret: bytes, account: str) -> bytes:
        """A secret, bound to its account."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + ChaCha20Poly1305(self._key).encrypt(nonce, secret, account.encode())

    def unseal(self, sealed: bytes, account: str) -> bytes | None:
        """The secret; None for another account's, or one that another county's key sealed."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return ChaCha20Poly1305(self._key).decrypt(nonce, rest, account.encode())
        except (InvalidTag, ValueError):
            return None

    def mark(self, code: str) -> str:
        """What is kept of a recovery code."""
        return keyed_hash(self._key, "recovery code", code)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What somebody's app needs, told once: the secret to type, or an address for a QR code."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def begin(connection: Connection, safe: FactorSafe, name: str, by: Actor, now_ms: int) -> Enrolment:
    """Draw a secret; it counts from `confirm` on. Raises AccountError where one is on already."""
    row = account_of(connection, name)
    if row.factor_on:
        raise AccountError("account.factor_on")
    secret = secrets.token_bytes(SECRET_BYTES)
    _change(connection, row.name, factor=safe.seal(secret, row.name), factor_step=0)
    audit.write(connection, Line(by=by, act=AccountAct.BEGIN_FACTOR, of=row.name), now_ms)
    return Enrolment(
        secret=base64.b32encode(secret).decode(),
        address=_totp(secret).get_provisioning_uri(row.name, _ISSUER),
    )


def confirm(  # noqa: PLR0913, PLR0917 - each by name, and none of them belongs to another
    connection: Connection, safe: FactorSafe, name: str, code: str, by: Actor, now_ms: int
) -> tuple[str, ...]:
    """One right code turns it on; tells the recovery codes, this once. Raises AccountError."""
    row = account_of(connection, name)
    if row.factor_on:
        raise AccountError("account.factor_on")
    step = _step_of(safe, row, code, now_ms)
    if step is None:
        raise AccountError("account.code_wrong")
    _change(connection, row.name, factor_on=True, factor_step=step)
    codes = tuple(_drawn() for _ in range(RECOVERY_CODES_EACH))
    connection.execute(
        insert(RECOVERY_CODES),
        [{"account": row.name, "mark": safe.mark(_read(code)), "used_ms": None} for code in codes],
    )
    audit.write(connection, Line(by=by, act=AccountAct.CONFIRM_FACTOR, of=row.name), now_ms)
    return codes


def remove(connection: Connection, name: str, by: Actor, now_ms: int) -> None:
    """Neither code nor recovery code counts any more, and all sessions end."""
    row = account_of(connection, name)
    _change(connection, row.name, factor=None, factor_on=False, factor_step=0)
    connection.execute(delete(RECOVERY_CODES).where(RECOVERY_CODES.c.account == row.name))
    end_all(connection, row.name)
    audit.write(connection, Line(by=by, act=AccountAct.REMOVE_FACTOR, of=row.name), now_ms)


def accepted(
    connection: Connection, safe: FactorSafe, row: Row[Any], code: str, now_ms: int
) -> str:
    """What kind of code this account was shown, which is then spent; empty for a wrong one.

    `row` is read in the same transaction, so that no code is good for two sign-ins.
    """
    step = _step_of(safe, row, code, now_ms)
    if step is not None:
        _change(connection, row.name, factor_step=step)
        return "code"
    mine = (RECOVERY_CODES.c.account == row.name) & RECOVERY_CODES.c.used_ms.is_(None)
    this = mine & (RECOVERY_CODES.c.mark == safe.mark(_read(code)))
    spent = connection.execute(update(RECOVERY_CODES).where(this).values(used_ms=now_ms)).rowcount
    return "recovery_code" if spent else ""


def code_at(secret: bytes, step: int) -> str:
    """The code of one step, counted from 1970."""
    return _totp(secret).generate(step * STEP_MS // 1_000).decode()


def _step_of(safe: FactorSafe, row: Row[Any], code: str, now_ms: int) -> int | None:
    """The step whose code this is, if it is near now and later than the last that was accepted."""
    secret = None if row.factor is None else safe.unseal(row.factor, row.name)
    if secret is None:
        return None
    now, offered = now_ms // STEP_MS, _read(code).encode()
    for step in range(max(now - WINDOW, row.factor_step + 1), now + WINDOW + 1):
        if compare_digest(code_at(secret, step).translate(_MISREAD).encode(), offered):
            return step
    return None


def _totp(secret: bytes) -> TOTP:
    # Apps know SHA-1 alone; as a keyed hash it is as good as ever (RFC 6238, section 1.2).
    return TOTP(secret, DIGITS, SHA1(), STEP_MS // 1_000)  # noqa: S303 - see above


def _drawn() -> str:
    letters = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _read(code: str) -> str:
    """A code as people type it: in groups, wide or small, with a nought for an O."""
    letters = filter(str.isalnum, unicodedata.normalize("NFKC", code[:64]).upper())
    return "".join(letters).translate(_MISREAD)


def _change(connection: Connection, name: str, **values: object) -> None:
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.name == name).values(**values))
