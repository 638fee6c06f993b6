"""What the county told the station for good: facts like those of edge.domain.facts, among them.

What was told is a table of the store, not of the state: no decision of the core asks for it.
"""

from dataclasses import dataclass
from typing import ClassVar

from edge.kernel.ids import KeeperId


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyStateApplied:
    """Items `first` to `last` of the county's state stream are stored, in this transaction.

    `kinds` names each kind once. With a `sweep` above 0 whatever was told below it is forgotten,
    except revocations.
    """

    KIND: ClassVar[str] = "county_state.applied"
    SCHEMA: ClassVar[int] = 1
    first: int
    last: int
    kinds: tuple[str, ...]
    sweep: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRead:
    """The keeper has read a notice of the county, the one that came with number `seq`."""

    KIND: ClassVar[str] = "notice.read"
    SCHEMA: ClassVar[int] = 1
    notice: str
    seq: int
    keeper: KeeperId
