"""Both scale drivers on a platform that swings and settles."""

import asyncio
from pathlib import Path

import pytest
import serial

from hardware.byte_channel import PortGone, line_settings, open_channel
from hardware.catalogue import SCALES
from hardware.options import PortOptions
from hardware.ports import Weight
from hardware.twins.counter.scale import ScaleMake, Talk
from hardware.twins.faults import Fault
from tests.hardware.counter_bench import scale_stand
from tests.hardware.driver_peer import wait_until

pytestmark = pytest.mark.anyio
both = pytest.mark.parametrize("talk", Talk)
EMPTY = Weight(grams=0, net=False)


def load(grams: int) -> Weight:
    return Weight(grams=grams, net=False)


@both
async def test_while_the_platform_swings_nothing_is_told_and_then_the_load_once(
    tmp_path: Path, talk: Talk
) -> None:
    async with scale_stand(tmp_path, ScaleMake(talk=talk)) as it:
        await it.until(lambda: it.told == [EMPTY])
        it.twin.put(2_345)
        await it.until(lambda: len(it.told) > 1)
        it.twin.put(800)
        await it.until(lambda: len(it.told) > 2)
        assert it.told == [EMPTY, load(2_345), load(800)]


@both
async def test_a_second_parcel_of_the_same_weight_is_told_too(tmp_path: Path, talk: Talk) -> None:
    async with scale_stand(tmp_path, ScaleMake(talk=talk, settle_s=1.5)) as it:
        it.twin.put(500)
        await it.until(lambda: it.told[-1:] == [load(500)])
        it.twin.put(0)
        it.twin.put(500)
        await it.until(lambda: it.told[-2:] == [load(500)] * 2)


@both
async def test_what_lies_in_a_tared_dish_is_told_as_net(tmp_path: Path, talk: Talk) -> None:
    async with scale_stand(tmp_path, ScaleMake(talk=talk, settle_s=0.3)) as it:
        it.twin.put(200)
        await it.until(lambda: load(200) in it.told)
        it.twin.tare()
        it.twin.put(1_200)
        await it.until(lambda: Weight(grams=1_000, net=True) in it.told)


@both
async def test_too_heavy_is_a_note_and_no_weight_until_it_is_taken_off(
    tmp_path: Path, talk: Talk
) -> None:
    async with scale_stand(tmp_path, ScaleMake(talk=talk, settle_s=0.3, capacity_g=6_000)) as it:
        it.twin.put(9_000)
        await it.until(lambda: it.note == "scale.overload")
        it.twin.put(3_000)
        await it.until(lambda: load(3_000) in it.told)
        assert it.note == ""
        assert [weight for weight in it.told if weight.grams > 6_000] == []


@both
async def test_a_platform_that_never_rests_tells_nothing_and_is_still_there(
    tmp_path: Path, talk: Talk
) -> None:
    async with scale_stand(tmp_path, ScaleMake(talk=talk, settle_s=0.1)) as it:
        await it.until(lambda: it.told == [EMPTY])
        it.faults.switch(Fault.SCALE_UNSTEADY, on=True)
        it.twin.put(1_000)
        await it.until(lambda: not it.twin.shown().stable)
        await asyncio.to_thread(wait_until, lambda: it.twin.shown().grams > 1_020)
        assert (it.told, it.present) == ([EMPTY], True)
        it.faults.mend_all()
        await it.until(lambda: it.told == [EMPTY, load(1_000)])


@both
async def test_a_scale_that_was_silent_tells_the_same_load_anew(tmp_path: Path, talk: Talk) -> None:
    async with scale_stand(tmp_path, ScaleMake(talk=talk, settle_s=0.1)) as it:
        it.twin.put(700)
        await it.until(lambda: it.told[-1:] == [load(700)])
        it.faults.switch(Fault.SCALE_SILENT, on=True)
        await it.until(lambda: it.note == "device.silent")
        it.faults.mend_all()
        await it.until(lambda: it.told[-2:] == [load(700)] * 2)


