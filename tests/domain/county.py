"""A house whose county can command, for tests of doors that are opened from afar."""

from dataclasses import replace
from typing import Any

from edge.domain.inputs import RemoteOpenAsked
from edge.domain.policy import Policy
from edge.domain.remote_facts import RemoteRefused
from edge.kernel.ids import CellId
from tests.domain.house import ONE, SECOND, House

MINUTE = 60 * SECOND
WANG = "王某"
WHY = "村民手机丢了"


class County(House):
    """A house whose county can command, with a clock that the county has set."""

    def __init__(self, sizes: str = "SSML", *, policy: Policy | None = None) -> None:
        super().__init__(sizes, policy=policy)
        self.commands = 0

    def wish(self, cell: CellId = ONE, **changed: Any) -> RemoteOpenAsked:
        """A command that is good but for what is changed."""
        self.commands += 1
        wish = RemoteOpenAsked(
            at=replace(self.now, wall_hi_ms=self.now.wall_lo_ms + 20),
            command=f"m-{self.commands}",
            digest=f"{self.commands:064x}",
            in_scope=True,
            seq=self.state.remote.fence + 1,
            nonce_alive=True,
            cell=cell,
            parcel_tail=(self.state.cells[cell].waybill_no or "")[-4:]
            if cell in self.doors
            else "",
            not_after_ms=self.now.wall_lo_ms + MINUTE,
            operator=WANG,
            reason=WHY,
            approvals=(WANG,),
            fresh=self.fresh(),
        )
        return replace(wish, **changed)

    @property
    def doors(self) -> set[CellId]:
        return set(self.state.doors)

    def remote(self, cell: CellId = ONE, **changed: Any) -> str:
        """Ask; the word of the refusal, or empty where a door is told to open."""
        self.tell(self.wish(cell, **changed))
        refused = [fact.reason for fact in self.news() if isinstance(fact, RemoteRefused)]
        return refused[0] if refused else ""

    def remote_and_shut(self, cell: CellId = ONE) -> str:
        """The whole way, if it is opened at all; then the keeper looks."""
        why = self.remote(cell)
        if not why:
            self.opens(cell)
            self.shuts(cell)
        return why


def in_order() -> County:
    county = County()
    county.see_all_shut()
    return county


def with_parcel() -> County:
    county = County()
    county.open_shop()
    county.check_in()
    return county
