"""Files for their owner's eyes alone: made whole or not at all, with mode 0600."""

import os
import secrets
from pathlib import Path

from cloud_sync.wire.trust.identity import SECRET_BYTES, Identity
from edge.kernel.errors import StoreError


def write_private(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Put a file in place durably, instead of one that is there. Raises StoreError."""
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except OSError as cause:
        raise StoreError(f"{path} cannot be written ({cause.strerror})") from cause


def draw_identity(path: Path) -> Identity:
    """Draw the secret of a new end. Raises StoreError where there is one already."""
    if path.exists():
        raise StoreError(f"{path} exists already. Choose another folder")
    secret = secrets.token_bytes(SECRET_BYTES)
    write_private(path, secret)
    return Identity.from_secret(secret)


def read_identity(path: Path) -> Identity:
    """The identity in a file. Raises StoreError when it is missing or damaged."""
    try:
        return Identity.from_secret(path.read_bytes())
    except OSError as cause:
        raise StoreError(
            f"{path} cannot be read ({cause.strerror}). Put the file back from your backup"
        ) from cause
    except ValueError as cause:
        raise StoreError(f"{path} is damaged. Put the file back from your backup") from cause
