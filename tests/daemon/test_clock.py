"""The real clock never goes back: not within a boot, not across boots. It believes little."""

from edge.daemon.clock import (
    BUILD_FLOOR_MS,
    COUNTY_AHEAD,
    COUNTY_BEHIND,
    DOUBTED_FOR_MS,
    FIRST_BOOT_SPAN_MS,
    SystemClock,
)

NOW_MS = BUILD_FLOOR_MS + 5_000_000
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


class Dials:
    """What the machine's two clocks show."""

    def __init__(self, wall_ms: int) -> None:
        self.power_on_ns = 77_000_000_000
        self.ran_ms = 0
        self.wall_ns_ = wall_ms * 1_000_000

    def since_power_on_ns(self) -> int:
        return self.power_on_ns

    def wall_ns(self) -> int:
        return self.wall_ns_

    def run(self, ms: int) -> None:
        """Time passes."""
        self.ran_ms += ms
        self.power_on_ns += ms * 1_000_000
        self.wall_ns_ += ms * 1_000_000

    def step(self, ms: int) -> None:
        """Somebody sets the wall clock."""
        self.wall_ns_ += ms * 1_000_000


def clock_on(dials: Dials, floor_ms: int = 0) -> SystemClock:
    return SystemClock(
        boot=3,
        floor_ms=floor_ms,
        since_power_on_ns=dials.since_power_on_ns,
        wall_ns=dials.wall_ns,
    )


def test_time_of_a_boot_starts_at_zero_and_counts_milliseconds() -> None:
    dials = Dials(NOW_MS)
    clock = clock_on(dials)
    assert (clock.now().boot, clock.now().mono_ms, clock.now().wall_lo_ms) == (3, 0, NOW_MS)
    dials.power_on_ns += 1_999_999
    assert clock.mono_ms() == 1


# -- backwards never (F083, F085, F086, F088)


def test_a_wall_clock_set_back_is_not_followed_and_time_goes_on() -> None:
    dials = Dials(NOW_MS)
    clock = clock_on(dials)
    clock.now()
    dials.step(-HOUR_MS)
    assert clock.now().wall_lo_ms == NOW_MS
    dials.run(10_000)
    assert (clock.now().wall_lo_ms, clock.now().mono_ms) == (NOW_MS + 9_998, 10_000)


def test_a_boot_without_a_battery_starts_where_the_journal_ended() -> None:
    clock = clock_on(Dials(wall_ms=0), floor_ms=NOW_MS)
    assert clock.now().wall_lo_ms == NOW_MS


def test_no_station_lives_before_it_was_built() -> None:
    assert clock_on(Dials(wall_ms=0)).now().wall_lo_ms == BUILD_FLOOR_MS


def test_a_step_of_the_wall_clock_moves_no_duration() -> None:
    dials = Dials(NOW_MS)
    clock = clock_on(dials, floor_ms=NOW_MS)
    before = clock.now()
    dials.step(HOUR_MS)
    dials.run(2_000)
    assert clock.now().since_ms(before) == 2_000


def test_a_leap_second_moves_neither_a_duration_nor_the_time_back() -> None:
    # F087: a kernel repeats the last second of the day, or runs slower around it.
    for repeated_ms in (1_000, 500):
        dials = Dials(NOW_MS)
        clock = clock_on(dials, floor_ms=NOW_MS)
        clock.learn(NOW_MS, asked_ms=0, heard_ms=0)
        before = earlier = clock.now()
        for _ in range(40):
            dials.run(100)
            if dials.ran_ms == 2_000:
                dials.step(-repeated_ms)
            now = clock.now()
            assert now.wall_lo_ms >= earlier.wall_lo_ms
            assert now.wall_hi_ms is not None, "a second is no doubt"
            earlier = now
        assert earlier.since_ms(before) == 4_000


def test_what_the_machine_slept_through_counts() -> None:
    # F090: since_power_on_ns is CLOCK_BOOTTIME, which goes on while the machine is suspended.
    dials = Dials(wall_ms=0)
    clock = clock_on(dials, floor_ms=NOW_MS)
    before = clock.now()
    dials.power_on_ns += HOUR_MS * 1_000_000
    assert clock.now().since_ms(before) == HOUR_MS
    assert clock.now().wall_lo_ms == NOW_MS + HOUR_MS - HOUR_MS // 5_000


# -- forward only as far as is likely (F084)


def test_a_machine_clock_within_a_day_of_what_is_known_is_followed() -> None:
    dials = Dials(NOW_MS + DAY_MS)
    assert clock_on(dials, floor_ms=NOW_MS).now().wall_lo_ms == NOW_MS + DAY_MS


def test_a_jump_of_more_than_a_day_is_not_believed_in_one_step_or_in_many() -> None:
    dials = Dials(NOW_MS)
    clock = clock_on(dials, floor_ms=NOW_MS)
    for _ in range(100):
        dials.step(HOUR_MS)
        clock.now()
    assert clock.now().wall_lo_ms == NOW_MS + DAY_MS
    dials.step(12 * 365 * DAY_MS)
    assert clock.now().wall_lo_ms == NOW_MS + DAY_MS
    dials.step(-12 * 365 * DAY_MS - 100 * HOUR_MS)
    dials.run(2 * DAY_MS)
    assert clock.now().wall_lo_ms >= NOW_MS + 2 * DAY_MS, "an honest clock is followed again"


def test_a_first_boot_believes_its_machine_unless_it_shows_a_far_century() -> None:
    likely = BUILD_FLOOR_MS + 300 * DAY_MS
    assert clock_on(Dials(likely)).now().wall_lo_ms == likely
    far = BUILD_FLOOR_MS + FIRST_BOOT_SPAN_MS + 1
    assert clock_on(Dials(far)).now().wall_lo_ms == BUILD_FLOOR_MS


