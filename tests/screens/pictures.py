"""Pictures of pages for docs/screens: each screen in plain and in big print, small as files."""

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page

from tests.support.browser import assert_accessible
from tests.web.support.fingers import must_scroll

COLOURS: Final = 96
"""Of a picture: enough for flat pages with smooth letters."""


@dataclass(frozen=True, kw_only=True)
class Screen:
    """One screen as the mission numbers it, and what to see on it."""

    code: str
    name: str
    title: str

    def file(self, dress: str) -> str:
        """The picture's file in this dress."""
        return f"{self.code.lower()}-{self.name}-{dress}.png"


@dataclass
class Album:
    """Takes pictures into a folder, and remembers which."""

    folder: Path
    screens: list[Screen] = field(default_factory=list)

    def take(self, code: str, name: str, title: str, light: Page, large: Page) -> None:
        """The same screen from two pages; axe must have nothing to say of either."""
        screen = Screen(code=code, name=name, title=title)
        for dress, page in (("light", light), ("large", large)):
            page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
            shot = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
            small = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            small.save(self.folder / screen.file(dress), optimize=True)
            assert_accessible(page)
            assert not (code.startswith("K") and must_scroll(page)), f"{code} {name} is cut off"
        self.screens.append(screen)

    def write_page(self) -> None:
        """The README.md that shows them all."""
        lines = [_HEAD]
        for screen in self.screens:
            lines.append(f"### {screen.code} {screen.title}\n")
            lines += [f"![{screen.code} {dress}]({screen.file(dress)})" for dress in _DRESSES]
            lines.append("")
        (self.folder / "README.md").write_text("\n".join(lines), encoding="utf-8")


_DRESSES: Final = ("light", "large")
_HEAD: Final = """# Screens · 界面

Every screen that is there so far, in plain and in big print, as it is in the browser. The pictures
are taken by `make screens` from a running station, whose devices are simulated at their ports, and
a running county, to which the tour tells what stations would; axe-core found nothing on any.
Codes are those of the table of screens. Kiosk pages are 800 x 480 as on the cabinet, the keeper's
1280 x 800; the county's page is shown on a desk and on a phone, the addressee's (M) on a phone
alone.
"""
