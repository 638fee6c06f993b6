"""`cunyi county audit list|export`: who did what at the county."""

from pathlib import Path
from typing import Annotated, Any

import typer

from edge.cli.arguments import CountyFolder
from edge.cli.county import county_app

audit_app = typer.Typer(help="Who did what.", no_args_is_help=True)
county_app.add_typer(audit_app, name="audit")
_Who = Annotated[str, typer.Option(help="One name only.")]
_Act = Annotated[str, typer.Option(help="One kind of act only, e.g. sign_in.")]
_First = Annotated[str, typer.Option("--from", help="First day, e.g. 2026-11-25.")]
_Until = Annotated[str, typer.Option(help="Last day, all of it.")]


@audit_app.command("list")
def audit_list(
    folder: CountyFolder,
    *,
    who: _Who = "",
    act: _Act = "",
    first: _First = "",
    until: _Until = "",
    most: Annotated[int, typer.Option(min=1, max=10_000, help="So many lines.")] = 100,
) -> None:
    """Print the trail, the newest line first."""
    from cloud_sync.county.local_socket import ask_county

    wanted: dict[str, Any] = {"who": who, "act": act, "since": first, "until": until}
    for one in ask_county(folder, "audit", most=most, **wanted):
        told = (
            one["at"],
            f"{one['who']} ({one['role']})" if one["role"] else one["who"],
            one["act"],
            one["subject"],
            f"from {one['address']}",
            f"{one['outcome']}: {one['reason']}" if one["reason"] else one["outcome"],
        )
        print("  ".join(told))


@audit_app.command("export")
def audit_export(
    folder: CountyFolder,
    *,
    to: Annotated[Path, typer.Option(help="File to write; none is overwritten.")],
    operator: Annotated[str, typer.Option(prompt="Your name", help="Kept in the audit trail.")],
    who: _Who = "",
    act: _Act = "",
    first: _First = "",
    until: _Until = "",
) -> None:
    """Write the trail as CSV for Excel, the oldest line first. The trail says who has it."""
    from cloud_sync.county.local_socket import ask_county

    wanted: dict[str, Any] = {"who": who, "act": act, "since": first, "until": until}
    lines = ask_county(folder, "audit_export", operator=operator, **wanted)
    heading = next(lines)  # what is refused leaves no file
    to.touch(mode=0o600, exist_ok=False)
    with to.open("w", encoding="utf-8", newline="") as file:
        file.write(heading["text"])
        file.writelines(line["text"] for line in lines)
    print(f"{to} holds the trail.")
