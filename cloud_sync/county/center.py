"""Puts the threads of a county center together: ingest with its desks, broker, local socket."""

import secrets
import time
from collections.abc import Callable, Iterable
from typing import Final

from sqlalchemy import Connection

from cloud_sync.county import alarms
from cloud_sync.county.accounts.asks import account_asks
from cloud_sync.county.accounts.second_factor import FactorSafe
from cloud_sync.county.board.asks import board_asks
from cloud_sync.county.commands.asking import command_asks
from cloud_sync.county.commands.desk import CommandDesk
from cloud_sync.county.complaints.asks import complaint_asks
from cloud_sync.county.desk import Desk
from cloud_sync.county.durability.backup_round import Writer
from cloud_sync.county.durability.durable import Durable
from cloud_sync.county.histories.grants import GrantDesk
from cloud_sync.county.histories.snapshots import SnapshotDesk
from cloud_sync.county.identity.answering import identity_answerers
from cloud_sync.county.identity.keyring import KeyRing
from cloud_sync.county.identity.opening import (
    identity_asks,
    make_enrolment_office,
    make_granting,
    writer_of,
)
from cloud_sync.county.identity.own_keys import OwnKeys
from cloud_sync.county.ingest.ingest import Ingest
from cloud_sync.county.ingest.mqtt import CountyLink, link_plan
from cloud_sync.county.ingest.worker import IngestWorker
from cloud_sync.county.intake import make_sync_office
from cloud_sync.county.local_socket import Handler, LocalSocket
from cloud_sync.county.mobile.page import PhonePages
from cloud_sync.county.mobile.passes import PassOffice, forget_of, forget_passes
from cloud_sync.county.mobile.sayings import About, Counter
from cloud_sync.county.notices.opening import carrying_of, pages_of
from cloud_sync.county.notices.post import NoticePost
from cloud_sync.county.office import Office
from cloud_sync.county.questions.desk import ANSWERERS, QuestionDesk
from cloud_sync.county.recipients.asks import person_asks
from cloud_sync.county.recipients.desk import RetentionDesk
from cloud_sync.county.recipients.vault import Vault
from cloud_sync.county.settings import CountySettings
from cloud_sync.county.stream.asks import stream_asks
from cloud_sync.county.stream.desk import StateDesk
from cloud_sync.county.trips.asks import trip_asks
from edge.kernel.ids import StationId

RETAINED_EVERY_MS: Final = 60_000
"""A broker that is full of retained messages must not fill the ingest's queue."""
_THE_COUNTY: Final = StationId("")
"""The station of an alarm that concerns the center itself."""


