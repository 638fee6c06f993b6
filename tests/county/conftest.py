"""What tests of the county's pages share: a station that has started, and a page on a server."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.county.offices import OpenOffice, open_office
from tests.county.village import Village

PATIENCE_S = 15.0


@pytest.fixture
def village() -> Village:
    village = Village()
    village.tell("station.started", version="0.1.0")
    return village


@pytest.fixture
def served(tmp_path: Path) -> Iterator[OpenOffice]:
    with open_office(tmp_path, ("pingshang", "坪上村站")) as opened:
        yield opened


@pytest.fixture
def web(served: OpenOffice) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.address, timeout=PATIENCE_S) as client:
        yield client
