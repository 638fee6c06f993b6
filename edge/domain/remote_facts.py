"""What became of the county's live commands: facts like those of edge.domain.facts, among them.

Each command that a station took up has one RemoteAccepted and one RemoteEnded, or one
RemoteRefused. The pulse itself is told by the door's own facts.
"""

from dataclasses import dataclass
from typing import ClassVar

from edge.kernel.ids import AuthId, CellId


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteAccepted:
    """A door is opened for the county; `digest` is SHA-256 over the whole command."""

    KIND: ClassVar[str] = "remote.accepted"
    SCHEMA: ClassVar[int] = 1
    command: str
    digest: str
    seq: int
    cell: CellId
    auth: AuthId
    operator: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteRefused:
    """No door is opened for the county; `reason` is the station's word for why."""

    KIND: ClassVar[str] = "remote.refused"
    SCHEMA: ClassVar[int] = 1
    command: str
    digest: str
    seq: int
    cell: CellId
    operator: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteEnded:
    """What an accepted command came to: opened, no_feedback or indeterminate."""

    KIND: ClassVar[str] = "remote.ended"
    SCHEMA: ClassVar[int] = 1
    command: str
    result: str
