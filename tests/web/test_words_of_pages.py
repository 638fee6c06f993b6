"""Scripts and templates say only what has a sentence, and no sentence waits in vain."""

import re
from pathlib import Path
from typing import Final

import pytest

from edge.web.kiosk_screen import Screen
from edge.web.page_routes import PAGES
from edge.web.tracking import Outcome
from edge.words.consent import WORDS as CONSENT
from edge.words.dock import WORDS as DOCK
from edge.words.hamlets import WORDS as HAMLETS
from edge.words.keeper import WORDS as KEEPER
from edge.words.keeper_places import WORDS as KEEPER_PLACES
from edge.words.keeper_returns import WORDS as KEEPER_RETURNS
from edge.words.kiosk import WORDS as KIOSK
from edge.words.labels import WORDS as LABELS
from edge.words.proxy import WORDS as PROXY
from edge.words.tracking import WORDS as TRACKING

SCRIPTS: Final = sorted(PAGES.glob("*.js"))
OF_PAGES: Final = {
    key: said
    for key, said in {**CONSENT, **PROXY, **HAMLETS, **LABELS}.items()
    if key.startswith(("keeper.", "kiosk."))
}
KNOWN: Final = {
    **KEEPER,
    **KEEPER_PLACES,
    **KEEPER_RETURNS,
    **DOCK,
    **OF_PAGES,
    **KIOSK,
    **TRACKING,
}
_WHOLE: Final = re.compile(r'"((?:kiosk|keeper|track)\.[\w.-]+)"')
_BEGUN: Final = re.compile(r'[`"]((?:kiosk|keeper|track)\.(?:[\w-]+\.)*)[${]')
_IN_HTML: Final = re.compile(r"""["']((?:kiosk|keeper)\.[\w.-]+)["']""")


def sources() -> str:
    """Everything that may say something: scripts, templates and the Python of these pages."""
    files = [*SCRIPTS, *PAGES.glob("*.html"), *Path(PAGES).parent.glob("*.py")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize("file", [*SCRIPTS, *sorted(PAGES.glob("*.html"))], ids=lambda f: f.name)
def test_every_key_in_a_page_has_a_sentence(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    pattern = _WHOLE if file.suffix == ".js" else _IN_HTML
    assert [key for key in pattern.findall(text) if key not in KNOWN] == []


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda f: f.name)
def test_a_script_says_only_what_its_own_page_carries(file: Path) -> None:
    foreign = "keeper." if file.name.startswith("kiosk") else "kiosk."
    keys = _WHOLE.findall(file.read_text(encoding="utf-8"))
    shared = file.name == "parts.js"
    assert [key for key in keys if shared or key.startswith(foreign)] == []


def test_no_sentence_waits_in_vain() -> None:
    text = sources()
    whole = {*_WHOLE.findall(text), *_IN_HTML.findall(text)}
    begun = tuple(set(_BEGUN.findall(text)) - {"kiosk.", "keeper.", "track."})
    whole |= {f"track.{outcome}{end}" for outcome in Outcome for end in ("", ".next")}
    whole |= {f"kiosk.{name}{end}" for name in (*Screen, "put_back") for end in ("", ".text")}
    assert [key for key in KNOWN if key not in whole and not key.startswith(begun)] == []
