"""A whole house for a story: broker, county, workbench and station on free ports."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.tools.house import House, Ports


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house that is up, ended afterwards."""
    with House(tmp_path, Ports.choose(tmp_path, 0)) as house:
        yield house
