"""The one look of all pages: tokens, shared components, the page frame and its script."""

from pathlib import Path
from typing import Final

import jinja2

from edge.words import say

STATIC: Final = Path(__file__).parent / "static"
"""Served at /look: tokens.css, page.css, page.js, logo.svg."""
TEMPLATES: Final = Path(__file__).parent / "templates"
"""page.html, the frame that every page extends."""


def make_templates(*folders: Path) -> jinja2.Environment:
    """Templates of an app, ours behind them. Everything is escaped; a missing value is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*folders, TEMPLATES]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["say"] = say
    return environment
