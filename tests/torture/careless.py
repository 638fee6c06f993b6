"""A process that commits and answers after each commit, made to be watched.

Usage: python -m tests.torture.careless FOLDER COUNT MISTAKE. What it may get wrong is in MISTAKES.
"""

import json
import socket
import sys
from pathlib import Path
from typing import Final

from edge.store import connection
from edge.store.database import Store
from tests.store.journals import check_in, entries, moment, slip

MISTAKES: Final = ("none", "forgets to sync", "syncs now and then", "answers first")
_LEVELS: Final = {"forgets to sync": "OFF", "syncs now and then": "NORMAL"}


def main() -> None:
    """Commit and answer, so often."""
    folder, count, mistake = sys.argv[1:]
    level = _LEVELS.get(mistake, "FULL")
    vars(connection)["PRAGMAS"] = tuple(
        f"synchronous = {level}" if one.startswith("synchronous") else one
        for one in connection.PRAGMAS
    )
    store = Store.open(Path(folder))
    asker, answerer = socket.socketpair()
    with asker, answerer:
        for number in range(1, int(count) + 1):
            paper = slip(number)
            answer = {"ok": True, "key": "put_in", "waybill_no": paper.waybill_no, "auth": None}
            said = json.dumps(answer, separators=(",", ":")).encode()
            if mistake == "answers first":
                answerer.send(said)
            store.commit(entries(*check_in(number)), [paper], moment(number, store.boot))
            if mistake != "answers first":
                answerer.send(said)
    store.close()


if __name__ == "__main__":
    main()
