"""Host, Origin and token: only a page of ours acts, and nothing refused leaves a trace."""

import pytest

from tests.guard.small_app import HOME, KEY, World, code_of, headers_of, make_small_app, visit


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.anyio
async def test_a_page_of_ours_acts(world: World) -> None:
    client = visit(make_small_app(world))
    answer = await client.post("/api/wish", json={"text": "开门"}, headers=await headers_of(client))
    assert (answer.status_code, world.wishes) == (200, ["开门"])


@pytest.mark.anyio
@pytest.mark.parametrize(
    "home", ["http://127.0.0.1:8601", "http://[::1]:8601", "http://LocalHost", "https://localhost"]
)
async def test_every_name_of_this_machine_acts_with_its_own_origin(world: World, home: str) -> None:
    client = visit(make_small_app(world), home)
    answer = await client.post("/api/wish", json={"text": "开门"}, headers=await headers_of(client))
    assert (answer.status_code, world.wishes) == (200, ["开门"])


@pytest.mark.anyio
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "localhost.",
        "localhost:",
        "localhost:x",
        "localhost:1234567",
        "user@localhost",
        "localhost/evil",
        "[::1",
        "[::2]",
        "[fe80::1%25eth0]",
        "127.0.0.1, evil.example",
        "",
        " ",
    ],
)
async def test_a_strange_host_is_refused_even_for_reading(world: World, host: str) -> None:
    client = visit(make_small_app(world))
    answer = await client.get("/api/session", headers={"Host": host})
    assert code_of(answer) == (400, "bad_host")
    assert "set-cookie" not in answer.headers


@pytest.mark.anyio
async def test_two_hosts_are_refused_although_both_are_ours(world: World) -> None:
    client = visit(make_small_app(world))
    answer = await client.get(
        "/api/session", headers=[("Host", "localhost"), ("Host", "127.0.0.1")]
    )
    assert code_of(answer) == (400, "bad_host")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "http://evil.example",
        "http://localhost",
        "http://localhost:8602",
        "http://localhost:8601/",
        "http://localhost:8601.evil.example",
        "http://127.0.0.1:8601",
        "ftp://localhost:8601",
        "http://evil.example http://localhost:8601",
    ],
)
async def test_an_act_from_another_origin_is_refused(world: World, origin: str | None) -> None:
    client = visit(make_small_app(world))
    headers = (await headers_of(client)) | {"Origin": origin or ""}
    if origin is None:
        del headers["Origin"]
    answer = await client.post("/api/wish", json={"text": "开门"}, headers=headers)
    assert (*code_of(answer), world.wishes) == (403, "bad_origin", [])


@pytest.mark.anyio
async def test_two_origins_are_refused(world: World) -> None:
    client = visit(make_small_app(world))
    token = (await headers_of(client))["X-Cunyi-Token"]
    headers = [("Origin", HOME), ("Origin", HOME), ("X-Cunyi-Token", token)]
    answer = await client.post("/api/wish", json={"text": "开门"}, headers=headers)
    assert (*code_of(answer), world.wishes) == (403, "bad_origin", [])


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
async def test_every_unsafe_method_needs_the_token(world: World, method: str) -> None:
    client = visit(make_small_app(world))
    answer = await client.request(method, "/api/wish", headers={"Origin": HOME})
    assert (*code_of(answer), world.wishes) == (403, "bad_token", [])


@pytest.mark.anyio
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_reading_needs_no_token_and_no_origin(world: World, method: str) -> None:
    answer = await visit(make_small_app(world)).request(method, "/api/wish")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.anyio
@pytest.mark.parametrize("token", ["", "x", "钥匙", "\xff"])
async def test_a_wrong_token_is_refused(world: World, token: str) -> None:
    client = visit(make_small_app(world))
    ours = await headers_of(client)
    headers = [(b"Origin", ours["Origin"].encode()), (b"X-Cunyi-Token", token.encode())]
    answer = await client.post("/api/wish", json={"text": "开门"}, headers=headers)
    assert (*code_of(answer), world.wishes) == (403, "bad_token", [])


@pytest.mark.anyio
async def test_a_token_sent_twice_is_refused(world: World) -> None:
    client = visit(make_small_app(world))
    token = (await headers_of(client))["X-Cunyi-Token"]
    headers = [("Origin", HOME), ("X-Cunyi-Token", token), ("X-Cunyi-Token", token)]
    answer = await client.post("/api/wish", json={"text": "开门"}, headers=headers)
    assert (*code_of(answer), world.wishes) == (403, "bad_token", [])


@pytest.mark.anyio
async def test_the_token_of_another_browser_is_refused(world: World) -> None:
    app = make_small_app(world)
    mine, theirs = visit(app), visit(app)
    await headers_of(mine)
    answer = await mine.post("/api/wish", json={"text": "开门"}, headers=await headers_of(theirs))
    assert (*code_of(answer), world.wishes) == (403, "bad_token", [])


