"""`cunyi doctor`: what is wrong here, and what to do about it."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.arguments import LanguageOption, quiet_drivers, spoken


@app.command()
def doctor(
    folder: Annotated[Path | None, typer.Argument(help="A station's data folder.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
    language: LanguageOption = None,
    bundle: Annotated[
        Path | None,
        typer.Option(help="Write a zip for whoever helps from afar; no secrets inside."),
    ] = None,
) -> None:
    """Look over this machine, and a station's folder.

    Exit code 1 when something is bad.
    """
    from edge.tools.doctor import examine

    quiet_drivers()
    said = spoken(language)
    findings = []
    for finding in examine(folder):
        findings.append(finding)
        if not as_json:
            print(finding.line(said), flush=True)
    if as_json:
        checks = [finding.as_json(said) for finding in findings]
        print(json.dumps({"checks": checks}, ensure_ascii=False, indent=2))
    if bundle is not None:
        from edge.tools.support_bundle import write_bundle

        print(write_bundle(bundle, folder, findings, said), file=sys.stderr)
    raise typer.Exit(max(finding.exit_code for finding in findings))
