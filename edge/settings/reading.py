"""From the text of station.toml to settings, or to one clear complaint."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from edge.kernel.errors import ConfigError
from edge.settings.ports import PORT_ERROR
from edge.settings.tables import Settings

FILE_NAME: Final = "station.toml"


def read_settings(folder: Path) -> Settings:
    """Read folder/station.toml. Raises ConfigError naming file, key and fix."""
    file = folder / FILE_NAME
    try:
        text = file.read_text(encoding="utf-8-sig")  # Windows editors put a mark in front
    except FileNotFoundError as cause:
        fix = f"Run: cunyi station init {folder}"
        raise ConfigError(file, "", "there is no station here", fix) from cause
    except UnicodeDecodeError as cause:
        raise ConfigError(file, "", "not UTF-8 text", "Save it again as UTF-8") from cause
    except OSError as cause:
        problem = f"cannot be read ({cause.strerror})"
        raise ConfigError(file, "", problem, "Let the user that cunyi runs as read it") from cause
    return parse_settings(text, file)


def parse_settings(text: str, source: Path | str) -> Settings:
    """Settings from TOML text. Raises ConfigError naming `source`, the key and the fix."""
    try:
        table = _as_json(tomllib.loads(text))
    except (ValueError, RecursionError) as cause:  # a number too long and lists too deep as well
        raise ConfigError(source, "", f"not valid TOML ({cause})", "Mend that line") from cause
    try:
        return Settings.model_validate_json(table)
    except ValidationError as cause:
        # A misspelt name is both unknown and missing: the unknown one says where to look.
        errors = cause.errors(include_url=False)
        first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == PORT_ERROR:
            told = first["ctx"]
            raise ConfigError(source, told["key"] or key, told["problem"], told["fix"]) from cause
        raise ConfigError(source, key, *_explain(key, first["type"], first["msg"])) from cause


def _as_json(table: dict[str, object]) -> bytes:
    # Strict mode takes a JSON list for a tuple and a JSON string for an enum, as TOML has neither.
    return json.dumps(table, default=str).encode()


_FORMS: Final[Mapping[str, str]] = {
    "id": "Use 3 to 32 lower-case letters, digits and dashes",
    "county": "Use 3 to 32 lower-case letters, digits and dashes",
    "broker": 'Write it like "mqtts://broker.example.cn:8883"',
}
"""What a text must look like, by the last part of its key."""


def _explain(key: str, kind: str, message: str) -> tuple[str, str]:
    if kind == "extra_forbidden":
        return (
            "unknown key",
            "Remove it or correct its spelling; `cunyi station init` writes every key",
        )
    if kind == "missing":
        return "this key is missing", "Add it; `cunyi station init` writes a complete example"
    if kind == "string_pattern_mismatch":
        fix = _FORMS.get(key.rpartition(".")[2], "Change this value")
        return "this text does not have the right form", fix
    if kind == "value_error":
        fix = "Change this table" if key else "Change one of the two"
        return message.removeprefix("Value error, "), fix
    return message, "Change this value"
