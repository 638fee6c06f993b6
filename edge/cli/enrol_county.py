"""`cunyi county enrol|revoke|devices|rotate-key`: which stations belong to the county."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edge.cli.arguments import CountyFolder
from edge.cli.county import county_app
from edge.kernel.errors import ConfigError

if TYPE_CHECKING:
    from edge.tools.broker_steps import Change

StationName = Annotated[str, typer.Argument(metavar="STATION", help="Station id.")]


@county_app.command("enrol")
def county_enrol(
    station: StationName,
    folder: CountyFolder,
    *,
    code: Annotated[str, typer.Option(help="The code that the station made and printed.")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Its card or board was replaced: the old one ends.")
    ] = False,
    minutes: Annotated[
        int, typer.Option(min=1, max=10_080, help="How long the code is good.")
    ] = 15,
    request: Annotated[
        Path | None, typer.Option(help="A request that was carried here in a file.")
    ] = None,
    answer: Annotated[
        Path | None, typer.Option(help="Write the answer to this file, to carry it back.")
    ] = None,
) -> None:
    """Let a station in, by a code.

    Prints a code to type at the station, or takes the code that the station made.
    """
    from edge.tools import enrol_county

    if (request is None) != (answer is None) or (request is not None and not code):
        fix = "Say all three: --request FILE --answer FILE --code CODE"
        raise ConfigError("command line", "--request", "a file needs its answer and code", fix)
    given, url = enrol_county.expect(folder, station, code=code, replace=replace, minutes=minutes)
    if request is not None and answer is not None:
        answer.write_bytes(enrol_county.answer_request(folder, request.read_bytes()))
        print(f"{station} is enrolled. Carry {answer} back, then there:")
        print("    cunyi station enrol FOLDER --answer ANSWER")
    elif code:
        print(f"{station} is let in at its next try, within {minutes} minutes.")
    else:
        print(f"Code: {given}")
        print(f"Good once, for {minutes} minutes. At the station type:")
        print(f"    cunyi station enrol FOLDER --county {url} --code {given}")
    _say_broker_step(folder, station, "replaced" if replace else "enrolled", "Then the broker: ")


@county_app.command("revoke")
def county_revoke(
    station: StationName,
    folder: CountyFolder,
    *,
    reason: Annotated[str, typer.Option(help="Why, for the record.")],
) -> None:
    """Shut a station's device out.

    At once and for good: it was stolen, lost or sold.
    """
    from edge.tools import enrol_county

    enrol_county.revoke(folder, station, reason)
    print(f"The key of {station} speaks no more. To let the station in again with a new one:")
    print(f"    cunyi county enrol {station} {folder} --replace")
    _say_broker_step(folder, station, "revoked", "Until the broker is told it still lets it in: ")


@county_app.command("devices")
def county_devices(folder: CountyFolder) -> None:
    """List every device that was ever enrolled."""
    from edge.tools import enrol_county

    for line in enrol_county.device_lines(folder):
        print(line)


@county_app.command("rotate-key")
def county_rotate_key(
    folder: CountyFolder,
    *,
    forget_old: Annotated[
        bool, typer.Option("--forget-old", help="End the overlap: the old key counts no more.")
    ] = False,
) -> None:
    """Give the county a new key for its messages; stop it first. The old one overlaps."""
    from edge.tools import enrol_county

    number = enrol_county.rotate_key(folder, forget_old=forget_old)
    print(f"The county's card is number {number} now. Stations take it by themselves.")
    print("The broker's files stay as they are. For the safe: cunyi county export-keys, anew.")
    if not forget_old:
        print("Once all have been online:")
        print(f"    cunyi county rotate-key {folder} --forget-old")


def _say_broker_step(folder: Path, station: str, change: "Change", before: str) -> None:
    from edge.tools.broker_steps import broker_step

    step = broker_step(folder, station, change)
    if step:
        print(before + step)
