"""What the command line may ask of the running county about complaints."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from cloud_sync.county.complaints.book import answer_to, open_complaints
from cloud_sync.county.database import Database
from cloud_sync.county.local_socket import Handler
from cloud_sync.county.stream.desk import StateDesk
from edge.kernel.errors import CunyiError
from edge.kernel.village_time import village_time

_PATIENCE_S: Final = 60.0
_HOUR_MS: Final = 3_600_000


class ComplaintError(CunyiError):
    """It cannot be answered so; nothing was kept."""


def complaint_asks(
    desk: StateDesk, database: Database, wall_ms: Callable[[], int]
) -> dict[str, Handler]:
    """The asks of this subject by name."""

    def tell(_asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        with database.read() as connection:
            rows = open_complaints(connection)
        for row in rows:
            yield {
                "number": row.complaint,
                "kind": row.kind,
                "parcel": row.waybill_no,
                "said": row.said,
                "since": village_time(row.made_ms).isoformat(timespec="minutes"),
                "hours": max(0, wall_ms() - row.made_ms) // _HOUR_MS,
            }

    def answer(asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        words = {name: str(asked.get(name, "")) for name in ("complaint", "answer", "operator")}

        def job(connection: Connection) -> str:
            return answer_to(connection, **words, now_ms=wall_ms())

        if trouble := desk.work(job).result(timeout=_PATIENCE_S):
            raise ComplaintError(trouble)
        yield {"answered": words["complaint"]}

    return {"complaints": tell, "complaint_answer": answer}
