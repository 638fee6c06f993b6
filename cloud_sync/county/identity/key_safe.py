"""The county's keys in one file under a passphrase, for a safe: backups hold none of them.

Without them a lost disk means that every station must be enrolled anew.
"""

import base64
import secrets
import shutil
from pathlib import Path
from typing import Final

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from cloud_sync.county.identity.own_keys import CA, CARD, IDENTITY, OLD_IDENTITY, REVOKED, OwnKeys
from cloud_sync.wire.trust.private_files import write_private
from edge.kernel.errors import CunyiError, StoreError
from edge.kernel.ids import CountyId

SHORTEST: Final = 12
"""Letters of a passphrase: whoever finds the file may try as long as he likes."""
_FILES: Final = (IDENTITY, OLD_IDENTITY, CARD, f"{CA}/ca.key", f"{CA}/ca.pem", str(REVOKED))
_WHAT: Final = "cunyi county keys 1"
_COST: Final = 2**16
"""Of scrypt: 64 MB and a fifth of a second for each try."""
_NEW: Final = "keys.new"


class KeySafeError(CunyiError):
    """The file cannot be opened, or is not for this county; nothing was changed."""


class _Safe(msgspec.Struct, frozen=True, kw_only=True):
    what: str
    county: str
    salt: bytes
    box: str


def lock_keys(folder: Path, county: CountyId, passphrase: str) -> bytes:
    """The keys of a county, as they lie in the safe. Raises StoreError, KeySafeError."""
    if len(passphrase) < SHORTEST:
        raise KeySafeError(f"a passphrase has at least {SHORTEST} letters")
    OwnKeys.read(folder, county)  # never a copy that cannot be used
    files = {name: (folder / name).read_bytes() for name in _FILES if (folder / name).exists()}
    salt = secrets.token_bytes(16)
    box = Fernet(_key(passphrase, salt)).encrypt(msgspec.json.encode(files)).decode()
    return msgspec.json.encode(_Safe(what=_WHAT, county=county, salt=salt, box=box))


def unlock_keys(locked: bytes, county: CountyId, passphrase: str) -> dict[str, bytes]:
    """The files by name. Raises KeySafeError."""
    try:
        safe = msgspec.json.decode(locked, type=_Safe)
    except (msgspec.DecodeError, ValueError, RecursionError) as cause:
        raise KeySafeError("this is no file of cunyi county export-keys") from cause
    if safe.what != _WHAT or safe.county != county:
        raise KeySafeError(f"these are keys of the county {safe.county!r}, not of {county}")
    try:
        opened = Fernet(_key(passphrase, safe.salt)).decrypt(safe.box)
        files = msgspec.json.decode(opened, type=dict[str, bytes])
    except (InvalidToken, msgspec.DecodeError, ValueError, RecursionError) as cause:
        raise KeySafeError("the passphrase is another, or the file is damaged") from cause
    return {name: content for name, content in files.items() if name in _FILES}


def put_back(folder: Path, county: CountyId, files: dict[str, bytes], now_ms: int) -> OwnKeys:
    """Put unlocked keys in place, those that were there aside; the database must be held.

    Raises StoreError, CardError, KeySafeError for keys that are older than those in place.
    """
    fresh = _laid_out(folder / _NEW, files)
    keys = OwnKeys.read(fresh, county)
    revoked = dict(keys.revoked()) | dict(_revoked_here(folder, keys))
    aside = folder / f"keys.before-{now_ms}"
    aside.mkdir(mode=0o700)
    for name in (IDENTITY, OLD_IDENTITY, CARD, CA):
        if (folder / name).exists():
            (folder / name).rename(aside / name)
        if (fresh / name).exists():
            (fresh / name).rename(folder / name)
    shutil.rmtree(fresh)
    placed = OwnKeys.read(folder, county)
    again = placed.authority.revocations(revoked.items(), now_ms)
    write_private(folder / REVOKED, again, mode=0o644)
    return placed


def _revoked_here(folder: Path, keys: OwnKeys) -> list[tuple[str, int]]:
    """What the same authority has ended here since. Raises KeySafeError for older keys."""
    try:
        present = OwnKeys.read(folder, keys.county)
    except StoreError:
        return []  # lost or damaged: that is why they are put back
    if present.authority.pem != keys.authority.pem:
        return []
    if present.card.number > keys.card.number:
        raise KeySafeError(
            f"the keys here are newer (card {present.card.number}) than those in the file "
            f"(card {keys.card.number}): stations know the newer ones"
        )
    return present.revoked()


def _laid_out(place: Path, files: dict[str, bytes]) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    (place / CA).mkdir(mode=0o700, parents=True)
    place.chmod(0o700)
    for name, content in files.items():
        write_private(place / name, content)
    return place


def _key(passphrase: str, salt: bytes) -> bytes:
    derived = Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase.encode())
    return base64.urlsafe_b64encode(derived)
