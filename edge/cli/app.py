"""The root of the command line, and what becomes of errors."""

import importlib.metadata
import sys
from typing import Annotated, NoReturn

import typer

from edge.kernel.errors import CunyiError

app = typer.Typer(
    name="cunyi",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


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
