"""What no page of ours would send changes nothing and is answered plainly."""

import http.client
import json

import pytest

from tests.web.support.browserless import Visitor
from tests.web.support.village import Village

JSON = {"content-type": "application/json"}
GOOD = {"phone_tail": "3865", "digits": "12345678"}
BAD_KIOSK: list[tuple[str, object]] = [
    ("/api/kiosk/code", {}),
    ("/api/kiosk/code", {**GOOD, "more": 1}),
    ("/api/kiosk/code", {**GOOD, "phone_tail": "386"}),
    ("/api/kiosk/code", {**GOOD, "phone_tail": "３８６５"}),
    ("/api/kiosk/code", {**GOOD, "phone_tail": 3865}),
    ("/api/kiosk/code", {**GOOD, "digits": "1234567\n"}),
    ("/api/kiosk/code", {**GOOD, "digits": "1234 5678"}),
    ("/api/kiosk/code", [GOOD]),
    ("/api/kiosk/scan", {"text": ""}),
    ("/api/kiosk/scan", {"text": "A" * 513}),
    ("/api/kiosk/scan", {"text": "\x00\x01\x02"}),
    ("/api/kiosk/scan", {"text": "YT77001234567\x1b[2J"}),
    ("/api/kiosk/scan", {"text": "\ud800"}),
    ("/api/kiosk/scan", {"text": None}),
    ("/api/kiosk/stuck", {"cell": "7", "auth": "a-1"}),
    ("/api/kiosk/stuck", {"cell": 0, "auth": "a-1"}),
    ("/api/kiosk/stuck", {"cell": 10**30, "auth": "a-1"}),
    ("/api/kiosk/stuck", {"cell": True, "auth": "a-1"}),
    ("/api/kiosk/put-back", {"auth": "'; DROP TABLE journal"}),
]
BAD_KEEPER: list[tuple[str, object]] = [
    ("/api/keeper/check-in", {"on": "yes"}),
    ("/api/keeper/release", {"waybill_no": "not a waybill"}),
    ("/api/keeper/phone-tail", {"waybill_no": "YT7700123456789", "phone_tail": "12345"}),
    ("/api/keeper/cells/1/open", {"reason": "   "}),
    ("/api/keeper/cells/1/open", {"reason": "x" * 81}),
    ("/api/keeper/cells/0/open", {"reason": "look"}),
    ("/api/keeper/cells/one/open", {"reason": "look"}),
    ("/api/keeper/cells/1/inspected", {}),
    ("/api/keeper/cells/1/inspected", {"holds": "rubbish"}),
    ("/api/keeper/sign-in", {"keeper": "x" * 21, "pin": "271828"}),
    ("/api/keeper/sign-in", {"keeper": "店主", "pin": "1" * 65}),
]


def answers(visitor: Visitor, bodies: list[tuple[str, object]]) -> list[tuple[int, str, str]]:
    """What each body is answered, with the body."""
    found = []
    for path, body in bodies:
        answer = visitor.http.post(path, content=json.dumps(body), headers=JSON)
        told = answer.json().get("error", {}).get("code", "")
        found.append((answer.status_code, told, f"{path} {body!r}"))
    return found


def test_the_kiosk_refuses_what_it_would_never_send(village: Village, visitor: Visitor) -> None:
    before = village.state
    taken = [a for a in answers(visitor, BAD_KIOSK) if a[:2] != (422, "bad_request")]
    assert taken == []
    assert village.state is before


def test_the_counter_refuses_what_it_would_never_send(village: Village, keeper: Visitor) -> None:
    before = village.state
    taken = [a for a in answers(keeper, BAD_KEEPER) if a[:2] != (422, "bad_request")]
    assert taken == []
    assert village.state is before


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'"text"', b"null"])
def test_what_is_no_json_object_is_refused(visitor: Visitor, content: bytes) -> None:
    answer = visitor.http.post("/api/kiosk/scan", content=content, headers=JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_request")


def test_json_that_is_too_deep_to_read_is_refused(visitor: Visitor) -> None:
    answer = visitor.http.post("/api/kiosk/scan", content=b"[" * 5_000, headers=JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


def test_an_oversized_body_is_refused_before_it_is_sent(visitor: Visitor) -> None:
    where = visitor.http.base_url
    line = http.client.HTTPConnection(where.host, where.port, timeout=10)
    line.putrequest("POST", "/api/kiosk/scan")
    for name in ("origin", "x-cunyi-token"):
        line.putheader(name, visitor.http.headers[name])
    session = "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.http.cookies.jar)
    line.putheader("cookie", session)
    line.putheader("content-length", "70000")
    line.endheaders()
    answer = line.getresponse()
    told = json.loads(answer.read())
    line.close()
    assert (answer.status, told["error"]["code"]) == (413, "too_large")


def test_an_error_repeats_nothing_of_what_was_sent(visitor: Visitor) -> None:
    answer = visitor.post("/api/kiosk/code", phone_tail="3865", digits="98765432x")
    assert "98765432" not in answer.text


def test_the_errors_speak_the_pages_language(visitor: Visitor) -> None:
    answer = visitor.post("/api/kiosk/scan?lang=en", text="")
    assert answer.json()["error"]["message"].startswith("Something in the form is not right")
