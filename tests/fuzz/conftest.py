"""Logs of a hunt: most are the refusals that it wants; what counts as a bug is kept."""

import logging
from collections import deque
from collections.abc import Iterator, MutableMapping
from typing import Any, Final, NoReturn

import pytest
import structlog

from tests.fuzz.budget import BUDGET, OPENAPI, spent
from tests.fuzz.tally import INPUTS

Complaints = deque[str]
_STUMBLES: Final = {"talk_failed", "county_ingest_ended", "unhandled_error"}
"""Where an exception was caught that nobody expected; anything with a traceback is one too."""


@pytest.fixture(autouse=True)
def inputs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test's report carries how many inputs it tried, from whichever process it ran in."""
    spent.clear()
    yield
    told = {name: count for name, count in spent.items() if name in BUDGET or name in OPENAPI}
    if told:
        request.node.user_properties.append((INPUTS, told))


@pytest.fixture(autouse=True)
def complaints() -> Iterator[Complaints]:
    """What was logged as a bug of ours, and why; all else is thrown away."""
    kept: Complaints = deque(maxlen=50)

    def keep(_logger: object, level: str, event: MutableMapping[str, Any]) -> NoReturn:
        if "exception" in event or event.get("event") in _STUMBLES:
            kept.append(f"{level}: {dict(event)!r}")
        raise structlog.DropEvent

    theirs = _Theirs(kept)
    before = structlog.get_config()
    structlog.configure(processors=[structlog.processors.format_exc_info, keep])
    logging.getLogger().addHandler(theirs)
    yield kept
    logging.getLogger().removeHandler(theirs)
    structlog.configure(**before)


class _Theirs(logging.Handler):
    """What the server and the libraries complain about: a traceback of theirs is one as well."""

    def __init__(self, kept: Complaints) -> None:
        super().__init__(logging.ERROR)
        self._kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        self._kept.append(f"{record.name}: {record.getMessage()} {record.exc_info}")
