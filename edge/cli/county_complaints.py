"""`cunyi county complaints list|answer`: what addressees wrote on their pages."""

from typing import Annotated

import typer

from edge.cli.arguments import CountyFolder
from edge.cli.county import county_app

complaints_app = typer.Typer(help="What addressees complain of.", no_args_is_help=True)
county_app.add_typer(complaints_app, name="complaints")


@complaints_app.command("list")
def complaints_list(folder: CountyFolder) -> None:
    """Print those that wait for an answer, the oldest first, with their age."""
    from cloud_sync.county.local_socket import ask_county

    waiting = list(ask_county(folder, "complaints"))
    for one in waiting:
        print(f"{one['number']}  {one['hours']} h  {one['since']}  {one['kind']}  {one['parcel']}")
        print("    " + one["said"].replace("\n", "\n    "))
    print(f"{len(waiting)} open.")


@complaints_app.command("answer")
def complaints_answer(
    folder: CountyFolder,
    number: Annotated[str, typer.Argument(help="The number of the receipt.")],
    *,
    answer: Annotated[str, typer.Option(prompt="Answer", help="What they read on their page.")],
    operator: Annotated[str, typer.Option(prompt="Your name", help="Kept, not shown to them.")],
) -> None:
    """Answer one, once: it stands on the page of whoever complained."""
    from cloud_sync.county.local_socket import ask_county

    (told,) = ask_county(
        folder, "complaint_answer", complaint=number, answer=answer, operator=operator
    )
    print(f"Answered: {told['answered']}.")
