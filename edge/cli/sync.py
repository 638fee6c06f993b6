"""`cunyi sync`: how a station's journal gets to the county."""

import contextlib
import json
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.arguments import LanguageOption, StationFolder, spoken

sync_app = typer.Typer(help="See how a station syncs with its county.", no_args_is_help=True)
app.add_typer(sync_app, name="sync")


@sync_app.command("status")
def sync_status(
    folder: StationFolder,
    *,
    language: LanguageOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Tell the verdict, what waits, and how long the room lasts.

    Asks the daemon while it runs. Exit code 0 whatever the verdict is, 2 for a folder without a
    station.
    """
    from edge.tools import sync

    status = sync.sync_status(folder)
    if as_json:
        print(json.dumps(status))
        return
    for line in sync.status_lines(status, spoken(language)):
        print(line)


@sync_app.command("tail")
def sync_tail(folder: StationFolder) -> None:
    """Follow what is sent and acknowledged, until Ctrl-C.

    Exit code 2 where no station runs.
    """
    from edge.tools import sync

    with contextlib.suppress(KeyboardInterrupt):
        for line in sync.sync_tail(folder):
            print(line, flush=True)


@sync_app.command("resend")
def sync_resend(folder: StationFolder, *, language: LanguageOption = None) -> None:
    """Have the running station settle everything with its county anew.

    It says HELLO and sends whatever the county then lacks. No mark is moved by hand. Exit code 0
    once it is asked, answered or not; 2 where no station runs.
    """
    from edge.tools import sync

    for line in sync.sync_resend(folder, spoken(language)):
        print(line)
