"""station.toml: strict, frozen, checked before any device opens. A typo stops the start.

`tables` and `devices` say what may stand in the file, `reading` turns its text into settings.
"""

from edge.settings.devices import LockBoardTable
from edge.settings.reading import FILE_NAME, parse_settings, read_settings
from edge.settings.tables import Settings, policy_of, scanner_name

__all__ = [
    "FILE_NAME",
    "LockBoardTable",
    "Settings",
    "parse_settings",
    "policy_of",
    "read_settings",
    "scanner_name",
]
