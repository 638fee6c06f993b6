"""`cunyi county say`: a notice for the keepers of one station or of all."""

from typing import Annotated

import typer

from edge.cli.arguments import CountyFolder
from edge.cli.county import county_app


@county_app.command("say")
def county_say(
    station: Annotated[str, typer.Argument(help="Station id, or: all.")],
    folder: CountyFolder,
    *,
    notice: Annotated[str, typer.Option(help="Title, at most 40 characters.")],
    text: Annotated[str, typer.Option(help="What it says, at most 400 characters.")] = "",
    days: Annotated[int, typer.Option(min=0, max=365, help="Shown for so long; 0: for good.")] = 7,
) -> None:
    """Tell keepers something on their own page.

    It is repeated until each station has stored it, also one that is offline now.
    """
    from edge.tools.saying import say_notice

    told = say_notice(folder, station, title=notice, text=text, days=days)
    print(f"Said to {told} station{'' if told == 1 else 's'}; each hears it when it is in touch.")
