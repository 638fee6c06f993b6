"""The identity card driver on its twin."""

import asyncio
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hardware.catalogue import CARD_READERS, choose
from hardware.options import PortOptions
from hardware.twins.counter.card_reader import CardReaderMake, LaidCard
from hardware.twins.faults import Fault
from tests.hardware.counter_bench import CARD, NUMBER, Stand, card_stand
from tests.hardware.driver_peer import Peer, wait_until

pytestmark = pytest.mark.anyio
OTHER = LaidCard(name="欧阳修平", number="440524188001010014")


def names(it: Stand) -> list[str]:
    return [card.name for card in tuple(it.told)]


@pytest.mark.parametrize("finds_again", [False, True])
async def test_a_card_that_stays_is_told_once_and_the_next_one_after_it_was_lifted(
    tmp_path: Path, *, finds_again: bool
) -> None:
    make = CardReaderMake(finds_again=finds_again, baud=115_200)
    async with card_stand(tmp_path, make) as it:
        it.twin.lay(CARD)
        await it.until(lambda: names(it) == ["张三"])
        answered = it.twin.finds
        await it.until(lambda: it.twin.finds >= answered + 4)
        assert (names(it), it.twin.reads) == (["张三"], 1)
        it.twin.lift()
        emptied = it.twin.finds
        await it.until(lambda: it.twin.finds >= emptied + 3)
        it.twin.lay(OTHER)
        await it.until(lambda: names(it) == ["张三", "欧阳修平"])
        assert [card.number for card in it.told] == [NUMBER, OTHER.number]


async def test_an_unreadable_card_is_a_note_until_it_is_lifted_and_read(tmp_path: Path) -> None:
    async with card_stand(tmp_path) as it:
        it.faults.switch(Fault.CARD_UNREADABLE, on=True)
        it.twin.lay(CARD)
        await it.until(lambda: it.driver.health().bad_frames == 3)
        assert (it.note, it.present, it.told) == ("card_reader.unreadable", True, [])
        it.faults.mend_all()
        tried = it.twin.finds
        await it.until(lambda: it.twin.finds >= tried + 3)
        assert it.told == []
        it.twin.lift()
        await it.until(lambda: it.note == "")
        it.twin.lay(CARD)
        await it.until(lambda: names(it) == ["张三"])


async def test_a_card_with_a_wrong_check_digit_is_refused(tmp_path: Path) -> None:
    async with card_stand(tmp_path) as it:
        it.twin.lay(LaidCard(name="张三", number="110105194912310021"))
        await it.until(lambda: it.note == "card_reader.unreadable")
        assert (it.told, it.driver.health().bad_frames) == ([], 1)


async def test_half_an_answer_is_asked_for_again_and_noise_hides_no_card(tmp_path: Path) -> None:
    async with card_stand(tmp_path) as it:
        it.faults.switch(Fault.CARD_READER_HALF_FRAME, on=True)
        it.twin.lay(CARD)
        await it.until(lambda: it.driver.health().bad_frames > 0)
        it.faults.mend_all()
        it.twin.send_raw(b"\xaa\xaa\xaa\x96\x69\x05")
        await it.until(lambda: names(it) == ["张三"])


async def test_nothing_of_a_card_is_logged_even_when_whoever_listens_stumbles(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with capture_logs() as logs:
        async with card_stand(tmp_path) as it:
            it.twin.lay(CARD)
            await it.until(lambda: names(it) == ["张三"])
            assert NUMBER not in f"{it.told}"
            it.stumble = True
            it.twin.lift()
            lifted = it.twin.finds
            await it.until(lambda: it.twin.finds >= lifted + 3)
            it.twin.lay(CARD)
            await it.until(lambda: it.driver.health().failure is not None)
    out = "".join(capfd.readouterr())
    assert [log["event"] for log in logs] == ["port_open", "device_thread_failed"]
    for text in (out, f"{logs}"):
        assert NUMBER not in text
        assert "张三" not in text


async def test_no_card_is_even_selected_while_nobody_wants_one(tmp_path: Path) -> None:
    find = bytes.fromhex("AA AA AA 96 69 00 03 20 01 22")
    found = bytes.fromhex("AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97")
    with Peer(tmp_path / "reader", lambda _question: found) as peer:
        reader = choose(CARD_READERS, "sdt")(
            PortOptions(name="card-reader", port=peer.port, baud=115_200)
        )
        reader.start(None)
        await asyncio.to_thread(wait_until, lambda: len(peer.heard) >= 3)
        assert reader.health().present
        await reader.aclose()
        assert {question for _, question in peer.heard} == {find}


async def test_a_reader_that_answers_something_else_is_faulty(tmp_path: Path) -> None:
    async with card_stand(tmp_path, CardReaderMake(self_test_fails=True)) as it:
        await it.until(lambda: it.note == "card_reader.faulty")
        assert not it.present
