"""The pictures in docs/screens are of the screens that are there."""

from pathlib import Path

import pytest

from tests.screens.tour import ROOT, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_every_screen_can_be_walked_to_and_stands_in_the_album(tmp_path: Path) -> None:
    walk(tmp_path)
    kept = ROOT / "docs" / "screens"
    assert {file.name for file in tmp_path.iterdir()} == {file.name for file in kept.iterdir()}
    assert (tmp_path / "README.md").read_text("utf-8") == (kept / "README.md").read_text("utf-8")
