"""What may be asked of the station about long stays, damage, refusals and exceptions."""

from typing import Annotated

from pydantic import AfterValidator, Field

from edge.domain.keeping import Liable
from edge.domain.troubles import TroubleKind
from edge.web.asks import Ask, Reason, WaybillAsk

Days = Annotated[int, Field(ge=1, le=30)]
Liability = Annotated[Liable, Field(strict=False)]


def _says_something(text: str) -> str:
    if not text.strip():
        raise ValueError("an empty reason")
    return text


Why = Annotated[Reason, AfterValidator(_says_something)]


class StayAsk(WaybillAsk):
    """For how many days more, and why."""

    days: Days
    reason: Why


class RefusedAsk(WaybillAsk):
    """Why its recipient does not want it."""

    reason: Why


class DamageAsk(WaybillAsk):
    """What is broken, and whose fault it is."""

    note: Why
    liable: Liability


class TroubleAsk(Ask):
    """One exception: what the keeper says of it, and whether it is settled."""

    trouble: Annotated[TroubleKind, Field(strict=False)]
    subject: Annotated[str, Field(pattern=r"^[A-Z0-9-]{5,30}$")]
    note: Annotated[str, Field(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
    liable: Liability
    settled: bool
