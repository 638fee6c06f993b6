"""Questions to the county: answered, or unknown; never "no" for want of an answer."""

import asyncio
import itertools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert
from sqlalchemy import Connection

from cloud_sync.county.desk import Letter
from cloud_sync.county.questions.desk import MOST_AT_ONCE, WITHIN_MS, QuestionDesk
from cloud_sync.station.talks.questions import MOST_OPEN, Answered, Questions, Unknown
from cloud_sync.wire.bodies.question import MOST_STEPS, TraceAnswered
from cloud_sync.wire.messages import Answer, Ask, Message, Position, Welcome
from edge.kernel.ids import StationId
from tests.county.village import NOON_MS, County, Village, open_county

pytestmark = pytest.mark.anyio
WAYBILL = "YT7700123456"
WELCOME = Welcome(
    nonce="n",
    session="s1",
    county_gen="1",
    verdict="ok",
    applied=Position(epoch=1, seq=0, hash="0" * 64),
    durable_seq=0,
    county_time_ms=0,
)


class Counter:
    """A station that asks; what it said is answered by hand."""

    def __init__(self) -> None:
        draws = itertools.count(1)
        self.questions = Questions(lambda size: next(draws).to_bytes(size, "big"))
        self.asked: list[Ask] = []

    def open(self) -> "Counter":
        self.questions.opened(WELCOME, self._say)
        return self

    def _say(self, lane: str, message: Message) -> None:
        assert lane == "ask"
        assert isinstance(message, Ask)
        self.asked.append(message)

    async def ask(self, **body: Any) -> "asyncio.Task[Answered | Unknown]":
        """A question on its way."""
        task = asyncio.create_task(self.questions.ask("parcel.where", body, deadline_s=0.05))
        await asyncio.sleep(0)
        return task

    async def answer(self, *, known: bool = True, **body: Any) -> None:
        """The county answers the last question."""
        question = self.asked[-1].question
        await self.questions.hear(Answer(question=question, known=known, body=body))


async def test_an_answer_finds_its_question() -> None:
    counter = Counter().open()
    first, second = await counter.ask(n=1), await counter.ask(n=2)
    await counter.answer(places=[])
    assert await second == Answered({"places": []})
    assert await first == Unknown("late")


async def test_an_answer_that_comes_too_late_is_dropped() -> None:
    counter = Counter().open()
    assert await (await counter.ask()) == Unknown("late")
    await counter.answer()
    assert counter.questions.dropped == 1


async def test_a_repeated_answer_is_dropped() -> None:
    counter = Counter().open()
    asked = await counter.ask()
    await counter.answer(places=[1])
    await counter.answer(places=[2])
    assert await asked == Answered({"places": [1]})
    assert counter.questions.dropped == 1


async def test_what_the_county_does_not_know_is_unknown() -> None:
    counter = Counter().open()
    asked = await counter.ask()
    await counter.answer(known=False)
    assert await asked == Unknown("not_known")


async def test_offline_is_unknown_at_once() -> None:
    counter = Counter()
    assert await counter.questions.ask("parcel.where", {}) == Unknown("offline")
    assert counter.asked == []


async def test_a_session_that_ends_ends_its_questions() -> None:
    counter = Counter().open()
    asked = await counter.ask()
    counter.questions.closed()
    assert await asked == Unknown("cut_off")
    assert await counter.questions.ask("parcel.where", {}) == Unknown("offline")


async def test_too_many_at_once_are_not_asked() -> None:
    counter = Counter().open()
    asked = [await counter.ask() for _one in range(MOST_OPEN)]
    assert await (await counter.ask()) == Unknown("too_many")
    assert len(counter.asked) == MOST_OPEN
    assert {await one for one in asked} == {Unknown("late")}
    assert (await counter.ask()).done() is False


# -- the county's desk


@pytest.fixture
def county(tmp_path: Path) -> Iterable[County]:
    with open_county(tmp_path) as county:
        yield county


def desk_of(county: County, **more: Any) -> QuestionDesk:
    return QuestionDesk(county.database, mono_ms=more.pop("mono_ms", lambda: 0), **more)


def asked(kind: str = "parcel.where", **body: Any) -> Ask:
    return Ask(question="q1", kind=kind, body=body)


def only(letters: Iterable[Letter]) -> Answer:
    (letter,) = letters
    assert letter.lane == "ans"
    assert isinstance(letter.message, Answer)
    return letter.message