class Center:
    """Everything of a running county but its pages. `on_failure` hears why the ingest ended."""

    def __init__(
        self,
        office: Office,
        settings: CountySettings,
        keys: OwnKeys,
        on_failure: Callable[[Exception], None],
    ) -> None:
        """Raises ConfigError for a broker that cannot be used."""
        database = office.database
        self._office = office
        self._told_retained_at = 0
        self._granting = make_granting(settings, keys)
        self._ring = KeyRing(database, keys)
        self._vault = Vault.of(keys)
        self._stream = StateDesk(database, mono_ms=_mono_ms, wall_ms=_wall_ms)
        office.phones = self._make_phones(settings)
        self._commands = CommandDesk(
            database, mono_ms=_mono_ms, wall_ms=_wall_ms, draw=secrets.token_bytes
        )
        self._link = CountyLink(
            settings.link.broker,
            office.county,
            on_dropped=self._dropped,
            on_link=office.link_turned,
            on_trouble=office.link_troubled,
            plan=link_plan(settings),
        )
        self._worker = self._make_worker(settings, on_failure)
        self._stream.nudge = self._commands.nudge = self._worker.nudge
        write = writer_of(self._worker, database)
        self._sync = make_sync_office(settings, database, self._granting, write)
        office.enrolment = make_enrolment_office(
            settings, database, self._ring, self._granting, write
        )
        self._post = self._make_post(settings, write)
        self._local = LocalSocket(settings.folder)
        asks = identity_asks(office.enrolment)
        for name, handler in (*asks.items(), *self._sync.asks().items(), *self._desk_asks(write)):
            self._local.answers(name, handler)

    def _make_phones(self, settings: CountySettings) -> PhonePages:
        passes = PassOffice(
            county=self._office.county,
            key_for=self._ring.identity_for,
            work=self._stream.work,
            put=self._stream.put,
        )
        return PhonePages(
            self._office.database,
            self._vault,
            about=_about(settings),
            office=passes,
            wall_ms=self._office.wall_ms,
        )

    def _make_post(self, settings: CountySettings, write: Writer) -> NoticePost:
        carrying = carrying_of(settings)
        return NoticePost(
            self._office.database, self._vault, carrying, write=write, wall_ms=_wall_ms
        )

    def _desk_asks(self, write: Writer) -> Iterable[tuple[str, Handler]]:
        database = self._office.database
        yield from stream_asks(self._stream, _wall_ms).items()
        yield from command_asks(self._commands, database).items()
        yield from trip_asks(self._stream, database, _wall_ms, self._vault).items()
        yield from complaint_asks(self._stream, database, _wall_ms).items()
        yield from board_asks(self._stream, database, _wall_ms).items()
        yield from person_asks(self._stream, database, self._vault, self._end_passes).items()
        safe = FactorSafe(self._vault.key_for("second factors"))
        yield from account_asks(database, write=write, safe=safe, wall_ms=_wall_ms).items()

    def _end_passes(self, connection: Connection, recipient: str) -> None:
        forget_of(connection, self._stream.put, recipient, _wall_ms())

    def _dropped(self, why: str) -> None:
        """A message was none for us; in the link's threads, so it must not wait."""
        self._office.metrics.dropped.labels(why).inc()
        now_ms = _mono_ms()
        if why != "retained" or now_ms < self._told_retained_at:
            return
        self._told_retained_at = now_ms + RETAINED_EVERY_MS
        self._worker.call(
            lambda: self._worker.ingest.alarm(_THE_COUNTY, alarms.RETAINED_HERE, "all dropped")
        )
        self._office.news.tell()

    def start(self) -> None:
        """Set every thread going."""
        self._worker.start()
        card = self._ring.own.issued_card.decode()
        self._stream.say(None, "county_keys", "card", {"card": card})  # the same card is no news
        key = self._vault.code_opener().public.hex()
        self._stream.say(None, "code_key", "x25519", {"x25519": key})
        self._sync.backups.start()
        self._post.start()
        self._link.start(self._worker.offer)
        self._local.start()

    def stop(self) -> None:
        """End them in order; what still waits is dropped, unanswered."""
        self._post.stop()
        self._sync.backups.stop()
        self._local.stop()
        self._link.stop()
        self._worker.stop()

    def _make_worker(
        self, settings: CountySettings, on_failure: Callable[[Exception], None]
    ) -> IngestWorker:
        office = self._office
        ingest = Ingest(
            office.database,
            granting=self._granting,
            durable=Durable(rule=settings.durable.rule, copies=settings.durable.copies),
            clock_ms=_wall_ms,
            draw=secrets.token_bytes,
            metrics=office.metrics,
        )
        return IngestWorker(
            database=office.database,
            ingest=ingest,
            presence=office.presence,
            metrics=office.metrics,
            codec=self._ring.codec,
            answer_stranger=self._ring.answer_stranger,
            send=self._link.send,
            on_change=office.news.tell,
            on_failure=on_failure,
            desks=self._desks(),
        )

    def _desks(self) -> tuple[Desk, ...]:
        office = self._office
        answerers = identity_answerers(lambda: office.enrolment)
        return (
            SnapshotDesk(office.database, _wall_ms),
            GrantDesk(office.database, _wall_ms),
            RetentionDesk(
                office.database,
                mono_ms=_mono_ms,
                wall_ms=_wall_ms,
                forget=lambda connection: forget_passes(connection, self._stream.put, _wall_ms()),
            ),
            self._commands,
            self._stream,
            QuestionDesk(office.database, mono_ms=_mono_ms, answerers={**ANSWERERS, **answerers}),
        )


def _about(settings: CountySettings) -> About:
    counters = {one.id: Counter(hours=one.hours, phone=one.phone) for one in settings.stations}
    return About(
        county=settings.county.name,
        phone=settings.county.phone,
        pages=pages_of(settings),
        counters=counters,
    )


def _mono_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000
