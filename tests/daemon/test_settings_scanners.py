"""[[scanners]] of station.toml."""

from typing import Any

import pytest
from pydantic import ValidationError

from edge.settings.devices import ScannerTable


def table(**keys: Any) -> ScannerTable:
    return ScannerTable.model_validate({"port": "/dev/serial/by-id/usb-x", **keys})


@pytest.mark.parametrize(
    ("keys", "baud"),
    [({}, 115_200), ({"driver": "ssi"}, 9_600), ({"driver": "ssi", "baud": 19_200}, 19_200)],
)
def test_a_scanner_is_as_the_factory_left_it_unless_the_file_says_otherwise(
    keys: dict[str, Any], baud: int
) -> None:
    assert table(**keys).baud == baud


@pytest.mark.parametrize(
    ("driver", "trigger"), [("line", "honeywell"), ("line", "newland"), ("ssi", "zebra")]
)
def test_a_trigger_of_its_own_kind_is_taken(driver: str, trigger: str) -> None:
    assert table(driver=driver, trigger=trigger).trigger == trigger


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"trigger": "zebra"}, "a line scanner obeys honeywell, newland"),
        ({"driver": "ssi", "trigger": "newland"}, "a ssi scanner obeys zebra"),
        (
            {"driver": "hid", "port": "/dev/input/x", "trigger": "newland"},
            "a hid scanner obeys none",
        ),
        ({"driver": "camera", "port": "/dev/video0"}, "a camera is the file: of the picture"),
        ({"suffix": "cr"}, "suffix"),
    ],
)
def test_what_does_not_fit_the_kind_is_refused_with_what_would(
    keys: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ValidationError, match=problem):
        table(**keys)


def test_a_camera_is_named_by_its_picture() -> None:
    assert table(driver="camera", port="file:/run/cunyi/camera/frame.jpg").suffix == "any"
