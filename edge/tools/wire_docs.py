"""Writes docs/wire from the code: a JSON Schema for each body and message, an AsyncAPI 3 document.

Run it after adding a body: `python -c "from edge.tools import wire_docs; wire_docs.write()"`.
"""

import inspect
import json
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from cloud_sync.wire.bodies.registry import BODIES
from cloud_sync.wire.broker.topics import ROOT
from cloud_sync.wire.envelope import Envelope
from cloud_sync.wire.framing.frame import VERSION
from cloud_sync.wire.messages import MAX_MESSAGE, MAX_UNPACKED, Message
from edge.kernel.errors import CunyiError

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "wire"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_LANES: Final = {
    "up": (
        "What a station says about its journal, and its answers to the county.",
        ("hello", "batch", "snapshot", "grant_ask", "state_ack", "live_nonce", "live_result"),
    ),
    "dn": (
        "What the county answers, tells and commands.",
        (
            "welcome",
            "ack",
            "snapshot_taken",
            "grant",
            "state",
            "live_request",
            "live_command",
            "not_enrolled",
        ),
    ),
    "tel": ("How a station is; never journalled.", ("heartbeat", "goodbye")),
    "ask": ("Questions of a station, each with a deadline.", ("ask",)),
    "ans": ("Answers to questions.", ("answer",)),
}
_SPEAKS: Final = {
    "greet": ("up", "hello", "welcome"),
    "deliver": ("up", "batch", "ack"),
    "beat": ("tel", "heartbeat", ""),
    "part": ("tel", "goodbye", ""),
}
"""What a station sends: operation, lane, message and the answer on `dn`."""


class ShippedError(CunyiError):
    """A body that was shipped looks different now: it must stay, a new schema number is due."""


def body_file(kind: str, schema: int) -> str:
    """Where the schema of a body lies, seen from docs/wire."""
    return f"schemas/{kind}.v{schema}.json"


def expected() -> dict[str, str]:
    """Every generated file as the code has it now: path seen from docs/wire, and text."""
    schemas = {
        body_file(kind, number): _schema(body) for (kind, number), body in sorted(BODIES.items())
    }
    schemas |= {_message_file(message): _schema(message) for message in get_args(Message)}
    schemas["schemas/envelope.json"] = _schema(Envelope)
    documents = schemas | {"asyncapi.json": _asyncapi()}
    return {path: json.dumps(value, indent=2) + "\n" for path, value in documents.items()}


def meaning(schema: Any) -> Any:
    """A schema without its words: what must never change in a shipped body."""
    if isinstance(schema, dict):
        words = {"description", "title"}
        return {
            key: meaning(value)
            for key, value in schema.items()
            if not (key in words and isinstance(value, str))
        }
    return [meaning(value) for value in schema] if isinstance(schema, list) else schema


def write(folder: Path = FOLDER) -> None:
    """Write every file. Raises ShippedError, with nothing written, where a body has changed."""
    files = expected()
    for kind, number in BODIES:
        path = body_file(kind, number)
        shipped = folder / path
        if shipped.exists() and meaning(_read(shipped)) != meaning(json.loads(files[path])):
            raise ShippedError(
                f"{kind} schema {number} was shipped and must not change: add a new schema number"
            )
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _schema(kind: type[Any]) -> dict[str, Any]:
    (reference,), components = msgspec.json.schema_components(
        (kind,), ref_template="#/$defs/{name}"
    )
    return {"$schema": _DIALECT, **reference, "$defs": _tidy(components)}


def _tidy(schema: Any) -> Any:
    """The same with its docstrings' indentation taken away."""
    if isinstance(schema, dict):
        return {
            key: inspect.cleandoc(value)
            if key == "description" and isinstance(value, str)
            else _tidy(value)
            for key, value in schema.items()
        }
    return [_tidy(value) for value in schema] if isinstance(schema, list) else schema


def _word(message: type[Any]) -> str:
    return str(message.__struct_config__.tag)


def _message_file(message: type[Any]) -> str:
    return f"schemas/message.{_word(message)}.json"


# -- AsyncAPI


def _asyncapi() -> dict[str, Any]:
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "cunyi: station and county",
            "version": str(VERSION),
            "description": (
                "A station replicates its journal to the county. Every message travels as a frame "
                f"(first byte 0x{VERSION:02x}), signed by its sender and sealed for its receiver: "
                "the schemas describe what is inside, README.md the bytes around it. A frame has "
                f"at most {MAX_MESSAGE} bytes, and its content at most {MAX_UNPACKED} after "
                "decompression. Any MQTT 3.1.1 broker serves: QoS 1, clean session, nothing "
                "retained."
            ),
        },
        "defaultContentType": "application/octet-stream",
        "channels": {lane: _channel(lane) for lane in _LANES},
        "operations": {name: _operation(*row) for name, row in _SPEAKS.items()},
        "components": {
            "messages": {_word(m): _message(m) for m in get_args(Message)},
            "parameters": {
                "county": {"description": "The county: a-z, 0-9 and dashes, 2 to 32 characters."},
                "station": {"description": "The station: a-z, 0-9 and dashes, 3 to 32 characters."},
            },
        },
    }


def _channel(lane: str) -> dict[str, Any]:
    description, messages = _LANES[lane]
    return {
        "address": f"{ROOT}/{{county}}/{{station}}/{lane}",
        "description": description,
        "parameters": {
            name: {"$ref": f"#/components/parameters/{name}"} for name in ("county", "station")
        },
        "messages": {word: {"$ref": f"#/components/messages/{word}"} for word in messages},
    }


def _operation(lane: str, word: str, answer: str) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "action": "send",
        "channel": {"$ref": f"#/channels/{lane}"},
        "messages": [{"$ref": f"#/channels/{lane}/messages/{word}"}],
        "bindings": {"mqtt": {"qos": 1, "retain": False, "bindingVersion": "0.2.0"}},
    }
    if answer:
        operation["reply"] = {
            "channel": {"$ref": "#/channels/dn"},
            "messages": [{"$ref": f"#/channels/dn/messages/{answer}"}],
        }
    return operation


def _message(message: type[Any]) -> dict[str, Any]:
    return {
        "name": _word(message),
        "summary": inspect.cleandoc(message.__doc__ or "").partition("\n")[0],
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"./{_message_file(message)}"},
        },
    }
