"""The state stream and questions."""

from dataclasses import replace
from typing import Any, Final

import msgspec
import pytest

from cloud_sync.station.talks.questions import Answered, Questions
from cloud_sync.station.talks.state_talk import StateTalk
from cloud_sync.wire.messages import Answer, Message, StateItems
from edge.domain.effects import KeepCountyWords
from edge.store import durable
from edge.store.county_state import keep_words
from tests.simulation.defences.defence import Defence


def _takes_what_does_not_follow(patch: pytest.MonkeyPatch) -> None:
    hear = StateTalk.hear

    async def careless(self: StateTalk, message: Message) -> None:
        if isinstance(message, StateItems):
            shelf = self.__dict__["_shelf"]
            at = min(await shelf.seq(), message.items[0].seq - 1)
            shelf.__dict__["_seq"] = at
            message = msgspec.structs.replace(message, previous_seq=at)
        await hear(self, message)

    patch.setattr(StateTalk, "hear", careless)


def _forgets_to_sweep(patch: pytest.MonkeyPatch) -> None:
    def dusty(connection: Any, told: KeepCountyWords) -> None:
        keep_words(connection, replace(told, sweep=0))

    patch.setattr(durable, "keep_words", dusty)


def _gives_any_answer_to_who_asked_first(patch: pytest.MonkeyPatch) -> None:
    async def hasty(self: Questions, message: Message) -> None:
        waiting = [one for one in self.__dict__["_open"].values() if not one.done()]
        if isinstance(message, Answer) and waiting:
            waiting[0].set_result(Answered(message.body))

    patch.setattr(Questions, "hear", hasty)


DEFENCES: Final = (
    Defence(
        name="takes_only_what_follows",
        off=_takes_what_does_not_follow,
        laws=frozenset(["S1", "S4", "S7"]),
        most=60,
    ),
    Defence(
        name="sweeps_what_holds_no_more", off=_forgets_to_sweep, laws=frozenset(["S1"]), most=60
    ),
    Defence(
        name="knows_whose_answer_it_is",
        off=_gives_any_answer_to_who_asked_first,
        laws=frozenset(["Q"]),
    ),
)
