"""`cunyi county manifest|route`: what is on its way to stations, and which way things go."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.arguments import CountyFolder
from edge.cli.county import county_app

manifest_app = typer.Typer(help="Trips with their bags and parcels.", no_args_is_help=True)
route_app = typer.Typer(help="Next hops by place, network and direction.", no_args_is_help=True)
county_app.add_typer(manifest_app, name="manifest")
county_app.add_typer(route_app, name="route")
_File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file to read.")]


@manifest_app.command("import")
def manifest_import(
    file: _File,
    folder: CountyFolder,
    *,
    trip: Annotated[str, typer.Option(help="The trip, e.g. 2026-11-25-3.")],
    stop: Annotated[
        list[str], typer.Option(help="A stop and its time, e.g. pingshang@2026-11-25T14:00.")
    ],
    operator: Annotated[str, typer.Option(help="Who drives.")] = "",
) -> None:
    """Tell stations of a trip and what is in its bags.

    CSV with the columns seal, from, to, waybill, carrier, piece, pieces, tail, consent, phone; or a
    JSON list of the same. Phones are sealed here and go to no station. The same file again changes
    nothing, a corrected one replaces the former.
    """
    from edge.tools.trips import import_manifest

    kept = import_manifest(folder, file, trip=trip, operator=operator, stops=stop)
    print(f"Trip {trip}: {kept['bags']} bags, {kept['parcels']} parcels.")
    print(_news(kept["news"]))


@route_app.command("import")
def route_import(file: _File, folder: CountyFolder) -> None:
    """Replace the route table. CSV with the columns place, network, direction, next_hop.

    `*` stands for every network or direction that no other line of its place names.
    """
    from edge.tools.trips import import_routes

    kept = import_routes(folder, file)
    print(f"{kept['lines']} routes.")
    print(_news(kept["news"]))


@route_app.command("list")
def route_list(folder: CountyFolder) -> None:
    """Print the route table as CSV."""
    from edge.tools.trips import list_routes

    for line in list_routes(folder):
        print(line)


def _news(news: int) -> str:
    if not news:
        return "No news: every station has been told so before."
    return f"{news} items go out; each station hears them when it is in touch."
