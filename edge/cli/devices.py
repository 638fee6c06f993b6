"""`cunyi devices`: what is plugged in, and which lock opens which door."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.arguments import LanguageOption, StationFolder, quiet_drivers, spoken

devices_app = typer.Typer(help="Find devices and set up a cabinet.", no_args_is_help=True)
app.add_typer(devices_app, name="devices")


@devices_app.command("scan")
def devices_scan(
    folder: Annotated[
        Path | None, typer.Argument(help="A station's data folder; its other ports are spared.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
    probe: Annotated[
        bool, typer.Option("--probe", help="Ask serial lines for lock boards; opens nothing.")
    ] = False,
    port: Annotated[
        list[str] | None, typer.Option(help="With --probe: ask only this port; may be repeated.")
    ] = None,
    all_addresses: Annotated[
        bool,
        typer.Option(
            "--all-addresses",
            help="With --probe: also the addresses above 32, some 100 s a line.",
        ),
    ] = False,
    language: LanguageOption = None,
) -> None:
    """Say what is plugged in, with lines for station.toml.

    Exit code 1 when nothing was found.
    """
    from edge.tools.commissioning.scanning import ScanOptions, run_scan

    quiet_drivers()
    options = ScanOptions(
        folder=folder,
        as_json=as_json,
        probe=probe,
        ports=tuple(port or ()),
        all_addresses=all_addresses,
        language=spoken(language),
    )
    raise typer.Exit(run_scan(options))


@devices_app.command("commission")
def devices_commission(
    folder: StationFolder,
    *,
    operator: Annotated[str, typer.Option(help="Who opens the doors; asked if empty.")] = "",
    cells_may_hold_parcels: Annotated[
        bool,
        typer.Option(
            "--cells-may-hold-parcels", help="Go on although parcels lie behind some doors."
        ),
    ] = False,
    answers_from_pipe: Annotated[
        bool,
        typer.Option(
            "--answers-from-pipe",
            help="A program answers: each question is read first, then answered by one line.",
        ),
    ] = False,
    language: LanguageOption = None,
) -> None:
    """Open doors one by one and learn the wiring.

    The station must be stopped; station.toml is written at the end. Exit code 1
    when nothing was written.
    """
    from edge.tools.commissioning.asking import Terminal
    from edge.tools.commissioning.commission import CommissionOptions, commission

    quiet_drivers()
    person = Terminal(spoken(language), answers_from_pipe=answers_from_pipe)
    options = CommissionOptions(operator=operator, cells_may_hold_parcels=cells_may_hold_parcels)
    raise typer.Exit(commission(folder, options, person))
