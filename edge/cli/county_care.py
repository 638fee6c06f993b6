"""`cunyi county backup, restore, grant, acknowledge, lead`: what a person does about records."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from edge.cli.arguments import CountyFolder
from edge.cli.county import county_app

if TYPE_CHECKING:
    from cloud_sync.county.sync_office import SyncOffice


def _ask(
    folder: Path, ask: str, otherwise: "Callable[[SyncOffice], str]", said: str, **rest: Any
) -> str:
    """Have the running county do it; where none runs, do it on its folder."""
    from cloud_sync.county.intake import opened_sync_office
    from cloud_sync.county.local_socket import NotRunningError, ask_county

    try:
        return "".join(str(line[said]) for line in ask_county(folder, ask, **rest))
    except NotRunningError:
        with opened_sync_office(folder) as office:
            return otherwise(office)


@county_app.command("backup")
def county_backup(
    folder: CountyFolder, to: Annotated[Path, typer.Option(help="Folder on another disk.")]
) -> None:
    """Make a verified copy of the database.

    Also while the county runs. The copy is read again and compared before it counts.
    """
    place = to.absolute()
    made = _ask(
        folder,
        "backup",
        lambda office: str(office.backups.back_up(place).path),
        "file",
        patience_s=3_600.0,
        to=str(place),
    )
    print(f"Backup {made} is whole.")


@county_app.command("restore")
def county_restore(
    folder: CountyFolder,
    source: Annotated[Path, typer.Option("--from", help="A backup, county-….db.")],
) -> None:
    """Put a backup in the database's place. Stop the county first."""
    from cloud_sync.county.durability.backups import restore_backup

    aside = restore_backup(folder, source)
    if aside is not None:
        print(f"The database that was here lies in {aside}.")
    print(
        f"{source} is the database now. Next: cunyi county run {folder}\n"
        "Stations send again what it lacks. If the page then says that another county leads, and "
        f"that one is gone: cunyi county lead {folder}"
    )


@county_app.command("grant")
def county_grant(
    station: Annotated[str, typer.Argument(help="Station id.")],
    folder: CountyFolder,
    reason: Annotated[str, typer.Option(help="Why its journal cannot go on as it was.")],
) -> None:
    """Let a station go on after a loss.

    It begins a new epoch after what the county has of it.
    """
    from edge.kernel.ids import StationId

    _ask(
        folder,
        "grant",
        lambda office: office.grant(StationId(station), reason),
        "grant",
        station=station,
        reason=reason,
    )
    print(
        f"{station} begins a new epoch when it connects. Facts that it recorded and never sent "
        "are kept apart: count its parcels and cash by hand."
    )


@county_app.command("acknowledge")
def county_acknowledge(
    kind: Annotated[str, typer.Argument(help="fork, gap, parked, ingest_error, …")],
    folder: CountyFolder,
    *,
    who: Annotated[str, typer.Option(help="Who looked after it.")],
    note: Annotated[str, typer.Option(help="What was found and done.")],
    station: Annotated[str, typer.Option(help="Station id; none for the county's own.")] = "",
) -> None:
    """Close an alarm, and keep who did.

    Only for alarms that do not end by themselves.
    """

    def on_folder(office: "SyncOffice") -> str:
        office.acknowledge(station, kind, who, note)
        return kind

    rest = {"station": station, "kind": kind, "who": who, "note": note}
    _ask(folder, "acknowledge", on_folder, "kind", **rest)
    print(f"{kind} is closed and on record.")


@county_app.command("lead")
def county_lead(folder: CountyFolder) -> None:
    """Be the county that stations obey.

    Only after the other one is gone for good.
    """
    generation = _ask(folder, "lead", lambda office: office.lead(), "generation")
    print(f"This county leads, with generation {generation}.")
