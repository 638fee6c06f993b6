"""What a station asks over the sync link about who it is and who the county is."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from sqlalchemy import Connection

from cloud_sync.county.identity.enrolment_office import EnrolmentOffice, writer_on
from cloud_sync.wire.trust.enrolment import read_renewal
from edge.kernel.errors import CunyiError, StoreError
from edge.kernel.ids import StationId

log = structlog.get_logger(__name__)

_Answerer = Callable[[Connection, StationId, Mapping[str, Any]], "dict[str, Any] | None"]


def identity_answerers(office: Callable[[], EnrolmentOffice | None]) -> Mapping[str, _Answerer]:
    """Answers by kind, for the desk of questions; they run in the ingest thread."""

    def renew(
        _view: Connection, station: StationId, body: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        here, asked = office(), str(body.get("asked", "")).encode()
        if here is None:
            return None
        try:
            if read_renewal(asked)[0].station != station:
                return None
            return {"answer": here.renew(asked, writer_on(here.database)).decode()}
        except StoreError:
            raise
        except CunyiError as refusal:
            log.warning("renewal_refused", station=station, reason=str(refusal))
            return None

    def card(
        _view: Connection, _station: StationId, body: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        here, number = office(), body.get("number")
        if here is None or not isinstance(number, int):
            return None
        own = here.ring.own
        return {"card": own.issued_card.decode()} if own.card.number > number else {}

    return {"identity.renew": renew, "identity.card": card}
