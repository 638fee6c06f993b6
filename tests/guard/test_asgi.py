"""The Guard as a bare ASGI app: streams pass piece by piece, other scopes do as they must."""

import anyio
import pytest
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from edge.guard import Guard, session_of
from edge.guard.body import read_body
from tests.guard.small_app import World, make_small_app

Sent = list[Message]


def _scope(kind: str = "http", method: str = "GET", **headers: str) -> Scope:
    pairs = {"host": "localhost:8601"} | headers
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in pairs.items()]
    return {
        "type": kind,
        "method": method,
        "path": "/kept",
        "raw_path": b"/kept",
        "query_string": b"",
        "headers": raw,
    }


def _feeder(*messages: Message) -> Receive:
    waiting = list(messages)

    async def receive() -> Message:
        if waiting:
            return waiting.pop(0)
        await anyio.sleep_forever()
        raise AssertionError

    return receive


def _piece(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.mark.anyio
async def test_a_stream_goes_out_while_it_is_still_running() -> None:
    guarded = make_small_app(World())
    sent: Sent = []
    seen = anyio.Event()

    async def send(message: Message) -> None:
        sent.append(message)
        if message.get("body"):
            seen.set()

    async with anyio.create_task_group() as group:
        group.start_soon(guarded, _scope(), _feeder(_piece(b"", more=False)), send)
        with anyio.fail_after(5):
            await seen.wait()
        group.cancel_scope.cancel()
    headers = dict(sent[0]["headers"])
    assert headers[b"content-type"].startswith(b"text/event-stream")
    assert sent[1]["body"] == b'event: screen\ndata: {"n": 1}\n\n'


@pytest.mark.anyio
async def test_websockets_are_closed_before_anything_runs() -> None:
    ran: list[str] = []
    sent: Sent = []
    await Guard(_recorder(ran), hosts=("localhost",))(_scope("websocket"), _feeder(), _sender(sent))
    assert (sent, ran) == ([{"type": "websocket.close", "code": 1008}], [])


@pytest.mark.anyio
async def test_the_lifespan_of_the_app_is_its_own_business() -> None:
    ran: list[str] = []
    await Guard(_recorder(ran), hosts=())({"type": "lifespan"}, _feeder(), _sender([]))
    assert ran == ["lifespan"]


@pytest.mark.anyio
async def test_whoever_leaves_in_the_middle_of_a_body_leaves_nothing_behind() -> None:
    ran: list[str] = []
    sent: Sent = []
    left = _feeder(_piece(b"half", more=True), {"type": "http.disconnect"})
    guarded = Guard(_recorder(ran), hosts=("localhost",))
    await guarded(_scope(transfer_encoding="chunked"), left, _sender(sent))
    assert (ran, sent) == ([], [])


@pytest.mark.anyio
async def test_an_app_hears_the_disconnect_after_the_body() -> None:
    heard: list[Message] = []

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        heard.extend([await receive(), await receive()])

    pieces = (_piece(b"ab", more=True), _piece(b"c", more=False), {"type": "http.disconnect"})
    await Guard(app, hosts=("localhost",))(
        _scope(content_length="3"), _feeder(*pieces), _sender([])
    )
    assert heard == [_piece(b"abc", more=False), {"type": "http.disconnect"}]


@pytest.mark.anyio
@pytest.mark.parametrize("length", ["-1", "+5", "0x10", "１", "5, 5", ""])
async def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    ran: list[str] = []
    sent: Sent = []
    guarded = Guard(_recorder(ran), hosts=("localhost",))
    await guarded(_scope(content_length=length), _feeder(), _sender(sent))
    assert (sent[0]["status"], ran) == (400, [])


@pytest.mark.anyio
async def test_a_body_that_never_ends_is_given_up_in_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("edge.guard.body.SLOWEST_S", 0.05)
    ran: list[str] = []
    sent: Sent = []
    guarded = Guard(_recorder(ran), hosts=("localhost",))
    await guarded(_scope(content_length="9"), _feeder(_piece(b"x", more=True)), _sender(sent))
    assert (sent[0]["status"], ran) == (408, [])
    assert (b"connection", b"close") in sent[0]["headers"]


@pytest.mark.anyio
async def test_a_bug_after_the_answer_has_begun_is_not_answered_twice() -> None:
    sent: Sent = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Guard(app, hosts=("localhost",))(_scope(), _feeder(), _sender(sent))
    assert [message["status"] for message in sent] == [200]


def test_an_app_without_a_guard_has_no_sessions() -> None:
    with pytest.raises(KeyError):
        session_of(Request(_scope()))


@pytest.mark.anyio
async def test_an_empty_message_is_no_end() -> None:
    receive = _feeder(
        {"type": "http.request", "more_body": True},
        _piece(b"", more=True),
        _piece(b"x", more=False),
    )
    assert await read_body(receive) == b"x"


def _recorder(ran: list[str]) -> ASGIApp:
    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        ran.append(scope["type"])

    return app


def _sender(sent: Sent) -> Send:
    async def send(message: Message) -> None:
        sent.append(message)

    return send
