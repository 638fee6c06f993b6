"""A zip for whoever helps from afar: findings, settings, versions, log. Nobody's secrets.

What goes in is chosen, never "all but": settings by key, log lines by field, of the journal
nothing but counts. Over all text then goes a second sieve for whatever looks like a phone number,
a waybill, a code or a key: it takes too much rather than too little.
"""

import importlib.metadata
import json
import platform
import re
import sqlite3
import tomllib
import zipfile
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import tomlkit

from edge.kernel.errors import ConfigError, CunyiError
from edge.settings import FILE_NAME
from edge.store.connection import DATABASE, FolderHeldError, FolderLock, open_database
from edge.store.key import FILE_NAME as KEY_FILE
from edge.tools.commissioning.scan import scan
from edge.tools.doctor import Finding
from edge.tools.journal import export
from edge.tools.this_machine import Machine

HIDDEN: Final = "[hidden]"
UNIT: Final = "cunyi-station"
LOG_LINES: Final = 500
LOG_FIELDS: Final = frozenset(
    {"timestamp", "level", "event", "logger", "name", "port", "present", "note", "reason"}
    | {"station", "key", "kind", "cell", "channel", "exception", "verdict", "simulated"}
)
"""What of a log line is of use and never a person's. `key` is hidden by the sieve of the daemon."""
SECRET_KEYS: Final = re.compile(r"pass|secret|token|key|code|phone|user", re.IGNORECASE)
LONG_NUMBER: Final = 1_000_000
LIBRARIES: Final = ("cunyi", "pyserial", "pydantic", "fastapi", "uvicorn", "paho-mqtt")

_MOMENT: Final = r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?"
_SIEVE: Final = re.compile(
    rf"(?P<keep>(?<![0-9A-Za-z]){_MOMENT})"
    r"|-----BEGIN [^-]+-----.*?(-----END [^-]+-----|\Z)"  # a key file
    r"|://[^/\s@]+@"  # name and password in an address
    r"|CY[1P]:[A-Z2-7]+"  # a pickup token, a proxy's pass
    r"|(?<!\d)(\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"  # a mobile number
    r"|(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)"  # a landline
    r"|(?<!\d)\d{4}[ -]\d{4}(?!\d)"  # a pickup code as it is printed
    r"|(?<![0-9A-Za-z])(?=([A-Za-z]*\d){7})[0-9A-Za-z]{7,}(?![0-9A-Za-z])"  # a waybill, a code
    r"|(?<![0-9A-Za-z])(?=[A-Za-z]*\d)[0-9A-Za-z+]{20,}={0,2}",  # a key as text
    re.DOTALL,
)


def sift(text: str) -> str:
    """The text without whatever looks like somebody's secret. Moments in time stay."""
    return _SIEVE.sub(_hide, text)


def _hide(found: re.Match[str]) -> str:
    if found["keep"] is not None:
        return found[0]
    return f"://{HIDDEN}@" if found[0].startswith("://") else HIDDEN


def write_bundle(
    file: Path,
    folder: Path | None,
    findings: Sequence[Finding],
    language: str,
    machine: Machine | None = None,
) -> Path:
    """Write the zip; returns its path. Raises ConfigError when there is one already."""
    machine = machine or Machine()
    known = _known_secrets(folder)
    checks = [one.as_json(language) for one in findings]
    parts: dict[str, str] = {
        "doctor.json": _json({"checks": sift_all(checks, known)}),
        "versions.json": _json(_versions()),
        "devices.json": _json(
            {"devices": sift_all([one.as_json() for one in scan(machine)], known)}
        ),
        "log.jsonl": "".join(
            json.dumps(sift_all(line, known), ensure_ascii=False) + "\n" for line in _log(machine)
        ),
    }
    if folder is not None:
        parts["station.toml"] = tomlkit.dumps(sift_all(_settings(folder), known))
        parts["journal.json"] = _json(_journal(folder))
    try:
        with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in parts.items():
                bundle.writestr(name, text)
    except FileExistsError as cause:
        raise ConfigError(file, "", "is there already", "Choose another name") from cause
    return file


def sift_all(value: Any, known: Sequence[str] = ()) -> Any:
    """Lists and tables with every text sifted, names too; a long number is taken for a secret."""
    match value:
        case dict():
            return {sift_all(name, known): sift_all(inner, known) for name, inner in value.items()}
        case list() | tuple():
            return [sift_all(inner, known) for inner in value]
        case str():
            for secret in known:
                value = value.replace(secret, HIDDEN)
            return sift(value)
        case int() if abs(value) >= LONG_NUMBER:
            return HIDDEN
    return value


def _known_secrets(folder: Path | None) -> tuple[str, ...]:
    """The station's own key as text, in the forms that people and programs write keys."""
    try:
        key = b"" if folder is None else (folder / KEY_FILE).read_bytes()
    except OSError:
        return ()
    forms = (key.hex(), b64encode(key).decode(), urlsafe_b64encode(key).decode())
    return tuple(form for form in {*forms, key.hex().upper()} if form)


def _json(what: object) -> str:
    return json.dumps(what, ensure_ascii=False, indent=2) + "\n"


def _versions() -> dict[str, str]:
    libraries = {name: importlib.metadata.version(name) for name in LIBRARIES}
    return libraries | {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "kernel": platform.release(),
        "machine": platform.machine(),
    }


def _settings(folder: Path) -> Any:
    """station.toml as it is read: without comments, without what names a secret."""
    try:
        table = tomllib.loads((folder / FILE_NAME).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as failure:
        return {"unreadable": type(failure).__name__}
    return _without_secrets(table)


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: HIDDEN if SECRET_KEYS.search(name) else _without_secrets(inner)
            for name, inner in value.items()
        }
    return [_without_secrets(inner) for inner in value] if isinstance(value, list) else value


def _log(machine: Machine) -> Iterator[dict[str, Any]]:
    command = ["journalctl", "-u", UNIT, "-n", str(LOG_LINES), "--no-pager", "-o", "cat"]
    for line in (machine.hear(command) or "").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue  # not a line of ours: nobody knows what is in it
        if isinstance(event, dict):
            yield {name: event[name] for name in event if name in LOG_FIELDS}


def _journal(folder: Path) -> dict[str, Any]:
    """How many facts of which kind, from where to where; never what they say."""
    try:
        return _counts(_places(folder))
    except CunyiError as failure:
        return {"problem": str(failure)}


def _places(folder: Path) -> Iterator[tuple[int, int, str]]:
    try:
        lock = FolderLock.take(folder)
    except FolderHeldError:
        for fact in export(folder):  # the daemon is asked
            yield int(fact["epoch"]), int(fact["seq"]), str(fact["kind"])
        return
    try:
        database = open_database(folder / DATABASE)
        try:
            yield from database.execute("SELECT epoch, seq, kind FROM journal ORDER BY epoch, seq")
        finally:
            database.close()
    finally:
        lock.release()


def _counts(places: Iterable[tuple[int, int, str]]) -> dict[str, Any]:
    kinds: dict[str, int] = {}
    first: tuple[int, int] | None = None
    last: tuple[int, int] | None = None
    for epoch, seq, kind in places:
        kinds[kind] = kinds.get(kind, 0) + 1
        first, last = first or (epoch, seq), (epoch, seq)
    return {
        "facts": sum(kinds.values()),
        "first": first,
        "last": last,
        "kinds": dict(sorted(kinds.items())),
    }
