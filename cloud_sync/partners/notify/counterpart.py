"""The simulated carrier of messages: a process of its own with a ledger and a fault switch.

It keeps of a number its last four digits alone. A key that it knows is answered as it was.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from fastapi import Body, FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from edge.guard import LOOPBACK_HOSTS, Rule, rule
from edge.guard.headers import harden
from edge.kernel.masking import phone_tail
from edge.look import STATIC, make_templates

PAGES: Final = Path(__file__).parent / "pages"
LEDGER: Final = "messages.jsonl"
RECEIPTS: Final = "receipts.jsonl"
FAULTS: Final = (
    "gone",
    "lost_answer",
    "unfollowed",
    "invalid_number",
    "switched_off",
    "undelivered",
    "late_receipt",
    "double_receipt",
)
"""gone: 503. lost_answer: taken, but the answer is 504. The others: for tails, or for `*` all.

undelivered: taken, and the receipt says that it failed, for what is wrong with that way.
late_receipt: none as long as the fault lasts. double_receipt: each comes twice.
"""
_OF_CHANNEL: Final = {"wechat": "unfollowed", "sms": "invalid_number", "voice": "switched_off"}
_CHANNELS: Final = {"wechat": "微信 WeChat", "sms": "短信 SMS", "voice": "电话 Voice call"}


class Taken(msgspec.Struct, frozen=True):
    """A message as the ledger has it."""

    key: str
    channel: str
    tail: str
    text: str


class Receipt(msgspec.Struct, frozen=True):
    """What became of a message, as the ledger has it."""

    number: int
    key: str
    result: str
    why: str = ""


@dataclass
class Carrier:
    """What the counterpart knows and what is wrong with it."""

    folder: Path
    faults: dict[str, set[str]] = field(default_factory=dict)
    taken: dict[str, Taken] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)
    asked: int = 0
    """Requests to send, with those that were repeated."""
    asked_for_receipts: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for line in _lines(self.folder / LEDGER):
            one = msgspec.json.decode(line, type=Taken)
            self.taken[one.key] = one
        for line in _lines(self.folder / RECEIPTS):
            self.receipts.append(msgspec.json.decode(line, type=Receipt))

    def send(self, key: str, channel: str, number: str, text: str) -> tuple[int, str]:
        """Status and result."""
        self.asked += 1
        if self.faults.get("gone"):
            return 503, ""
        if key not in self.taken:
            if self._is_wrong(_OF_CHANNEL.get(channel, ""), phone_tail(number)):
                return 200, _OF_CHANNEL[channel]
            self._keep(Taken(key, channel, phone_tail(number), text))
        return (504, "") if self.faults.get("lost_answer") else (200, "accepted")

    def receipts_after(self, number: int) -> tuple[int, list[Receipt]]:
        """Status and receipts; what is ripe by now has got its own before."""
        self.asked_for_receipts += 1
        if self.faults.get("gone"):
            return 503, []
        known = {one.key for one in self.receipts}
        for message in [one for one in self.taken.values() if one.key not in known]:
            if not self._is_wrong("late_receipt", message.tail):
                self._receive(message)
        return 200, [one for one in self.receipts if one.number > number]

    def _receive(self, message: Taken) -> None:
        failed = self._is_wrong("undelivered", message.tail)
        told = ("failed", _OF_CHANNEL[message.channel]) if failed else ("delivered", "")
        for _time in range(2 if self._is_wrong("double_receipt", message.tail) else 1):
            receipt = Receipt(len(self.receipts) + 1, message.key, *told)
            self.receipts.append(receipt)
            self._write(RECEIPTS, receipt)

    def _is_wrong(self, fault: str, tail: str) -> bool:
        return not self.faults.get(fault, set()).isdisjoint({"*", tail})

    def _keep(self, message: Taken) -> None:
        self.taken[message.key] = message
        self._write(LEDGER, message)

    def _write(self, ledger: str, line: Taken | Receipt) -> None:
        with (self.folder / ledger).open("ab") as file:
            file.write(msgspec.json.encode(line) + b"\n")


def _lines(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines() if file.exists() else []


def make_app(carrier: Carrier) -> FastAPI:
    """The gateway, its fault switch, and a page of what villagers got."""
    app = FastAPI(title="cunyi simulated carrier", openapi_url=None, docs_url=None, redoc_url=None)
    app.middleware("http")(_at_home)
    _add_gateway(app, carrier)
    _add_page(app, carrier)
    return app


def _add_gateway(app: FastAPI, carrier: Carrier) -> None:

    @app.post("/send")
    @rule(Rule.LOCAL)
    def send(asked: Annotated[dict[str, Any], Body()]) -> Response:
        said = [str(asked.get(name, "")) for name in ("key", "channel", "to", "text")]
        status, result = carrier.send(*said)
        return JSONResponse({"result": result}, status_code=status)

    @app.get("/receipts")
    @rule(Rule.LOCAL)
    def receipts(after: int = 0) -> Response:
        status, found = carrier.receipts_after(after)
        told = {"receipts": [msgspec.to_builtins(one) for one in found]}
        return JSONResponse(told, status_code=status)

    @app.post("/faults")
    @rule(Rule.LOCAL)
    def faults(asked: Annotated[dict[str, list[str]], Body()]) -> Response:
        carrier.faults = {name: set(asked[name]) for name in FAULTS if name in asked}
        return JSONResponse({"faults": sorted(carrier.faults)})

    @app.get("/healthz")
    @rule(Rule.LOCAL)
    def healthz() -> Response:
        return JSONResponse({"taken": len(carrier.taken)})


def _add_page(app: FastAPI, carrier: Carrier) -> None:
    templates = make_templates(PAGES)
    app.mount("/look", StaticFiles(directory=STATIC), name="look")

    @app.get("/messages.css")
    @rule(Rule.LOCAL)
    def style() -> Response:
        return FileResponse(PAGES / "messages.css", media_type="text/css")

    @app.get("/")
    @rule(Rule.LOCAL)
    def page() -> Response:
        shown = [_shown(one) for one in reversed(carrier.taken.values())]
        page = templates.get_template("messages.html")
        return HTMLResponse(page.render(lang="zh", simulated=True, messages=shown))


async def _at_home(request: Request, call_next: Any) -> Response:
    """Only for this machine, by its own names, and with the headers of all our pages."""
    host = request.headers.get("host", "").rsplit(":", 1)[0]
    if host not in LOOPBACK_HOSTS:
        return Response(status_code=400)
    response: Response = await call_next(request)
    harden(response.headers)
    return response


def _shown(message: Taken) -> dict[str, Any]:
    before, found, link = message.text.partition("http")
    return {
        "channel": _CHANNELS.get(message.channel, message.channel),
        "tail": message.tail,
        "text": before,
        "link": found + link,
    }
