"""Live commands on the command line, by way of the running county."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

from cloud_sync.county.commands.audit import NOT_SENT, CommandState
from cloud_sync.county.local_socket import ask_county
from edge.words import say

LANGUAGE: Final = "en"
_CHINA: Final = timezone(timedelta(hours=8))


def follow(folder: Path, **asked: Any) -> Iterator[tuple[str, str]]:
    """Ask for a cell; each state as it comes, with its sentence. Raises NotRunningError."""
    for line in ask_county(folder, "open", **asked):
        if "alive" in line:
            continue
        sentence = state_sentence(line["state"], line["result"], LANGUAGE)
        yield line["state"], f"{line['command']}: {sentence}"


def listed(folder: Path) -> Iterator[str]:
    """A line for each of the newest commands. Raises NotRunningError."""
    for row in ask_county(folder, "commands"):
        at = datetime.fromtimestamp(row["asked_ms"] / 1_000, UTC).astimezone(_CHINA)
        state = state_sentence(row["state"], row["result"], LANGUAGE)
        yield (
            f"{at:%Y-%m-%d %H:%M:%S}  {row['station']}  cell {row['cell']}  {row['operator']}: "
            f"{row['reason']}  -> {state}"
        )


def state_sentence(state: str, result: str, language: str) -> str:
    """What is known of a command, in words that claim no more than that."""
    if state == CommandState.NO_ANSWER and result == NOT_SENT:
        return say("county.command.not_sent", language)
    if state != CommandState.REFUSED:
        return say(f"county.command.{state}", language)
    try:
        why = say(f"county.reason.{result}", language)
    except KeyError:  # a word of a newer station
        why = result
    return say("county.command.refused", language, why=why)
