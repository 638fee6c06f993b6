"""`cunyi twin printer` and `cunyi twin label-printer`: what comes out becomes a picture."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from PIL import Image

from edge.kernel.errors import ConfigError
from edge.tools.lone_twins.terminal import LoneTwin, menu_of, table_of, tell
from edge.words import say
from hardware.twins.faults import Device, Faults
from hardware.twins.printers.label_printer import LabelPrinterTwin
from hardware.twins.printers.printer import PrinterTwin

_Printed = Callable[[], Iterable[tuple[int, Image.Image]]]


def run_printer(link: Path, papers: Path, dots: int, broken: tuple[str, ...] = ()) -> None:
    """A printer until a signal. Each slip becomes papers/slip-001.png. Raises ConfigError."""
    names = _free_names(_folder(papers), "slip")
    faults = Faults(0)
    twin = PrinterTwin(link, faults, dots)
    if twin.note:
        tell(say(twin.note, "en"))
    LoneTwin(
        name="receipt printer",
        link=link,
        plug=twin.cable,
        table=table_of("[printer]", link, "escpos", dots=dots),
        faults=faults,
        menu=menu_of(Device.PRINTER),
        hint=f"Slips go to {papers}/",
        look=_keeper(lambda: ((slip.number, slip.image) for slip in twin.slips), names),
    ).run(broken)


def run_label_printer(link: Path, papers: Path, broken: tuple[str, ...] = ()) -> None:
    """A label printer until a signal. Each becomes papers/label-001.png. Raises ConfigError."""
    names = _free_names(_folder(papers), "label")
    faults = Faults(0)
    twin = LabelPrinterTwin(link, faults)
    LoneTwin(
        name="label printer",
        link=link,
        plug=twin.cable,
        table=table_of("[label_printer]", link, "tspl"),
        faults=faults,
        menu=menu_of(Device.LABEL_PRINTER),
        hint=f"Labels go to {papers}/",
        look=_keeper(lambda: twin.numbered, names),
    ).run(broken)


def _folder(papers: Path) -> Path:
    try:
        papers.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        fix = "Choose another folder"
        raise ConfigError(papers, "", f"no folder here ({cause.strerror})", fix) from cause
    return papers


def _keeper(printed: _Printed, names: Iterator[Path]) -> Callable[[], None]:
    """Saves what has come out since the last look."""
    done = 0

    def look() -> None:
        nonlocal done
        for count, image in printed():
            if count > done:
                done = count
                file = next(names)
                image.save(file)
                tell(f"printed {file}")

    return look


def _free_names(papers: Path, stem: str) -> Iterator[Path]:
    number = 1
    while True:
        file = papers / f"{stem}-{number:03d}.png"
        if not file.exists():
            yield file
        number += 1
