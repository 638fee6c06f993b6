"""Stations and visitors for the tests of the pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.support.browserless import Visitor
from tests.web.support.village import Village, open_village


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A fresh station behind its pages."""
    with open_village(tmp_path / "station") as opened:
        yield opened


@pytest.fixture
def visitor(village: Village) -> Iterator[Visitor]:
    """Somebody at the kiosk."""
    with Visitor(village.address) as somebody:
        yield somebody


@pytest.fixture
def keeper(village: Village) -> Iterator[Visitor]:
    """The keeper, signed in."""
    with Visitor(village.address) as somebody:
        somebody.become_keeper()
        yield somebody
