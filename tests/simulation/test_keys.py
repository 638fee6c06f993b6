"""What a world does not compute again is what would come out, and nothing else is believed."""

import pytest

from cloud_sync.wire.messages import Goodbye, MessageError
from edge.kernel.ids import CountyId, StationId
from edge.simulation.ground.chance import Dice
from edge.simulation.keys import Keyring

QINGSHAN, LINDAI = StationId("qingshan-01"), StationId("lindai-02")
MANY = 1_000
"""More than an end keeps of what it signed."""


@pytest.fixture
def keys() -> Keyring:
    keys = Keyring(CountyId("dexing"), Dice(1))
    keys.add(QINGSHAN)
    keys.add(LINDAI)
    return keys


def test_only_what_was_signed_is_believed_however_it_was_changed(keys: Keyring) -> None:
    signed = keys.county.sign(b"open cell 7")
    assert keys.county.public.has_signed(signed, b"open cell 7")
    assert not keys.county.public.has_signed(signed, b"open cell 8")
    spoilt = bytes([signed[0] ^ 1]) + signed[1:]
    assert not keys.county.public.has_signed(spoilt, b"open cell 7")
    assert not keys.county.public.has_signed(b"", b"open cell 7")


def test_what_one_end_signed_is_nobody_elses(keys: Keyring) -> None:
    frame = keys.station_codec(QINGSHAN).pack("tel", Goodbye(clean=True))
    assert keys.county_codec(QINGSHAN).unpack("tel", frame) == Goodbye(clean=True)
    with pytest.raises(MessageError):
        keys.county_codec(LINDAI).unpack("tel", frame)
    with pytest.raises(MessageError):
        keys.county_codec(QINGSHAN).unpack("ask", frame)


def test_an_old_signature_is_still_good(keys: Keyring) -> None:
    first = keys.county.sign(b"first")
    for number in range(MANY):
        keys.county.sign(b"%d" % number)
    assert keys.county.public.has_signed(first, b"first")
    assert not keys.county.public.has_signed(first, b"second")