@pytest.mark.anyio
async def test_a_session_survives_a_restart_with_the_same_key_and_no_other(world: World) -> None:
    client = visit(make_small_app(world))
    headers, cookies = await headers_of(client), client.cookies
    same, other = visit(make_small_app(world, KEY)), visit(make_small_app(world, None))
    same.cookies, other.cookies = cookies, cookies
    answer = await same.post("/api/wish", json={"text": "一"}, headers=headers)
    assert answer.status_code == 200
    answer = await other.post("/api/wish", json={"text": "二"}, headers=headers)
    assert (*code_of(answer), world.wishes) == (403, "bad_token", ["一"])


@pytest.mark.anyio
@pytest.mark.parametrize(
    "forged",
    ["A" * 22 + "." + "B" * 43, "A" * 22, "", ".", "A" * 66, "Ā" * 22 + "." + "B" * 43],
)
async def test_a_session_that_we_never_gave_out_is_replaced(world: World, forged: str) -> None:
    client = visit(make_small_app(world))
    cookie = [(b"Cookie", f"cunyi_session={forged}".encode())]
    answer = await client.get("/api/session", headers=cookie)
    assert "cunyi_session=" in answer.headers["set-cookie"]
    assert answer.json()["session"] not in forged


@pytest.mark.anyio
async def test_our_session_is_found_behind_a_planted_one(world: World) -> None:
    client = visit(make_small_app(world))
    mine = (await client.get("/api/session")).json()["session"]
    cookie = f"other=1; cunyi_session=planted; cunyi_session={client.cookies['cunyi_session']}"
    client.cookies.clear()
    answer = await client.get("/api/session", headers={"Cookie": cookie})
    assert (answer.json()["session"], "set-cookie" in answer.headers) == (mine, False)


@pytest.mark.anyio
async def test_apps_on_two_ports_keep_their_sessions_apart_by_cookie_name(world: World) -> None:
    station = visit(make_small_app(world))
    county = visit(make_small_app(world, cookie="cunyi_county"))
    await station.get("/api/session")
    county.cookies = station.cookies  # cookies ignore ports: one browser sends both to both
    await county.get("/api/session")
    assert sorted(county.cookies) == ["cunyi_county", "cunyi_session"]


@pytest.mark.anyio
async def test_signing_in_leaves_the_old_session_id_behind(world: World) -> None:
    client = visit(make_small_app(world))
    before, headers = (await client.get("/api/session")).json(), await headers_of(client)
    answer = await client.post("/api/sign-in", headers=headers)
    after = (await client.get("/api/session")).json()
    assert answer.json()["session"] == after["session"] != before["session"]
    assert answer.headers["x-cunyi-token"] == after["token"] != before["token"]


@pytest.mark.anyio
async def test_a_session_id_has_128_bits_and_its_cookie_is_out_of_reach(world: World) -> None:
    app = make_small_app(world)
    answer = await visit(app).get("/api/session")
    cookie = answer.headers["set-cookie"].split("; ")
    assert len(answer.json()["session"]) == 22  # 128 bits in base64
    assert cookie[1:] == ["HttpOnly", "SameSite=Strict", "Path=/"]
    over_tls = await visit(app, "https://localhost").get("/api/session")
    assert over_tls.headers["set-cookie"].endswith("; Secure")


@pytest.mark.anyio
async def test_a_link_from_another_site_does_not_end_the_session(world: World) -> None:
    client = visit(make_small_app(world))
    before = (await client.get("/api/session")).json()["session"]
    kept = dict(client.cookies)
    client.cookies.clear()  # the browser keeps a strict cookie back on the way here
    led = await client.get("/api/session", headers={"Sec-Fetch-Site": "cross-site"})
    client.cookies.update(kept)
    client.cookies.update(led.cookies)
    assert (await client.get("/api/session")).json()["session"] == before


@pytest.mark.anyio
async def test_over_tls_a_page_that_came_in_clear_is_another_origin(world: World) -> None:
    client = visit(make_small_app(world), "https://localhost:8601")
    headers = (await headers_of(client)) | {"Origin": "http://localhost:8601"}
    answer = await client.post("/api/wish", json={"text": "开门"}, headers=headers)
    assert (*code_of(answer), world.wishes) == (403, "bad_origin", [])


@pytest.mark.anyio
@pytest.mark.parametrize(("scheme", "status"), [("https", 200), ("http", 400)])
async def test_a_name_of_the_local_network_counts_over_tls_alone(
    world: World, scheme: str, status: int
) -> None:
    """Whoever answers look-ups in the village may lead that name to this machine's own door."""
    app = make_small_app(world, hosts=("localhost", "pingshang.lan"))
    answer = await visit(app, f"{scheme}://pingshang.lan:8601").get("/api/session")
    assert answer.status_code == status
