"""All defences by name.

One that is not here: that a snapshot is what its digest says. Frames that were changed never come
so far in a world; tests/county/test_snapshots.py breaks one by hand.
"""

from typing import Final

from tests.simulation.defences import cards, cells, commands, county, doors, pickups, uplink, words
from tests.simulation.defences.defence import Defence

DEFENCES: Final[dict[str, Defence]] = {
    defence.name: defence
    for subject in (doors, cells, cards, pickups, commands, words, uplink, county)
    for defence in subject.DEFENCES
}
