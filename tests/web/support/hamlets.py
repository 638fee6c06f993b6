"""A station that serves natural villages, as `hamlets` in station.toml has it from the start."""

from dataclasses import replace
from typing import Final

from edge.kernel.ids import Hamlet
from tests.web.support.village import Village

HAMLETS: Final = ("青山村", "大塘", "上屋组", "下屋组", "石陂头", "水南")


def live_in(village: Village, *names: str) -> None:
    """These are its natural villages from now on."""
    policy = replace(village.station.policy, hamlets=tuple(map(Hamlet, names)))
    village.station.policy = village.front.policy = policy
