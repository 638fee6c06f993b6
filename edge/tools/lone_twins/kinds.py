"""The kinds that a command line offers; apart, so that listing them loads no twin."""

from enum import StrEnum


class ScannerKind(StrEnum):
    """How a scanner hands over what it has read."""

    LINE = "line"
    SSI = "ssi"
    KEYBOARD = "keyboard"
    CAMERA = "camera"


class ScaleKind(StrEnum):
    """How a scale talks: all the time, or when asked."""

    CONTINUOUS = "continuous"
    TOLEDO = "toledo8217"
