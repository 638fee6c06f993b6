"""What goes out: headers on every answer, one shape of error in the reader's language."""

import httpx
import pytest

from edge.guard.headers import SECURITY_HEADERS
from tests.guard.small_app import World, code_of, headers_of, make_small_app, visit


@pytest.fixture
def client() -> httpx.AsyncClient:
    return visit(make_small_app(World()))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/session", 200), ("/nowhere", 404), ("/api/wish", 405), ("/fails/bug", 500)],
)
async def test_every_answer_is_hardened(client: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await client.get(path)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.anyio
async def test_a_refusal_of_the_guard_itself_is_hardened_too(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/session", headers={"Host": "evil.example"})
    assert {name: answer.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


@pytest.mark.anyio
async def test_scripts_come_from_this_server_alone(client: httpx.AsyncClient) -> None:
    policy = (await client.get("/api/session")).headers["content-security-policy"]
    rules = dict(part.split(" ", 1) for part in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert "unsafe" not in policy


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "status", "code", "message"),
    [
        ("/fails/refused", 409, "pin_locked", "输错太多次。请等 4 分钟再试。"),
        ("/fails/refused?lang=en", 409, "pin_locked", "Too many wrong PINs. Wait 4 minutes"),
        ("/fails/wordless", 409, "no such word", "no such word"),
        ("/fails/stranger", 401, "not_signed_in", "请先登录。"),
        ("/fails/store", 503, "store_failed", "存不下来，什么都没有改变。"),
        ("/nowhere", 404, "not_found", "没有这个页面。"),
        ("/api/wish", 405, "wrong_method", "这个地址不能这样用。"),
        ("/fails/bug", 500, "our_fault", "出错了"),
    ],
)
async def test_an_error_has_a_code_for_the_page_and_words_for_the_person(
    client: httpx.AsyncClient, path: str, status: int, code: str, message: str
) -> None:
    answer = await client.get(path)
    assert code_of(answer) == (status, code)
    assert answer.json()["error"]["message"].startswith(message)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b'{"text": 5}', 422),
        (b'{"texts": "x"}', 422),
        (b"[]", 422),
        (b'{"text": "\xff"}', 400),
        (b"[" * 60_000, 400),
        (b"9" * 60_000, 400),
    ],
)
async def test_nonsense_in_a_form_is_bad_request_and_nothing_else(body: bytes, status: int) -> None:
    world = World()
    client = visit(make_small_app(world))
    headers = (await headers_of(client)) | {"Content-Type": "application/json"}
    answer = await client.post("/api/wish", content=body, headers=headers)
    assert (*code_of(answer), world.wishes) == (status, "bad_request", [])


@pytest.mark.anyio
async def test_a_store_error_does_not_show_our_paths(client: httpx.AsyncClient) -> None:
    assert "/data" not in (await client.get("/fails/store")).text
    assert "a bug" not in (await client.get("/fails/bug")).text
