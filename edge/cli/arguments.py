"""What several commands have in common: their arguments, and quiet drivers."""

import logging
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

WebPort = Annotated[int, typer.Option(min=1, max=65_535, help="Port of the pages.")]
StationFolder = Annotated[Path, typer.Argument(help="The station's data folder.")]
CountyFolder = Annotated[Path, typer.Argument(help="The county's data folder.")]
LinkPath = Annotated[Path, typer.Option("--link", help="Where to link the pseudo-terminal.")]


class Language(StrEnum):
    """What the answers are said in."""

    ZH = "zh"
    EN = "en"


LanguageOption = Annotated[
    Language | None, typer.Option("--language", help="By the system's locale if left out.")
]


def spoken(language: Language | None) -> str:
    """The language to answer in; Chinese where the locale is Chinese, English anywhere else."""
    if language is not None:
        return language.value
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), "")
    return Language.ZH.value if locale.lower().startswith("zh") else Language.EN.value


def quiet_drivers() -> None:
    """For a tool that talks to devices itself: of their drivers only bugs are logged, to stderr."""
    from edge.daemon.logs import set_up_logs

    set_up_logs(level=logging.ERROR)
