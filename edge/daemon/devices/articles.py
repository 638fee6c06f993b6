"""What lies in the cells by the word of the lock boards' own sensors, where they have any."""

from collections.abc import Mapping

from edge.daemon.devices.actuate import Lock
from edge.kernel.ids import CellId


def read_articles(locks: Mapping[CellId, Lock]) -> Mapping[CellId, bool]:
    """Whether something lies inside, by cell; without the cells of which no sensor tells.

    A board reports its inputs also where no sensor is wired to them, and then they are all alike.
    So a board whose cells are all alike is not believed: nothing is lost by it that a keeper who
    looks into a cell would need.
    """
    said: dict[CellId, bool] = {}
    for bank in {id(lock.bank): lock.bank for lock in locks.values()}.values():
        articles = bank.articles()
        cells = {
            cell: articles[lock.channel]
            for cell, lock in locks.items()
            if lock.bank is bank and lock.channel in articles
        }
        if len(set(cells.values())) > 1:
            said |= cells
    return said
