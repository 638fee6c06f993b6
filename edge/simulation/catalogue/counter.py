"""Scanner, kiosk and printer: F044 to F056."""

from typing import Final

from edge.simulation.catalogue import counter_kiosk as pages
from edge.simulation.catalogue import counter_printer as prints
from edge.simulation.catalogue import counter_scans as scans
from edge.simulation.catalogue.fault import Fault

_SCANS: Final = (
    Fault(
        code="F044",
        name="the scanner reads a slip twice",
        zh="重复扫码",
        expected="The same slip within five seconds is the same request: the same answer, one "
        "authorisation, one pulse, even where the door has given no sign.",
        laws=("D1", "P3"),
        scenario=scans.scanned_twice,
        proofs=(
            "tests/stories/test_device_faults_scanner.py::test_a_slip_that_is_read_twice_is_one_request",
        ),
    ),
    Fault(
        code="F045",
        name="two barcodes run into each other",
        zh="两个条码混在一起",
        expected="What is no code of ours is answered as unreadable and changes nothing; the "
        "next scan is read whole. Two waybill numbers that together read like a third are "
        "taken for it.",
        laws=("A1",),
        scenario=scans.interleaved,
        proofs=(
            "tests/stories/test_device_faults_scanner.py::test_two_codes_that_run_into_each_other_are_neither",
            "tests/bridge/test_scanner.py::test_two_codes_run_into_each_other_are_one_code_and_the_next_is_whole",
            "tests/simulation/test_counter_faults.py::test_two_waybill_numbers_that_read_like_a_third_are_taken_for_it",
        ),
    ),
    Fault(
        code="F046",
        name="the scanner sends half a code",
        zh="扫码枪只传半个码",
        expected="After 300 ms of silence the half is dropped; it costs nobody a try and spoils "
        "no later scan.",
        laws=("X1",),
        scenario=scans.half_a_code,
        proofs=(
            "tests/stories/test_device_faults_scanner.py::test_half_a_code_is_dropped_and_costs_no_try",
        ),
    ),
    Fault(
        code="F047",
        name="the scanner is set to send no suffix",
        zh="扫码枪结束符设置错误",
        expected="After two codes without an end, counter and county read what is to be set; "
        "nothing is obeyed meanwhile, and the first code with an end ends the note.",
        laws=("L2",),
        scenario=scans.no_suffix,
        proofs=(
            "tests/stories/test_device_faults_scanner.py::test_a_scanner_without_suffix_says_what_is_to_be_set",
        ),
    ),
    Fault(
        code="F048",
        name="the scanner is unplugged",
        zh="扫码枪脱落",
        expected="The kiosk asks to type phone digits and code instead, counter and county are "
        "told, and plugged in again it reads without a restart.",
        laws=("L1",),
        scenario=scans.unplugged,
        proofs=(
            "tests/stories/test_device_faults_scanner.py::test_without_the_scanner_the_keypad_serves_and_everybody_hears",
            "tests/stories/test_device_faults_county.py::test_what_breaks_is_an_alarm_at_the_county_until_it_is_mended",
        ),
    ),
)
_PAGES: Final = (
    Fault(
        code="F049",
        name="the browser crashes or the page is loaded again in mid-pickup",
        zh="取件中途页面重载",
        expected="The flow is the station's: a fresh page shows how it is, and the same code "
        "sent once more within five seconds is the same request; later it opens "
        "nothing.",
        laws=("D1", "M4"),
        scenario=pages.loaded_again,
        proofs=(
            "tests/stories/test_device_faults_scanner.py::test_a_page_that_is_loaded_again_in_mid_pickup_shows_how_it_is",
        ),
    ),
    Fault(
        code="F050",
        name="somebody taps twice",
        zh="重复点击",
        expected="Twice on 'open' is one authorisation and one pulse; of two taps on 'it did "
        "not open' or 'open again' one is obeyed and the other refused.",
        laws=("D1", "M4"),
        scenario=pages.tapped_twice,
        proofs=(
            "tests/stories/test_device_faults_scanner.py::test_a_double_tap_opens_a_door_once",
        ),
    ),
    Fault(
        code="F051",
        name="the page loses its stream after a door was opened",
        zh="页面实时连接中断",
        expected="Connected again it gets at once the screen as it is now, with whatever "
        "happened meanwhile.",
        laws=("A1",),
        scenario=pages.stream_drops,
        proofs=(
            "tests/stories/test_device_faults_scanner.py::test_a_stream_that_drops_begins_again_with_how_it_is_now",
            "tests/web/test_live.py::test_a_stream_begins_with_the_screen_as_it_is",
        ),
    ),
)
_PRINTS: Final = (
    Fault(
        code="F052",
        name="the paper ends in mid-slip",
        zh="打印中途缺纸",
        expected="The parcel stays stored under the same code; once there is paper the slip "
        "comes again within seven seconds, marked as a copy (补打).",
        laws=("M4", "M6"),
        scenario=prints.paper_ends,
        proofs=(
            "tests/stories/test_device_faults_printer.py::test_paper_that_ends_in_mid_slip_undoes_nothing_and_the_second_slip_says_so",
        ),
    ),
    Fault(
        code="F053",
        name="the printer's cover is open or the printer is off",
        zh="打印机开盖或离线",
        expected="The counter says so before anything is begun; parcels come in all the same, "
        "and their slips wait and come out without a mark.",
        laws=("M4",),
        scenario=prints.cover_open,
        proofs=(
            "tests/stories/test_device_faults_printer.py::test_an_open_cover_is_told_before_anything_is_to_be_printed",
            "tests/stories/test_device_faults_county.py::test_what_breaks_is_an_alarm_at_the_county_until_it_is_mended",
            "tests/daemon/test_printing.py::test_a_printer_in_trouble_is_named_and_its_slip_not_begun[unknown-False-printer.gone]",
        ),
    ),
    Fault(
        code="F054",
        name="the printer says ok and prints nothing",
        zh="打印机谎报正常",
        expected="Only a person can see it: the keeper prints again, which gives a new code, "
        "kills the unseen one, and is on record.",
        laws=("M6",),
        scenario=prints.lies,
        proofs=(
            "tests/stories/test_device_faults_printer.py::test_a_printer_that_lies_is_put_right_by_a_reprint_that_is_on_record",
        ),
    ),
    Fault(
        code="F055",
        name="the power goes in mid-slip",
        zh="打印中途断电",
        expected="After the start the same slip comes again with the same code, marked as a "
        "copy (补打); there are never two slips without a mark.",
        laws=("M6",),
        scenario=prints.cut_off_in_mid_slip,
        proofs=(
            "tests/stories/test_device_faults_printer.py::test_a_station_cut_off_in_mid_slip_prints_it_again_with_the_mark",
            "tests/daemon/test_printing.py::test_after_a_crash_in_mid_slip_the_second_paper_carries_the_mark",
        ),
    ),
    Fault(
        code="F056",
        name="control codes in a name or a barcode",
        zh="名称或条码夹带控制码",
        expected="A scan that carries any is no code and changes nothing; on paper they are "
        "left out, so nobody can command the printer or the till.",
        laws=("X4",),
        scenario=scans.commands_in_a_code,
        proofs=(
            "tests/stories/test_device_faults_printer.py::test_no_name_and_no_code_can_command_the_printer",
            "tests/hardware/test_driver_receipt.py::test_no_text_can_command_the_printer",
            "tests/hardware/test_driver_receipt.py::test_no_picture_contains_a_real_time_command",
        ),
    ),
)
FAULTS: Final[tuple[Fault, ...]] = (*_SCANS, *_PAGES, *_PRINTS)
