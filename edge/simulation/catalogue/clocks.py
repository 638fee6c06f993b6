"""Clocks: F083 to F090."""

from typing import Final

from edge.simulation.catalogue import clocks_scenes as scenes
from edge.simulation.catalogue.fault import Fault

FAULTS: Final[tuple[Fault, ...]] = (
    Fault(
        code="F083",
        name="the clock says 1970 at the start",
        zh="开机时钟回到1970年",
        expected="Time goes on behind the newest fact, the upper end stays open until the county "
        "has told it, and parcels go out as ever.",
        laws=("T1", "T3"),
        scenario=scenes.starts_in_1970,
        proofs=(
            "tests/daemon/test_clock.py::test_a_boot_without_a_battery_starts_where_the_journal_ended",
        ),
    ),
    Fault(
        code="F084",
        name="the clock jumps to 2038 or 2099",
        zh="时钟跳到2038年或更晚",
        expected="More than a day ahead is not believed: nothing expires, and nobody gets wrong "
        "tries back.",
        laws=("T2", "T3"),
        scenario=scenes.starts_in_another_century,
        proofs=(
            "tests/daemon/test_clock.py::test_a_jump_of_more_than_a_day_is_not_believed_in_one_step_or_in_many",
        ),
    ),
    Fault(
        code="F085",
        name="the clock goes back an hour while the station runs",
        zh="运行中时钟倒退一小时",
        expected="The station's time does not follow, and durations are counted on.",
        laws=("T1", "T4"),
        scenario=scenes.goes_back_while_running,
        proofs=(
            "tests/daemon/test_clock.py::test_a_wall_clock_set_back_is_not_followed_and_time_goes_on",
        ),
    ),
    Fault(
        code="F086",
        name="a time server sets the clock in the middle of a pulse",
        zh="开锁瞬间校时跳变",
        expected="The lock gets one pulse of its usual length, and the door's minute is a minute.",
        laws=("D4", "T4"),
        scenario=scenes.steps_in_mid_pulse,
        proofs=("tests/daemon/test_clock.py::test_a_step_of_the_wall_clock_moves_no_duration",),
    ),
    Fault(
        code="F087",
        name="a leap second, summer time or a wrong zone",
        zh="闰秒、夏令时或时区错误",
        expected="Inside all is UTC and running time; screens show the village's time whatever the "
        "machine is set to.",
        laws=("T1", "M6"),
        proofs=(
            "tests/daemon/test_clock.py::test_a_leap_second_moves_neither_a_duration_nor_the_time_back",
            "tests/web/test_village_time.py::test_a_machine_in_a_wrong_zone_or_with_summer_time_shows_the_villages_time",
        ),
    ),
    Fault(
        code="F088",
        name="no battery behind the clock",
        zh="时钟没有电池",
        expected="Start after start, time is never before the newest fact; the county's answer "
        "then brackets the true time.",
        laws=("T1",),
        scenario=scenes.no_battery_behind_the_clock,
        proofs=(
            "tests/daemon/test_clock.py::test_the_upper_bound_of_the_wall_stays_open_until_the_county_told_the_time",
        ),
    ),
    Fault(
        code="F089",
        name="the county's own clock is wrong by more than a day",
        zh="县中心时钟错一天以上",
        expected="It moves no station by a day without a second source, and the county's page says "
        "that it is not believed.",
        laws=("T2",),
        scenario=scenes.county_is_a_day_wrong,
        proofs=(
            "tests/daemon/test_clock.py::test_a_county_a_day_ahead_is_believed_only_when_another_session_agrees_an_hour_later",
            "tests/county/test_care_of_clocks.py::test_a_station_that_does_not_believe_our_time_is_an_alarm_with_words",
        ),
    ),
    Fault(
        code="F090",
        name="the machine is suspended for hours",
        zh="系统挂起数小时",
        expected="What it slept through counts like any other time, and work goes on.",
        laws=("T4",),
        scenario=scenes.machine_is_suspended,
        proofs=("tests/daemon/test_clock.py::test_what_the_machine_slept_through_counts",),
    ),
)
