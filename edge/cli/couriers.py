"""`cunyi courier`: who may hand bags over at a station, each with a PIN of their own."""

from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.arguments import StationFolder

courier_app = typer.Typer(help="Couriers of a station.", no_args_is_help=True)
app.add_typer(courier_app, name="courier")
_Name = Annotated[str, typer.Argument(help="The name that the courier signs in by.")]


@courier_app.command("add")
def courier_add(
    folder: StationFolder,
    courier: _Name,
    *,
    pin: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="6 digits.")
    ],
) -> None:
    """Let a courier sign handovers here, or give one a new PIN. The courier types it."""
    from edge.tools.couriers import add_courier

    add_courier(folder, courier, pin)
    print(f"{courier} may hand over at this station.")


@courier_app.command("remove")
def courier_remove(folder: StationFolder, courier: _Name) -> None:
    """Let a courier sign no more."""
    from edge.tools.couriers import remove_courier

    remove_courier(folder, courier)
    print(f"{courier} may hand over here no more.")
