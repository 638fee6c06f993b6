"""`cunyi twin`: simulated hardware, one device or a whole bench."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.arguments import LinkPath
from edge.cli.lasting_imports import lasting_imports
from edge.tools.lone_twins.kinds import ScaleKind, ScannerKind

twin_app = typer.Typer(
    help="Simulated hardware behind a link, as station.toml names it.", no_args_is_help=True
)
app.add_typer(twin_app, name="twin")

Broken = Annotated[
    list[str] | None,
    typer.Option(
        "--fault",
        metavar="NAME[:DOOR]",
        help="Broken from the start; may be repeated. A wrong name lists all.",
    ),
]
Papers = Annotated[Path, typer.Option(help="Folder for what comes out, as PNG.")]
Baud = Annotated[
    int | None, typer.Option(min=300, max=921_600, help="Pace of its bytes; at once if left out.")
]


@twin_app.command("lock-board")
def twin_lock_board(
    link: LinkPath,
    *,
    dialect: Annotated[
        str,
        typer.Option(
            help="Make of the board: 8a80, cu16, wkly, dongcheng, winnsen, modbus, "
            "modbus-waveshare and more. A wrong name lists all."
        ),
    ] = "8a80",
    channels: Annotated[
        int | None, typer.Option(help="Locks on the board; as the factory makes it if left out.")
    ] = None,
    address: Annotated[int | None, typer.Option(help="Its address on the line.")] = None,
    closed_bit: Annotated[
        int | None, typer.Option(min=0, max=1, help="The bit that says that a door is shut.")
    ] = None,
    baud: Baud = None,
    fault: Broken = None,
) -> None:
    """A lock board of any make with a steel cabinet.

    Type `3` to push door 3 shut, `help` for more.
    """
    from edge.tools.lone_twins.lock_board import BoardWishes, run_lock_board

    wishes = BoardWishes(
        dialect=dialect, channels=channels, address=address, closed_bit=closed_bit, baud=baud
    )
    run_lock_board(link, wishes, tuple(fault or ()))


@twin_app.command("scanner")
def twin_scanner(
    link: LinkPath,
    *,
    kind: Annotated[
        ScannerKind, typer.Option(help="Serial line, Zebra SSI, keyboard, or camera (a folder).")
    ] = ScannerKind.LINE,
    fault: Broken = None,
) -> None:
    """A scanner: each line that you type is scanned."""
    from edge.tools.lone_twins.scanner import run_scanner

    run_scanner(link, kind, tuple(fault or ()))


@twin_app.command("printer")
def twin_printer(
    link: LinkPath,
    *,
    papers: Papers = Path("papers"),
    dots: Annotated[
        int, typer.Option(min=80, max=832, help="Width: 384 for 58 mm paper, 576 for 80 mm.")
    ] = 384,
    fault: Broken = None,
) -> None:
    """An ESC/POS receipt printer: each slip becomes a picture."""
    from edge.tools.lone_twins.printers import run_printer

    run_printer(link, papers, dots, tuple(fault or ()))


@twin_app.command("label-printer")
def twin_label_printer(
    link: LinkPath, *, papers: Papers = Path("papers"), fault: Broken = None
) -> None:
    """A TSPL label printer: each label becomes a picture."""
    from edge.tools.lone_twins.printers import run_label_printer

    run_label_printer(link, papers, tuple(fault or ()))


@twin_app.command("scale")
def twin_scale(
    link: LinkPath,
    *,
    kind: Annotated[
        ScaleKind, typer.Option(help="Sends all the time, or answers Toledo questions.")
    ] = ScaleKind.CONTINUOUS,
    fault: Broken = None,
) -> None:
    """A scale: type the grams that lie on it.

    Type `1250` to put 1250 g on, `0` to take all off.
    """
    from edge.tools.lone_twins.counter import run_scale

    run_scale(link, kind, tuple(fault or ()))


@twin_app.command("card-reader")
def twin_card_reader(
    link: LinkPath,
    *,
    finds_again: Annotated[
        bool, typer.Option("--finds-again", help="A kind that finds a card that was read already.")
    ] = False,
    baud: Baud = None,
    fault: Broken = None,
) -> None:
    """A reader of identity cards: lay made-up cards on.

    Type `lay NUMBER NAME`, and `lift` to take the card away.
    """
    from edge.tools.lone_twins.counter import run_card_reader

    run_card_reader(link, finds_again=finds_again, baud=baud, broken=tuple(fault or ()))


@twin_app.command("ups")
def twin_ups(
    link: LinkPath,
    *,
    battery: Annotated[int, typer.Option(min=0, max=100, help="How full it is, in %.")] = 100,
    empties_s: Annotated[
        float, typer.Option(min=1, help="Seconds from full to empty without mains.")
    ] = 600,
    fault: Broken = None,
) -> None:
    """A UPS (Megatec) with a battery.

    Type `out` to cut the mains, `back` to bring them back.
    """
    from edge.tools.lone_twins.counter import run_ups

    run_ups(link, empties_s, battery, tuple(fault or ()))


@twin_app.command("speaker")
def twin_speaker(
    link: LinkPath,
    *,
    clips: Annotated[
        Path | None, typer.Option(help="Recordings that it knows; those of cunyi if left out.")
    ] = None,
    fault: Broken = None,
) -> None:
    """A loudspeaker: prints what it says."""
    from edge.tools.lone_twins.counter import run_speaker
    from edge.words.voice import CLIPS

    run_speaker(link, CLIPS if clips is None else clips, tuple(fault or ()))


@twin_app.command("pins")
def twin_pins(link: LinkPath, *, fault: Broken = None) -> None:
    """Pins with four locks, buzzer, lamps and a supply.

    Type `3` to push door 3 shut, `mains out` to cut the mains, `help` for more.
    """
    from edge.tools.lone_twins.pins import run_pins

    run_pins(link, tuple(fault or ()))


@twin_app.command("bench")
def twin_bench(
    folder: Annotated[Path, typer.Argument(help="Where to link the devices.")],
    port: Annotated[int, typer.Option(help="Port of the workbench page.")] = 8603,
    cells: Annotated[int, typer.Option(min=2, max=24, help="Cells of the locker.")] = 24,
) -> None:
    """All twins of one station, with the workbench page."""
    with lasting_imports():
        from edge.daemon.logs import set_up_logs
        from edge.tools.workbench.app import run_workbench

    set_up_logs()
    run_workbench(folder, "127.0.0.1", port, cells)


@twin_app.command("messages")
def twin_messages(
    folder: Annotated[Path, typer.Argument(help="Where to keep what was sent.")],
    port: Annotated[int, typer.Option(help="Port of the gateway and its page.")] = 8604,
) -> None:
    """A carrier of messages, SMS and calls, with a page of them.

    Name it in county.toml: [notices] gateway = "http://127.0.0.1:8604".
    """
    from edge.daemon.logs import set_up_logs
    from edge.tools.messages import run_messages

    set_up_logs()
    run_messages(folder, port)
