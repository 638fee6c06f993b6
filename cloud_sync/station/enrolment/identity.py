"""A station's own key and the card of its county, in its folder.

FOLDER/identity.key is drawn once; county.card and tls/ come with the enrolment, county.url says
where the county's pages are. A running station sees at its next look what was written beside it.
"""

import threading
from pathlib import Path
from typing import Final, NamedTuple, Self

import structlog

from cloud_sync.wire.framing.frame import StrangerError
from cloud_sync.wire.trust.county_card import CardError, CountyCard, read_card
from cloud_sync.wire.trust.identity import Identity, KeyId, PublicIdentity
from cloud_sync.wire.trust.private_files import draw_identity, read_identity, write_private
from edge.kernel.ids import CountyId

log = structlog.get_logger(__name__)

IDENTITY: Final = "identity.key"
CARD: Final = "county.card"
COUNTY_URL: Final = "county.url"
TLS_CA: Final = Path("tls", "ca.pem")
TLS_CERTIFICATE: Final = Path("tls", "station.pem")
TLS_KEY: Final = Path("tls", "station.key")


class TlsFiles(NamedTuple):
    """What `cloud_sync.wire.trust.tls.client_context` wants."""

    ca: Path
    certificate: Path
    key: Path


def tls_files(folder: Path) -> TlsFiles:
    """Where a station has its certificate, enrolled or not."""
    return TlsFiles(folder / TLS_CA, folder / TLS_CERTIFICATE, folder / TLS_KEY)


class StationIdentity:
    """Who this station is to its county. Any thread may ask."""

    def __init__(self, folder: Path, county: CountyId, mine: Identity) -> None:
        self._folder, self._county = folder, county
        self.mine = mine
        self._guard = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._card: CountyCard | None = None
        self._look()

    @classmethod
    def read(cls, folder: Path, county: CountyId) -> Self:
        """Raises StoreError when the key is missing or damaged; a card may come later.

        A folder from before there were keys, and that nobody enrolled, is given one.
        """
        if not (folder / IDENTITY).exists() and not (folder / CARD).exists():
            return cls(folder, county, draw_identity(folder / IDENTITY))
        return cls(folder, county, read_identity(folder / IDENTITY))

    @property
    def enrolled(self) -> bool:
        """Whether a county has taken this station in."""
        return self.card is not None

    @property
    def card(self) -> CountyCard | None:
        """The county's card, None before the enrolment."""
        self._look()
        return self._card

    def county_key(self) -> PublicIdentity:
        """Whom to seal for. Raises StrangerError before the enrolment."""
        card = self.card
        if card is None:
            raise StrangerError("this station is not enrolled")
        return card.identities[0]

    def lookup(self, key_id: KeyId) -> PublicIdentity | None:
        """Fits cloud_sync.wire.framing.frame.Lookup: the county's keys, and nobody else's."""
        card = self.card
        return None if card is None else card.lookup(key_id)

    def take_card(self, issued: bytes) -> bool:
        """Keep a newer card of the authority that we trust; False for any other. May raise
        StoreError.
        """
        present = self.card
        if present is None:
            return False
        try:
            card = read_card(issued, ca=present.ca)
        except CardError as cause:
            log.warning("county_card_refused", reason=str(cause))
            return False
        if card.county != present.county or card.number <= present.number:
            return False
        write_private(self._folder / CARD, issued, mode=0o644)
        log.info("county_card_taken", number=card.number)
        return True

    def _look(self) -> None:
        """Read the card if its file has become another."""
        file = self._folder / CARD
        with self._guard:
            try:
                found = file.stat()
                seen = (found.st_mtime_ns, found.st_ino)
                if seen != self._seen:
                    self._card = self._usable(file.read_bytes())
                self._seen = seen
            except OSError:
                self._seen, self._card = None, None

    def _usable(self, issued: bytes) -> CountyCard | None:
        try:
            card = read_card(issued)
        except CardError as cause:
            log.warning("county_card_unusable", folder=str(self._folder), reason=str(cause))
            return None
        if card.county != self._county:
            log.warning("county_card_of_another", county=card.county)
            return None
        return card