def test_every_station_that_has_or_had_the_parcel_is_told(county: County) -> None:
    here, there = Village("pingshang"), Village("shuangxi")
    here.check_in(WAYBILL, 7)
    here.pick_up(WAYBILL, 7)
    there.tell("station.started", version="0.1.0")
    there.check_in(WAYBILL, 3)
    for village in (here, there):
        county.deliver(village)
    answer = only(desk_of(county).hear(here.station, asked(waybill_no=WAYBILL)))
    assert answer.known
    places = {place["station"]: place["stage"] for place in answer.body["places"]}
    assert places == {"pingshang": "picked_up", "shuangxi": "stored"}
    assert set(answer.body["places"][0]) == {"station", "name", "stage", "since_ms"}


def test_a_parcel_that_nobody_had_is_known_to_be_nowhere(county: County) -> None:
    answer = only(desk_of(county).hear(StationId("pingshang"), asked(waybill_no=WAYBILL)))
    assert (answer.known, answer.body) == (True, {"places": []})


def test_a_parcels_way_is_told_step_by_step_and_nothing_else(county: County) -> None:
    hub, here = Village("zhen-hub"), Village("pingshang")
    hub.tell(
        "parcel.misrouted",
        waybill_no=WAYBILL,
        trip="t",
        seal="FQ0000001",
        to="pingshang",
        next_hop="run-3",
        keeper="li",
    )
    here.tell("parcel.received", waybill_no=WAYBILL, carrier="中通", keeper="li")
    here.tell("parcel.phone_tail_noted", waybill_no=WAYBILL, phone_tail="3865")
    here.tell("parcel.stored", waybill_no=WAYBILL, cell=7)
    here.tell("parcel.stored", waybill_no="YT7700999999999", cell=8)
    for village in (here, hub):
        county.deliver(village)
    answer = only(desk_of(county).hear(here.station, asked("parcel.trace", waybill_no=WAYBILL)))
    told = convert(answer.body, TraceAnswered).steps
    assert [(step.station, step.step) for step in told] == [
        ("pingshang", "parcel.received"),
        ("zhen-hub", "parcel.misrouted"),
        ("pingshang", "parcel.stored"),
    ]
    assert [step.sure for step in told] == [False] * 3
    assert "3865" not in str(answer.body)
    assert "li" not in str(answer.body)


def test_of_a_very_long_way_the_newest_steps_are_told(county: County) -> None:
    here = Village("pingshang")
    for number in range(MOST_STEPS + 3):
        here.tell("parcel.stored", waybill_no=WAYBILL, cell=number + 1)
    county.deliver(here)
    answer = only(desk_of(county).hear(here.station, asked("parcel.trace", waybill_no=WAYBILL)))
    steps = answer.body["steps"]
    assert len(steps) == MOST_STEPS
    assert steps[-1]["at_ms"] == max(step["at_ms"] for step in steps)
    assert steps[0]["at_ms"] == NOON_MS + 4_000, "the first three are left out"


@pytest.mark.parametrize(
    "question",
    [
        asked("weather"),
        asked(),
        asked(waybill_no=7),
        asked(waybill_no="'; drop table facts"),
        asked("parcel.trace"),
        asked("parcel.trace", waybill_no=["YT7700123456789"]),
    ],
)
def test_what_is_no_question_of_ours_is_not_known(county: County, question: Ask) -> None:
    answer = only(desk_of(county).hear(StationId("pingshang"), question))
    assert (answer.known, answer.body) == (False, {})


def test_an_answerer_of_another_subject_is_a_row_in_a_table(county: County) -> None:
    def weather(
        _connection: Connection, station: StationId, body: Mapping[str, Any]
    ) -> dict[str, Any]:
        return {"at": station, "day": body["day"], "rain": True}

    desk = desk_of(county, answerers={"weather": weather})
    answer = only(desk.hear(StationId("pingshang"), asked("weather", day=1)))
    assert answer.body == {"at": "pingshang", "day": 1, "rain": True}


def test_who_asks_too_much_hears_nothing_for_a_while(county: County) -> None:
    now = [0]
    clock: Callable[[], int] = lambda: now[0]  # noqa: E731 - a clock to turn
    desk = desk_of(county, mono_ms=clock)
    for _one in range(MOST_AT_ONCE):
        only(desk.hear(StationId("pingshang"), asked(waybill_no=WAYBILL)))
    assert list(desk.hear(StationId("pingshang"), asked(waybill_no=WAYBILL))) == []
    only(desk.hear(StationId("shuangxi"), asked(waybill_no=WAYBILL)))
    now[0] = WITHIN_MS
    only(desk.hear(StationId("pingshang"), asked(waybill_no=WAYBILL)))
