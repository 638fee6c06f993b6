"""What lies on the bench beside the devices: new waybills, and the label that was scanned last."""

import threading
from collections.abc import Callable
from typing import Final

import zxingcpp
from PIL import Image

from edge.kernel.errors import Refused
from edge.tools.workbench.counter import Counter
from hardware.twins.bench import Bench
from hardware.twins.faults import Fault
from hardware.twins.printers.print_head import Slip

SAMPLE_HEADS: Final = ("YT7700", "SF1530", "JT3001")
"""Carrier letters and four digits; nine digits follow, so each is a 13-digit number."""
_NUMBERS: Final = 10**9


class Desk:
    """One person's place in front of one bench. Thread-safe.

    `first` starts the numbers of the sample waybills, so that a new desk has new ones.
    """

    def __init__(self, bench: Bench, first: int) -> None:
        self.bench: Final = bench
        self.counter: Final = Counter(bench, first)
        self._lock = threading.Lock()
        self._number = first
        self._label: str | None = None
        self._parcels = 0
        self.closing = threading.Event()
        """Set when the program ends: then the pages' streams end by themselves."""

    def samples(self) -> tuple[str, ...]:
        """A waybill number of each carrier that nobody has scanned yet."""
        with self._lock:
            return tuple(f"{head}{self._number % _NUMBERS:09d}" for head in SAMPLE_HEADS)

    def scan(self, text: str) -> None:
        """Hold a parcel's label before the scanner. Raises Refused where it is unplugged."""
        self._require_scanner()
        with self._lock:
            self._label = text
            self._number += 1
        self.bench.scanner.scan(text)

    def put_in(self, channel: int, thing: str | None, name: Callable[[int], str]) -> None:
        """Put in `thing`, else the parcel scanned last, else a new one that gets a `name`."""
        with self._lock:
            if thing is None:
                thing = self._label or name(self._parcels + 1)
            self.bench.cabinet.put_in(channel, thing)
            if thing == self._label:
                self._label = None
            else:
                self._parcels += 1

    def scan_slip(self, number: int) -> str:
        """Hold a printed slip before the scanner; returns what its QR code says.

        Raises Refused where there is no such slip, no code on it, or no scanner plugged in.
        """
        return self.scan_picture(self.paper(number))

    def scan_picture(self, picture: Image.Image) -> str:
        """Hold a piece of paper before the scanner; returns what its code says.

        Raises Refused where there is no code on it, or no scanner plugged in.
        """
        codes = zxingcpp.read_barcodes(picture)
        if not codes:
            raise Refused("bench.no_code_on_paper")
        self._require_scanner()
        text = codes[0].text
        self.bench.scanner.scan(text)
        return text

    def switch_fault(self, name: str, *, on: bool, channel: int | None) -> None:
        """Break or mend. Raises Refused for what this bench cannot have."""
        if name not in {kind.fault.value for kind in self.bench.menu}:
            raise Refused("bench.no_such_fault")
        self.bench.faults.switch(name, on=on, channel=channel)

    def paper(self, number: int) -> Image.Image:
        """The picture of a slip. Raises Refused where there is none."""
        return self._slip(number).image

    def _require_scanner(self) -> None:
        if self.bench.faults.is_on(Fault.SCANNER_UNPLUGGED):
            raise Refused("bench.scanner_is_unplugged")

    def _slip(self, number: int) -> Slip:
        for slip in self.bench.printer.slips:
            if slip.number == number:
                return slip
        raise Refused("bench.no_such_paper")
