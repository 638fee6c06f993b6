"""Writes what an enrolment brought into a station's folder; the card last, for it is the sign."""

from dataclasses import dataclass
from pathlib import Path

from cloud_sync.station.enrolment.identity import CARD, COUNTY_URL, tls_files
from cloud_sync.wire.trust.county_card import read_card
from cloud_sync.wire.trust.private_files import write_private


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What a station has from its county. `url` is where the county's pages are, if it said so."""

    card: bytes
    certificate: bytes
    key: bytes
    url: str = ""


def keep_enrolment(folder: Path, enrolment: Enrolment) -> None:
    """Put it all in place. Raises CardError, StoreError; a running station sees it by itself."""
    card = read_card(enrolment.card)
    files = tls_files(folder)
    files.key.parent.mkdir(mode=0o700, exist_ok=True)
    keep_certificate(folder, enrolment.certificate, enrolment.key)
    write_private(files.ca, card.ca.encode(), mode=0o644)
    if enrolment.url:
        write_private(folder / COUNTY_URL, f"{enrolment.url}\n".encode(), mode=0o644)
    write_private(folder / CARD, enrolment.card, mode=0o644)


def keep_certificate(folder: Path, certificate: bytes, key: bytes) -> None:
    """Put a certificate and its key in place. Raises StoreError."""
    files = tls_files(folder)
    write_private(files.key, key)
    write_private(files.certificate, certificate, mode=0o644)
