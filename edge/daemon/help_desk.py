"""Somebody at the kiosk wants the keeper: one call at a time, until it is answered or taken back.

A call is no fact: nothing moves by it and the county has no use for it. It lives in memory, so a
restart of the station forgets it, as it forgets who stood there.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from edge.domain.effects import Reply
from edge.kernel.errors import Refused
from edge.kernel.time import Instant


class KioskPage(StrEnum):
    """What a person at the kiosk was looking at. It says nothing of what was typed there."""

    HOME = "home"
    TYPE = "type"
    TRACK = "track"
    TRACKED = "tracked"
    NO = "no"
    DOOR = "door"
    CALLED = "called"
    PROXY = "proxy"
    REST = "rest"
    DISPLAY = "display"
    NO_CODE = "no_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCall:
    """One call; `serial` tells two apart, `seen_at` is when the keeper answered."""

    serial: int
    page: KioskPage
    at: Instant
    seen_at: Instant | None = None


class House(Protocol):
    """Clock, voice and screens of the station."""

    def now(self) -> Instant:
        """The present moment."""

    def speak(self, reply: Reply) -> None:
        """Say something aloud."""

    def ring(self) -> None:
        """Wake the screens."""


class HelpDesk:
    """The present call for help, and the phone number of the county's desk; empty is none."""

    def __init__(self, house: House, county_phone: str = "") -> None:
        self.county_phone = county_phone
        self.call: HelpCall | None = None
        self._house = house
        self._serial = 0

    def ask(self, page: KioskPage) -> None:
        """Call the keeper aloud and on the screens. A call that still waits stays as it is."""
        if self.call is not None and self.call.seen_at is None:
            return
        self._serial += 1
        self.call = HelpCall(serial=self._serial, page=page, at=self._house.now())
        self._house.speak(Reply(key="help_wanted", ok=True))
        self._house.ring()

    def answer(self, serial: int) -> None:
        """The keeper has seen this call. Raises Refused when it is not there any more."""
        if self.call is None or self.call.serial != serial:
            raise Refused("help_gone")
        if self.call.seen_at is None:
            self.call = replace(self.call, seen_at=self._house.now())
            self._house.ring()

    def take_back(self) -> None:
        """Whoever called needs nobody any more."""
        if self.call is not None:
            self.call = None
            self._house.ring()
