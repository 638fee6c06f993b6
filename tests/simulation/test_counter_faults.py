"""F044 to F056 in worlds: silent while scans, pages and slips do as promised, loud otherwise."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from edge.daemon.devices import print_layouts
from edge.daemon.devices.print_worker import PrintWorker
from edge.daemon.devices.scans import ScanReader
from edge.daemon.devices.slip import lay_out_slip
from edge.daemon.front import InputMaker
from edge.daemon.station import Station
from edge.domain import collection, door_reports
from edge.domain.inputs import WaybillScanned
from edge.domain.parcel import read_waybill
from edge.kernel.ids import WaybillNo
from edge.simulation.catalogue.counter import FAULTS
from edge.simulation.catalogue.fault import Fault
from edge.web import kiosk_screen
from firmware_bridge.scanner.codes import PRINTABLE, BadCode, Code
from firmware_bridge.scanner.line import HALF_S, CodeAssembler
from tests.simulation.faults import Shown, code_of, not_shown, played

pytestmark = pytest.mark.slow

PLAYED: Final = played(FAULTS)

SHOWN: Final = {
    "F044": Shown(
        facts={"pickup.accepted": 1, "parcel.picked_up": 1},
        words=("the same answer", "one request", "one pulse"),
        sometimes=("nobody has asked again",),
    ),
    "F045": Shown(facts={"parcel.picked_up": 1}, words=("nothing has changed",)),
    "F046": Shown(
        facts={"parcel.picked_up": 1},
        words=(
            "no try is charged and nothing has changed",
            "what broke off is counted",
            "nobody was refused",
        ),
    ),
    "F047": Shown(
        facts={"parcel.picked_up": 1},
        words=("it is said what to set", "nothing has changed", "nothing is to be set any more"),
    ),
    "F048": Shown(
        facts={"parcel.picked_up": 2},
        words=("a slip may be scanned", "the kiosk asks to type", "typed digits open the door"),
    ),
    "F049": Shown(
        facts={"parcel.picked_up": 1},
        words=(
            "the page shows how it is",
            "sent once more it is the same request",
            "later it opens nothing either",
            "whoever loads it now reads thanks",
            "one pulse",
        ),
    ),
    "F050": Shown(
        facts={"parcel.picked_up": 1},
        words=(
            "one authorisation",
            "one pulse",
            "one of two taps is obeyed",
            "as many pulses as wishes",
        ),
        sometimes=("the question within 3.6 s",),
    ),
    "F051": Shown(
        facts={"door.opened": 2},
        words=(
            "news is there at once",
            "without news it waits",
            "and the next change comes through",
        ),
    ),
    "F052": Shown(
        facts={"parcel.stored": 1, "parcel.picked_up": 1},
        words=(
            "the trouble is told within 60 s",
            "no slip is out",
            "what is stored stays stored",
            "both show the same code",
            "one code was issued",
        ),
    ),
    "F053": Shown(
        facts={"parcel.stored": 1, "parcel.picked_up": 1},
        words=(
            "the cover is told within 60 s",
            "one slip waits",
            "nothing is begun",
            "without a mark: it is the first",
        ),
    ),
    "F054": Shown(
        facts={"pickup.code_issued": 2, "pickup.code_revoked": 1},
        words=("it has a new code", "the unseen code is dead, on record"),
    ),
    "F055": Shown(
        facts={"station.started": 2, "parcel.picked_up": 1},
        words=("half a slip", "both show the same code", "one code was issued"),
    ),
    "F056": Shown(
        facts={"parcel.picked_up": 1}, words=("nothing has changed", "nothing is to be printed")
    ),
}


@pytest.mark.parametrize("fault", PLAYED, ids=code_of)
def test_a_fault_of_the_counter_happens_and_does_no_harm(fault: Fault) -> None:
    assert not_shown(fault, SHOWN[fault.code]) == []


def test_two_waybill_numbers_that_read_like_a_third_are_taken_for_it() -> None:
    """F045: carriers' numbers have no grammar that could tell them apart."""
    assembler = CodeAssembler()
    (heard,) = assembler.feed(b"YT77SF153000123\r", 1.0)
    assert isinstance(heard, Code)
    assert read_waybill(heard.text) == "YT77SF153000123"


# -- mistakes


def _takes_every_scan_for_a_new_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(collection, "SAME_SCAN_MS", 0)


def _makes_the_best_of_a_scan(patch: pytest.MonkeyPatch) -> None:
    """What cannot be read is some carrier's number, no doubt."""

    read = ScanReader.read

    def lenient(self: ScanReader, text: str) -> InputMaker | None:
        letters = WaybillNo("".join(filter(str.isalnum, text))[:30])
        return read(self, text) or (
            lambda at, fresh: WaybillScanned(at=at, waybill_no=letters, fresh=fresh)
        )

    patch.setattr(ScanReader, "read", lenient)


def _waits_for_the_other_half(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(CodeAssembler, "quiet", lambda *_all: iter(()))


def _believes_that_silence_ends_a_code(patch: pytest.MonkeyPatch) -> None:
    def trusting(self: CodeAssembler, now_s: float) -> Iterator[Code | BadCode]:
        if self.begun and now_s - vars(self)["_heard_s"] >= HALF_S:
            yield from self._end()

    patch.setattr(CodeAssembler, "quiet", trusting)


def _asks_for_a_scan_all_the_same(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(kiosk_screen, "can_scan", lambda _seen: True)


def _obeys_every_tap(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(door_reports, "can_pulse_again", lambda *_all: True)


def _tells_only_what_comes_next(patch: pytest.MonkeyPatch) -> None:
    """A page that was away hears nothing of what it has missed."""
    changed = Station.changed

    async def forgetful(self: Station, _seen: int, timeout_s: float) -> int:
        return await changed(self, self.version, timeout_s)

    patch.setattr(Station, "changed", forgetful)


def _marks_no_copy(patch: pytest.MonkeyPatch) -> None:
    def unmarked(**said: Any) -> Any:
        return lay_out_slip(**{**said, "copy": False})

    patch.setattr(print_layouts, "lay_out_slip", unmarked)


def _looks_at_no_printer(patch: pytest.MonkeyPatch) -> None:
    async def well(_self: PrintWorker) -> str:
        return ""

    patch.setattr(PrintWorker, "_printer_problem", well)


def _leaves_the_old_code_alive(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("edge.domain.codes.revoke", lambda *_all: ())


def _leaves_control_codes_out(patch: pytest.MonkeyPatch) -> None:
    """And takes the rest for the code that was meant."""
    take = CodeAssembler._take  # noqa: SLF001 - the mistake stands here

    def tidy(self: CodeAssembler, byte: int) -> None:
        if byte in PRINTABLE:
            take(self, byte)

    patch.setattr(CodeAssembler, "_take", tidy)


PLANTED: Final = (
    ("F044", _takes_every_scan_for_a_new_one),
    ("F045", _makes_the_best_of_a_scan),
    ("F046", _waits_for_the_other_half),
    ("F047", _believes_that_silence_ends_a_code),
    ("F048", _asks_for_a_scan_all_the_same),
    ("F049", _takes_every_scan_for_a_new_one),
    ("F050", _obeys_every_tap),
    ("F051", _tells_only_what_comes_next),
    ("F052", _marks_no_copy),
    ("F053", _looks_at_no_printer),
    ("F054", _leaves_the_old_code_alive),
    ("F055", _marks_no_copy),
    ("F056", _leaves_control_codes_out),
)
