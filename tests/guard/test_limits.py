"""Size, pace and rate: each limit answers clearly and keeps the app out of it."""

from collections.abc import AsyncIterable, AsyncIterator

import pytest

from edge.guard.body import MOST_BYTES
from edge.guard.bucket import BURST, MOST_VISITORS, Buckets
from tests.guard.small_app import World, code_of, headers_of, make_small_app, visit


@pytest.fixture
def world() -> World:
    return World()


def _form(size: int) -> bytes:
    return b'{"text": "' + b"x" * (size - 12) + b'"}'


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 1_000):
        yield body[start : start + 1_000]


@pytest.mark.anyio
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("size", "passes"), [(MOST_BYTES, True), (MOST_BYTES + 1, False)])
async def test_a_body_may_have_64_kib_however_it_is_sent(
    world: World, size: int, *, passes: bool, chunked: bool
) -> None:
    client = visit(make_small_app(world))
    headers = (await headers_of(client)) | {"Content-Type": "application/json"}
    body: bytes | AsyncIterable[bytes] = _pieces(_form(size)) if chunked else _form(size)
    answer = await client.post("/api/wish", content=body, headers=headers)
    if passes:
        assert (answer.status_code, len(world.wishes)) == (200, 1)
    else:
        assert (*code_of(answer), world.wishes) == (413, "too_large", [])


@pytest.mark.anyio
async def test_sixty_acts_at_once_are_fine_and_twenty_more_each_second(world: World) -> None:
    client = visit(make_small_app(world))
    headers = await headers_of(client)

    async def act() -> int:
        answer = await client.post("/api/wish", json={"text": "x"}, headers=headers)
        return answer.status_code

    assert [await act() for _ in range(61)] == [200] * 60 + [429]
    world.now_s += 1
    assert [await act() for _ in range(21)] == [200] * 20 + [429]
    answer = await client.post("/api/wish", json={"text": "x"}, headers=headers)
    assert (*code_of(answer), answer.headers["retry-after"]) == (429, "too_many", "1")


@pytest.mark.anyio
async def test_reading_is_not_counted(world: World) -> None:
    client = visit(make_small_app(world))
    assert {(await client.get("/api/session")).status_code for _ in range(200)} == {200}


@pytest.mark.anyio
async def test_one_busy_browser_does_not_slow_another(world: World) -> None:
    app = make_small_app(world)
    busy, calm = visit(app), visit(app)
    headers = await headers_of(busy)
    for _ in range(100):
        await busy.post("/api/wish", json={"text": "x"}, headers=headers)
    answer = await calm.post("/api/wish", json={"text": "y"}, headers=await headers_of(calm))
    assert answer.status_code == 200


@pytest.mark.anyio
async def test_made_up_sessions_share_one_allowance(world: World) -> None:
    app = make_small_app(world)
    statuses = [(await visit(app).post("/api/wish")).status_code for _ in range(61)]
    assert statuses == [403] * 60 + [429]


def test_an_allowance_is_never_more_than_the_burst() -> None:
    buckets = Buckets()
    buckets.take(("a", "s"), 0.0)
    taken = sum(buckets.take(("a", "s"), 1_000_000.0) for _ in range(200))
    assert taken == BURST


def test_visitors_without_end_take_no_memory_without_end() -> None:
    buckets = Buckets()
    for _ in range(int(BURST)):
        buckets.take(("10.0.0.1", "s"), 0.0)
    for number in range(MOST_VISITORS - 1):
        buckets.take(("10.0.0.2", str(number)), 0.0)
    assert buckets.take(("10.0.0.1", "s"), 0.0) is False  # still known, though the room is full
    for number in range(MOST_VISITORS):
        buckets.take(("10.0.0.3", str(number)), 0.0)
    assert buckets.take(("10.0.0.1", "s"), 0.0) is True  # long forgotten
