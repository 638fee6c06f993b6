"""Prints what is queued, slips on one printer and labels on another, one by one.

What may have come out before carries a copy mark.
"""

import asyncio
from contextlib import suppress
from typing import Final

import structlog

from edge.daemon.devices.print_layouts import blocks_of
from edge.daemon.front import PrintQueueView
from edge.daemon.station import Station
from edge.daemon.store_thread import StoreCalls
from edge.kernel.errors import DeviceGone, DeviceJammed
from edge.store.database import PrintJob, Store
from edge.store.print_queue import Paper
from hardware.ports import PaperState, Printer

log = structlog.get_logger(__name__)

RETRY_S: Final = 3.0
_SILENT: Final = "device.silent"
_PROBLEMS: Final = {
    PaperState.OUT: "printer.paper_out",
    PaperState.COVER_OPEN: "printer.cover_open",
}
_LABEL_PROBLEMS: Final = frozenset(
    {"printer.label_out", "printer.ribbon_out", "printer.label_jam", "printer.paused"}
)
"""What a label printer says of itself, more exactly than by its paper."""
_UNREADABLE: Final = {
    Paper.SLIP: "printer.slip_unreadable",
    Paper.LABEL: "printer.label_unreadable",
}


class PrintWorker:
    """Takes jobs of one paper from the store; a job leaves the queue only after the printer took
    all of it.
    """

    def __init__(  # noqa: PLR0913 - a composition root passes each collaborator by name
        self,
        *,
        station: Station,
        station_name: str,
        store: Store,
        store_thread: StoreCalls,
        printer: Printer,
        paper: Paper = Paper.SLIP,
    ) -> None:
        self._station = station
        self._station_name = station_name
        self._store = store
        self._thread = store_thread
        self._printer = printer
        self._paper = paper
        self._grown = asyncio.Event()
        self._view = PrintQueueView(waiting=0)
        self._deferred: tuple[int, str] | None = None
        station.when_journal_grows(self._grown.set)

    def view(self) -> PrintQueueView:
        """How many slips or labels wait, and why."""
        return self._view

    async def run(self) -> None:
        """Print for ever; a printer in trouble is asked again every few seconds."""
        while True:
            self._grown.clear()
            problem = await self._print_all()
            await self._show(problem)
            with suppress(TimeoutError):
                async with asyncio.timeout(RETRY_S if problem else None):
                    await self._grown.wait()

    async def _print_all(self) -> str:
        while (job := await self._thread.run(self._store.next_print_job, self._paper)) is not None:
            if problem := await self._printer_problem():
                return problem
            if not await self._thread.run(self._store.print_started, job.job):
                continue  # its code died while the printer was asked
            try:
                await self._printer.print_document(blocks_of(job, self._station_name))
            except DeviceGone as failure:
                await self._defer(job, str(failure))
                return "printer.gone"
            except DeviceJammed as failure:
                await self._defer(job, str(failure))
                return await self._printer_problem() or "device.jammed"
            except Exception as bug:  # one bad slip must not stop the doors
                log.exception("print_unreadable", job=job.job, paper=self._paper.value)
                await self._thread.run(self._store.print_unreadable, job.job, repr(bug))
            else:
                await self._thread.run(self._store.print_done, job.job)
                log.info("printed", job=job.job, paper=self._paper.value)
            await self._show("")
        return ""

    async def _printer_problem(self) -> str:
        paper = await self._printer.paper()
        # Asked after `paper`, which may be what opens the port.
        health = self._printer.health()
        # Silent: it has answered before, and its port is still there. It was switched off, so
        # what it would be sent now is lost; a printer that never answers is not meant.
        there = health.present and health.note != _SILENT
        if there and health.note in _LABEL_PROBLEMS:
            return health.note
        return _PROBLEMS.get(paper, "" if there else "printer.gone")

    async def _defer(self, job: PrintJob, reason: str) -> None:
        # Once for each reason: a printer that is away for a week must not wear the card out.
        if self._deferred != (job.job, reason):
            self._deferred = (job.job, reason)
            log.warning("print_deferred", job=job.job, reason=reason)
            await self._thread.run(self._store.print_deferred, job.job, reason)

    async def _show(self, problem: str) -> None:
        waiting = await self._thread.run(self._store.print_queue_length, self._paper)
        if not problem and await self._thread.run(self._store.unreadable_prints, self._paper) > 0:
            problem = _UNREADABLE[self._paper]
        view = PrintQueueView(waiting=waiting, problem=problem)
        if view != self._view:
            self._view = view
            metrics = self._station.metrics
            slips = self._paper is Paper.SLIP
            (metrics.prints_waiting if slips else metrics.labels_waiting).set(waiting)
            self._station.ring()