# -- the county tells the time (T2, F083, F089)


def test_the_upper_bound_of_the_wall_stays_open_until_the_county_told_the_time() -> None:
    dials = Dials(0)
    clock = clock_on(dials, floor_ms=NOW_MS)
    assert (clock.now().wall_hi_ms, clock.county_at(0)) == (None, None)
    dials.run(300)
    assert clock.learn(NOW_MS + HOUR_MS, asked_ms=100, heard_ms=300)
    now = clock.now()
    assert (now.wall_lo_ms, now.wall_hi_ms) == (NOW_MS + HOUR_MS, NOW_MS + HOUR_MS + 201)
    assert clock.county_at(300) == (NOW_MS + HOUR_MS + 100, 101)


def test_the_bracket_grows_by_what_a_quartz_may_be_wrong() -> None:
    dials = Dials(0)
    clock = clock_on(dials, floor_ms=NOW_MS)
    clock.learn(NOW_MS, asked_ms=0, heard_ms=0)
    dials.run(DAY_MS)
    now = clock.now()
    assert now.wall_hi_ms is not None
    assert now.wall_lo_ms == NOW_MS + DAY_MS - DAY_MS // 5_000
    assert now.wall_hi_ms == NOW_MS + DAY_MS + DAY_MS // 5_000 + 1


def test_once_the_county_told_the_time_the_machine_cannot_push_beyond_it() -> None:
    dials = Dials(NOW_MS)
    clock = clock_on(dials, floor_ms=NOW_MS)
    clock.learn(NOW_MS, asked_ms=0, heard_ms=0)
    dials.step(HOUR_MS)
    dials.run(1_000)
    now = clock.now()
    assert now.wall_hi_ms is not None
    assert now.wall_lo_ms == now.wall_hi_ms == NOW_MS + 1_001


def test_a_machine_two_seconds_ahead_of_the_county_is_no_doubt() -> None:
    clock = clock_on(Dials(NOW_MS + 2_000), floor_ms=NOW_MS)
    clock.now()
    assert clock.learn(NOW_MS, asked_ms=0, heard_ms=0)
    now = clock.now()
    assert (now.wall_lo_ms, now.wall_hi_ms) == (NOW_MS + 2_000, NOW_MS + 2_000)


def test_a_county_behind_what_is_known_moves_nothing_back_and_trust_ends() -> None:
    clock = clock_on(Dials(0), floor_ms=NOW_MS)
    assert clock.learn(NOW_MS, asked_ms=0, heard_ms=0)
    assert not clock.learn(NOW_MS - HOUR_MS, asked_ms=0, heard_ms=0, session="b")
    now = clock.now()
    assert (now.wall_lo_ms, now.wall_hi_ms) == (NOW_MS, None)
    assert clock.doubt == COUNTY_BEHIND
    assert clock.learn(NOW_MS, asked_ms=0, heard_ms=0, session="c")
    assert not clock.doubt


def test_a_county_a_day_ahead_is_believed_only_when_another_session_agrees_an_hour_later() -> None:
    dials = Dials(0)
    clock = clock_on(dials, floor_ms=NOW_MS)
    ahead = NOW_MS + 3 * DAY_MS
    assert not clock.learn(ahead, asked_ms=0, heard_ms=0, session="a")
    assert not clock.learn(ahead, asked_ms=0, heard_ms=0, session="a"), "the same one again"
    assert (clock.now().wall_lo_ms, clock.now().wall_hi_ms) == (NOW_MS, None)
    assert not clock.learn(ahead + HOUR_MS, asked_ms=0, heard_ms=0, session="b"), "another time"
    assert clock.doubt == COUNTY_AHEAD
    half_ms = DOUBTED_FOR_MS // 2
    for session in ("c", "d"):
        assert not clock.learn(
            ahead + HOUR_MS + dials.ran_ms, dials.ran_ms, dials.ran_ms, session
        ), "nobody has had the time to put it right"
        dials.run(half_ms)
    assert clock.learn(ahead + HOUR_MS + dials.ran_ms, dials.ran_ms, dials.ran_ms, "e")
    assert clock.now().wall_lo_ms == ahead + HOUR_MS + dials.ran_ms
    assert not clock.doubt


def test_the_machines_own_clock_is_a_second_source() -> None:
    week = 7 * DAY_MS
    dials = Dials(NOW_MS + week)
    clock = clock_on(dials, floor_ms=NOW_MS)
    assert clock.now().wall_lo_ms == NOW_MS, "alone it is not enough"
    assert clock.learn(NOW_MS + week, asked_ms=0, heard_ms=0)
    assert clock.now().wall_lo_ms == NOW_MS + week
    dials.step(DAY_MS // 2)
    assert clock.now().wall_hi_ms is not None


def test_a_station_that_has_never_known_the_time_believes_its_county_at_once() -> None:
    clock = clock_on(Dials(0))
    assert clock.learn(NOW_MS + 90 * DAY_MS, asked_ms=0, heard_ms=0)
    assert clock.now().wall_lo_ms == NOW_MS + 90 * DAY_MS


def test_the_machines_own_clocks_are_read_by_default() -> None:
    clock = SystemClock(boot=1, floor_ms=0)
    first, second = clock.now(), clock.now()
    assert 0 <= first.mono_ms <= second.mono_ms < 60_000
    assert BUILD_FLOOR_MS <= first.wall_lo_ms <= second.wall_lo_ms
