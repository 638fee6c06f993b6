"""`cunyi county open` and `cunyi county commands`: doors from afar, and what became of them."""

from typing import Annotated

import typer

from edge.cli.arguments import CountyFolder
from edge.cli.county import county_app


@county_app.command("open")
def county_open(
    station: Annotated[str, typer.Argument(help="Station id, e.g. pingshang.")],
    cell: Annotated[int, typer.Argument(help="Number of the cell.", min=1, max=999)],
    folder: CountyFolder,
    *,
    operator: Annotated[str, typer.Option(help="Who asks for it.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    tail: Annotated[
        str, typer.Option(help="End of the waybill inside (4 letters or more); none if empty.")
    ] = "",
) -> None:
    """Open one cell of one station now, once, or never.

    Exit code 0 only if the door opened, 1 if it did not or nobody knows, 2 if nothing was asked.
    Ctrl-C takes the wish back as long as nothing was sent.
    """
    from cloud_sync.county.commands.audit import CommandState
    from cloud_sync.county.commands.telling import follow

    opened = False
    try:
        for state, sentence in follow(
            folder, station=station, cell=cell, operator=operator, reason=reason, tail=tail
        ):
            print(sentence, flush=True)
            opened = state == CommandState.OPENED
    except KeyboardInterrupt:
        print("Left. What became of it: cunyi county commands", folder)
        raise typer.Exit(1) from None
    if not opened:
        raise typer.Exit(1)


@county_app.command("commands")
def county_commands(folder: CountyFolder) -> None:
    """List the newest live commands.

    Who asked for what and why, and what is known of each.
    """
    from cloud_sync.county.commands.telling import listed

    for line in listed(folder):
        print(line)
