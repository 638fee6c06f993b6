"""A process that commits for ever and says so after each commit; made to be killed.

Usage: python -m tests.store.committer FOLDER
"""

import sys
from pathlib import Path

from edge.store.database import Store
from tests.store.journals import check_in, entries, moment, slip


def main() -> None:
    """Commit, then acknowledge on stdout, for ever."""
    store = Store.open(Path(sys.argv[1]))
    number = int(store.head()[0])
    while True:
        number += 1
        store.commit(entries(*check_in(number)), [slip(number)], moment(number, store.boot))
        sys.stdout.write(f"{store.head()[0]}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
