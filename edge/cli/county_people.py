"""`cunyi county person export|erase`: what the county holds of one person, by their number."""

import json
from typing import Annotated

import typer

from edge.cli.arguments import CountyFolder
from edge.cli.county import county_app

person_app = typer.Typer(help="One person's data, by their phone number.", no_args_is_help=True)
county_app.add_typer(person_app, name="person")
# Asked for and not an argument: arguments stand in the shell's history and the process list.
_Phone = Annotated[str, typer.Option(prompt="Phone number", help="Asked for if left out.")]


@person_app.command("export")
def person_export(folder: CountyFolder, *, phone: _Phone) -> None:
    """Print all that the county holds of whoever has this number, as JSON."""
    from cloud_sync.county.local_socket import ask_county

    (told,) = ask_county(folder, "person", phone=phone)
    print(json.dumps(told, ensure_ascii=False, indent=2))


@person_app.command("erase")
def person_erase(
    folder: CountyFolder,
    *,
    phone: _Phone,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether this is meant.")] = False,
) -> None:
    """Forget this number, its page and its notices.

    Facts stay: they have no number and no name. Parcels that wait are collected by their
    slips; their owner is told nothing more.
    """
    from cloud_sync.county.local_socket import ask_county

    if not yes:
        typer.confirm("This cannot be undone. Forget this number?", abort=True)
    (told,) = ask_county(folder, "person_erase", phone=phone)
    print(f"Forgotten, with what was known of {told['parcels']} parcels.")
