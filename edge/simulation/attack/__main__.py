"""A long attack, and its figures: python -m edge.simulation.attack DAYS [FILE].

So many days with codes of eight digits, as stations print them, and as many with four, where hits
are frequent enough to be counted. Only a run of a million days is what we publish: its figures go
to docs/attack.json. Those of a shorter one go to FILE if it is given, and are printed in any case.
"""

import datetime as dt
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from edge.simulation.attack.bound import PROMISED, Measured, bound
from edge.simulation.attack.campaign import Campaign, Outcome
from edge.simulation.attack.station import RULES
from edge.simulation.command import ENDED_EARLY
from edge.simulation.many import listen_to, processors, sigterm_is_ctrl_c
from edge.simulation.progress import Progress
from edge.simulation.soak import ROOT, commit

FIGURES: Final = ROOT / "docs" / "attack.json"
FEWEST_PUBLISHED: Final = 1_000_000
"""Days without which figures are nobody's evidence."""
AS_PRINTED: Final = 8
TO_MEASURE: Final = 4
LENGTH: Final = 100
"""Days of one campaign: long enough for codes to go and tails to crowd, short enough to share."""


@dataclass
class Tally:
    """All outcomes so far, by the number of digits."""

    of: dict[int, Outcome] = field(
        default_factory=lambda: {AS_PRINTED: Outcome(), TO_MEASURE: Outcome()}
    )

    def add(self, campaign: Campaign, shown: Outcome) -> None:
        """One more."""
        self.of[campaign.digits] += shown

    @property
    def days(self) -> int:
        """All together."""
        return sum(one.sums["days"] for one in self.of.values())

    def measured(self, digits: int) -> Measured:
        """What the days with so many digits showed."""
        sums = self.of[digits].sums
        return Measured(
            days=sums["days"],
            digits=digits,
            units=sums["units_at_live_codes"],
            hits=sums["hits"],
            bound=bound(RULES, digits),
        )

    def troubles(self) -> list[str]:
        """Every promise that was broken."""
        found = [trouble for one in self.of.values() for trouble in one.troubles]
        for digits in self.of:
            found += [f"{digits} digits: {t}" for t in self.measured(digits).troubles()]
        if bound(RULES, AS_PRINTED) > PROMISED:
            found.append(f"{bound(RULES, AS_PRINTED)} a day is more than was promised")
        return found

    def figures(self) -> dict[str, Any]:
        """What is published."""
        whole = self.of[AS_PRINTED] + self.of[TO_MEASURE]
        return {
            "days": self.of[AS_PRINTED].sums["days"],
            "violations": len(self.troubles()),
            "most_units_in_24_hours": whole.most_units,
            "most_wrong_tries_at_one_code_in_24_hours": whole.most_wrong,
            "promised_a_day": PROMISED,
            "bound_a_day": bound(RULES, AS_PRINTED),
            "as_printed": self.measured(AS_PRINTED).figures(),
            "measured": self.measured(TO_MEASURE).figures(),
            "sums_of_both": dict(sorted(whole.sums.items())),
            "days_by_strategy": dict(sorted(whole.strategies.items())),
        }


def attack(days: int, jobs: int) -> tuple[Tally, bool]:
    """Play all; what is broken is told on stderr as it happens. False where Ctrl-C ended it."""
    progress, tally = Progress(), Tally()

    def each(campaign: Campaign, shown: Outcome) -> None:
        tally.add(campaign, shown)
        for trouble in shown.troubles:
            progress.tell(trouble)
        speed = tally.days / max(progress.passed_s(), 1e-9)
        progress.say(f"{tally.days:,}/{2 * days:,} 天 days · {speed:,.0f}/s")

    with sigterm_is_ctrl_c():
        whole = listen_to(Campaign.play, campaigns(days), jobs, each)
        if not whole:
            progress.tell(f"提前结束 · ended early: {tally.days:,} of {2 * days:,} days judged")
    progress.clear()
    return tally, whole


def campaigns(days: int) -> list[Campaign]:
    """So many days in each space. They take turns, so that whoever ends it early has of both."""
    return [
        Campaign(seed=number, digits=digits, days=min(LENGTH, days - first))
        for number, first in enumerate(range(0, days, LENGTH))
        for digits in (AS_PRINTED, TO_MEASURE)
    ]


def figures_file(days: int, named: Sequence[str]) -> Path | None:
    """Where the figures of so many days belong: where somebody said, if anywhere."""
    if named:
        return Path(named[0])
    return FIGURES if days >= FEWEST_PUBLISHED else None


def main(days: int, named: Sequence[str] = (), jobs: int = 0) -> int:
    """Write the figures of a whole run, whatever they are; 1 where a promise is broken."""
    began = Progress()
    ran = commit()  # of what is about to run, whatever is changed meanwhile
    tally, whole = attack(days, jobs or processors())
    figures = {
        **tally.figures(),
        "days_per_second": round(tally.days / max(began.passed_s(), 1e-9)),
        "commit": ran,
        "date": dt.datetime.now(dt.UTC).date().isoformat(),  # noqa: TID251 - of the run
    }
    sys.stdout.write(f"{json.dumps(figures)}\n")
    troubles = tally.troubles()
    for trouble in troubles:
        sys.stdout.write(f"✗ {trouble}\n")
    if not whole:
        return ENDED_EARLY
    if file := figures_file(days, named):
        file.write_text(f"{json.dumps(figures, indent=2)}\n", encoding="utf-8")
        sys.stdout.write(f"{file}\n")
    return 1 if troubles else 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), sys.argv[2:]))
