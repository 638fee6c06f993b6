"""Couriers' PINs: kept like keepers', and named by whoever owns the station's folder.

A keeper cannot make one: else the two signatures under a handover could be one person's.
"""

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final

from edge.daemon.keepers import NAME, Keepers, fit_pin
from edge.kernel.errors import CunyiError, Refused
from edge.kernel.ids import KeeperId
from edge.words import say

ADD: Final = "courier_add"
REMOVE: Final = "courier_remove"
_PREFIX: Final = "courier:"
"""Wrong tries are counted under this: no keeper's name has a colon."""


class Couriers(Keepers):
    """Who may hand bags over. `check` is that of keepers, with as many tries."""

    async def carry_out(self, asked: Mapping[str, str]) -> None:
        """Add or remove, as the owner of the folder asked. Raises Refused or StoreError."""
        courier = asked.get("courier", "").strip()
        if asked.get("ask") == REMOVE:
            if not await self._thread.run(self._store.remove_courier, courier):
                raise Refused("courier_unknown")
            return
        if not NAME.fullmatch(courier):
            raise Refused("keeper_name_unfit")
        pin_hash = await self.hash_pin(fit_pin(asked.get("pin", "")))
        await self._thread.run(self._store.keep_courier, courier, pin_hash)

    async def answers(self, asked: Mapping[str, str]) -> AsyncGenerator[dict[str, Any], None]:
        """The same over the local socket."""
        try:
            await self.carry_out(asked)
        except Refused as refused:
            yield {"error": said_of(refused)}
        except CunyiError as failure:
            yield {"error": str(failure)}
        else:
            yield {"end": True}

    def _hash_of(self, keeper: KeeperId) -> str | None:
        return self._store.courier_pin_hash(keeper)

    def _counted_as(self, keeper: KeeperId) -> KeeperId:
        return KeeperId(_PREFIX + keeper)


def said_of(refused: Refused) -> str:
    """For the command line, which speaks English."""
    return say(refused.reason, "en")
