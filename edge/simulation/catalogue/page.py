"""Writes docs/durability.md from the catalogue: python -m edge.simulation.catalogue.page.

With --check nothing is written, and the page on disk is compared with what it should be.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from edge.simulation.catalogue import clocks, counter, doors, identities, money, storage, syncing
from edge.simulation.catalogue.every import CATALOGUE
from edge.simulation.catalogue.fault import Fault

ROOT: Final = Path(__file__).parents[3]
PAGE: Final = ROOT / "docs" / "durability.md"
SOAK: Final = ROOT / "docs" / "soak.json"


class Group(NamedTuple):
    """A part of the catalogue under a heading of its own."""

    title: str
    faults: tuple[Fault, ...]


GROUPS: Final = (
    Group("Power and storage · 断电与存储", storage.FAULTS),
    Group("Lock boards and doors · 锁控板与柜门", doors.FAULTS),
    Group("Scanner, kiosk and printer · 扫码、自助屏与打印", counter.FAULTS),
    Group("Sync, broker and county · 同步、中间件与县中心", syncing.FAULTS),
    Group("Clocks · 时钟", clocks.FAULTS),
    Group("Cards, boards and codes · 存储卡、主板与取件码", identities.FAULTS),
    Group("Money · 资金", money.FAULTS),
)
_HEAD: Final = """# Durability: what is promised when things go wrong

**摘要** — 本页列出可能发生的故障，以及每一种故障发生时本系统怎样做，后面都写明怎样验证：
`cunyi simulate --fault 编号` 可在任何一台电脑上重演；其余由所列测试在仿真设备或真实进程上验证。
防不住的，也照实写明。

For whoever has to decide whether a county can rely on it. Each fault has a number and a sentence
that says what happens then, no more than that, also where it is less than one would wish; behind it
stands how to see it. A **world** is the real program of station and
county on virtual time, with a broker, cards, doors, clocks and people that fail as the fault says,
at a moment that the seed draws. When it is over everything is put right, and judges look
whether any law was broken: they keep books of their own, from the facts on the cards and from what
doors and people saw, and never take the program's word. Where only a real socket, file or process
can show it, the **tests** named do.

This page is written by `python -m edge.simulation.catalogue.page` from the very values that are
played; a test compares the two.
"""
_LAWS: Final = """## The letters of the laws

**P** parcels and who gets them · **D** doors and pulses · **M** money · **S** facts on their way
to the county · **A** the record · **T** time · **X** strangers and secrets · **L** that it goes on
working. What each of them says, and where it is checked, is in [acceptance.md](acceptance.md).
"""


def page(catalogue: Sequence[Fault] = CATALOGUE, soak: dict[str, Any] | None = None) -> str:
    """The whole page."""
    parts = [_HEAD, _counts(catalogue)]
    if soak:
        parts.append(_figures(soak))
    known = {fault.code for fault in catalogue}
    for group in GROUPS:
        shown = [fault for fault in group.faults if fault.code in known and not fault.open]
        if shown:
            parts.append(f"## {group.title}\n\n" + "\n".join(map(_sentence, shown)) + "\n")
    parts += [_open(catalogue), _LAWS]
    return "\n".join(parts)


def read_soak() -> dict[str, Any] | None:
    """Figures of the long run, where there are any."""
    if not SOAK.exists():
        return None
    figures: dict[str, Any] = json.loads(SOAK.read_text(encoding="utf-8"))
    return figures


def _counts(catalogue: Sequence[Fault]) -> str:
    worlds = [fault for fault in catalogue if fault.scenario is not None]
    proven = [fault for fault in catalogue if fault.scenario is None and fault.proofs]
    waiting = [fault for fault in catalogue if fault.open]
    rows = (
        ("faults in the catalogue", len(catalogue), "全部故障"),
        ("shown in worlds, most of them by tests besides", len(worlds), "仿真世界中重演"),
        ("shown by tests on twins or real processes alone", len(proven), "仿真设备或真实进程"),
        ("open", len(waiting), "尚未验证"),
    )
    lines = "\n".join(f"| {number} | {what} | {zh} |" for what, number, zh in rows)
    return f"| | | |\n|---:|---|---|\n{lines}\n"


def _figures(soak: dict[str, Any]) -> str:
    return (
        "## The long run · 长时间运行\n\n"
        f"{soak['seeds']:,} worlds, {soak['station_hours']:,} hours of a station's life, "
        f"**{soak['violations']} broken laws**; {soak['speed']:,} times as fast as real time. "
        f"Run on {soak['date']} at commit `{soak['commit']}`.\n"
    )


def _sentence(fault: Fault) -> str:
    shown = [] if fault.scenario is None else [f"`cunyi simulate --fault {fault.code}`"]
    shown += [f"`{proof}`" for proof in fault.proofs]
    seen = "<br>".join(shown)
    # Two spaces at the end of a line break it there.
    return (
        f"**{fault.code} · {_capital(fault.name)}** · {fault.zh}  \n{fault.expected}  \n"
        f"*{' '.join(fault.laws)}* — {seen}\n"
    )


def _open(catalogue: Sequence[Fault]) -> str:
    waiting = [fault for fault in catalogue if fault.open]
    if not waiting:
        return "## Open · 尚未验证\n\nNothing.\n"
    head = (
        "## Open · 尚未验证\n\n"
        "Nothing shows these yet. Each waits for the kinds of facts named, and a test fails on the "
        "day on which one of them lands without it.\n\n"
        "| | Fault | What will be promised | Laws | Waits for |\n|---|---|---|---|---|\n"
    )
    rows = "\n".join(
        f"| {fault.code} | {_capital(fault.name)} · {fault.zh} | {fault.expected} "
        f"| {' '.join(fault.laws)} | {', '.join(f'`{kind}`' for kind in fault.waits_for)} |"
        for fault in waiting
    )
    return f"{head}{rows}\n"


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def main(arguments: Sequence[str]) -> int:
    """Write the page, or say whether it is what it should be."""
    wanted = page(soak=read_soak())
    if "--check" not in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    there = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    if there == wanted:
        return 0
    sys.stdout.write("docs/durability.md is not what the catalogue says: write it again\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
