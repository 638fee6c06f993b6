"""Writes the last section of docs/wire/README.md: one exchange with fixed keys, byte by byte.

    python scripts/write_wire_exchange.py

For a new dictionary or a new version of the frame. tests/wire/test_wire_docs.py checks it.
"""

import hashlib
import json
import textwrap
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cloud_sync.wire.framing.frame import NONCE, seal, sign_only
from cloud_sync.wire.framing.payload import pack
from cloud_sync.wire.messages import Ack, Batch, Hello, Message, NotEnrolled, Position, Welcome
from cloud_sync.wire.trust.identity import Identity

ROOT: Final = Path(__file__).resolve().parents[1]
GUIDE: Final = ROOT / "docs" / "wire" / "README.md"
CHAIN: Final = ROOT / "tests" / "wire" / "golden_chain.json"
TITLE: Final = "## One exchange, byte by byte\n"
UP, DOWN = "v1/dexing/qingshan-01/up", "v1/dexing/qingshan-01/dn"
SECRETS: Final = {end: hashlib.sha256(end.encode()).digest() for end in ("station", "county")}
STATION, COUNTY = (Identity.from_secret(secret) for secret in SECRETS.values())
INTRODUCTION: Final = """
A station `qingshan-01` of county `dexing` with two facts greets a county that has none of them.
The secrets are SHA-256 of `station` and `county`, for this page alone; nonces count from 1.

"""


def talk() -> list[Message]:
    """HELLO, WELCOME, BATCH and ACK."""
    links = json.loads(CHAIN.read_text(encoding="utf-8"))["links"][:2]
    nothing, head = (Position(epoch=1, seq=0, hash="0" * 64), _head(links[1]["hash"]))
    nonce, session, county_gen = "0123456789abcdef" * 2, "5e551090" * 4, "1-" + "c0" * 16
    return [
        Hello(nonce=nonce, head=head, oldest_seq=1, boot=3, software="0.1.0", cells=24),
        Welcome(
            nonce=nonce,
            session=session,
            county_gen=county_gen,
            verdict="ok",
            applied=nothing,
            durable_seq=0,
            county_time_ms=1_790_000_002_100,
        ),
        Batch(
            session=session,
            previous=nothing,
            facts=[msgspec.Raw(link["fact"].encode()) for link in links],
            last=head.hash,
        ),
        Ack(session=session, county_gen=county_gen, applied=head, durable_seq=0, note=""),
    ]


def _head(digest: str) -> Position:
    return Position(epoch=1, seq=2, hash=digest)


def keys() -> dict[str, bytes]:
    """What both ends have."""
    rows: dict[str, bytes] = {}
    for end, identity in (("station", STATION), ("county", COUNTY)):
        rows[f"{end} secret"] = SECRETS[end]
        rows[f"{end} signs"] = identity.public.sign
        rows[f"{end} seals"] = identity.public.seal
        rows[f"{end} key id"] = bytes.fromhex(identity.public.key_id)
    return rows


def parts(hello: Message) -> dict[str, bytes]:
    """What the first frame is made of."""
    header = b"\2" + bytes.fromhex(STATION.public.key_id) + bytes.fromhex(COUNTY.public.key_id)
    bound = header + len(UP).to_bytes(2, "big") + UP.encode()
    payload, nonce = pack(hello), _nonce(1)
    own = X25519PrivateKey.from_private_bytes(_hkdf(SECRETS["station"], b"cunyi seals frames"))
    shared = own.exchange(X25519PublicKey.from_public_bytes(COUNTY.public.seal))
    both = b"".join(sorted((STATION.public.seal, COUNTY.public.seal)))
    text = b"cunyi frame 2 sealed\0" + COUNTY.public.whole + bound + nonce + payload
    return {
        "header": header,
        "bound": bound,
        "nonce": nonce,
        "shared": shared,
        "box key": _hkdf(shared + both, b"cunyi box 1"),
        "payload": payload,
        "signature": STATION.sign(text),
    }


def section() -> str:
    """The whole section."""
    messages = talk()
    text = TITLE + INTRODUCTION + _rows("keys", keys())
    text += "\nThe parts of the first frame below:\n\n" + _rows("parts", parts(messages[0]))
    frames: list[bytes] = []
    for number, message in enumerate(messages, 1):
        goes_up = isinstance(message, Hello | Batch)
        where, sender, receiver = (UP, STATION, COUNTY) if goes_up else (DOWN, COUNTY, STATION)
        frames.append(seal(message, where, sender, receiver.public, _nonce(number)))
        facts = isinstance(message, Batch)
        aside = " (the facts stand here as JSON; what counts are their very bytes)" if facts else ""
        text += f"\nOn `{where}`{aside}:\n\n{_json(message)}\n{_hex(frames[-1])}"
    stranger = NotEnrolled(frame=hashlib.sha256(frames[0]).hexdigest())
    text += (
        f"\nHad the county not known the station's key, its answer on `{DOWN}` would have been:\n\n"
    )
    return text + f"{_json(stranger)}\n{_hex(sign_only(stranger, DOWN, COUNTY))}"


def _nonce(number: int) -> bytes:
    return number.to_bytes(NONCE, "big")


def _hkdf(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(secret)


def _json(message: Message) -> str:
    plain: Any = json.loads(msgspec.json.encode(message))
    return f"```json\n{json.dumps(plain, indent=1, ensure_ascii=False)}\n```\n"


def _hex(data: bytes) -> str:
    return "```hex\n" + "\n".join(textwrap.wrap(data.hex(), 96)) + "\n```\n"


def _rows(block: str, rows: dict[str, bytes]) -> str:
    lines = "".join(f"{name:<16} {data.hex()}\n" for name, data in rows.items())
    return f"```{block}\n{lines}```\n"


if __name__ == "__main__":
    before, _title, _old = GUIDE.read_text(encoding="utf-8").partition(TITLE)
    GUIDE.write_text(before + section(), encoding="utf-8")
