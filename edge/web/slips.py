"""Whether a slip or label that is asked for comes out now, as far as its printer has told."""

from collections.abc import Iterable
from typing import Final

from edge.daemon.front import Front, PrintQueueView
from edge.domain.answers import Answer
from edge.domain.effects import Reply
from edge.web.device_lines import kind_of
from hardware.ports import DeviceHealth

_OUT: Final = ("printer.paper_out", "printer.label_out")
_STOPS: Final = (
    *_OUT,
    "printer.cover_open",
    "printer.gone",
    "printer.ribbon_out",
    "printer.label_jam",
    "printer.paused",
    "device.jammed",
    "device.silent",
)
"""Of all that a printer and its queue tell, what lets nothing out: low paper still prints."""


def why_it_waits(front: Front, reply: Reply | None) -> str:
    """The sentence, by its key, for the slip or the label of an answer that has to wait."""
    if reply is not None and reply.key == Answer.LABEL_QUEUED:
        return why_labels_wait(front.labels(), front.devices())
    return why_slips_wait(front.prints(), front.devices())


def why_slips_wait(prints: PrintQueueView, devices: Iterable[DeviceHealth]) -> str:
    """The sentence, by its key, for a slip that waits in line; empty while slips are printed."""
    return _why("printer", prints, devices, ("keeper.slip.paper_out", "keeper.slip.waits"))


def why_labels_wait(labels: PrintQueueView, devices: Iterable[DeviceHealth]) -> str:
    """The same of a label and its printer."""
    return _why("label-printer", labels, devices, ("keeper.label.out", "keeper.label.waits"))


def _why(
    kind: str,
    prints: PrintQueueView,
    devices: Iterable[DeviceHealth],
    sentences: tuple[str, str],
) -> str:
    printers = [device for device in devices if kind_of(device.name) == kind]
    told = {prints.problem, *(printer.note for printer in printers)}
    out, waits = sentences
    if not told.isdisjoint(_OUT):
        return out
    stopped = not told.isdisjoint(_STOPS) or not all(printer.present for printer in printers)
    return waits if stopped else ""
