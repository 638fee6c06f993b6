"""`cunyi demo` and `cunyi bench`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from edge.cli.app import app


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
def bench(
    names: Annotated[list[str] | None, typer.Argument(help="What to measure; all if none.")] = None,
) -> None:
    """Measure against a peer in the same run, as JSON."""
    from edge.tools.bench import measure

    print(json.dumps(measure(names or []), indent=2, ensure_ascii=False))
