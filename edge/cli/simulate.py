"""`cunyi simulate`: the whole county in a box, with every fault, from a seed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from edge.cli.app import app
from edge.kernel.errors import ConfigError

if TYPE_CHECKING:
    from edge.simulation.story import Schedule


Seeds = Annotated[int, typer.Option(min=1, help="How many worlds.")]
Days = Annotated[float | None, typer.Option(help="How long things go wrong, up to 366 days.")]
Hours = Annotated[
    float | None,
    typer.Option(
        help="The same in hours, from 0.0003 (a second) to 8784; 0.25 if neither is said."
    ),
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
    Ctrl-C tells what was found so far and exits with 130.
    """
    from edge.simulation import command
    from edge.simulation.many import processors
    from edge.simulation.story import Schedule

    codes = _codes(fault or ())
    schedule = Schedule(
        faults_s=command.length_s(hours, days), only=_numbers(only), stations=stations
    )
    _agree(schedule, faults=bool(codes), timed=hours is not None or days is not None)
    wanted = range(start, start + seeds)
    command.agree(schedule, wanted)
    wish = command.Wish(
        seeds=wanted,
        schedule=schedule,
        faults=command.faults_named(codes),
        jobs=jobs or processors(),
        as_json=as_json,
    )
    raise typer.Exit(command.simulate(wish))


def _codes(words: Sequence[str]) -> list[str]:
    codes = [code for word in words for code in word.split(",") if code.strip()]
    if words and not codes:
        fix = "Say which: F001,F002; docs/durability.md has all"
        raise ConfigError("command line", "--fault", "没有写故障编号 · it names no fault", fix)
    return codes


def _numbers(text: str) -> frozenset[int] | None:
    if not text.strip():
        return None
    if text.strip() == "none":
        return frozenset()
    try:
        numbers = frozenset(int(word) for word in text.split(","))
    except ValueError as failure:
        fix = "Say numbers with commas between them, 3,17, or none"
        raise ConfigError(
            "command line", "--only", f"不是编号列表 · {text!r} is no list", fix
        ) from failure
    if min(numbers) < 1:
        problem = f"事件编号从 1 开始 · events are counted from 1, and {min(numbers)} is none"
        raise ConfigError("command line", "--only", problem, "Say 3,17, or none")
    return numbers


def _agree(schedule: "Schedule", *, faults: bool, timed: bool) -> None:
    if faults and (timed or schedule.only is not None or schedule.stations is not None):
        raise ConfigError(
            "command line",
            "--fault",
            "故障自有时长、计划和站点 · a fault has a length, a plan and a station of its own",
            "Leave out --days, --hours, --only and --stations",
        )
