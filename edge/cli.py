"""`cunyi`: the command line. Every error is one clear line and an exit code.

Exit codes: 0 done, 1 a check found something, 2 the command cannot be carried out.
"""

import asyncio
import importlib.metadata
import json
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer

from edge.kernel.errors import CunyiError

app = typer.Typer(
    name="cunyi",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
station_app = typer.Typer(help="Run a village station.", no_args_is_help=True)
county_app = typer.Typer(help="Run a county center.", no_args_is_help=True)
twin_app = typer.Typer(help="Simulated hardware on a pseudo-terminal.", no_args_is_help=True)
journal_app = typer.Typer(help="Look into a station's journal.", no_args_is_help=True)
app.add_typer(station_app, name="station")
app.add_typer(county_app, name="county")
app.add_typer(twin_app, name="twin")
app.add_typer(journal_app, name="journal")

STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)

WebPort = Annotated[int, typer.Option(min=1, max=65_535, help="Port of the pages.")]
StationFolder = Annotated[Path, typer.Argument(help="The station's data folder.")]
CountyFolder = Annotated[Path, typer.Argument(help="The county's data folder.")]
LinkPath = Annotated[Path, typer.Option("--link", help="Where to link the pseudo-terminal.")]


def _tell_version(wanted: bool) -> None:
    if wanted:
        print(f"cunyi {importlib.metadata.version('cunyi')}")
        raise typer.Exit


@app.callback()
def everywhere(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """村驿 cunyi: parcel lockers and village stations, from the scanner to the county."""


def main() -> None:
    """Entry point: expected errors become one line on stderr and exit code 2."""
    try:
        app(prog_name="cunyi")
    except CunyiError as failure:
        _fail(str(failure))
    except OSError as failure:
        if failure.filename is None:
            raise
        # A folder that is not there, is a file, or belongs to somebody else.
        _fail(f"{failure.filename}: {failure.strerror}")


def _fail(message: str) -> NoReturn:
    print(f"cunyi: {message}", file=sys.stderr)
    sys.exit(2)


@app.command()
def demo(
    *,
    story: Annotated[
        bool, typer.Option("--story", help="Play check-in and pickup alone, then exit.")
    ] = False,
    wipe_broker: Annotated[
        bool, typer.Option("--wipe-broker", help="With --story: kill and wipe the broker midway.")
    ] = False,
    folder: Annotated[
        Path | None, typer.Option(help="Keep all data here; otherwise it goes when you leave.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65_000, help="First of four ports, 8600 if none; 0: free ones."),
    ] = None,
) -> None:
    """The whole house on simulated hardware, in your browser."""
    from edge.tools.demo import DemoOptions, run_demo

    options = DemoOptions(story=story, wipe_broker=wipe_broker, folder=folder, first_port=port)
    raise typer.Exit(run_demo(options))


@app.command()
def doctor(
    folder: Annotated[Path | None, typer.Argument(help="A station's data folder.")] = None,
) -> None:
    """Look over this machine, and a station's folder.

    Exit code 1 when something is bad.
    """
    from edge.tools.doctor import examine

    worst = 0
    for finding in examine(folder):
        print(finding.line())
        worst = max(worst, finding.exit_code)
    raise typer.Exit(worst)


@app.command()
def bench(
    names: Annotated[list[str] | None, typer.Argument(help="What to measure; all if none.")] = None,
) -> None:
    """Measure against a peer in the same run, as JSON."""
    from edge.tools.bench import measure

    print(json.dumps(measure(names or []), indent=2, ensure_ascii=False))


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
        county=county, station=station, name=name, broker=broker, web_port=web_port, twins=twins
    )
    file = make_station(folder, wanted)
    print(f"Station {station} is ready in {folder}.")
    print(f"Next: look over {file}, then run: cunyi station run {folder}")


@station_app.command("run")
def station_run(folder: StationFolder) -> None:
    """Run the station daemon until Ctrl-C or SIGTERM."""
    from edge.settings import read_settings

    settings = read_settings(folder)  # before the heavy imports: a typo is told at once
    from edge.daemon.logs import set_up_logs
    from edge.wiring import run_station

    set_up_logs()
    _run_until_stopped(lambda stop: run_station(folder, settings, stop))


@county_app.command("run")
def county_run(folder: CountyFolder) -> None:
    """Run the county center until Ctrl-C or SIGTERM."""
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
    accept_new: Annotated[
        bool, typer.Option("--accept-new", help="Take in stations that nobody registered.")
    ] = False,
) -> None:
    """Make a county's data folder with a county.toml to edit."""
    from cloud_sync.county.settings import NewCounty, make_county

    wanted = NewCounty(
        county=county, name=name, broker=broker, web_port=web_port, accept_new=accept_new
    )
    file = make_county(folder, wanted)
    print(f"County {county} is ready. Next: look over {file}, then: cunyi county run {folder}")


@twin_app.command("lock-board")
def twin_lock_board(
    link: LinkPath, channels: Annotated[int, typer.Option(help="Locks on the board.")] = 24
) -> None:
    """An 8A/80 lock board with a steel cabinet.

    Type `3` to push door 3 shut.
    """
    from edge.tools.lone_twin import run_lock_board

    run_lock_board(link, channels)


@twin_app.command("scanner")
def twin_scanner(link: LinkPath) -> None:
    """A line scanner: each line that you type is scanned."""
    from edge.tools.lone_twin import run_scanner

    run_scanner(link)


@twin_app.command("printer")
def twin_printer(
    link: LinkPath,
    papers: Annotated[Path, typer.Option(help="Folder for the slips, as PNG.")] = Path("papers"),
) -> None:
    """An ESC/POS receipt printer: each slip becomes a picture."""
    from edge.tools.lone_twin import run_printer

    run_printer(link, papers)


@twin_app.command("bench")
def twin_bench(
    folder: Annotated[Path, typer.Argument(help="Where to link the pseudo-terminals.")],
    port: Annotated[int, typer.Option(help="Port of the workbench page.")] = 8603,
    cells: Annotated[int, typer.Option(min=2, max=24, help="Cells of the locker.")] = 24,
) -> None:
    """All twins of one station, with the workbench page."""
    from edge.daemon.logs import set_up_logs
    from edge.tools.workbench.app import run_workbench

    set_up_logs()
    run_workbench(folder, "127.0.0.1", port, cells)


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


def _run_until_stopped(run: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    async def until_signal() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def end() -> None:
            stop.set()
            for number in STOP_SIGNALS:  # the second one is not waited for
                loop.remove_signal_handler(number)

        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, end)
        await run(stop)

    try:
        asyncio.run(until_signal())
    except BaseExceptionGroup as group:
        # The loop's chores stand or fall together; the first expected cause is what to tell.
        expected, _rest = group.split(CunyiError)
        if expected is None:
            raise
        raise _first(expected) from group


def _first(group: BaseExceptionGroup[CunyiError]) -> CunyiError:
    found = group.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found


if __name__ == "__main__":
    main()
