"""`cunyi county`: the county center and its folder."""

from typing import Annotated

import typer

from edge.cli.app import app
from edge.cli.arguments import CountyFolder, WebPort
from edge.cli.lasting_imports import lasting_imports

county_app = typer.Typer(help="Run a county center.", no_args_is_help=True)
app.add_typer(county_app, name="county")


@county_app.command("run")
def county_run(folder: CountyFolder) -> None:
    """Run the county center until Ctrl-C or SIGTERM."""
    with lasting_imports():
        from cloud_sync.county.app import run_county
        from cloud_sync.county.settings import read_county_settings
        from edge.daemon.logs import set_up_logs

    settings = read_county_settings(folder)
    set_up_logs()
    run_county(settings)


@county_app.command("init")
def county_init(
    folder: CountyFolder,
    *,
    county: Annotated[str, typer.Option("--id", help="County id, e.g. shangyou.")],
    name: Annotated[str, typer.Option(help="Name on screens.")],
    broker: Annotated[str, typer.Option(help="Broker address.")] = "mqtt://127.0.0.1:1883",
    web_port: WebPort = 8602,
) -> None:
    """Make a county's data folder with a county.toml to edit."""
    from cloud_sync.county.settings import NewCounty, make_county

    wanted = NewCounty(county=county, name=name, broker=broker, web_port=web_port)
    file = make_county(folder, wanted)
    print(f"County {county} is ready. Next: look over {file}, then: cunyi county run {folder}")
