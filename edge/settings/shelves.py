"""The table [shelves]: places outside the steel."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from edge.domain.policy import Shelf
from edge.settings.strict import Strict

_Name = Annotated[str, Field(pattern=r"^[A-Z]{1,2}$")]


class ShelvesTable(Strict):
    """Shelves by the letter on them with the number of their layers, and slots on the floor.

    Without it a full cabinet takes nothing more in. `per_layer` is how many parcels fit.
    """

    layers: Mapping[_Name, Annotated[int, Field(ge=1, le=9)]] = {}
    per_layer: Annotated[int, Field(ge=1, le=99)] = 30
    floor: Annotated[int, Field(ge=0, le=99)] = 0

    def built(self) -> tuple[Shelf, ...]:
        """The shelves in the order of their letters."""
        return tuple(
            Shelf(name=name, layers=layers, per_layer=self.per_layer)
            for name, layers in sorted(self.layers.items())
        )
