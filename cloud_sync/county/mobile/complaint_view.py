"""What the page of M9 投诉帮助 shows of one complaint: to whoever wrote it, not who answered."""

from typing import Any

from sqlalchemy import Row

from cloud_sync.county.mobile.sayings import moment
from edge.kernel.masking import short_waybill


def complaint_view(row: Row[Any]) -> dict[str, Any]:
    """Its receipt, what it says, and the answer once there is one."""
    return {
        "number": row.complaint,
        "kind": f"mobile.help.kind.{row.kind}",
        "parcel": short_waybill(row.waybill_no) if row.waybill_no else "",
        "said": row.said,
        "made": moment(row.made_ms),
        "answer": row.answer or "",
        "answered": {} if row.answered_ms is None else moment(row.answered_ms),
    }
