"""A label printer twin on its cable, for the tests of driver and twin."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hardware.twins.faults import Faults
from hardware.twins.printers.label_printer import LabelPrinterTwin


@dataclass
class Shop:
    """A label printer on its cable, and what is wrong with it."""

    twin: LabelPrinterTwin
    faults: Faults
    port: str


def open_shop(folder: Path, *, odd_lid: bool = False) -> Iterator[Shop]:
    faults = Faults(0)
    twin = LabelPrinterTwin(folder / "label-printer", faults, odd_lid=odd_lid)
    twin.cable.start()
    try:
        yield Shop(twin, faults, f"twin:{folder}/label-printer")
    finally:
        twin.cable.close()
