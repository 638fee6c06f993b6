"""Lock boards and doors: F022 to F043."""

from typing import Final

from edge.simulation.catalogue import doors_boards as boards
from edge.simulation.catalogue import doors_signs as signs
from edge.simulation.catalogue import doors_wrong as wrong
from edge.simulation.catalogue.fault import Fault

_SIGNS: Final = (
    Fault(
        code="F022",
        name="a door opens and its sensor shows no opening",
        zh="开门后无开门信号",
        expected="The lock is fired once; after three seconds without a sign the kiosk asks "
        "whether the door opened; one more try by the person, then never a third: the "
        "cell is out of use and the keeper helps.",
        laws=("D1", "P3"),
        scenario=signs.opens_without_a_sign,
        proofs=(
            "tests/stories/test_device_faults_doors.py::test_a_door_without_an_open_signal_is_pulsed_once_and_the_person_is_asked",
        ),
    ),
    Fault(
        code="F023",
        name="a door that was shut goes on to show open",
        zh="关门后无关门信号",
        expected="After ten seconds the voice asks to shut it; after sixty the beeper sounds, "
        "keeper and county are told and the parcel counts as collected; the cell is "
        "offered again only once it is seen shut, and all other doors go on to serve.",
        laws=("P2", "D5"),
        scenario=signs.never_says_shut,
        proofs=(
            "tests/stories/test_device_faults_doors.py::test_a_door_that_never_says_shut_is_left_open_and_its_parcel_counts_as_collected",
            "tests/domain/test_alarms.py::test_the_voice_asks_at_ten_seconds_and_the_alarm_comes_at_sixty",
        ),
    ),
    Fault(
        code="F024",
        name="a relay stays on and holds the bolt back",
        zh="继电器粘连",
        expected="The door cannot be shut, is told as left open after sixty seconds and its "
        "cell is never offered meanwhile; a relay board that does not confirm 'off' "
        "stops its whole supply: no other coil is driven until it does.",
        laws=("D4", "D6"),
        scenario=wrong.relay_stays_on,
        proofs=(
            "tests/stories/test_device_faults_doors.py::test_a_relay_that_stays_on_keeps_its_door_open_and_its_cell_out_of_use",
            "tests/hardware/test_driver_modbus_lock_bank.py::test_a_coil_that_stays_on_stops_its_whole_supply_until_the_off_is_confirmed",
        ),
    ),
    Fault(
        code="F025",
        name="a relay is dead: nothing moves",
        zh="继电器失效",
        expected="Twice no sign within three seconds, and the cell is out of use; at a pickup "
        "the parcel stays inside for the keeper to hand out and its code stays good, "
        "at a check-in the next scan gets another cell.",
        laws=("P1",),
        scenario=signs.relay_is_dead,
        proofs=(
            "tests/stories/test_device_faults_doors.py::test_a_dead_relay_makes_its_cell_faulted_and_its_parcel_the_keepers",
        ),
    ),
    Fault(
        code="F026",
        name="a sensor shows open for ever",
        zh="门磁常开",
        expected="An alarm within two seconds, and the cell is offered to nobody, whatever "
        "anybody says, until it was repaired and a keeper has looked inside.",
        laws=("P2",),
        scenario=signs.says_open_for_ever,
        proofs=(
            "tests/stories/test_device_faults_doors.py::test_a_sensor_that_says_open_for_ever_takes_its_cell_out_of_use",
        ),
    ),
    Fault(
        code="F027",
        name="a sensor shows shut for ever",
        zh="门磁常闭",
        expected="The parcel counts as collected only by the word of the person who holds its "
        "code; the journal claims no opening that nobody saw, and the cell is out of "
        "use until a keeper has looked inside.",
        laws=("P3",),
        scenario=signs.says_shut_for_ever,
        proofs=(
            "tests/stories/test_device_faults_doors.py::test_a_sensor_that_says_shut_for_ever_leaves_it_to_the_persons_word",
        ),
    ),
    Fault(
        code="F028",
        name="a sensor bounces",
        zh="门磁抖动",
        expected="A reading has to last 50 ms before it is believed: one movement is one fact, "
        "however often the contact chatters or a board repeats itself.",
        laws=("A1",),
        scenario=signs.chatters,
        proofs=(
            "tests/stories/test_device_faults_doors.py::test_a_bouncing_sensor_makes_one_opening_and_one_shutting",
            "tests/hardware/test_driver_doors_and_coils.py::test_no_two_reports_of_a_door_are_the_same_and_none_is_nearer_than_50_ms",
        ),
    ),
)
_OPENINGS: Final = (
    Fault(
        code="F029",
        name="another door opens than the one that was fired",
        zh="接线错误开错门",
        expected="A door that opens within three seconds of another's pulse is an alarm: both "
        "cells are out of use until a keeper has looked, and neither lock is fired a "
        "second time.",
        laws=("D1", "D5"),
        scenario=wrong.wrong_door,
        proofs=(
            "tests/stories/test_device_faults_doors.py::test_a_wrong_door_on_a_pulse_stops_everything_at_both_doors[F029]",
        ),
    ),
    Fault(
        code="F030",
        name="two doors open on one pulse",
        zh="一次脉冲开两扇门",
        expected="The parcel that was asked for can be taken; both cells are out of use until a "
        "keeper has looked, and neither lock is fired a second time.",
        laws=("D1",),
        scenario=wrong.two_doors,
        proofs=(
            "tests/stories/test_device_faults_doors.py::test_a_wrong_door_on_a_pulse_stops_everything_at_both_doors[F030]",
        ),
    ),
    Fault(
        code="F031",
        name="a door is forced",
        zh="柜门被撬",
        expected="An alarm within two seconds, which counter and county show, and never a "
        "pickup: the code is refused, the cell waits for the keeper's look, and a parcel that is "
        "gone is in dispute.",
        laws=("D5", "P1"),
        scenario=wrong.forced,
        proofs=(
            "tests/stories/test_device_faults_doors.py::test_a_door_forced_with_a_crowbar_is_an_alarm_and_its_parcel_a_dispute",
            "tests/stories/test_device_faults_county.py::test_what_breaks_is_an_alarm_at_the_county_until_it_is_mended",
        ),
    ),
    Fault(
        code="F032",
        name="a person shuts the door with the parcel still inside",
        zh="未取件就关门",
        expected="For ten minutes the same authorisation opens the same door once more, as its "
        "second pulse and never a third; then the cell waits for a keeper's look.",
        laws=("D1", "P3"),
        scenario=wrong.shut_empty_handed,
        proofs=(
            "tests/stories/test_device_faults_doors.py::test_who_shuts_the_door_empty_handed_gets_it_once_more",
            "tests/domain/test_put_back.py::test_putting_back_ends_after_ten_minutes_and_with_a_restart",
        ),
    ),
)
_LINES: Final = (
    Fault(
        code="F033",
        name="half a frame and then garbage on the serial line",
        zh="串口半帧与乱码",
        expected="The line is read anew from the next sound head and check; doors are asked "
        "again, an unlock is never sent again.",
        laws=("D1",),
        proofs=(
            "tests/stories/test_device_faults_lines.py::test_whatever_the_line_does_to_an_answer_a_lock_is_pulsed_once[F033]",
            "tests/hardware/test_lock_bank_contract.py::test_whatever_breaks_a_lock_is_pulsed_once_at_most_and_nothing_false_is_told[8a80-board_half_frame]",
            "tests/hardware/test_lock_bank_contract.py::test_whatever_breaks_a_lock_is_pulsed_once_at_most_and_nothing_false_is_told[8a80-board_garbled]",
            "tests/bridge/test_lock_board_noise.py::test_noise_hides_no_later_frame",
        ),
    ),
    Fault(
        code="F034",
        name="a sound frame from the wrong address",
        zh="地址不符的帧",
        expected="It is counted and ignored: no door is believed to have moved.",
        laws=("D5",),
        proofs=(
            "tests/stories/test_device_faults_lines.py::test_whatever_the_line_does_to_an_answer_a_lock_is_pulsed_once[F034]",
            "tests/hardware/test_driver_lock_bank.py::test_an_answer_from_another_address_is_counted_and_ignored",
        ),
    ),
    Fault(
        code="F035",
        name="the answer to an earlier question comes late",
        zh="应答迟到",
        expected="It settles nothing of the present question; the doors are read anew, and the "
        "lock is fired once.",
        laws=("D1",),
        proofs=(
            "tests/stories/test_device_faults_lines.py::test_whatever_the_line_does_to_an_answer_a_lock_is_pulsed_once[F035]",
            "tests/hardware/test_driver_modbus_lock_bank.py::test_a_late_answer_to_a_pulse_is_not_the_answer_to_the_next",
        ),
    ),
    Fault(
        code="F036",
        name="an answer comes twice",
        zh="应答重复",
        expected="The second copy changes nothing.",
        laws=("D1",),
        proofs=(
            "tests/stories/test_device_faults_lines.py::test_whatever_the_line_does_to_an_answer_a_lock_is_pulsed_once[F036]",
            "tests/hardware/test_driver_double_watch.py::test_the_same_answer_twice_is_harmless",
        ),
    ),
    Fault(
        code="F037",
        name="the line echoes what we send",
        zh="半双工回声",
        expected="Our own frames are known and never taken for the board's word.",
        laws=("D1",),
        proofs=(
            "tests/stories/test_device_faults_lines.py::test_whatever_the_line_does_to_an_answer_a_lock_is_pulsed_once[F037]",
            "tests/hardware/test_driver_lock_bank.py::test_the_echo_of_an_unlock_is_not_taken_for_the_boards_answer",
            "tests/hardware/test_driver_modbus_echo.py::test_our_own_echo_lets_no_supply_go_that_a_coil_may_still_hold",
        ),
    ),
    Fault(
        code="F038",
        name="one bit in a hundred is wrong on the line",
        zh="串口误码百分之一",
        expected="Doors are read again until an answer is whole; a wish fires its lock once at "
        "most.",
        laws=("D1", "D4"),
        proofs=(
            "tests/stories/test_device_faults_lines.py::test_one_bit_in_a_hundred_wrong_costs_patience_and_no_second_pulse",
            "tests/hardware/test_lock_bank_contract.py::test_whatever_breaks_a_lock_is_pulsed_once_at_most_and_nothing_false_is_told[8a80-board_bit_errors]",
        ),
    ),
    Fault(
        code="F039",
        name="the adapter is pulled in mid-pulse and comes back under another name",
        zh="脉冲中途拔出串口线",
        expected="The board ends the pulse by itself; the doors are unknown and no lock is "
        "fired until each is seen again, and then nothing by itself: an open door is "
        "settled by its sensor, at a shut one the person shows the code again.",
        laws=("D4", "D3"),
        scenario=boards.pulled_in_mid_pulse,
        proofs=(
            "tests/stories/test_device_faults_lines.py::test_an_adapter_pulled_in_mid_pulse_comes_back_under_another_name",
            "tests/hardware/test_driver_lock_bank.py::test_a_board_that_vanishes_in_mid_unlock_says_so_and_repeats_nothing",
        ),
    ),
    Fault(
        code="F040",
        name="two boards have the same address",
        zh="两块锁控板地址相同",
        expected="Their two answers to one question give them away: the doors of that address "
        "are unknown, nobody can have them opened, and keeper and county read why.",
        laws=("D1",),
        proofs=(
            "tests/stories/test_device_faults_lines.py::test_two_boards_with_one_address_are_found_out_and_never_pulsed",
            "tests/hardware/test_driver_lock_bank_shared.py::test_two_boards_that_answer_to_one_address_are_found_out_and_never_pulsed",
        ),
    ),
    Fault(
        code="F041",
        name="a board starts anew and has lost what it knew",
        zh="锁控板重启",
        expected="No lock is fired before every door was read again, and what such a board says "
        "in its first second is not believed; a door found open that nobody asked for "
        "waits for a keeper's look.",
        laws=("D5",),
        scenario=boards.board_starts_anew,
        proofs=(
            "tests/stories/test_device_faults_lines.py::test_a_board_that_starts_anew_is_not_believed_before_it_has_read_its_doors",
            "tests/hardware/test_driver_doors_and_coils.py::test_after_a_silence_that_may_have_been_a_new_start_news_must_last_a_second",
        ),
    ),
    Fault(
        code="F042",
        name="twenty people want twenty doors at once",
        zh="二十人同时开柜",
        expected="Each gets one pulse, one coil after the other on one supply; in the "
        "worlds, where a lock takes 300 ms, the last of twenty is fired within nine "
        "seconds.",
        laws=("D4",),
        scenario=wrong.everybody_at_once,
        proofs=(
            "tests/stories/test_device_faults_doors.py::test_many_people_at_once_drive_one_coil_after_the_other",
            "tests/hardware/test_driver_lock_bank.py::test_twenty_releases_at_once_drive_one_coil_after_the_other",
        ),
    ),
    Fault(
        code="F043",
        name="a pulse pulls the supply down and resets the machine",
        zh="开锁时电压跌落重启",
        expected="A cell at whose lock the machine was cut off twice running is out of use; at "
        "the third start without one that lasted two minutes all doors rest for five, "
        "kiosk and counter say why, and the county is told.",
        laws=("L4",),
        scenario=boards.supply_sags,
        proofs=(
            "tests/stories/test_restarts.py::test_three_quick_kills_let_the_doors_rest_until_the_station_has_stayed_up",
            "tests/domain/test_boots.py::test_a_cell_at_whose_lock_the_station_was_cut_off_twice_is_out_of_use",
        ),
    ),
)
FAULTS: Final[tuple[Fault, ...]] = (*_SIGNS, *_OPENINGS, *_LINES)
