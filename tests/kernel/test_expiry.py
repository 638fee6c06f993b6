"""Three answers to "is it too late?": what a clock cannot tell, it does not."""

import pytest

from edge.kernel.time import Expiry, Instant, judge


@pytest.mark.parametrize(
    ("lo_ms", "hi_ms", "answer"),
    [
        (900, 1_000, Expiry.VALID),
        (900, 1_001, Expiry.UNSURE),
        (1_000, 1_000, Expiry.VALID),
        (1_000, None, Expiry.UNSURE),
        (1_001, 1_002, Expiry.EXPIRED),
        (1_001, None, Expiry.EXPIRED),
    ],
)
def test_a_moment_is_judged_by_both_ends_of_the_bracket(
    lo_ms: int, hi_ms: int | None, answer: Expiry
) -> None:
    now = Instant(boot=1, mono_ms=0, wall_lo_ms=lo_ms, wall_hi_ms=hi_ms)
    assert judge(now, 1_000) is answer
