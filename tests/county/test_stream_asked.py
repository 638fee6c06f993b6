"""What an operator says to stations, by the county's own socket and the command line."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud_sync.county.local_socket import Handler, LocalSocket
from cloud_sync.county.recipients.vault import Vault
from cloud_sync.county.stream.asks import stream_asks
from cloud_sync.county.trips.asks import trip_asks
from edge.cli import app
from tests.county.stream_ends import PINGSHANG, Far, Near, exchange
from tests.county.village import NOON_MS


@pytest.fixture
def near(tmp_path: Path) -> Iterable[Near]:
    near = Near(tmp_path / "county")
    yield near
    near.database.close()


@contextmanager
def running(near: Near, more: Mapping[str, Handler] | None = None) -> Iterator[None]:
    """The county's socket, and its one thread for the desk; with more asks than these, if told."""
    stop = threading.Event()

    def run() -> None:
        while not stop.wait(0.01):
            list(near.desk.tick())

    thread, socket = threading.Thread(target=run), LocalSocket(near.folder)
    trips = trip_asks(near.desk, near.database, lambda: NOON_MS, Vault(bytes(32)))
    asks = {**stream_asks(near.desk, lambda: NOON_MS), **trips, **(more or {})}
    for name, handler in asks.items():
        socket.answers(name, handler)
    socket.start()
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        socket.stop()


def cunyi(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["county", *words])
    return result.exit_code, result.output or str(result.exception)


def test_a_keeper_is_dismissed_and_let_in_again_by_one_command(near: Near) -> None:
    folder, far = str(near.folder), Far(PINGSHANG)
    with running(near):
        code, said = cunyi("dismiss", "all", "li", folder)
        assert code == 0
        assert said.endswith("li may sign in no more, at 1 station, each once in touch.\n")
        code, said = cunyi("dismiss", PINGSHANG, "li", folder)
        assert code == 0
        assert said.endswith("No news: every station has been told so before.\n")
    exchange(near, far, near.desk.welcomed(*far.hello()))
    assert far.shelf.bodies() == {"revocation/keeper:li": {"what": "keeper", "id": "li"}}
    with running(near):
        assert "li may sign in again" in cunyi("dismiss", "all", "li", folder, "--readmit")[1]
    exchange(near, far, near.desk.welcomed(*far.hello()))
    assert far.shelf.bodies() == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("say", PINGSHANG, "--notice", " "), "the title of a notice has 1 to 40 letters"),
        (("say", PINGSHANG, "--notice", "x" * 41), "the title of a notice has 1 to 40 letters"),
        (
            ("say", PINGSHANG, "--notice", "x", "--text", "x" * 401),
            "the text of a notice has 0 to 400 letters",
        ),
        (("say", "nowhere", "--notice", "x"), "this county has no station nowhere"),
        (("dismiss", "nowhere", "li"), "this county has no station nowhere"),
        (("dismiss", "all", " "), "a keeper's name has 1 to 80 letters"),
    ],
)
def test_what_cannot_be_said_is_refused_in_a_sentence(
    near: Near, words: tuple[str, ...], said: str
) -> None:
    ask, *rest = words
    cut = next((n for n, word in enumerate(rest) if word.startswith("--")), len(rest))
    with running(near):
        code, told = cunyi(ask, *rest[:cut], str(near.folder), *rest[cut:])
    assert (code, told) == (1, said)
    assert near.items() == []
