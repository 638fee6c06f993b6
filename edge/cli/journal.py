"""`cunyi journal`: a look into a station's journal."""

import json

import typer

from edge.cli.app import app
from edge.cli.arguments import StationFolder

journal_app = typer.Typer(help="Look into a station's journal.", no_args_is_help=True)
app.add_typer(journal_app, name="journal")


@journal_app.command("verify")
def journal_verify(folder: StationFolder) -> None:
    """Check sequence, hash chain and tables.

    Asks the daemon while it runs. Exit code 1 when anything is wrong.
    """
    from edge.tools.journal import verify

    report = verify(folder)
    for problem in report.problems:
        print(f"problem: {problem}")
    print(f"{report.facts} facts, epoch {report.epoch}, head {report.head[:16]}")
    print("journal is clean" if not report.problems else f"{len(report.problems)} problems")
    raise typer.Exit(1 if report.problems else 0)


@journal_app.command("export")
def journal_export(folder: StationFolder) -> None:
    """Print every fact as one line of JSON, oldest first.

    Asks the daemon while it runs. Keyed hashes of codes are left out.
    """
    from edge.tools.journal import export

    for fact in export(folder):
        print(json.dumps(fact, ensure_ascii=False))
