"""Keeps the station's certificate fresh and its county's card up to date, for ever.

Over the sync link where there is one. Where there is none, for a certificate that has ended or a
county whose key has changed, it asks the county's pages: the key that signs a renewal never ends,
so a station that was away for months is not locked out.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from cloud_sync.station.enrolment.county_pages import ask_for_renewal, checked_url
from cloud_sync.station.enrolment.enrolling import RenewalErrand
from cloud_sync.station.enrolment.enrolment_files import Enrolment, keep_certificate
from cloud_sync.station.enrolment.identity import COUNTY_URL, StationIdentity, tls_files
from cloud_sync.station.talks.questions import Answered, Questions
from cloud_sync.wire.trust.certificates import CertificateError, is_due, names_of, read_certificate
from edge.kernel.errors import CunyiError, LinkError
from edge.kernel.ids import CountyId, StationId

log = structlog.get_logger(__name__)

RENEW: Final = "identity.renew"
CARD: Final = "identity.card"
"""Kinds of question; the county answers each with a text."""
LOOK_EVERY_S: Final = 60.0
CARD_EVERY_MS: Final = 6 * 3_600_000
AGAIN_MS: Final = 3_600_000
_MOST_DOUBLINGS: Final = 7
"""A broker that is away for weeks must not cost a new certificate an hour."""
LOST_MS: Final = 6 * 3_600_000
"""So long without the county, with a link or without: something else than the link may be wrong."""
ANSWER_WITHIN_S: Final = 20.0


@dataclass(kw_only=True)
class Membership:
    """See the module's docstring. `hosts` are what the station's pages are called by."""

    folder: Path
    identity: StationIdentity
    questions: Questions
    county: CountyId
    station: StationId
    hosts: tuple[str, ...]
    online: Callable[[], bool]
    mono_ms: Callable[[], int]
    wall_ms: Callable[[], int]
    _card_at: int | None = field(default=None, init=False)
    _next_try: int = field(default=0, init=False)
    _rounds: int = field(default=0, init=False)
    _heard_at: int | None = field(default=None, init=False)

    async def run(self) -> None:
        """Look once a minute. Raises StoreError where the folder cannot be written."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        """Do what is due now."""
        if not self.identity.enrolled:
            return
        now_ms, online = self.mono_ms(), self.online()
        if online or self._heard_at is None:
            self._heard_at = now_ms
        if online:
            self._rounds = 0
        if online and (self._card_at is None or now_ms - self._card_at >= CARD_EVERY_MS):
            self._card_at = now_ms
            await self._ask_card()
        lost = now_ms - self._heard_at >= LOST_MS
        if now_ms >= self._next_try and (lost or self._due()):
            self._next_try = now_ms + (AGAIN_MS << min(self._rounds, _MOST_DOUBLINGS))
            self._rounds += 1
            await self._renew(online=online)

    def _due(self) -> bool:
        try:
            present = read_certificate(tls_files(self.folder).certificate.read_bytes())
        except (OSError, CertificateError):
            return True
        return is_due(present, self.wall_ms()) or set(names_of(present)) != set(self.hosts)

    async def _ask_card(self) -> None:
        card = self.identity.card
        number = 0 if card is None else card.number
        answer = await self.questions.ask(CARD, {"number": number}, ANSWER_WITHIN_S)
        if isinstance(answer, Answered) and isinstance(text := answer.body.get("card"), str):
            self.identity.take_card(text.encode())

    async def _renew(self, *, online: bool) -> None:
        card = self.identity.card
        if card is None:
            return
        errand = RenewalErrand(
            self.identity.mine, county=self.county, station=self.station, hosts=self.hosts
        )
        try:
            answered = await self._send(errand.asked, online=online)
            kept = errand.open(answered, card.ca)
        except CunyiError as failure:
            log.warning("certificate_not_renewed", reason=str(failure)[:300])
            return
        self._keep(kept)

    async def _send(self, asked: bytes, *, online: bool) -> bytes:
        if online:
            answer = await self.questions.ask(RENEW, {"asked": asked.decode()}, ANSWER_WITHIN_S)
            if isinstance(answer, Answered) and isinstance(text := answer.body.get("answer"), str):
                return text.encode()
            raise LinkError("the county did not answer over the link")
        try:
            url = (self.folder / COUNTY_URL).read_text(encoding="utf-8").strip()
        except FileNotFoundError as cause:
            raise LinkError("nobody said where the county's pages are") from cause
        address = checked_url(url, str(self.folder / COUNTY_URL))
        return await asyncio.to_thread(ask_for_renewal, address, asked, tls_files(self.folder).ca)

    def _keep(self, enrolment: Enrolment) -> None:
        keep_certificate(self.folder, enrolment.certificate, enrolment.key)
        self.identity.take_card(enrolment.card)
        log.info("certificate_renewed")
