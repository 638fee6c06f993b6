"""All judges that watch a whole world, each by means of its own."""

from pathlib import Path

from edge.simulation.ground.virtual_loop import VirtualLoop
from edge.simulation.oracles.judge import Judge
from edge.simulation.oracles.moments import MomentJudge
from edge.simulation.oracles.parcels import ParcelJudge
from edge.simulation.oracles.recorder import Recorder
from edge.simulation.oracles.secrets import SecretJudge
from edge.simulation.oracles.service import ServiceJudge
from edge.simulation.oracles.steel import SteelJudge
from edge.simulation.parts.links import Road

__all__ = ["Judge", "judges_of"]


def judges_of(recorder: Recorder, road: Road, loop: VirtualLoop, county: Path) -> tuple[Judge, ...]:
    """All of them, for a world that begins; `county` is the county's folder."""
    secrets = SecretJudge(recorder, county)
    road.overhear(secrets.heard)
    return (
        ParcelJudge(recorder),
        MomentJudge(recorder),
        SteelJudge(recorder, loop.time),
        secrets,
        ServiceJudge(recorder, loop.time, county),
    )
