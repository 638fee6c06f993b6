"""Images of a disk at the points of a recording, and what must hold of every one of them."""

import json
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from cloud_sync.county.database import DATABASE, Database
from cloud_sync.county.tables import STATIONS
from cloud_sync.wire.framing.frame import Codec
from edge.kernel.errors import StoreError
from edge.store.database import Store
from edge.store.verify import verify
from edge.tools.house import STATION_ID
from tests.torture.platter import Disk, lay_into, moments
from tests.torture.recording import Step
from tests.torture.rig import acknowledged, answered, chain_trouble, rows_in, unlocked

Judge = Callable[[Path, "Promises"], list[str]]
_TELLS: Final = 5


@dataclass(slots=True)
class Promises:
    """What had left the process by some moment: answers, orders to locks, acknowledgements.

    The codec is that of the station to which a county speaks, and reads what only that may read.
    """

    lock_board: Path
    codec: Codec | None = None
    told: set[tuple[str, str]] = field(default_factory=set)
    fired: Counter[int] = field(default_factory=Counter)
    shown: set[tuple[int, str]] = field(default_factory=set)
    """Place and hash of the facts that a county's page has shown."""
    acknowledged: set[tuple[int, str]] = field(default_factory=set)
    """Place and hash of the facts up to which a county has said that it has all."""

    def take(self, step: Step) -> None:
        """A call that has begun."""
        self.told.update(answered(step))
        self.fired.update(unlocked(step, self.lock_board))
        if step.what == "sent" and step.data.startswith(b'{"facts":['):
            facts = json.loads(step.data)["facts"]
            self.shown.update((fact["seq"], fact["hash"]) for fact in facts)
        if self.codec is not None:
            self.acknowledged.update(acknowledged(step, self.codec))

    def count(self) -> Counter[str]:
        """How many there are of each kind."""
        kinds = {
            "answers": len(self.told),
            "locks fired": self.fired.total(),
            "facts shown": len(self.shown),
            "acknowledgements": len(self.acknowledged),
        }
        return +Counter(kinds)


@dataclass(slots=True)
class Outcome:
    """How many images were judged at how many points, and what was wrong with which."""

    points: int
    images: int = 0
    promises: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = "; ".join(self.broken[:_TELLS])
        return (
            f"{self.images} images at {self.points} points, at last with "
            f"{dict(self.promises)}: {len(self.broken)} broken {told}"
        )


def judge_images(  # noqa: PLR0913 - each a word of its own
    disk: Callable[[], Disk],
    steps: Sequence[Step],
    judge: Judge,
    *,
    promises: Promises,
    scratch: Path,
    images: int,
    seed: int,
) -> Outcome:
    """Cut the power at the points of a recording, spread evenly, and judge what is left."""
    points = sum(1 for _line in moments(disk(), steps))
    dice = random.Random(seed)
    spread = Counter(_point(number, points, images, dice) for number in range(images))
    outcome, ahead = Outcome(points), iter(steps)
    after = next(ahead, None)
    now = disk()
    for number, line in enumerate(moments(now, steps)):
        while after is not None and after.began <= line:
            promises.take(after)
            after = next(ahead, None)
        for _again in range(spread[number]):
            lay_into(scratch, now.after_the_cut(dice))
            outcome.images += 1
            outcome.broken += [f"after line {line}: {one}" for one in judge(scratch, promises)]
            shutil.rmtree(scratch)
    outcome.promises = promises.count()
    return outcome


def _point(number: int, points: int, images: int, dice: random.Random) -> int:
    """Every point at least once where there are enough images, else one in each stretch."""
    start = number * points // images
    stretch = max(1, (number + 1) * points // images - start)
    return min(start + dice.randrange(stretch), points - 1)


def judge_station(folder: Path, promises: Promises) -> list[str]:
    """What is wrong with a station's folder after the cut."""
    try:
        report = verify(folder)
        with closing(Store.open(folder)) as store:
            facts = [envelope for envelope, _hash in store.replay()]
            head = store.head()[0]
    except StoreError as refused:
        return [f"it cannot be used: {refused}"]
    held = set(_held(facts))
    asked = Counter(fact.body["cell"] for fact in facts if fact.kind == "door.asked")
    missing = sorted(promises.told - held)
    unexplained = promises.fired - asked
    return [
        *report.problems,
        *([f"of {head} facts only {len(facts)} can be replayed"] if head != len(facts) else []),
        *([f"answered but lost: {missing[:3]}"] if missing else []),
        *([f"fired without an intent on the disk: {dict(unexplained)}"] if unexplained else []),
    ]


def _held(facts: Sequence[Any]) -> Iterator[tuple[str, str]]:
    for fact in facts:
        if "waybill_no" in fact.body:
            yield fact.kind, fact.body["waybill_no"]
        if fact.kind == "door.asked":
            yield fact.kind, fact.body["auth"]


def judge_county(folder: Path, promises: Promises) -> list[str]:
    """What is wrong with a county's folder after the cut."""
    try:
        with closing(Database.open(folder)) as database, database.read() as connection:
            mine = select(STATIONS).where(STATIONS.c.station == STATION_ID)
            place = connection.execute(mine).one()
    except StoreError as refused:
        return [f"it cannot be opened: {refused}"]
    rows = rows_in(folder / DATABASE, "facts")
    held = {(seq, digest.hex()) for _epoch, seq, digest, _fact in rows}
    missing = sorted((promises.shown | promises.acknowledged) - held)
    end = (rows[-1][1], rows[-1][2]) if rows else (0, bytes(place.hash))
    return [
        *chain_trouble(rows),
        *(
            [f"the ledger stands at {place.seq}, the facts at {end[0]}"]
            if end != (place.seq, bytes(place.hash))
            else []
        ),
        *([f"shown or acknowledged but lost: {missing[:3]}"] if missing else []),
    ]
