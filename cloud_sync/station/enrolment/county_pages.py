"""Asks the county's pages over HTTP: to be enrolled, and for a new certificate.

Nothing goes in clear beyond this machine. To be enrolled, a station asks whoever answers: it
knows no certificate yet, and needs none, for the code proves the answer. Later it asks only whom
the county's authority has certified.
"""

import ssl
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from cloud_sync.wire.trust.enrolment import MOST_BYTES
from cloud_sync.wire.trust.tls import trusting_context
from edge.guard.hosts import is_loopback
from edge.kernel.errors import ConfigError, LinkError

ANSWER_WITHIN_S: Final = 30.0
_WAITING: Final = 202
_OK: Final = 200
_BUSY: Final = frozenset({408, 429, 503})


class CountyRefusedError(LinkError):
    """The county says no, and why."""


class NotYetAnsweredError(LinkError):
    """The county does not know the code, or has no time: ask again."""


def checked_url(url: str, place: str = "--county") -> str:
    """Raises ConfigError for what is no address, and where everything would travel in clear."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        fix = "Write https://HOST:PORT, as the county's settings have it under [web]"
        raise ConfigError("command line", place, f"{url!r} is no address of a county", fix)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        problem = f"http:// would send everything in clear to {parts.hostname}"
        raise ConfigError("command line", place, problem, "Write https:// instead of http://")
    return f"{parts.scheme}://{parts.netloc}"


def ask_to_enrol(url: str, asked: bytes) -> bytes:
    """Raises NotYetAnsweredError, CountyRefusedError, or LinkError while nobody answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # The one connection without a known certificate: see the module's docstring.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _post(f"{url}/enrol", asked, context)


def ask_for_renewal(url: str, asked: bytes, ca: Path) -> bytes:
    """Raises ConfigError where `ca` cannot be used, else as `ask_to_enrol`."""
    return _post(f"{url}/renew", asked, trusting_context(ca))


def _post(url: str, asked: bytes, context: ssl.SSLContext) -> bytes:
    try:
        with (
            httpx.Client(verify=context, timeout=ANSWER_WITHIN_S, trust_env=False) as client,
            client.stream("POST", url, content=asked) as answer,
        ):
            body = b""
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise LinkError(f"{url} sent too much: that is no county")
            status = answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL) as cause:
        reason = str(cause) or type(cause).__name__
        raise LinkError(f"{url} cannot be reached ({reason})") from cause
    if status == _OK:
        return body
    sentence = _sentence(body) or f"the answer was {status}"
    if status == _WAITING or status in _BUSY:
        raise NotYetAnsweredError(sentence)
    raise CountyRefusedError(sentence)


def _sentence(body: bytes) -> str:
    try:
        said = httpx.Response(_OK, content=body).json()
    except ValueError:
        return ""
    told = said.get("error") if isinstance(said, dict) else None
    # It comes from whoever answered: a terminal shall show it and not obey it.
    return "".join(c for c in told if c.isprintable())[:300] if isinstance(told, str) else ""
