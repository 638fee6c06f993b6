"""`cunyi county export-keys` and `import-keys`: the county's keys, for a safe."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.arguments import CountyFolder
from edge.cli.county import county_app


@county_app.command("export-keys")
def county_export_keys(
    folder: CountyFolder, to: Annotated[Path, typer.Option(help="File to write, for a safe.")]
) -> None:
    """Write the county's keys to a file under a passphrase.

    Backups of the database do not hold them, and without them every station enrols anew.
    """
    from edge.tools.county_keys import export_keys

    export_keys(folder, to, typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True))
    print(f"{to} holds the keys. Keep it apart from the passphrase, and both apart from this disk.")


@county_app.command("import-keys")
def county_import_keys(
    folder: CountyFolder,
    source: Annotated[Path, typer.Option("--from", help="A file of export-keys.")],
) -> None:
    """Put the county's keys back. Stop the county first; the keys that were here are kept aside."""
    from edge.tools.county_keys import import_keys

    import_keys(folder, source, typer.prompt("Passphrase", hide_input=True))
    print(f"The keys are in place. Next: cunyi county run {folder}")
