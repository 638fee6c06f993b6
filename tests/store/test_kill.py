"""kill -9 while commits run: what was acknowledged is there, and the chain is whole."""

import subprocess
import sys
from pathlib import Path

from edge.store.database import Store
from edge.store.verify import verify
from tests.store.journals import new_journal


def acknowledged_before_the_kill(folder: Path, commits: int) -> int:
    """Let a process commit, kill it after so many, and read all that it had said by then."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.store.committer", str(folder)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        heard = [process.stdout.readline() for _ in range(commits)]
        process.kill()
        heard += process.stdout.readlines()
        process.wait()
    whole = [line for line in heard if line.endswith(b"\n")]
    return int(whole[-1])


def test_nothing_acknowledged_is_lost_however_often_the_process_is_killed(tmp_path: Path) -> None:
    new_journal(tmp_path)
    for round_ in range(12):
        acknowledged = acknowledged_before_the_kill(tmp_path, commits=3 + 11 * round_)
        store = Store.open(tmp_path)
        seq = store.head()[0]
        assert acknowledged <= seq <= acknowledged + 8
        assert len(list(store.replay())) == seq
        assert store.print_queue_length() == seq // 8
        store.close()
    assert verify(tmp_path).problems == ()
