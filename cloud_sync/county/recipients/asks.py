"""What the command line may ask of the running county about one person."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import Connection

from cloud_sync.county.database import Database
from cloud_sync.county.local_socket import Handler
from cloud_sync.county.recipients.person import erase, told_of
from cloud_sync.county.recipients.phone import Phone, read_phone
from cloud_sync.county.recipients.vault import Vault
from cloud_sync.county.stream.desk import StateDesk
from edge.kernel.errors import CunyiError

log = structlog.get_logger(__name__)

_PATIENCE_S: Final = 60.0
_T = TypeVar("_T")
EndPasses = Callable[[Connection, str], None]


class PersonError(CunyiError):
    """There is no such number, or nothing is known of it."""


def person_asks(
    desk: StateDesk, database: Database, vault: Vault, end_passes: EndPasses
) -> dict[str, Handler]:
    """The asks of this subject by name; each has the number under `phone`.

    `end_passes` ends whatever somebody who is forgotten has sent others with.
    """
    return {
        "person": _person(database, vault),
        "person_erase": _person_erase(desk, vault, end_passes),
    }


def _person(database: Database, vault: Vault) -> Handler:
    def tell(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        phone = _phone(asked)
        with database.read() as connection:
            yield _known(told_of(connection, vault, phone))

    return tell


def _person_erase(desk: StateDesk, vault: Vault, end_passes: EndPasses) -> Handler:
    def forget(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        phone = _phone(asked)

        def job(connection: Connection) -> int | None:
            return erase(connection, vault, phone, end_passes)

        parcels = _known(desk.work(job).result(timeout=_PATIENCE_S))
        log.info("person_erased", parcels=parcels)
        yield {"parcels": parcels}

    return forget


def _phone(asked: Mapping[str, Any]) -> Phone:
    phone = read_phone(str(asked.get("phone", "")))
    if phone is None:
        raise PersonError("this is no phone number; give it as the manifest has it")
    return phone


def _known(found: _T | None) -> _T:
    if found is None:
        raise PersonError("nothing is known of this number: it was never told, or is forgotten")
    return found
