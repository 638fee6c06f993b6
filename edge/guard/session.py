"""The session cookie and the token against foreign forms.

The id is 128 random bits and the cookie carries its signature, so an id that we never gave out
counts as none. The token is derived from the id: nothing is stored for a mere visitor.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

from starlette.requests import HTTPConnection
from starlette.types import Scope

_SCOPE_KEY: Final = "cunyi.session"
_ID_BYTES: Final = 16
_COOKIE: Final = re.compile(r"(?P<id>[\w-]{22})\.(?P<mac>[\w-]{43})", re.ASCII)


@dataclass(slots=True)
class Session:
    """The session of one request. `fresh` means that the answer must set its cookie."""

    key: bytes
    id: str
    fresh: bool

    @property
    def token(self) -> str:
        """What an unsafe request of this session must carry in X-Cunyi-Token."""
        return _mac(self.key, "token", self.id)

    @property
    def cookie(self) -> str:
        """The cookie's value: id and signature."""
        return f"{self.id}.{_mac(self.key, 'cookie', self.id)}"

    def renew(self) -> None:
        """Take another id: whoever knew the old one is left behind with it."""
        self.id, self.fresh = secrets.token_urlsafe(_ID_BYTES), True


def open_session(key: bytes, cookie_name: str, cookie_headers: list[bytes]) -> Session:
    """The session that the cookies name, or a fresh one."""
    for value in _values(cookie_name, cookie_headers):
        found = _COOKIE.fullmatch(value)
        if found and hmac.compare_digest(found["mac"], _mac(key, "cookie", found["id"])):
            return Session(key, found["id"], fresh=False)
    return Session(key, secrets.token_urlsafe(_ID_BYTES), fresh=True)


def keep_session(scope: Scope, session: Session) -> None:
    """Leave the session where `session_of` and `csrf_of` find it."""
    scope[_SCOPE_KEY] = session


def session_of(request: HTTPConnection) -> str:
    """The session id of this request. Raises KeyError when no Guard stands before the app."""
    return _session(request).id


def csrf_of(request: HTTPConnection) -> str:
    """The token for <meta name="csrf"> and GET /api/session."""
    return _session(request).token


def renew_session(request: HTTPConnection) -> str:
    """Give this browser a new session id (at sign-in) and return it; the answer sets the cookie.

    The answer also carries the new token in X-Cunyi-Token.
    """
    session = _session(request)
    session.renew()
    return session.id


def _session(request: HTTPConnection) -> Session:
    session: Session = request.scope[_SCOPE_KEY]
    return session


def _mac(key: bytes, purpose: str, session_id: str) -> str:
    digest = hmac.new(key, f"{purpose}\0{session_id}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _values(name: str, headers: list[bytes]) -> list[str]:
    """Every value of one cookie; a path or port may have left us more than one."""
    values = []
    for header in headers:
        for pair in header.decode("latin-1").split(";"):
            key, _, value = pair.strip().partition("=")
            if key == name:
                values.append(value)
    return values
