"""`cunyi county say|dismiss`: what the keepers of one station or of all hear from the county."""

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


@county_app.command("dismiss")
def county_dismiss(
    station: Annotated[str, typer.Argument(help="Station id, or: all.")],
    keeper: Annotated[str, typer.Argument(help="The name that the keeper signs in by.")],
    folder: CountyFolder,
    *,
    readmit: Annotated[bool, typer.Option("--readmit", help="Let this keeper in again.")] = False,
) -> None:
    """Let a keeper sign in no more.

    A station that is in touch signs the keeper out at once, any other once it is in touch again.
    A backup of the county that is put back undoes none of this; only --readmit does.
    """
    from edge.tools.saying import dismiss_keeper

    told = dismiss_keeper(folder, station, keeper, readmit=readmit)
    if not told:
        print("No news: every station has been told so before.")
        return
    may = "may sign in again" if readmit else "may sign in no more"
    print(f"{keeper} {may}, at {told} station{'' if told == 1 else 's'}, each once in touch.")
