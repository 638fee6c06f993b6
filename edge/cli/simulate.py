"""`cunyi simulate`: the whole county in a box, with every fault, from a seed."""

from typing import TYPE_CHECKING, Annotated

import typer

from edge.cli.app import app
from edge.kernel.errors import ConfigError

if TYPE_CHECKING:
    from edge.simulation.story import Schedule


Seeds = Annotated[int, typer.Option(min=1, help="How many worlds.")]
Days = Annotated[float | None, typer.Option(help="How long things go wrong.")]
Hours = Annotated[
    float | None, typer.Option(help="The same in hours; a quarter if neither is said.")
]
Faults = Annotated[
    list[str] | None, typer.Option(help="Play these faults of docs/durability.md: F001,F002,...")
]
Only = Annotated[
    str, typer.Option(help="Of each plan let only these events happen: 3,17, or none.")
]
Stations = Annotated[
    int | None, typer.Option(min=1, max=3, help="At most so many stations in a world.")
]
Jobs = Annotated[
    int | None, typer.Option(min=1, help="Processes; one for each processor if left out.")
]


@app.command()
def simulate(
    *,
    seeds: Seeds = 20,
    start: Annotated[int, typer.Option(min=0, help="The first seed.")] = 0,
    days: Days = None,
    hours: Hours = None,
    fault: Faults = None,
    only: Only = "",
    stations: Stations = None,
    jobs: Jobs = None,
    as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
) -> None:
    """Run whole counties on virtual time, with every fault.

    A world is stations, county, broker, cards, doors and people, all from one seed; the same seed
    is the same world. Exit code 1 where a law is broken; the way to see it again is printed.
    """
    from edge.simulation import command
    from edge.simulation.many import processors
    from edge.simulation.story import Schedule

    codes = [code for word in fault or () for code in word.split(",") if code.strip()]
    schedule = Schedule(
        faults_s=command.length_s(hours, days), only=_numbers(only), stations=stations
    )
    _agree(schedule, faults=bool(codes), timed=hours is not None or days is not None)
    wish = command.Wish(
        seeds=range(start, start + seeds),
        schedule=schedule,
        faults=command.faults_named(codes),
        jobs=jobs or processors(),
        as_json=as_json,
    )
    raise typer.Exit(command.simulate(wish))


def _numbers(text: str) -> frozenset[int] | None:
    if not text.strip():
        return None
    if text.strip() == "none":
        return frozenset()
    try:
        return frozenset(int(word) for word in text.split(","))
    except ValueError as failure:
        fix = "Say numbers with commas between them, 3,17, or none"
        raise ConfigError("command line", "--only", f"{text!r} is no list", fix) from failure


def _agree(schedule: "Schedule", *, faults: bool, timed: bool) -> None:
    if faults and (timed or schedule.only is not None or schedule.stations is not None):
        raise ConfigError(
            "command line",
            "--fault",
            "a fault has a length, a plan and a station of its own",
            "Leave out --days, --hours, --only and --stations",
        )
