"""Between a station's journal and its county."""

from dataclasses import replace
from typing import Final

import pytest

from cloud_sync.county.ingest import ledger
from cloud_sync.county.ingest.conversation import Conversation
from cloud_sync.station import session
from cloud_sync.station.ports import Cursor
from cloud_sync.station.talks.snapshot_talk import SnapshotTalk
from cloud_sync.station.uplink import (
    Acknowledged,
    Event,
    Moment,
    SendBatch,
    Step,
    TimePassed,
    Uplink,
    Welcomed,
    step,
)
from cloud_sync.wire.messages import Hello, Message
from edge.kernel.ids import Seq
from edge.kernel.time import Instant
from edge.store.pruning import Pruning
from tests.simulation.defences.defence import Defence


def _never_goes_back(patch: pytest.MonkeyPatch) -> None:
    def stubborn(uplink: Uplink, event: Event, moment: Moment) -> Step:
        after, actions = step(uplink, event, moment)
        kept = uplink.cursor.applied_seq
        if after.cursor.applied_seq >= kept:
            return after, actions
        return replace(after, cursor=replace(after.cursor, applied_seq=kept)), tuple(
            replace(action, after_seq=kept) if isinstance(action, SendBatch) else action
            for action in actions
        )

    patch.setattr(session, "step", stubborn)


def _never_asks_again(patch: pytest.MonkeyPatch) -> None:
    def silent(uplink: Uplink, event: Event, moment: Moment) -> Step:
        if isinstance(event, TimePassed):
            return replace(uplink, due_ms=None), ()
        return step(uplink, event, moment)

    patch.setattr(session, "step", silent)


def _looks_at_the_clock_for_ever(patch: pytest.MonkeyPatch) -> None:
    def hectic(uplink: Uplink, event: Event, moment: Moment) -> Step:
        return (uplink, ()) if isinstance(event, TimePassed) else step(uplink, event, moment)

    patch.setattr(session, "step", hectic)


def _prunes_what_is_only_applied(patch: pytest.MonkeyPatch) -> None:
    limit = Pruning.limit

    def eager(self: Pruning, cursor: Cursor, now: Instant, ran_ms: int, keep_ms: int) -> Seq:
        trusting = replace(cursor, durable_seq=cursor.applied_seq)
        return limit(self, trusting, now, ran_ms, keep_ms)

    patch.setattr(Pruning, "limit", eager)


def _compares_no_hashes(patch: pytest.MonkeyPatch) -> None:
    """Neither the station nor the county, at a HELLO or in a batch."""

    def trusting(uplink: Uplink, event: Event, moment: Moment) -> Step:
        if isinstance(event, Welcomed):
            event = replace(event, mine=event.welcome.applied)
        if isinstance(event, Acknowledged):
            event = Acknowledged(event.ack, event.ack.applied)
        return step(uplink, event, moment)

    def by_number(hello: Hello, _talk: Conversation, place: ledger.Place) -> str:
        return "ok" if hello.head.seq >= place.seq else "rollback"

    patch.setattr(session, "step", trusting)
    patch.setattr("cloud_sync.county.ingest.ingest.Ingest._second_history", lambda *_all: None)
    patch.setattr("cloud_sync.county.ingest.reception._history", by_number)


def _sends_one_fact_at_a_time(patch: pytest.MonkeyPatch) -> None:
    def sparing(uplink: Uplink, event: Event, moment: Moment) -> Step:
        after, actions = step(uplink, event, moment)
        return after, tuple(
            replace(action, max_facts=1) if isinstance(action, SendBatch) else action
            for action in actions
        )

    patch.setattr(session, "step", sparing)


def _binds_no_topic(patch: pytest.MonkeyPatch) -> None:
    """Each end of these worlds knows every station's key, so that nothing else stops a frame."""
    patch.setattr("cloud_sync.wire.framing.frame._bound", lambda header, _where: header)


def _answers_every_answer(patch: pytest.MonkeyPatch) -> None:
    """Also one that was repeated on its way has a piece of the snapshot sent."""
    hear = SnapshotTalk.hear

    async def eager(self: SnapshotTalk, message: Message) -> None:
        await hear(self, message)
        if self._sending is not None:
            self.due_ms = 0

    patch.setattr(SnapshotTalk, "hear", eager)


DEFENCES: Final = (
    Defence(
        name="has_no_answer_answered_twice",
        off=_answers_every_answer,
        long=True,
        needs=("roads", "pruning"),  # answers that come twice, and snapshots that are due
        most=120,
        laws=frozenset(["L3"]),
    ),
    Defence(
        name="goes_back_to_where_a_restored_county_is", off=_never_goes_back, laws=frozenset(["S4"])
    ),
    Defence(name="asks_again_when_nothing_comes", off=_never_asks_again, laws=frozenset(["S4"])),
    Defence(
        name="rests_until_something_is_due",
        off=_looks_at_the_clock_for_ever,
        laws=frozenset(["L2"]),
    ),
    Defence(
        name="forgets_only_what_is_durable",
        off=_prunes_what_is_only_applied,
        laws=frozenset(["S3"]),
    ),
    Defence(
        name="compares_hashes_not_numbers",
        off=_compares_no_hashes,
        laws=frozenset(["S1", "S6"]),
        most=60,
    ),
    Defence(name="sends_facts_in_batches", off=_sends_one_fact_at_a_time, laws=frozenset(["S4"])),
    Defence(name="binds_a_frame_to_its_topic", off=_binds_no_topic, laws=frozenset(["X4"])),
)
