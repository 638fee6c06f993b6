"""TLS between our own: both ends show a certificate of the county's authority, no other counts.

It hides who talks when from the wire and keeps strangers away from the broker. It is no root of
trust: what a message says is believed by its own signature and seal. So a clock that is wrong, on
a board without a battery for it, must not keep a station away from the county that would put it
right: a client judges no dates.
"""

import contextlib
import ssl
from pathlib import Path
from typing import Final

from edge.kernel.errors import ConfigError

NO_CHECK_TIME: Final = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL, which Python has no name for."""


def client_context(ca: Path, certificate: Path, key: Path) -> ssl.SSLContext:
    """For a connection to the broker. Raises ConfigError naming the file that cannot be used."""
    context = trusting_context(ca)
    _show(context, certificate, key)
    return context


def trusting_context(ca: Path) -> ssl.SSLContext:
    """For a client that shows no certificate. Raises ConfigError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= NO_CHECK_TIME
    _trust(context, ca)
    return context


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """For pages: browsers show no certificate. Raises ConfigError naming file and fix."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _show(context, certificate, key)
    seen = certificate.stat().st_mtime_ns

    def look_again(_socket: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        """A renewed certificate counts from the next connection on."""
        nonlocal seen
        with contextlib.suppress(OSError, ssl.SSLError):  # half of it is there: the next time
            now = certificate.stat().st_mtime_ns
            if now != seen:
                context.load_cert_chain(certificate, key)
                seen = now

    context.sni_callback = look_again
    return context


def _trust(context: ssl.SSLContext, ca: Path) -> None:
    try:
        context.load_verify_locations(cafile=ca)
    except (OSError, ssl.SSLError) as cause:
        raise ConfigError(ca, "", f"cannot be used ({cause})", _FIX) from cause


def _show(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    for file in (certificate, key):
        if not file.is_file():
            raise ConfigError(file, "", "is not there", _FIX)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as cause:
        raise ConfigError(certificate, "", f"cannot be used ({cause})", _FIX) from cause


_FIX: Final = "A station gets it with: cunyi station enrol; a county has it from: cunyi county init"
