"""Enrols a station at its county: over HTTP, or with two files on a stick.

The code either comes from the county, and is typed here, or is made here and typed there.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec

from cloud_sync.station.enrolment.county_pages import (
    CountyRefusedError,
    NotYetAnsweredError,
    ask_to_enrol,
    checked_url,
)
from cloud_sync.station.enrolment.enrolling import Errand, set_out
from cloud_sync.station.enrolment.enrolment_files import Enrolment, keep_enrolment
from cloud_sync.station.enrolment.identity import StationIdentity
from cloud_sync.wire.trust.certificates import read_certificate
from cloud_sync.wire.trust.enrolment import EnrolmentCode
from cloud_sync.wire.trust.private_files import write_private
from cloud_sync.wire.trust.web_hosts import certified_hosts
from edge.daemon.machine_id import machine_id
from edge.kernel.errors import ConfigError, CunyiError, LinkError, StoreError
from edge.settings import Settings, read_settings
from edge.store.connection import FolderHeldError, FolderLock
from edge.wiring.enrolment_slip import print_enrolment_slip

PENDING: Final = "enrol.pending"
ASK_EVERY_S: Final = 3.0
WAIT_S: Final = 15 * 60.0
_FEW_TRIES: Final = 3


class NotEnrolledError(CunyiError):
    """It did not come about; the sentence says what to do."""


def begin(folder: Path, code: EnrolmentCode | None = None) -> Errand:
    """A request to be enrolled, with the code given or with a new one. Raises CunyiError."""
    settings = read_settings(folder)
    identity = StationIdentity.read(folder, settings.county_id)
    return set_out(
        identity.mine,
        code or EnrolmentCode.draw(),
        county=settings.county_id,
        station=settings.station_id,
        machine=machine_id(),
        hosts=certified_hosts(settings.web.host, settings.web.hosts),
    )


def enrol_by_known_code(folder: Path, url: str, typed: str) -> Enrolment:
    """With a code of the county's. Raises CunyiError; nothing is changed then."""
    address = checked_url(url)
    errand = begin(folder, EnrolmentCode.read(typed))
    for last in (False,) * (_FEW_TRIES - 1) + (True,):
        try:
            return _keep(folder, errand.open(ask_to_enrol(address, errand.asked.encode())), address)
        except NotYetAnsweredError as cause:
            if last:
                raise NotEnrolledError(
                    "the county does not know this code: it was mistyped, has expired or was used. "
                    "Make a new one there with: cunyi county enrol STATION FOLDER"
                ) from cause
            time.sleep(1.0)
    raise AssertionError("the last try has returned or raised")


def enrol_by_own_code(  # noqa: PLR0913 - where, what and how long, each by name
    folder: Path,
    url: str,
    errand: Errand,
    say: Callable[[str], None],
    *,
    wait_s: float = WAIT_S,
    every_s: float = ASK_EVERY_S,
) -> Enrolment:
    """Ask until somebody has typed the code at the county. Raises CunyiError."""
    address = checked_url(url)
    ends = time.monotonic() + wait_s
    told = ""
    while time.monotonic() < ends:
        try:
            return _keep(folder, errand.open(ask_to_enrol(address, errand.asked.encode())), address)
        except NotYetAnsweredError:
            news = "The county is there and waits for the code."
        except CountyRefusedError:
            raise
        except LinkError as cause:
            news = f"Still trying: {cause}"
        if news != told:
            say(news)
            told = news
        time.sleep(every_s)
    raise NotEnrolledError(
        f"nobody typed the code at the county within {wait_s / 60:.0f} minutes. Run this again: "
        "it makes a new code"
    )


def write_request(folder: Path, file: Path) -> EnrolmentCode:
    """A request in a file, to be carried to the county; returns the code to be typed there."""
    errand = begin(folder)
    write_private(folder / PENDING, msgspec.json.encode(errand))
    file.write_text(errand.asked, encoding="utf-8")
    return EnrolmentCode.read(errand.code)


def take_answer(folder: Path, file: Path) -> Enrolment:
    """The county's answer to that request. Raises CunyiError; nothing is changed then."""
    try:
        errand = msgspec.json.decode((folder / PENDING).read_bytes(), type=Errand)
    except FileNotFoundError as cause:
        fix = f"Make one: cunyi station enrol {folder} --request FILE"
        raise ConfigError(folder / PENDING, "", "no request waits for an answer", fix) from cause
    except (msgspec.DecodeError, ValueError, RecursionError) as cause:
        raise StoreError(f"{folder / PENDING} is damaged. Make a new request") from cause
    enrolment = _keep(folder, errand.open(file.read_bytes()), "")
    (folder / PENDING).unlink()
    return enrolment


def end_of(enrolment: Enrolment) -> str:
    """The day on which its certificate ends, unless it is renewed."""
    return f"{read_certificate(enrolment.certificate).not_valid_after_utc:%Y-%m-%d}"


def print_code(folder: Path, settings: Settings, code: EnrolmentCode) -> str:
    """Print the code on the receipt printer; an empty text, or why it could not be."""
    try:
        lock = FolderLock.take(folder)
    except FolderHeldError:
        return "the running station has the printer"
    try:
        asyncio.run(print_enrolment_slip(settings, code.text))
    except CunyiError as failure:
        return str(failure)
    finally:
        lock.release()
    return ""


def _keep(folder: Path, enrolment: Enrolment, asked_at: str) -> Enrolment:
    # Where it was reached is surer than where it believes to be reached.
    kept = replace(enrolment, url=asked_at or enrolment.url)
    keep_enrolment(folder, kept)
    return kept
