"""How the sync of a station stands, in numbers and in plain words, whoever holds its folder."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from edge.daemon.county.sync_asks import RESEND, STATUS, TAIL
from edge.daemon.front import LinkView, RoomView
from edge.kernel.errors import StoreError
from edge.kernel.village_time import village_time
from edge.store.connection import DATABASE, FolderHeldError, FolderLock
from edge.store.sync_marks import read_sync_marks
from edge.tools.asking_daemon import ask_daemon, broken_off
from edge.web.county_panel import room_text, verdict_of
from edge.words import say

PATIENCE_S: Final = 20.0
"""A daemon that is well answers sooner, also one whose county is silent."""
_EVENTS: Final = {
    "hello": "HELLO      head {head}",
    "welcome": "WELCOME    verdict {verdict}, applied {applied}",
    "batch": "BATCH      after {after}, {facts} facts, {bytes} bytes",
    "ack": "ACK        applied {applied}, durable {durable} {note}",
    "link_up": "LINK UP",
    "link_down": "LINK DOWN  {reason}",
}


def sync_status(folder: Path) -> dict[str, Any]:
    """From the daemon, or else from the file. Raises StoreError."""
    try:
        marks = read_sync_marks(folder)
    except FolderHeldError as held:
        for answer in ask_daemon(folder, STATUS, held, PATIENCE_S):
            if "status" in answer:
                status: dict[str, Any] = answer["status"]
                return status
        raise broken_off() from held
    waiting = max(0, marks.head_seq - marks.applied_seq)
    return {"daemon": False, **asdict(marks), "waiting": waiting}


def sync_tail(folder: Path) -> Iterator[str]:
    """What happens, line by line, until the daemon ends. Raises StoreError."""
    for answer in ask_daemon(folder, TAIL, _holder(folder), PATIENCE_S):
        if "event" in answer:
            yield event_line(answer["event"])


def sync_resend(folder: Path, language: str) -> Iterator[str]:
    """Have everything settled anew, and tell what comes of it. Raises StoreError."""
    for answer in ask_daemon(folder, RESEND, _holder(folder), PATIENCE_S):
        if "event" in answer:
            yield event_line(answer["event"])
        elif "resend" in answer:
            yield resend_line(answer["resend"], language)


def _holder(folder: Path) -> FolderHeldError:
    if not (folder / DATABASE).exists():  # else a lock file would be made in whatever it is
        raise StoreError(f"there is no journal in {folder}")
    try:
        FolderLock.take(folder).release()
    except FolderHeldError as held:
        return held
    raise StoreError(f"no station runs on {folder}. Run: cunyi station run {folder}")


def event_line(event: dict[str, Any]) -> str:
    """One event for a technician; a kind of a newer daemon is shown as it is."""
    what, detail = event["what"], event["detail"]
    text = _EVENTS[what].format(**detail) if what in _EVENTS else f"{what} {detail}"
    at = f"{_clock(event['wall_ms'])} " if "wall_ms" in event else ""
    return f"{at}{text.rstrip()}"


def resend_line(outcome: str, language: str) -> str:
    """What became of asking anew."""
    if outcome in {"down", "silent"}:
        return say(f"sync.cli.resend_{outcome}", language)
    online = LinkView(online=outcome == "ok", waiting=0, verdict=outcome)
    verdict = say(f"sync.say.{verdict_of(online)}", language)
    return say("sync.cli.resent", language, verdict=verdict)


def status_lines(status: dict[str, Any], language: str) -> list[str]:
    """The verdict and what to do first, then the numbers."""

    def line(key: str, **blanks: int | str) -> str:
        return say(f"sync.cli.{key}", language, **blanks)

    lines = _verdict_lines(status, language) if status["daemon"] else [line("no_daemon")]
    lines += [
        line("head", seq=status["head_seq"], epoch=status["epoch"]),
        line("applied", seq=status["applied_seq"]),
        line("durable", seq=status["durable_seq"]),
        line("waiting", count=status["waiting"]),
        line("oldest", seq=status["oldest_seq"]),
    ]
    if status.get("snapshot_seq"):
        lines.append(line("snapshot", seq=status["snapshot_seq"]))
    lines.append(line("state", seq=status["state_seq"]))
    if status["daemon"] and status["free_bytes"] is not None:
        room = RoomView(free_bytes=status["free_bytes"], daily_bytes=status["daily_bytes"])
        lines.append(line("room", room=room_text(room, language)))
    if status["daemon"]:
        told = status["wall_hi_ms"] is not None
        lines.append(line("clock_good" if told else "clock_open"))
        if doubt := status.get("clock_doubt"):
            lines.append(line(doubt.replace(".", "_")))
    return lines


def _verdict_lines(status: dict[str, Any], language: str) -> list[str]:
    link = LinkView(online=status["online"], waiting=0, verdict=status["verdict"])
    verdict = verdict_of(link)
    since = _clock(status["since_ms"]) if status["since_ms"] is not None else ""
    says = say(f"sync.say.{verdict}", language, since=since)
    if verdict == "ok" and since:
        says = say("sync.cli.since", language, says=says, since=since)
    return [says, say(f"sync.todo.{verdict}", language)]


def _clock(wall_ms: int) -> str:
    return village_time(wall_ms).strftime("%Y-%m-%d %H:%M:%S")
