"""Whether a slip that is asked for comes out now, as far as the printer has told."""

from collections.abc import Iterable
from typing import Final

from edge.daemon.front import PrintQueueView
from edge.web.device_lines import kind_of
from hardware.ports import DeviceHealth

_OUT: Final = "printer.paper_out"
_STOPS: Final = (_OUT, "printer.cover_open", "printer.gone", "device.jammed", "device.silent")
"""Of all that a printer and its queue tell, what lets no slip out: low paper still prints."""


def why_slips_wait(prints: PrintQueueView, devices: Iterable[DeviceHealth]) -> str:
    """The sentence, by its key, for a slip that waits in line; empty while slips are printed."""
    printers = [device for device in devices if kind_of(device.name) == "printer"]
    told = {prints.problem, *(printer.note for printer in printers)}
    if _OUT in told:
        return "keeper.slip.paper_out"
    stopped = not told.isdisjoint(_STOPS) or not all(printer.present for printer in printers)
    return "keeper.slip.waits" if stopped else ""
