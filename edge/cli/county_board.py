"""`cunyi county board post|list|withdraw`: what villagers read of their station's village."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from edge.cli.arguments import CountyFolder
from edge.cli.county import county_app

board_app = typer.Typer(help="Notices for whole villages.", no_args_is_help=True)
county_app.add_typer(board_app, name="board")


@board_app.command("post")
def board_post(
    folder: CountyFolder,
    *,
    title: Annotated[str, typer.Option(prompt="Title", help="At most 40 letters.")],
    text: Annotated[str, typer.Option(prompt="Text", help="At most 400 letters, in lines.")],
    operator: Annotated[str, typer.Option(prompt="Your name", help="Kept, not shown to them.")],
    station: Annotated[
        list[str] | None, typer.Option(help="Station id, once for each; none: all stations.")
    ] = None,
    first: Annotated[
        str, typer.Option("--from", help="First day, e.g. 2026-11-25; today if left out.")
    ] = "",
    until: Annotated[
        str, typer.Option(help="Last day, all of it; the first day or today if left out.")
    ] = "",
) -> None:
    """Post one: it stands on the page of whoever has a parcel there or on its way there.

    Everybody may read it, so name nobody in it. The same one again is not posted twice.
    """
    from cloud_sync.county.local_socket import ask_county

    said: dict[str, Any] = {"title": title, "text": text, "since": first, "until": until}
    (told,) = ask_county(folder, "board_post", stations=station or [], operator=operator, **said)
    print("Posted:")
    _show(told)


@board_app.command("list")
def board_list(
    folder: CountyFolder,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Also the last ones that are over or withdrawn.")
    ] = False,
) -> None:
    """Print those that are not over, the newest first."""
    from cloud_sync.county.local_socket import ask_county

    notices = list(ask_county(folder, "board", all=every))
    for one in notices:
        _show(one)
    print(f"{sum(one['state'] in {'up', 'to come'} for one in notices)} not over.")


@board_app.command("withdraw")
def board_withdraw(
    folder: CountyFolder,
    number: Annotated[int, typer.Argument(help="Its number, as `list` prints it.")],
    *,
    operator: Annotated[str, typer.Option(prompt="Your name", help="Kept, not shown to them.")],
) -> None:
    """Take one down before its last day, for good."""
    from cloud_sync.county.local_socket import ask_county

    (told,) = ask_county(folder, "board_withdraw", number=number, operator=operator)
    print(
        f"Withdrawn: {told['withdrawn']}. Pages that are open keep it until they are loaded anew."
    )


def _show(one: Mapping[str, Any]) -> None:
    where = ", ".join(one["stations"]) or "all stations"
    by = f" by {one['withdrawn_by']}" if one["withdrawn_by"] else ""
    print(f"{one['number']}  {one['since']} to {one['until']}  {where}  {one['state']}{by}")
    print(f"    {one['title']}")
    print("    " + one["text"].replace("\n", "\n    "))
