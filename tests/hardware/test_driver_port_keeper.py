"""How often a port that is away is tried again."""

from itertools import islice
from pathlib import Path

import pytest

from hardware.byte_channel import ByteChannel, PortGone, open_channel
from hardware.drivers.port_keeper import (
    FIRST_WAIT_S,
    LONGEST_WAIT_S,
    NO_PERMISSION_WAIT_S,
    PortKeeper,
    Waits,
)
from tests.hardware.driver_peer import Peer

MISSING = "device.missing"
REFUSED = "device.no_permission"
BACK_WITHIN_S = 5.0


def waits_for(waits: Waits, note: str, count: int) -> list[float]:
    return list(islice(iter(lambda: waits.next_s(note), None), count))


def test_a_missing_port_is_tried_less_often_but_never_later_than_two_seconds() -> None:
    waits = Waits()
    assert waits_for(waits, MISSING, 6) == [0.25, 0.5, 1.0, 2.0, LONGEST_WAIT_S, LONGEST_WAIT_S]
    waits.opened()
    assert waits.next_s(MISSING) == FIRST_WAIT_S


def test_a_port_that_is_refused_right_after_the_plug_is_tried_at_once_and_slowly_only_later() -> (
    None
):
    waits = Waits()
    waits_for(waits, MISSING, 6)  # it was away for a while
    refused = waits_for(waits, REFUSED, 8)
    assert refused[0] == FIRST_WAIT_S
    assert max(refused[:5]) <= LONGEST_WAIT_S
    assert sum(refused[:5]) >= BACK_WITHIN_S
    assert refused[5:] == [NO_PERMISSION_WAIT_S] * 3
    assert waits.next_s(MISSING) <= LONGEST_WAIT_S
    assert waits.next_s(REFUSED) == FIRST_WAIT_S


def test_a_port_whose_group_is_set_a_moment_after_the_plug_is_open_a_moment_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hardware.drivers.port_keeper.FIRST_WAIT_S", 0.002)
    monkeypatch.setattr("hardware.drivers.port_keeper.NO_PERMISSION_WAIT_S", 3_600.0)
    tries = 0

    def opener() -> ByteChannel:
        nonlocal tries
        tries += 1
        if tries <= 2:
            raise PortGone("no permission", REFUSED)
        return open_channel(peer.port, 9_600)

    with Peer(tmp_path / "link", lambda _frame: b"") as peer:
        keeper = PortKeeper("scanner", peer.port, 9_600, opener=opener)
        while keeper.open() is None:
            assert keeper.condition.note == REFUSED
            keeper.rest()
        assert (tries, keeper.condition.open) == (3, True)
        keeper.close()
