"""What the county's pages stand on: the parts of a running county, handed over as one."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cloud_sync.county.database import Database
from cloud_sync.county.durability.durable import Durable
from cloud_sync.county.identity.enrolment_office import EnrolmentOffice
from cloud_sync.county.metrics import CountyMetrics
from cloud_sync.county.mobile.page import PhonePages
from cloud_sync.county.news import News
from cloud_sync.county.presence import Presence
from edge.kernel.ids import CountyId


@dataclass(slots=True, kw_only=True)
class Office:
    """A running county. `link_up` and its trouble turn with the broker; all else stays."""

    county: CountyId
    name: str
    software: str
    database: Database
    presence: Presence
    metrics: CountyMetrics
    news: News
    wall_ms: Callable[[], int]
    durable: Durable = field(default_factory=lambda: Durable(rule="commit", copies=1))
    """What this county calls safe."""
    link_up: bool = False
    link_trouble: str = ""
    """Why the broker is away: a word of `Away`, `no_share`, or empty for no more than an outage."""
    phones: PhonePages | None = None
    """What addressees see; None until the county's keys are read."""
    enrolment: EnrolmentOffice | None = None
    """Where stations are let in; None until the ingest is there."""

    def link_turned(self, up: bool) -> None:  # noqa: FBT001 - the link's only word
        """The broker came or went; called from its own thread."""
        self.link_up, self.link_trouble = up, ""
        self.metrics.link_up.set(up)
        self.news.tell()

    def link_troubled(self, why: str) -> None:
        """What keeps the broker away; called from the link's thread, at each try."""
        if why != self.link_trouble:
            self.link_trouble = why
            self.news.tell()


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One look at the page: when, and in whose language."""

    now_ms: int
    language: str
