"""Logs: one line of JSON an event, and nothing in it that must not be read."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from edge.daemon.logs import SECRET, mask, set_up_logs


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up_logs()
    yield lambda: [json.loads(line) for line in stderr.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_an_event_is_one_line_with_its_facts_and_its_time(lines: Any) -> None:
    structlog.get_logger("x").info("parcel_stored", cell=7, carrier="圆通")
    (line,) = lines()
    assert (line["event"], line["cell"], line["carrier"]) == ("parcel_stored", 7, "圆通")
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("name", SECRET)
def test_a_secret_field_never_comes_out(lines: Any, name: str) -> None:
    structlog.get_logger("x").warning("forgotten", **{name: "44719026"})
    (line,) = lines()
    assert line[name] == "[hidden]"
    assert "44719026" not in json.dumps(line)


def test_a_phone_is_cut_to_its_tail(lines: Any) -> None:
    structlog.get_logger("x").info("called", phone="138-0013-8000")
    assert lines()[0]["phone"] == "8000"


def test_the_standard_librarys_words_and_tracebacks_come_out_the_same_way(lines: Any) -> None:
    log = logging.getLogger("uvicorn.error")
    try:
        int("a loose wire")
    except ValueError:
        log.exception("request failed for %s", "/kiosk")
    (line,) = lines()
    assert (line["event"], line["level"]) == ("request failed for /kiosk", "error")
    assert "ValueError: invalid literal" in line["exception"]


def test_what_is_below_the_level_is_left_out(lines: Any) -> None:
    structlog.get_logger("x").debug("chatter")
    logging.getLogger("uvicorn.access").info("GET /")
    assert lines() == []


def test_masking_leaves_everything_else_alone() -> None:
    event = {"event": "x", "cell": 7, "phone_tail": "3865"}
    assert mask(None, "info", dict(event)) == event
