"""Errors say whose turn it is: the person, a retry, a repairman, or the one who wrote the file."""

from pathlib import Path


class CunyiError(Exception):
    """Anything that the program expected might go wrong; any other exception is a bug."""


class ConfigError(CunyiError):
    """A configuration cannot be used: names the file, the key and the fix."""

    def __init__(self, file: Path | str, key: str, problem: str, fix: str) -> None:
        self.file, self.key, self.problem, self.fix = str(file), key, problem, fix
        place = f"{file}: {key}" if key else str(file)
        super().__init__(f"{place}: {problem}. {fix}")


class Refused(CunyiError):
    """The person asked for what may not be; `reason` is a word key, `details` fill its blanks."""

    def __init__(self, reason: str, **details: str | int) -> None:
        self.reason, self.details = reason, details
        super().__init__(reason)


class DeviceGone(CunyiError):
    """The device did not answer or left the bus: try again later."""


class PulseNotSent(DeviceGone):
    """No pulse has left us: that lock has surely not moved, for want of a line or a board."""


class DeviceJammed(CunyiError):
    """The device answered that it cannot: call someone."""


class StoreError(CunyiError):
    """The data folder cannot be used: held by another daemon, too new, or damaged."""


class LinkError(CunyiError):
    """The broker or the county cannot be reached; nothing is lost, the journal waits."""
