"""The county's keys into a safe and back: what backups of the database leave out."""

import time
from pathlib import Path

from cloud_sync.county.database import Database
from cloud_sync.county.identity.enrolling import Registry
from cloud_sync.county.identity.key_safe import KeySafeError, lock_keys, put_back, unlock_keys
from cloud_sync.county.settings import read_county_settings
from cloud_sync.wire.trust.private_files import write_private
from cloud_sync.wire.trust.web_hosts import certified_hosts


def export_keys(folder: Path, to: Path, passphrase: str) -> None:
    """Write them to a file, also while the county runs. Raises CunyiError."""
    if to.exists():
        raise KeySafeError(f"{to} is there already. Choose another name")
    write_private(to, lock_keys(folder, read_county_settings(folder).county_id, passphrase))


def import_keys(folder: Path, source: Path, passphrase: str) -> None:
    """Put them in place, while the county does not run. Raises CunyiError."""
    settings = read_county_settings(folder)
    try:
        locked = source.read_bytes()
    except OSError as cause:
        raise KeySafeError(f"{source} cannot be read ({cause.strerror})") from cause
    files = unlock_keys(locked, settings.county_id, passphrase)
    database = Database.open(folder)  # holds the folder
    try:
        now_ms = time.time_ns() // 1_000_000
        keys = put_back(folder, settings.county_id, files, now_ms)
        with database.read() as connection:
            Registry(keys, ()).write_revocations(connection, now_ms)
        keys.certify_own_pages(certified_hosts(settings.web.host, settings.web.hosts), now_ms)
    finally:
        database.close()
