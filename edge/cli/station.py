"""`cunyi station`: the daemon of a village station and its folder."""

from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.arguments import StationFolder, WebPort
from edge.cli.lasting_imports import lasting_imports
from edge.cli.until_stopped import run_until_stopped

station_app = typer.Typer(help="Run a village station.", no_args_is_help=True)
app.add_typer(station_app, name="station")


@station_app.command("init")
def station_init(
    folder: StationFolder,
    *,
    county: Annotated[str, typer.Option(help="County id, e.g. shangyou.")],
    station: Annotated[str, typer.Option("--id", help="Station id, e.g. pingshang.")],
    name: Annotated[str, typer.Option(help="Name on screens and slips.")],
    broker: Annotated[str, typer.Option(help="Broker address.")] = "mqtt://127.0.0.1:1883",
    web_port: WebPort = 8601,
    twins: Annotated[
        Path | None, typer.Option(help="Folder of a running workbench: use its twins.")
    ] = None,
) -> None:
    """Make a station's data folder.

    It gets a key, an empty journal and a station.toml to edit.
    """
    from edge.tools.new_station import NewStation, make_station

    wanted = NewStation(
        county=county,
        station=station,
        name=name,
        broker=broker,
        web_port=web_port,
        twins=twins,
        everything=twins is not None,
    )
    file = make_station(folder, wanted)
    print(f"Station {station} is ready in {folder}.")
    print(f"Next: look over {file}, then run: cunyi station run {folder}")


@station_app.command("run")
def station_run(folder: StationFolder) -> None:
    """Run the station daemon until Ctrl-C or SIGTERM."""
    with lasting_imports():
        from edge.settings import read_settings

    settings = read_settings(folder)  # before the heavy imports: a typo is told at once
    with lasting_imports():
        from edge.daemon.logs import set_up_logs
        from edge.wiring import run_station

    set_up_logs()
    run_until_stopped(lambda stop: run_station(folder, settings, stop))


@station_app.command("install")
def station_install(
    folder: StationFolder,
    *,
    root: Annotated[
        Path, typer.Option(help="Write below this folder instead, for a look.", show_default=True)
    ] = Path("/"),
    kiosk: Annotated[bool, typer.Option(help="With the villagers' screen on tty1.")] = True,
    remove: Annotated[bool, typer.Option("--remove", help="Take it all back.")] = False,
) -> None:
    """Put systemd units, udev rules and the kiosk in place.

    What is done twice is as done once. The station's data is never touched.
    """
    from edge.settings import read_settings
    from edge.tools import install

    settings = read_settings(folder)
    plan = install.Plan(
        folder=folder.resolve(), settings=settings, program=install.own_program(), kiosk=kiosk
    )
    if not remove and root == Path("/"):
        install.refuse_out_of_reach(plan)
    for file in (install.remove if remove else install.install)(plan, root):
        print(f"{'removed' if remove else 'wrote'} {file}")
    if not remove:
        for path in install.out_of_reach(plan):
            print(f"Out of the service's reach, so it would not start from here: {path}")
        print(install.look_over(root))
        print("Next, as root:")
        for step in install.next_steps(plan):
            print(f"    {step}")
