"""Why there is no connection to a broker, as far as can be known here: a word for the screens."""

import ssl
from enum import StrEnum

from edge.kernel.errors import ConfigError


class Away(StrEnum):
    """What keeps an end from its broker. LOST is an outage like any other."""

    LOST = "lost"
    UNREACHABLE = "unreachable"
    UNTRUSTED = "untrusted"
    REFUSED = "refused"
    NO_RIGHT = "no_right"
    DEAF = "deaf"
    SILENT = "silent"
    FILES = "files"


def why_not_open(cause: OSError | ConfigError) -> Away:
    """What it means that no connection could be opened."""
    if isinstance(cause, ConfigError):
        return Away.FILES
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Away.UNTRUSTED
    return Away.REFUSED if isinstance(cause, ssl.SSLError) else Away.UNREACHABLE
