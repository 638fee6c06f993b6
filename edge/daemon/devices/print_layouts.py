"""From what a print job says to what stands on paper; each kind of slip and label once."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from edge.daemon.devices.hamlet_slip import lay_out_hamlet
from edge.daemon.devices.handover_slip import lay_out_handover
from edge.daemon.devices.labels import lay_out_bag_label, lay_out_shelf_label
from edge.daemon.devices.overdue_slip import lay_out_overdue
from edge.daemon.devices.proxy_slip import lay_out_proxy_slip
from edge.daemon.devices.slip import lay_out_slip
from edge.store.database import PrintJob
from hardware.ports import Block

_LAYOUTS: Final[Mapping[str, Callable[..., tuple[Block, ...]]]] = {
    "overdue": lay_out_overdue,
    "hamlet": lay_out_hamlet,
    "proxy": lay_out_proxy_slip,
    "shelf_label": lay_out_shelf_label,
    "bag_label": lay_out_bag_label,
}
"""By the one word that a job's content stands under."""


def blocks_of(job: PrintJob, station_name: str) -> tuple[Block, ...]:
    """The document of a job. Raises for what no software of ours queued."""
    said: dict[str, Any] = msgspec.json.decode(job.content)
    for word, lay_out in _LAYOUTS.items():
        if word in said:
            return lay_out(station_name=station_name, content=said[word], again=job.started)
    if "handover" in said:
        return lay_out_handover(
            station_name=station_name,
            content=said["handover"],
            copy_for=said["for"],
            again=job.started,
        )
    return lay_out_slip(
        station_name=station_name,
        waybill_no=said["waybill_no"],
        carrier=said["carrier"],
        phone_tail=said["phone_tail"],
        cell=said["cell"],
        slot=said.get("slot"),  # a slip of an older software knows cells only
        digits=said["digits"],
        token=said["token"],
        copy=job.started,
    )
