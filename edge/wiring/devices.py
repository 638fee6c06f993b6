"""The station's hardware, each driver made by the name that the settings give it."""

import asyncio
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from edge.kernel.errors import ConfigError
from edge.settings import FILE_NAME, LockBoardTable, Settings, scanner_name
from edge.settings.devices import LabelPrinterTable, PowerTable
from edge.settings.strict import DriverTable, Strict
from edge.words.voice import CLIPS
from hardware.catalogue import (
    CARD_READERS,
    POWERS,
    PRINTERS,
    SCALES,
    SCANNERS,
    SIGNALS,
    VOICES,
    choose,
    lock_board_kind,
)
from hardware.options import (
    LockBankOptions,
    PortOptions,
    PowerOptions,
    PrinterOptions,
    ScannerOptions,
    SignalsOptions,
    VoiceOptions,
)
from hardware.ports import (
    CardReader,
    Device,
    LockBank,
    Power,
    Printer,
    Scale,
    Scanner,
    Signals,
    Voice,
)

DOTS_A_MM: Final = 8
"""Label printers have 203 dpi."""
OWN_CLIPS: Final = "clips"
"""Folder of a station's own recordings, beside its station.toml."""
_Options = TypeVar("_Options")
_Port = TypeVar("_Port", bound=Device)


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """What this station has; None where the settings name nothing."""

    banks: tuple[LockBank, ...]
    scanners: tuple[Scanner, ...]
    printer: Printer
    label_printer: Printer | None = None
    scale: Scale | None = None
    card_reader: CardReader | None = None
    power: Power | None = None
    voice: Voice | None = None
    signals: Signals | None = None

    def all(self) -> tuple[Device, ...]:
        """Every device, in the order in which screens show them."""
        some: tuple[Device | None, ...] = (
            self.label_printer,
            self.scale,
            self.card_reader,
            self.power,
            self.voice,
            self.signals,
        )
        there = tuple(device for device in some if device is not None)
        return (*self.banks, *self.scanners, self.printer, *there)

    async def aclose(self) -> None:
        """Give every port back, all at once: a printer may have a line to finish."""
        await asyncio.gather(*(device.aclose() for device in self.all()))


def make_devices(folder: Path, settings: Settings) -> Devices:
    """Make each driver named in the settings; ports open later, in the drivers' own threads."""
    return Devices(
        banks=tuple(
            lock_board_kind(board.driver).make(_bank_options(f"lock-board-{n}", board))
            for n, board in enumerate(settings.cabinet.boards, start=1)
        ),
        scanners=tuple(
            choose(SCANNERS, table.driver)(_named(ScannerOptions, scanner_name(n), table))
            for n, table in enumerate(settings.scanners, start=1)
        ),
        printer=make_printer(settings),
        label_printer=_label_printer(settings.label_printer),
        scale=_made(SCALES, PortOptions, "scale", settings.scale),
        card_reader=_made(CARD_READERS, PortOptions, "card-reader", settings.card_reader),
        power=_power(settings.power),
        voice=_voice(folder, settings),
        signals=_made(SIGNALS, SignalsOptions, "signals", settings.signals),
    )


def make_printer(settings: Settings) -> Printer:
    """The receipt printer alone."""
    options = _named(PrinterOptions, "printer", settings.printer)
    return choose(PRINTERS, settings.printer.driver)(options)


def _bank_options(name: str, board: LockBoardTable) -> LockBankOptions:
    about_cells = {"first_cell", "cells", "sensors"}
    return _named(LockBankOptions, name, board, but=about_cells)


def _label_printer(table: LabelPrinterTable | None) -> Printer | None:
    if table is None:
        return None
    options = PrinterOptions(
        name="label-printer",
        port=table.port,
        baud=table.baud,
        dots=table.width_mm * DOTS_A_MM,
        dots_down=table.height_mm * DOTS_A_MM,
        gap_mm=table.gap_mm,
    )
    return choose(PRINTERS, table.driver)(options)


def _power(table: PowerTable | None) -> Power | None:
    if table is None:
        return None
    options = _named(PowerOptions, "power", table, but={"poweroff"})
    return choose(POWERS, table.driver)(options)


def _voice(folder: Path, settings: Settings) -> Voice | None:
    table = settings.voice
    if table is None:
        return None
    clips = (folder / OWN_CLIPS, CLIPS)
    dialects = tuple((name, folder / own) for name, own in table.dialects.folders().items())
    for name, recordings in dialects:
        if not recordings.is_dir():
            problem = f"there is no folder {recordings.name} beside this file"
            fix = "Put the recordings there, or take the line away"
            raise ConfigError(folder / FILE_NAME, f"voice.dialects.{name}", problem, fix)
    options = VoiceOptions(
        name="voice", port=table.port, volume=table.volume, clips=clips, dialects=dialects
    )
    return choose(VOICES, table.driver)(options)


def _made(
    makers: Mapping[str, Callable[[_Options], _Port]],
    options: Callable[..., _Options],
    name: str,
    table: DriverTable | None,
) -> _Port | None:
    return None if table is None else choose(makers, table.driver)(_named(options, name, table))


def _named(
    options: Callable[..., _Options], name: str, table: Strict, but: AbstractSet[str] = frozenset()
) -> _Options:
    """The options of a driver: the table of its device, without what only the station reads."""
    return options(name=name, **table.model_dump(exclude={"driver", *but}))
