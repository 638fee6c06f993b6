"""The county's local socket: asks by name, errors in words, and nobody else's business."""

import json
import socket
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cloud_sync.county.local_socket import (
    MOST_AT_ONCE,
    SOCKET,
    LocalSocket,
    NotRunningError,
    ask_county,
)
from edge.kernel.errors import Refused, StoreError


def count(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for number in range(asked["to"]):
        yield {"number": number}


def refuse(_asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"first": 1}
    raise Refused("not now")


def stumble(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"number": 1 // asked["nothing"]}


@contextmanager
def listening(folder: Path) -> Iterator[LocalSocket]:
    local = LocalSocket(folder)
    for name, handler in (("count", count), ("refuse", refuse), ("stumble", stumble)):
        local.answers(name, handler)
    local.start()
    try:
        yield local
    finally:
        local.stop()


def test_an_ask_is_answered_line_by_line(tmp_path: Path) -> None:
    with listening(tmp_path):
        assert [line["number"] for line in ask_county(tmp_path, "count", to=3)] == [0, 1, 2]
        assert list(ask_county(tmp_path, "count", to=0)) == []


def test_a_refusal_a_bug_and_an_unknown_ask_are_one_sentence_each(tmp_path: Path) -> None:
    with listening(tmp_path):
        for name, told in (
            ("refuse", "not now"),
            ("stumble", "its log says why"),
            ("dance", "ask for one of: count, refuse, stumble"),
        ):
            with pytest.raises(StoreError, match=told):
                list(ask_county(tmp_path, name, nothing=0))
        assert len(list(ask_county(tmp_path, "count", to=1))) == 1


def test_only_the_owner_may_ask(tmp_path: Path) -> None:
    with listening(tmp_path):
        assert stat.S_IMODE((tmp_path / SOCKET).stat().st_mode) == 0o600
    assert not (tmp_path / SOCKET).exists()


def test_without_a_county_the_asker_is_told_so_that_it_may_open_the_folder(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError):
        list(ask_county(tmp_path, "count", to=1))
    with listening(tmp_path):
        pass
    with pytest.raises(NotRunningError):
        list(ask_county(tmp_path, "count", to=1))


def test_the_socket_of_a_killed_county_is_no_obstacle_and_a_long_path_neither(
    tmp_path: Path,
) -> None:
    folder = tmp_path / ("a" * 100) / ("b" * 100)
    folder.mkdir(parents=True)
    (folder / SOCKET).touch()
    with listening(folder):
        assert len(list(ask_county(folder, "count", to=2))) == 2


@pytest.mark.parametrize("said", [b"garbage\n", b"[1]\n", b"", b"{" * 200_000, b'{"ask": 1}\n'])
def test_garbage_ends_its_own_connection_alone(tmp_path: Path, said: bytes) -> None:
    with listening(tmp_path):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(str(tmp_path / SOCKET))
            try:
                sock.sendall(said)
                sock.shutdown(socket.SHUT_WR)
                answered = sock.recv(1_000)
            except OSError:
                answered = b""
        assert not answered or "error" in json.loads(answered)
        assert len(list(ask_county(tmp_path, "count", to=1))) == 1


def test_one_ask_that_takes_long_does_not_hold_up_another(tmp_path: Path) -> None:
    go_on = threading.Event()

    def linger(_asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        yield {"begun": True}
        go_on.wait(20)
        yield {"done": True}

    with listening(tmp_path) as local:
        local.answers("linger", linger)
        slow = ask_county(tmp_path, "linger")
        assert next(slow) == {"begun": True}
        assert len(list(ask_county(tmp_path, "count", to=5))) == 5
        go_on.set()
        assert list(slow) == [{"done": True}]


def test_more_askers_than_places_are_turned_away_and_told(tmp_path: Path) -> None:
    go_on = threading.Event()

    def linger(_asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        yield {"begun": True}
        go_on.wait(20)

    with listening(tmp_path) as local:
        local.answers("linger", linger)
        taken = [ask_county(tmp_path, "linger") for _place in range(MOST_AT_ONCE)]
        assert [next(one) for one in taken] == [{"begun": True}] * MOST_AT_ONCE
        with pytest.raises(StoreError, match="broke off"):
            list(ask_county(tmp_path, "count", to=1))
        go_on.set()
        for one in taken:
            assert list(one) == []
