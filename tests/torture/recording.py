"""What a real process did to its folder, call by call, as strace saw it."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

_CALLS: Final = (
    "openat,creat,close,write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,fallocate,"
    "fdatasync,fsync,sync_file_range,rename,renameat,renameat2,unlink,unlinkat,link,linkat,"
    "symlink,copy_file_range,sendto"
)
_MOST_BYTES: Final = 1_000_000
_LINE: Final = re.compile(r"(\d+) +(\d+\.\d+) (.*)")
_RESUMED: Final = re.compile(r"<\.\.\. (\w+) resumed>(.*)")
_CALL: Final = re.compile(r"(\w+)\((.*)\) += (-?\d+|\?).*", re.DOTALL)
_TEXT: Final = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_FILE_CALLS: Final = frozenset({"write", "pwrite64", "ftruncate", "fdatasync", "fsync"})
_BY_NAME: Final = frozenset(
    {
        "rename",
        "renameat",
        "renameat2",
        "unlink",
        "unlinkat",
        "link",
        "linkat",
        "symlink",
        "truncate",
    }
)
_UNKNOWN: Final = frozenset(
    {"writev", "pwritev", "pwritev2", "fallocate", "sync_file_range", "copy_file_range"}
)


def tracing(out: Path, *more: str) -> list[str]:
    """The head of a command line that has the rest of it watched by strace into `out`.

    The watched program stays the child that was started: its number is the one to kill.
    Skips the test where programs may not be watched.
    """
    program = shutil.which("strace")
    if program is None:
        pytest.skip("strace is missing: make system installs it where root or sudo is there")
    tried = subprocess.run([program, "-f", "-o", os.devnull, "true"], check=False, timeout=30)
    if tried.returncode != 0:
        pytest.skip("this machine lets nobody watch another process (ptrace)")
    return [program, "-D", "-f", "--seccomp-bpf", "-o", str(out), *more]


def recording(out: Path) -> list[str]:
    """The head of a command line whose writes, syncs and answers are recorded in `out`."""
    return tracing(out, "-ttt", "-xx", "-s", str(_MOST_BYTES), "-e", f"trace={_CALLS}")


def wait_for_the_end(out: Path) -> None:
    """Until strace has written all: it ends a moment after the process that it watched."""
    until = time.monotonic() + 30
    while not _ended(out):
        assert time.monotonic() < until, f"{out} has no end"
        time.sleep(0.02)


def _ended(out: Path) -> bool:
    with out.open("rb") as record:
        first = record.readline().split()[:1]
        record.seek(max(0, out.stat().st_size - 8_192))
        last = record.read().splitlines()[-1]
    return last.split()[:1] == first and b"+++" in last


@dataclass(slots=True)
class Step:
    """One call. `file` is a name in the folder, or a device's path; `began` comes before `ended`.

    Places are those in the recording; a call that never came back has no `ended`.
    """

    what: str
    began: int
    ended: int | None
    file: str = ""
    place: int = 0
    data: bytes = b""
    other: str = ""


@dataclass(slots=True)
class _Open:
    """What an open number stands for: a name, and where the next write goes."""

    file: str
    place: int = 0


@dataclass(slots=True)
class _Process:
    """Reads the calls of one process; its threads share the open numbers."""

    folder: Path
    opened: dict[int, _Open] = field(default_factory=dict)

    def step(self, name: str, given: str, result: int | None, span: tuple[int, int | None]) -> Step:
        """What one call did; an empty `what` where it does not matter here."""
        texts = _texts(given)
        if name in _FILE_CALLS and result is not None and result >= 0:
            return self._on_open_number(name, given, texts, result, span)
        if name == "sendto" and texts:
            return Step("sent", *span, data=texts[0])
        if name in {"openat", "creat"} and result is not None:
            return self._open(given, texts[0], result, span)
        if name == "close":
            self.opened.pop(int(given), None)
        elif name in _BY_NAME and result == 0 and any(map(self._name, texts)):
            return self._on_names(name, texts, span)
        elif name in _UNKNOWN:
            there = self.opened.get(int(given.split(",", 1)[0]))
            assert there is None, f"{name} on {there} is not known to the platter"
        return Step("", *span)

    def _open(self, given: str, path: bytes, number: int, span: tuple[int, int | None]) -> Step:
        if number < 0:
            return Step("", *span)
        name = self._name(path)
        self.opened[number] = _Open(name if name is not None else path.decode())
        if name is None:
            return Step("", *span)
        if "O_TRUNC" in given:
            return Step("created_empty", *span, file=name)
        return Step("created" if "O_CREAT" in given else "", *span, file=name)

    def _on_open_number(
        self,
        name: str,
        given: str,
        texts: Sequence[bytes],
        result: int,
        span: tuple[int, int | None],
    ) -> Step:
        numbers = [int(one) for one in re.findall(r"(?:^|, )(\d+)(?=,|$)", _TEXT.sub("_", given))]
        there = self.opened.get(numbers[0])
        if there is None:
            return Step("", *span)
        if name in {"fdatasync", "fsync"}:
            return Step("synced", *span, file=there.file)
        if name == "ftruncate":
            return Step("cut", *span, file=there.file, place=numbers[1])
        place = numbers[-1] if name == "pwrite64" else there.place
        if name == "write":
            there.place += result
        return Step("wrote", *span, file=there.file, place=place, data=texts[0][:result])

    def _on_names(self, name: str, texts: Sequence[bytes], span: tuple[int, int | None]) -> Step:
        names = [self._name(text) or "" for text in texts]
        if name in {"unlink", "unlinkat"}:
            return Step("removed", *span, file=names[0])
        assert name in {"rename", "renameat", "renameat2"}, f"{name} is not known to the platter"
        return Step("renamed", *span, file=names[0], other=names[1])

    def _name(self, path: bytes) -> str | None:
        """The name in the folder, empty for the folder itself; None for what lies elsewhere."""
        whole = Path(os.fsdecode(path))
        if not whole.is_relative_to(self.folder):
            return None
        name = str(whole.relative_to(self.folder))
        return "" if name == "." else name


def _texts(given: str) -> list[bytes]:
    found = _TEXT.findall(given)
    assert not any(cut for _hex, cut in found), "strace has shortened a text"
    return [bytes.fromhex(text.replace("\\x", "")) for text, _cut in found]


def read_recording(out: Path, folder: Path) -> list[Step]:
    """The steps of one process, in the order in which they began."""
    process = _Process(folder)
    steps = [
        process.step(name, given, result, span) for name, given, result, span in _calls_of(out)
    ]
    return sorted((step for step in steps if step.what), key=lambda step: step.began)


def _calls_of(out: Path) -> Iterator[tuple[str, str, int | None, tuple[int, int | None]]]:
    """Name, arguments, result and span of every call, in the order in which they came back."""
    open_calls: dict[str, tuple[int, str]] = {}
    with out.open(encoding="ascii") as record:
        for number, line in enumerate(record):
            found = _LINE.match(line)
            assert found is not None, line[:200]
            thread, text = found[1], found[3]
            if text.endswith("<unfinished ...>"):
                open_calls[thread] = (number, text.removesuffix("<unfinished ...>"))
                continue
            began = number
            if resumed := _RESUMED.match(text):
                began, head = open_calls.pop(thread)
                text = f"{head.rstrip()}{resumed[2].lstrip()}"
            if call := _CALL.match(text):
                result = None if call[3] == "?" else int(call[3])
                yield call[1], call[2], result, (began, None if result is None else number)
