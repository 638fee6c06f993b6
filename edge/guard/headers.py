"""The headers of every answer: what a browser may do with it, which is little."""

from typing import Final

from starlette.datastructures import MutableHeaders

from edge.guard.session import Session

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
SECURITY_HEADERS: Final = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), serial=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
TOKEN_HEADER: Final = "x-cunyi-token"  # noqa: S105 - the name of a header, not a secret


def harden(headers: MutableHeaders) -> None:
    """Set the security headers; an answer is not stored unless the app has said otherwise."""
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value
    headers.setdefault("cache-control", "no-store")


def hand_out(headers: MutableHeaders, session: Session, cookie: str, *, secure: bool) -> None:
    """Set the session cookie; without an age it ends with the browser."""
    parts = [f"{cookie}={session.cookie}", "HttpOnly", "SameSite=Strict", "Path=/"]
    if secure:
        parts.append("Secure")
    headers.append("set-cookie", "; ".join(parts))
    headers[TOKEN_HEADER] = session.token
