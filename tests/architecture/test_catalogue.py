"""The fault catalogue is whole, its proofs exist, its page is up to date, and nothing waits on."""

import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, get_args

import pytest

from edge.domain import facts
from edge.simulation.catalogue import page
from edge.simulation.catalogue.every import CATALOGUE
from edge.simulation.catalogue.fault import Fault
from edge.simulation.laws import OUTSIDE, in_words, sentence
from tests.architecture.test_acceptance import exists
from tests.architecture.tree import ROOT

LAWS: Final = frozenset(
    f"{letter}{number}"
    for letter, last in (("P", 4), ("D", 7), ("M", 8), ("S", 9), ("A", 3), ("T", 4), ("X", 4))
    for number in range(1, last + 1)
) | {"L1", "L2", "L3", "L4"}
KINDS: Final = sorted(str(fact.KIND) for fact in get_args(facts.Fact))
_PROOF: Final = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")


def landed(catalogue: Sequence[Fault], kinds: Iterable[str]) -> list[str]:
    """What has to be said where a noun is here and its faults are still open."""
    return [
        f"{kind} has landed, but {', '.join(waiting)} are still open: "
        "add their scenarios in edge/simulation/catalogue/money.py"
        for kind in kinds
        if (
            waiting := [
                fault.code
                for fault in catalogue
                if fault.open and kind.startswith(fault.waits_for or ("nothing",))
            ]
        )
    ]


def test_every_fault_is_there_once_and_in_order() -> None:
    assert [fault.code for fault in CATALOGUE] == [f"F{number:03d}" for number in range(1, 111)]


def test_every_fault_says_what_it_is_in_both_languages_and_what_is_expected() -> None:
    for fault in CATALOGUE:
        assert fault.name, fault.code
        assert re.search(r"[\u4e00-\u9fff]", fault.zh), fault.code
        assert fault.expected.endswith("."), fault.code
        assert not any("|" in text or "\n" in text for text in (fault.name, fault.expected))


def test_every_law_at_stake_is_one_of_ours() -> None:
    strange = {fault.code: set(fault.laws) - LAWS for fault in CATALOGUE}
    assert {code: laws for code, laws in strange.items() if laws} == {}
    assert [fault.code for fault in CATALOGUE if not fault.laws] == []


def test_every_law_at_stake_is_said_in_both_languages_when_its_fault_does_harm() -> None:
    for fault in CATALOGUE:
        said = in_words(f"{fault.code}: not so: the door stays shut")
        assert [law for law in fault.laws if sentence(law) not in said] == [], fault.code


def test_a_law_without_a_judge_is_judged_where_it_says() -> None:
    played = {fault.code for fault in CATALOGUE if fault.scenario is not None}
    for law, (_zh, _en, places) in OUTSIDE.items():
        for place in places:
            named = _PROOF.fullmatch(place)
            there = place in played or (named and exists(ROOT / named[1], named[2]))
            assert there, f"{law}: {place}"


def test_every_proof_is_a_test_that_exists() -> None:
    missing = []
    for fault in CATALOGUE:
        for proof in fault.proofs:
            named = _PROOF.fullmatch(proof.partition("[")[0])
            if named is None or not exists(ROOT / named[1], named[2]):
                missing.append(f"{fault.code}: {proof}")
    assert missing == []


def test_every_case_that_is_named_is_one_that_pytest_knows() -> None:
    cases = [proof for fault in CATALOGUE for proof in fault.proofs if "[" in proof]
    collect = (sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider")
    done = subprocess.run(
        [*collect, *cases], cwd=ROOT, check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout[-1_000:] + done.stderr[-1_000:]


def test_an_open_fault_waits_for_something_and_no_other_does() -> None:
    assert [one.code for one in CATALOGUE if one.open != bool(one.waits_for)] == []


def test_no_noun_is_here_without_its_faults() -> None:
    assert landed(CATALOGUE, KINDS) == []


@pytest.mark.parametrize("kind", ["bill.paid", "cash.counted", "shift.closed"])
def test_a_noun_that_lands_without_its_faults_is_told(kind: str) -> None:
    told = landed(CATALOGUE, [*KINDS, kind])
    assert len(told) == 1
    assert told[0].startswith(f"{kind} has landed, but F1")


def test_a_noun_that_lands_with_its_faults_is_welcome() -> None:
    async def played(_bench: object) -> None:
        """A scenario."""

    shown = [replace(fault, scenario=played) for fault in CATALOGUE]
    assert landed(shown, [*KINDS, "bill.paid"]) == []


def test_the_page_is_what_the_catalogue_says() -> None:
    assert page.main(["--check"]) == 0, "run: python -m edge.simulation.catalogue.page"


def test_every_fault_stands_on_the_page_once() -> None:
    text = page.page()
    for fault in CATALOGUE:
        assert text.count(f"**{fault.code} · ") + text.count(f"| {fault.code} | ") == 1
        assert (f"`cunyi simulate --fault {fault.code}`" in text) == (fault.scenario is not None)


def test_figures_of_the_long_run_are_told_once_there_are_any() -> None:
    figures = {
        "seeds": 5000,
        "station_hours": 15000,
        "violations": 0,
        "speed": 12000,
        "commit": "abc1234",
        "date": "2026-11-30",
    }
    assert "**0 broken laws**" in page.page(soak=figures)
    assert "The long run" not in page.page()
