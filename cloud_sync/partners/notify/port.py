"""What the county needs of whoever carries messages to villagers."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Channel(StrEnum):
    """Ways to a villager, the kindest first."""

    WECHAT = "wechat"
    SMS = "sms"
    VOICE = "voice"


class Outcome(StrEnum):
    """TAKEN: on its way. NOBODY: this way never reaches them. UNKNOWN: ask again, same key."""

    TAKEN = "taken"
    NOBODY = "nobody"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. Whatever has the same `key` is the same message, however often it is sent."""

    key: str
    channel: Channel
    number: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of it; `why` is a word of the carrier's, without anything of the villager."""

    outcome: Outcome
    why: str = ""


class Arrival(StrEnum):
    """What a receipt says of a message that was taken."""

    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The carrier's word on what became of the message with this key; late, twice or never.

    `number` counts a carrier's receipts up: whoever knows one asks for those after it.
    """

    number: int
    key: str
    arrival: Arrival
    why: str = ""


class NotifyAdapter(Protocol):
    """Carries messages."""

    def send(self, message: Message) -> Answer:
        """Hand one over; waits for some seconds and raises nothing."""

    def receipts(self, after: int) -> tuple[Receipt, ...]:
        """Those after a number, in their order; none while the carrier is away. Raises nothing."""
