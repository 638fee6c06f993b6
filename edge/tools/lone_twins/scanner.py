"""`cunyi twin scanner`: one of four kinds of scanner."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol

from edge.tools.lone_twins.kinds import ScannerKind
from edge.tools.lone_twins.terminal import Command, LoneTwin, menu_of, table_of, tell
from hardware.twins.bench import Plug
from hardware.twins.faults import Device, Fault, Faults
from hardware.twins.scanners.scanner import ScannerTwin
from hardware.twins.scanners.scanner_camera import CameraScannerTwin
from hardware.twins.scanners.scanner_keyboard import KeyboardScannerTwin
from hardware.twins.scanners.scanner_ssi import SsiScannerTwin


class _Scanner(Protocol):
    @property
    def cable(self) -> Plug:
        """What it is plugged in by."""

    def scan(self, text: str) -> None:
        """Read one code."""


@dataclass(frozen=True, slots=True)
class _Row:
    """`cannot`: faults that this kind does not have."""

    driver: str
    build: Callable[[Path, Faults], _Scanner]
    cannot: frozenset[Fault]


_OF_A_LINE: Final = frozenset(
    {
        Fault.SCANNER_SILENT,
        Fault.SCANNER_GARBLED,
        Fault.SCANNER_LATE,
        Fault.SCANNER_NOISE,
        Fault.SCANNER_RENUMBERED,
    }
)
"""A scanner that is no line has none of these."""
_KINDS: Final[Mapping[ScannerKind, _Row]] = MappingProxyType(
    {
        ScannerKind.LINE: _Row("line", ScannerTwin, frozenset({Fault.SCANNER_DEAF})),
        ScannerKind.SSI: _Row("ssi", SsiScannerTwin, frozenset({Fault.SCANNER_NO_SUFFIX})),
        ScannerKind.KEYBOARD: _Row("hid", KeyboardScannerTwin, _OF_A_LINE | {Fault.SCANNER_DEAF}),
        ScannerKind.CAMERA: _Row(
            "camera",
            CameraScannerTwin,
            _OF_A_LINE
            | {
                Fault.SCANNER_DOUBLE,
                Fault.SCANNER_NO_SUFFIX,
                Fault.SCANNER_BINARY,
                Fault.SCANNER_DEAF,
            },
        ),
    }
)


def run_scanner(link: Path, kind: ScannerKind, broken: tuple[str, ...] = ()) -> None:
    """A scanner until a signal. Each typed line is scanned. Raises ConfigError."""
    row = _KINDS[kind]
    faults = Faults(0)
    twin = row.build(link, faults)

    def scan(text: str) -> None:
        twin.scan(text)
        tell(f"scanned {text}")

    LoneTwin(
        name=f"{kind} scanner",
        link=link,
        plug=twin.cable,
        table=table_of("[[scanners]]", link, row.driver),
        faults=faults,
        menu=menu_of(Device.SCANNER, only=frozenset(Fault) - row.cannot),
        hint="Type a code to scan it",
        commands={"scan": Command(form="CODE", about="scan it, even if it is `help`", do=scan)},
        plain=scan,
    ).run(broken)
