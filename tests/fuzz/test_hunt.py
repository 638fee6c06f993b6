"""The hunt itself: what breaks is found, made short, and can be found again."""

import random

import pytest

from tests.fuzz.hunt import MOST_AT_ONCE, MOST_GROWTH, SEED, HungError, hunt, nothing_hangs, shrink
from tests.fuzz.mutation import spoil, spoil_value

GOOD = b'{"kind":"door.opened","cell":7}'


def crash_at_zero_byte(made: bytes) -> None:
    if b"\0" in made:
        raise ZeroDivisionError("planted")


def test_a_planted_crash_is_found_shrunk_and_can_be_repeated() -> None:
    def make(chance: random.Random) -> bytes:
        return spoil(chance, GOOD, [])

    with pytest.raises(AssertionError) as caught:
        hunt("planted", make, crash_at_zero_byte, count=2_000)
    told = str(caught.value)
    assert r"by b'\x00'" in told
    number = int(told.split("FUZZ_FROM=")[1].split(maxsplit=1)[0])
    assert b"\0" in make(random.Random(f"{SEED}/planted/{number}"))


def test_a_planted_leak_is_found() -> None:
    kept: list[bytes] = []

    def leak(made: bytes) -> None:
        kept.append(made * 200)

    with pytest.raises(AssertionError, match=r"left .* bytes behind"):
        hunt("leak", lambda chance: chance.randbytes(2 * MOST_GROWTH // 20_000), leak, count=200)


def test_a_planted_bomb_is_found_though_it_leaves_nothing_behind() -> None:
    def swell(made: bytes) -> None:
        assert len(bytearray(len(made) * MOST_AT_ONCE)) > 0

    with pytest.raises(AssertionError, match=r"held .* bytes at once"):
        hunt("bomb", lambda chance: chance.randbytes(2), swell, count=3)


def test_a_planted_hang_is_found() -> None:
    with pytest.raises(HungError, match="busy for 1 s"):
        _run_for_ever()


def _run_for_ever() -> None:
    with nothing_hangs(1):
        while True:
            pass


def test_what_is_shrunk_still_fails_and_holds_nothing_more_than_it_needs() -> None:
    made = b"some bytes before X and Y after it"
    assert shrink(made, lambda part: b"X" in part and b"Y" in part) == b"XY"


def test_most_mutations_differ_from_the_good_input_and_every_kind_of_damage_comes() -> None:
    spoilt = [spoil(random.Random(n), GOOD, [b"other"]) for n in range(500)]
    assert sum(one != GOOD for one in spoilt) > 450
    assert any(len(one) < len(GOOD) for one in spoilt)
    assert any(len(one) > len(GOOD) for one in spoilt)
    assert any(len(one) == len(GOOD) and one != GOOD for one in spoilt)


def test_a_value_is_spoilt_in_one_place_and_itself_left_alone() -> None:
    good = {"a": 1, "b": [1, {"c": "x"}]}
    spoilt = [spoil_value(random.Random(n), good) for n in range(300)]
    assert good == {"a": 1, "b": [1, {"c": "x"}]}
    assert sum(one != good for one in spoilt) > 200
