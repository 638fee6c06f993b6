"""docs/wire says what the code says, and what was shipped stays."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from cloud_sync.wire.bodies import BODIES
from cloud_sync.wire.envelope import decode
from cloud_sync.wire.messages import Ack, Batch, Hello, Message, Welcome, unpack
from edge.tools.wire_docs import FOLDER, ShippedError, body_file, expected, meaning, write
from tests.wire.test_golden_chain import LINKS

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


def _examples() -> list[bytes]:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    blocks = text.split("```hex\n")[1:]
    return [bytes.fromhex(block.partition("```")[0].replace("\n", "")) for block in blocks]


def test_the_bytes_in_the_guide_are_the_exchange_that_it_tells() -> None:
    messages: list[Message] = [unpack(example) for example in _examples()]
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
