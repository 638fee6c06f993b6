"""docs/wire says what the code says, and what was shipped stays."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any, get_args

import jsonschema_rs
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from cloud_sync.wire.bodies.registry import BODIES
from cloud_sync.wire.envelope import decode
from cloud_sync.wire.framing.columns import lay_out
from cloud_sync.wire.framing.frame import read_signed, unseal
from cloud_sync.wire.framing.payload import unpack
from cloud_sync.wire.messages import Ack, Batch, Hello, Message, NotEnrolled, Welcome
from edge.tools.wire_docs import FOLDER, ShippedError, body_file, expected, meaning, write
from tests.wire.ends import COUNTY, STATION, knows
from tests.wire.test_golden_chain import LINKS
from tests.wire.test_identity import hkdf

AGAIN = 'run: python -c "from edge.tools import wire_docs; wire_docs.write()"'


def _committed(path: str) -> Any:
    return json.loads((FOLDER / path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("key", sorted(BODIES), ids=str)
def test_a_shipped_body_never_changes(key: tuple[str, int]) -> None:
    path = body_file(*key)
    assert (FOLDER / path).exists(), f"a new body: {AGAIN}"
    assert meaning(json.loads(expected()[path])) == meaning(_committed(path)), (
        f"{key[0]} schema {key[1]} was shipped and must not change: add a new schema number"
    )


def test_no_shipped_body_is_forgotten() -> None:
    kept = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.json")}
    assert kept == set(expected()), (
        f"a shipped body keeps its class for ever; for a new one {AGAIN}"
    )


def test_the_documents_are_what_the_code_gives() -> None:
    stale = [
        path
        for path, text in expected().items()
        if (FOLDER / path).read_text(encoding="utf-8") != text
    ]
    assert stale == [], AGAIN


def test_writing_over_a_shipped_body_that_differs_is_refused_and_changes_nothing(
    tmp_path: Path,
) -> None:
    write(tmp_path)
    shipped = tmp_path / body_file("door.forced", 1)
    other = shipped.read_text(encoding="utf-8").replace("999", "500")
    shipped.write_text(other, encoding="utf-8")
    (tmp_path / "asyncapi.json").unlink()
    with pytest.raises(ShippedError, match=r"door\.forced schema 1 .* add a new schema number"):
        write(tmp_path)
    assert shipped.read_text(encoding="utf-8") == other
    assert not (tmp_path / "asyncapi.json").exists()


@pytest.mark.parametrize("fact", [fact for fact, _hash in LINKS], ids=lambda f: decode(f).kind)
def test_a_stranger_with_our_schemas_alone_reads_every_fact(fact: bytes) -> None:
    plain = json.loads(fact)
    jsonschema_rs.validate(_committed("schemas/envelope.json"), plain)
    schema = _committed(body_file(plain["kind"], plain["schema"]))
    jsonschema_rs.validate(schema, plain["body"])
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(schema, plain["body"] | {"phone": "13800138000"})


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        here = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return here + [ref for inner in value.values() for ref in _references(inner)]
    return [ref for inner in value for ref in _references(inner)] if isinstance(value, list) else []


def test_every_reference_of_the_asyncapi_document_leads_somewhere() -> None:
    document = _committed("asyncapi.json")
    for reference in _references(document):
        file, _hash, place = reference.partition("#")
        target = document if not file else _committed(file.removeprefix("./"))
        for step in filter(None, place.split("/")):
            target = target[step]
        assert target
    assert document["asyncapi"] == "3.0.0"


GUIDE = (FOLDER / "README.md").read_text(encoding="utf-8")
EXCHANGE = GUIDE.partition("## One exchange, byte by byte")[2]
_FRAME = re.compile(r"`(v1/[^`]+)`[^`]*```json\n(.*?)```\s*```hex\n(.*?)```", re.DOTALL)


def _frames() -> list[tuple[str, Any, bytes]]:
    """Topic, message as JSON, and frame of each step."""
    return [
        (where, json.loads(plain), bytes.fromhex(wire))
        for where, plain, wire in _FRAME.findall(EXCHANGE)
    ]


def _named(block: str) -> dict[str, bytes]:
    """What a block of names and hex digits says."""
    text = EXCHANGE.partition(f"```{block}\n")[2].partition("```")[0]
    rows = (line.rpartition(" ") for line in text.splitlines())
    return {name.strip(): bytes.fromhex(digits) for name, _space, digits in rows}


def test_the_keys_in_the_guide_come_from_the_secrets_as_it_says() -> None:
    keys = _named("keys")
    assert len(keys) == 8
    for end in ("station", "county"):
        secret = keys[f"{end} secret"]
        assert secret == hashlib.sha256(end.encode()).digest()
        signs = Ed25519PrivateKey.from_private_bytes(hkdf(secret, b"cunyi signs"))
        seals = X25519PrivateKey.from_private_bytes(hkdf(secret, b"cunyi seals frames"))
        assert keys[f"{end} signs"] == signs.public_key().public_bytes_raw()
        assert keys[f"{end} seals"] == seals.public_key().public_bytes_raw()
        both = keys[f"{end} signs"] + keys[f"{end} seals"]
        assert keys[f"{end} key id"] == hashlib.sha256(both).digest()[:8]


def test_the_parts_of_the_first_frame_in_the_guide_are_what_it_says() -> None:
    keys, parts = _named("keys"), _named("parts")
    where, plain, wire = _frames()[0]
    header = b"\x02" + keys["station key id"] + keys["county key id"]
    assert parts["header"] == header == wire[:17]
    assert parts["bound"] == header + len(where).to_bytes(2, "big") + where.encode()
    assert parts["nonce"] == wire[17:29]
    mine = X25519PrivateKey.from_private_bytes(hkdf(keys["station secret"], b"cunyi seals frames"))
    shared = mine.exchange(X25519PublicKey.from_public_bytes(keys["county seals"]))
    both = b"".join(sorted([keys["station seals"], keys["county seals"]]))
    assert parts["shared"] == shared
    assert parts["box key"] == hkdf(shared + both, b"cunyi box 1")
    signed = parts["signature"] + parts["payload"]
    box = ChaCha20Poly1305(parts["box key"])
    assert wire[29:] == box.encrypt(parts["nonce"], signed, parts["bound"])
    text = b"cunyi frame 2 sealed\0" + keys["county signs"] + keys["county seals"]
    text += parts["bound"] + parts["nonce"] + parts["payload"]
    Ed25519PublicKey.from_public_bytes(keys["station signs"]).verify(parts["signature"], text)
    assert json.loads(msgspec.json.encode(unpack(parts["payload"])))["nonce"] == plain["nonce"]


def test_the_frames_in_the_guide_are_the_exchange_that_it_tells() -> None:
    known = knows(STATION, COUNTY).get
    messages: list[Message] = []
    for where, plain, wire in _frames()[:4]:
        receiver = COUNTY if where.endswith("/up") else STATION
        message = unseal(wire, where, receiver, known)
        said = json.loads(msgspec.json.encode(message))
        assert {key: said[key] for key in plain} == plain
        messages.append(message)
    hello, welcome, batch, ack = messages
    assert isinstance(hello, Hello)
    assert isinstance(welcome, Welcome)
    assert isinstance(batch, Batch)
    assert isinstance(ack, Ack)
    assert welcome.nonce == hello.nonce
    assert (batch.session, batch.previous) == (welcome.session, welcome.applied)
    assert [bytes(fact) for fact in batch.facts] == [fact for fact, _hash in LINKS[:2]]
    assert batch.last == LINKS[1][1] == ack.applied.hash == hello.head.hash
    assert (ack.session, ack.county_gen) == (welcome.session, welcome.county_gen)


def test_the_answer_to_a_stranger_in_the_guide_is_about_the_first_frame() -> None:
    (_up, _hello, first), *_between, (where, plain, wire) = _frames()
    answer = read_signed(wire, where, knows(COUNTY).get)
    assert answer == NotEnrolled(frame=hashlib.sha256(first).hexdigest())
    assert json.loads(msgspec.json.encode(answer)) == plain


def test_the_columns_in_the_guide_are_those_of_two_facts() -> None:
    text = GUIDE.partition("as table and random bytes:")[2]
    table, noise = re.findall(r"```(?:json|hex)\n(.*?)```", text, re.DOTALL)[:2]
    clear, random = lay_out([fact for fact, _hash in LINKS[5:7]])
    assert bytes.fromhex(noise) == random
    assert json.loads(table) == _with_texts(msgspec.msgpack.decode(clear))


def _with_texts(value: Any) -> Any:
    """The same with bytes as text."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [_with_texts(inner) for inner in value]
    if isinstance(value, dict):
        return {key: _with_texts(inner) for key, inner in value.items()}
    return value


def test_the_guide_names_every_message() -> None:
    words = {message.__struct_config__.tag for message in get_args(Message)}
    assert {word for word in words if str(word).upper() not in GUIDE} == set()