async def test_below_zero_a_toledo_scale_has_no_weight(tmp_path: Path) -> None:
    async with scale_stand(tmp_path, ScaleMake(talk=Talk.TOLEDO, settle_s=0.1)) as it:
        it.twin.put(200)
        it.twin.tare()
        it.twin.put(0)
        await it.until(lambda: it.note == "scale.underload")
        assert [weight for weight in it.told if weight.grams < 0] == []


async def test_below_zero_a_talking_scale_has_a_negative_weight(tmp_path: Path) -> None:
    async with scale_stand(tmp_path) as it:
        it.twin.put(200)
        it.twin.tare()
        it.twin.put(0)
        await it.until(lambda: Weight(grams=-200, net=True) in it.told)


@pytest.mark.parametrize(
    "make",
    [
        ScaleMake(settle_s=0.1, second_comma=False),
        ScaleMake(settle_s=0.1, plus_sign=False),
        ScaleMake(settle_s=0.1, unit=b"g"),
        ScaleMake(settle_s=0.1, unit=b"\xbd\xef"),
        ScaleMake(settle_s=0.1, lines_a_second=2.0),
    ],
)
async def test_every_variant_of_the_line_gives_the_same_grams(
    tmp_path: Path, make: ScaleMake
) -> None:
    async with scale_stand(tmp_path, make) as it:
        it.twin.put(4_876)
        await it.until(lambda: load(4_876) in it.told)
        assert it.driver.health().bad_frames == 0


async def test_pounds_are_counted_and_the_note_says_what_to_set(tmp_path: Path) -> None:
    async with scale_stand(tmp_path, ScaleMake(settle_s=0.1, unit=b"lb")) as it:
        await it.until(lambda: it.note == "scale.other_unit")
        assert it.told == []
        assert it.driver.health().bad_frames > 0


class TestFraming:
    @pytest.mark.parametrize(
        ("framing", "settings"), [("8N1", (8, "N", 1)), ("7E1", (7, "E", 1)), ("8O2", (8, "O", 2))]
    )
    def test_pyserial_takes_the_settings_of_a_framing(
        self, framing: str, settings: tuple[int, str, int]
    ) -> None:
        with serial.serial_for_url("loop://", 9_600, **line_settings(framing)) as line:
            assert (line.bytesize, line.parity, line.stopbits) == settings

    def opened_with(
        self, port: str, framing: str, monkeypatch: pytest.MonkeyPatch
    ) -> dict[str, object]:
        asked: dict[str, object] = {}

        def recorded(_path: str, baud: int, **settings: object) -> None:
            asked.update(settings, baud=baud)
            raise OSError("enough")

        monkeypatch.setattr(serial, "Serial", recorded)
        with pytest.raises(PortGone):
            open_channel(port, 9_600, framing)
        return asked

    @pytest.mark.parametrize(
        ("port", "bits", "parity"), [("/dev/scale", 7, "E"), ("twin:/run/scale", 8, "N")]
    )
    def test_a_real_line_gets_parity_and_a_pty_which_has_none_does_not(
        self, port: str, bits: int, parity: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = self.opened_with(port, "7E1", monkeypatch)
        assert (asked["bytesize"], asked["parity"], asked["stopbits"]) == (bits, parity, 1)
        assert asked["exclusive"] is True

    async def test_the_toledo_driver_opens_its_line_with_seven_bits_and_even_parity(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[dict[str, object]] = []

        def recorded(_path: str, _baud: int, **settings: object) -> None:
            asked.append(settings)
            raise OSError("enough")

        monkeypatch.setattr(serial, "Serial", recorded)
        options = PortOptions(name="scale", port="/dev/scale", baud=9_600)
        driver = SCALES["toledo8217"](options)
        driver.start(lambda _weight: None)
        await asyncio.to_thread(wait_until, lambda: bool(asked))
        await driver.aclose()
        assert (asked[0]["bytesize"], asked[0]["parity"]) == (7, "E")
