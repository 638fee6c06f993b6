"""A natural village in an asking: one of the station's list, or none."""

from typing import Annotated

from pydantic import AfterValidator, Field

from cloud_sync.wire.bodies.hamlets import MOST_HAMLET
from edge.domain.answers import Refusal
from edge.domain.policy import Policy
from edge.kernel.errors import Refused
from edge.kernel.ids import NO_HAMLET, Hamlet


def _printable(name: str) -> str:
    if not name.isprintable():
        raise ValueError("control characters")
    return name


HamletName = Annotated[Hamlet, Field(max_length=MOST_HAMLET), AfterValidator(_printable)]


def named_here(hamlet: Hamlet, policy: Policy) -> Hamlet:
    """The same village. Raises Refused for one that the station does not list."""
    if hamlet != NO_HAMLET and hamlet not in policy.hamlets:
        raise Refused(Refusal.NO_SUCH_HAMLET)
    return hamlet
