"""Hands messages to a carrier's gateway by HTTP: POST /send with a key, once or often.

GET /receipts?after=N fetches what became of them: a county behind a router cannot be called.
"""

from typing import Annotated, Any, Final

import httpx
import msgspec

from cloud_sync.partners.notify.port import (
    Answer,
    Arrival,
    Message,
    NotifyAdapter,
    Outcome,
    Receipt,
)

PATIENCE_S: Final = 5.0
_NOBODY: Final = frozenset({"invalid_number", "unfollowed", "switched_off"})
_MOST_WHY: Final = 40


class _Told(msgspec.Struct, frozen=True):
    number: Annotated[int, msgspec.Meta(gt=0)]
    key: str
    result: Arrival
    why: str = ""


class _Receipts(msgspec.Struct, frozen=True):
    receipts: list[_Told]


class HttpNotifyAdapter:
    """Fits NotifyAdapter. What is not clearly yes or no is unknown, never failed."""

    def __init__(self, url: str, *, patience_s: float = PATIENCE_S) -> None:
        self._url, self._patience_s = f"{url}/send", patience_s
        self._receipts_url = f"{url}/receipts"

    def send(self, message: Message) -> Answer:
        """One request."""
        asked = {
            "key": message.key,
            "channel": message.channel.value,
            "to": message.number,
            "text": message.text,
        }
        try:
            answer = httpx.post(self._url, json=asked, timeout=self._patience_s)
            said: Any = answer.json() if answer.is_success else None
        except (httpx.HTTPError, ValueError) as trouble:
            return Answer(outcome=Outcome.UNKNOWN, why=type(trouble).__name__)
        told = said.get("result") if isinstance(said, dict) else None
        if told == "accepted":
            return Answer(outcome=Outcome.TAKEN)
        if told in _NOBODY:
            return Answer(outcome=Outcome.NOBODY, why=str(told))
        return Answer(outcome=Outcome.UNKNOWN, why=f"answer {answer.status_code}"[:_MOST_WHY])

    def receipts(self, after: int) -> tuple[Receipt, ...]:
        """One request; an answer that is none of receipts is as good as none."""
        try:
            answer = httpx.get(
                self._receipts_url, params={"after": after}, timeout=self._patience_s
            )
            told = msgspec.json.decode(answer.raise_for_status().content, type=_Receipts)
        except (httpx.HTTPError, msgspec.MsgspecError):
            return ()
        return tuple(
            Receipt(number=one.number, key=one.key, arrival=one.result, why=one.why[:_MOST_WHY])
            for one in told.receipts
        )


def _conforms(adapter: HttpNotifyAdapter) -> NotifyAdapter:
    return adapter
