"""How a station and its county come to know each other: a code of 80 bits that both have seen.

The code is printed or read out; each side proves to the other that it has it, and with that says
its keys. So the county's authority is trusted by the code and not by whoever answers a
connection: the station need not believe the certificate of this one server, and a stranger in
between can only keep the two apart. One code serves one station, once, for minutes.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cloud_sync.wire.trust.identity import Identity, PublicIdentity
from edge.kernel.errors import CunyiError

LETTERS: Final = 16
"""Five bits each."""
MOST_BYTES: Final = 16_000
"""A request or an answer is about 3 kB."""
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no letter that looks like a digit."""
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_KEY_BYTES: Final = 32
_REQUEST: Final = b"cunyi enrolment request 1\0"
_ANSWER: Final = b"cunyi enrolment answer 1\0"
_RENEWAL: Final = b"cunyi renewal 1\0"


class EnrolmentFault(CunyiError):
    """What came is no request or answer, or does not prove what it must."""


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """A one-time code. `name` may be known to anybody, `mac_key` to the two ends alone."""

    letters: str

    @classmethod
    def draw(cls) -> Self:
        """A new one: 80 random bits."""
        return cls("".join(secrets.choice(_ALPHABET) for _letter in range(LETTERS)))

    @classmethod
    def read(cls, text: str) -> Self:
        """As somebody typed it. Raises EnrolmentFault."""
        letters = text.strip().upper().translate(_MISREAD)
        if len(letters) != LETTERS or not set(letters) <= set(_ALPHABET):
            raise EnrolmentFault("this is no enrolment code: it has 16 letters in four groups")
        return cls(letters)

    @property
    def text(self) -> str:
        """As it is printed."""
        return "-".join(self.letters[at : at + 4] for at in range(0, LETTERS, 4))

    @property
    def name(self) -> str:
        """Which code it is; says nothing about its letters that could be tried out in time."""
        return self._derive(b"cunyi enrolment code's name").hex()

    @property
    def mac_key(self) -> bytes:
        """What proves the code."""
        return self._derive(b"cunyi enrolment code's key")

    def _derive(self, purpose: bytes) -> bytes:
        kdf = HKDF(algorithm=hashes.SHA256(), length=_KEY_BYTES, salt=None, info=purpose)
        return kdf.derive(self.letters.encode())


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A station asks to be enrolled with these keys. `hosts` are its names on its own network."""

    county: str
    station: str
    sign: str
    seal: str
    csr: str
    machine: str
    hosts: list[str]

    @property
    def public(self) -> PublicIdentity:
        """The key that shall speak for the station. Raises EnrolmentFault."""
        return _public(self.sign, self.seal)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The county's card, the station's certificate, and where the county's pages are."""

    card: str
    certificate: str
    url: str


class Renewal(msgspec.Struct, frozen=True, kw_only=True):
    """A station that is enrolled asks for a new certificate, and for the newest card."""

    county: str
    station: str
    key_id: str
    csr: str
    hosts: list[str]


class _Proven(msgspec.Struct, frozen=True, kw_only=True):
    """A text, what proves the code (`mac`) and what proves the key (`signature`), in hex."""

    text: str
    code: str = ""
    mac: str = ""
    signature: str = ""


_Said = TypeVar("_Said", Request, Answer, Renewal)


def ask(request: Request, code: EnrolmentCode, identity: Identity) -> bytes:
    """A request as it travels: it proves the code, and that the asker has the key."""
    text = msgspec.json.encode(request)
    signature = identity.sign(_REQUEST + text)
    proven = _Proven(
        text=text.decode(),
        code=code.name,
        mac=_mac(code.mac_key, _REQUEST, text),
        signature=signature.hex(),
    )
    return msgspec.json.encode(proven)


def code_named(asked: bytes) -> str:
    """Which code a request says it proves. Raises EnrolmentFault."""
    return _read(asked).code


def read_request(asked: bytes, mac_key: bytes) -> Request:
    """What was asked. Raises EnrolmentFault for what proves not both code and key."""
    proven = _read(asked)
    text = proven.text.encode()
    if not hmac.compare_digest(proven.mac, _mac(mac_key, _REQUEST, text)):
        raise EnrolmentFault("the request does not prove the code")
    request = _said(text, Request)
    if not request.public.has_signed(_unhex(proven.signature), _REQUEST + text):
        raise EnrolmentFault("the request does not prove its key")
    return request


def answer(said: Answer, mac_key: bytes, asked: bytes) -> bytes:
    """The answer to a request: good for that one alone."""
    text = msgspec.json.encode(said)
    return msgspec.json.encode(
        _Proven(text=text.decode(), mac=_mac(mac_key, _answering(asked), text))
    )


def read_answer(answered: bytes, code: EnrolmentCode, asked: bytes) -> Answer:
    """Raises EnrolmentFault for anything that is not the answer to what was asked."""
    proven = _read(answered)
    text = proven.text.encode()
    if not hmac.compare_digest(proven.mac, _mac(code.mac_key, _answering(asked), text)):
        raise EnrolmentFault("the answer does not prove the code: it is not from your county")
    return _said(text, Answer)


def ask_renewal(renewal: Renewal, identity: Identity) -> bytes:
    """A renewal as it travels, signed by the key that speaks for the station."""
    text = msgspec.json.encode(renewal)
    signature = identity.sign(_RENEWAL + text).hex()
    return msgspec.json.encode(_Proven(text=text.decode(), signature=signature))


def read_renewal(asked: bytes) -> tuple[Renewal, bytes, bytes]:
    """The renewal, and the message and signature that prove it. Raises EnrolmentFault."""
    proven = _read(asked)
    text = proven.text.encode()
    return _said(text, Renewal), _RENEWAL + text, _unhex(proven.signature)


def read_renewed(answered: bytes) -> Answer:
    """What a county gives to anybody who proves an enrolled key. Raises EnrolmentFault.

    It proves itself: card and certificate bear the authority's signature.
    """
    return _said(answered, Answer)


def _answering(asked: bytes) -> bytes:
    return _ANSWER + hashlib.sha256(asked).digest()


def _mac(key: bytes, purpose: bytes, text: bytes) -> str:
    return hmac.new(key, purpose + text, hashlib.sha256).hexdigest()


def _read(wire: bytes) -> _Proven:
    proven: _Proven = _decode(wire, _Proven)
    # Digests are compared as texts, and those of another alphabet cannot be.
    if not (proven.mac + proven.code).isascii():
        raise EnrolmentFault("this belongs to no enrolment")
    return proven


def _said(text: bytes, kind: type[_Said]) -> _Said:
    said: _Said = _decode(text, kind)
    return said


def _decode(text: bytes, kind: type[Any]) -> Any:
    if len(text) > MOST_BYTES:
        raise EnrolmentFault("this belongs to no enrolment: it is too large")
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, ValueError, RecursionError) as cause:
        raise EnrolmentFault("this belongs to no enrolment") from cause


def _unhex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as cause:
        raise EnrolmentFault("this belongs to no enrolment") from cause


def _public(sign: str, seal: str) -> PublicIdentity:
    try:
        return PublicIdentity(sign=_unhex(sign), seal=_unhex(seal))
    except ValueError as cause:
        raise EnrolmentFault("these are no keys") from cause
