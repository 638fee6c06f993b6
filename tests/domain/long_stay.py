"""A house where days go by, under a clock that the county has told, or under none."""

from typing import Final

from edge.domain.effects import QueueOverdueList, Reply
from edge.domain.inputs import ClockLearned
from edge.domain.keeping import Keeping, Liable
from edge.domain.policy import Policy
from edge.domain.return_inputs import (
    BaggingAsked,
    DamageTold,
    ExtensionAsked,
    LoadingAsked,
    RefusalTold,
    ReminderTold,
    ReturnAsked,
    ReturnUndoAsked,
    TroubleTold,
)
from edge.domain.troubles import Trouble, TroubleKind, TroubleState
from edge.kernel.ids import CellId, WaybillNo
from edge.kernel.time import Instant
from tests.domain.house import HOUR, LI, YT, heard
from tests.domain.van import Van

DAY: Final = 24 * HOUR
MORNING: Final = 18 * HOUR + HOUR // 2
"""From noon to half past six on the next day."""


class LongStay(Van):
    """`doubt_ms` is half the width of the clock's bracket, None while nobody trusts it."""

    def __init__(self, *, policy: Policy | None = None) -> None:
        self.doubt_ms: int | None = 500
        super().__init__()
        self.policy = policy or self.policy
        self.check_in_on()

    @property
    def now(self) -> Instant:
        doubt_ms = self.doubt_ms
        return Instant(
            boot=self.boot,
            mono_ms=self.mono_ms,
            wall_lo_ms=self.wall_ms - (doubt_ms or 0),
            wall_hi_ms=None if doubt_ms is None else self.wall_ms + doubt_ms,
        )

    def days(self, count: float) -> list[str]:
        """Days go by, and the station looks once; the kinds of what is new."""
        self.tick(int(count * DAY))
        return self.kinds

    def loses_the_time(self) -> None:
        """Nobody trusts the clock any more."""
        self.doubt_ms = None

    def learns_the_time(self) -> None:
        """The county tells it."""
        self.doubt_ms = 500
        self.tell(ClockLearned(at=self.now, county_ms=self.wall_ms, error_ms=40))

    def comes_back(self, *, off_ms: int = 60_000, trusted: bool = True) -> None:
        """A restart, doors seen shut, the keeper back at the desk."""
        self.doubt_ms = None
        self.restart(off_ms=off_ms)
        if trusted:
            self.learns_the_time()
        self.see_all_shut()
        self.enter()

    def overdue(self, waybill_no: WaybillNo = YT) -> None:
        """A parcel in a cell on the morning of its reminder."""
        self.check_in(waybill_no)
        self.tick(3 * DAY + MORNING)
        assert self.keeping(waybill_no).overdue_at is not None

    def bagged(self, waybill_no: WaybillNo = YT) -> None:
        """A parcel from its cell into the return bag."""
        cell = heard_cell(self.bag_it(waybill_no))
        self.opens(cell)
        self.shuts(cell)

    def keeping(self, waybill_no: WaybillNo = YT) -> Keeping:
        return self.parcel(waybill_no).keeping

    @property
    def lists(self) -> list[QueueOverdueList]:
        """Every list that was printed."""
        return [
            effect
            for entry in self.history
            for effect in entry.decision.effects
            if isinstance(effect, QueueOverdueList)
        ]

    # -- what the keeper says

    def refuses(self, waybill_no: WaybillNo = YT, reason: str = "不要了") -> Reply:
        told = RefusalTold(at=self.now, keeper=LI, waybill_no=waybill_no, reason=reason)
        return heard(self.tell(told))

    def is_damaged(
        self, waybill_no: WaybillNo = YT, note: str = "箱子破了", liable: Liable = Liable.CARRIER
    ) -> Reply:
        told = DamageTold(
            at=self.now,
            keeper=LI,
            waybill_no=waybill_no,
            note=note,
            liable=liable,
            fresh=self.fresh(),
        )
        return heard(self.tell(told))

    def calls(self, waybill_no: WaybillNo = YT) -> Reply:
        return heard(self.tell(ReminderTold(at=self.now, keeper=LI, waybill_no=waybill_no)))

    def extends(self, days: int = 3, waybill_no: WaybillNo = YT, reason: str = "周末来") -> Reply:
        told = ExtensionAsked(
            at=self.now, keeper=LI, waybill_no=waybill_no, days=days, reason=reason
        )
        return heard(self.tell(told))

    def to_return(self, waybill_no: WaybillNo = YT) -> Reply:
        return heard(self.tell(ReturnAsked(at=self.now, keeper=LI, waybill_no=waybill_no)))

    def not_to_return(
        self, waybill_no: WaybillNo = YT, days: int = 3, reason: str = "来电话了"
    ) -> Reply:
        told = ReturnUndoAsked(
            at=self.now, keeper=LI, waybill_no=waybill_no, days=days, reason=reason
        )
        return heard(self.tell(told))

    def bag_it(self, waybill_no: WaybillNo = YT) -> Reply:
        told = BaggingAsked(at=self.now, keeper=LI, waybill_no=waybill_no, fresh=self.fresh())
        return heard(self.tell(told))

    def loads_all(self) -> Reply:
        return heard(self.tell(LoadingAsked(at=self.now, keeper=LI)))

    def says(
        self,
        trouble: TroubleKind,
        subject: str = YT,
        note: str = "",
        liable: Liable = Liable.UNKNOWN,
        *,
        settled: bool = False,
    ) -> Reply:
        told = TroubleTold(
            at=self.now,
            keeper=LI,
            trouble=trouble,
            subject=subject,
            note=note,
            liable=liable,
            state=TroubleState.SETTLED if settled else TroubleState.OPEN,
        )
        return heard(self.tell(told))

    def troubles(self) -> list[tuple[TroubleKind, str]]:
        """What went wrong, the newest last."""
        return [(one.kind, one.subject) for one in self.state.troubles]

    def trouble(self) -> Trouble:
        """The newest of them."""
        return self.state.troubles[-1]


def heard_cell(reply: Reply) -> CellId:
    """The cell that an answer names."""
    assert reply.cell is not None, f"no cell in {reply}"
    return reply.cell
