"""The station's daemon, and whom it talks to."""

import re
import socket
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from edge.guard.hosts import home_host
from edge.kernel.errors import StoreError
from edge.settings import Settings
from edge.store.connection import FolderHeldError, FolderLock
from edge.tools.children import port_is_free
from edge.tools.doctor.devices import Device, Look
from edge.tools.doctor.finding import Finding, bad, ok, warn

ANSWER_WITHIN_S: Final = 2.0
_DOORS: Final = re.compile(r'^cunyi_doors\{door="(\w+)"\} (\S+)$', re.MULTILINE)


def holder_of(folder: Path) -> str | None:
    """The process that holds this folder, or None."""
    try:
        FolderLock.take(folder).release()
    except FolderHeldError as held:
        return held.holder
    except StoreError:
        return None
    return None


def page_address(settings: Settings) -> str:
    """Where the station's pages are."""
    return f"{home_host(settings.web.host)}:{settings.web.port}"


def ask_daemon(settings: Settings) -> Look | None:
    """What the running daemon says of its devices and doors; None when it does not answer."""
    health = _get(settings, "healthz")
    if health is None:
        return None
    told: list[dict[str, Any]] = health.json()["devices"]
    look = Look(
        devices=[Device(name=d["name"], present=d["present"], note=d["note"]) for d in told]
    )
    metrics = _get(settings, "metrics")
    doors = _DOORS.findall(metrics.text) if metrics is not None else []
    look.doors = Counter({door: int(float(count)) for door, count in doors})
    return look


def look_at_station(settings: Settings, holder: str | None) -> Iterator[Finding]:
    """Whether the daemon runs and answers, and whether the county answers it."""
    address = page_address(settings)
    if holder is None:
        if port_is_free(settings.web.port):
            yield ok("station", "down", address=address)
        else:
            yield bad("station", "port_taken", address=address)
        return
    metrics = _get(settings, "metrics")
    if metrics is None:
        yield bad("station", "mute", pid=holder, address=address)
        return
    yield ok("station", pid=holder, address=address)
    waiting = round(_number(metrics.text, "cunyi_facts_waiting"))
    if _number(metrics.text, "cunyi_link_up") == 1:
        yield ok("county", waiting=waiting)
    else:
        yield warn("county", "silent", waiting=waiting)


def look_at_broker(settings: Settings) -> Finding:
    """Whether the broker takes a connection."""
    broker = settings.link.broker
    address = urlsplit(broker)
    try:
        target = (address.hostname or "", address.port or 1883)
        socket.create_connection(target, timeout=ANSWER_WITHIN_S).close()
    except OSError as failure:
        reason = failure.strerror or str(failure)
        return warn("broker", "unreachable", broker=broker, reason=reason)
    return ok("broker", broker=broker)


def _get(settings: Settings, page: str) -> httpx.Response | None:
    try:
        answer = httpx.get(f"http://{page_address(settings)}/{page}", timeout=ANSWER_WITHIN_S)
    except httpx.HTTPError:
        return None
    return answer if answer.is_success else None


def _number(metrics: str, name: str) -> float:
    for line in metrics.splitlines():
        words = line.split()
        if words and words[0] == name:
            return float(words[-1])
    return 0.0
