"""The protocol as two small models, seen whole: no world is bad, and every planted mistake is."""

from functools import partial

import pytest

from tests.sync.model import journal, live
from tests.sync.model.breadth_first import Seen, search
from tests.sync.model.journal_laws import trouble


def look_at_journals(limits: journal.Limits) -> Seen:
    return search(
        journal.START,
        partial(journal.moves, limits=limits),
        partial(trouble, limits=limits),
    )


def look_at_commands(limits: live.Limits) -> Seen:
    return search(
        live.START,
        partial(live.moves, limits=limits),
        partial(live.trouble, limits=limits),
    )


J, L = journal.Limits, live.Limits


@pytest.mark.parametrize(
    ("limits", "states"),
    [
        (J(restores=1), 3_000),
        (J(entries=3, clone=True), 3_000),
        (J(entries=3, rollback=True), 2_000),
        (J(grants=1), 100),
        (J(clone=True, grants=1), 1_500),
        (J(rollback=True, grants=1), 1_500),
    ],
)
def test_no_world_of_a_journal_is_bad(limits: journal.Limits, states: int) -> None:
    seen = look_at_journals(limits)
    assert (seen.trouble, seen.way, seen.states > states) == ("", (), True)


def test_no_world_of_two_commands_and_a_crash_is_bad() -> None:
    seen = look_at_commands(L())
    assert (seen.trouble, seen.way, seen.states > 4_000) == ("", (), True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limits", "states"),
    [
        (J(restores=2), 25_000),
        (J(restores=1, clone=True), 90_000),
        (J(restores=1, rollback=True), 50_000),
        (J(restores=1, grants=1), 45_000),
        (J(entries=3, restores=1), 150_000),
    ],
)
def test_no_larger_world_of_a_journal_is_bad(limits: journal.Limits, states: int) -> None:
    seen = look_at_journals(limits)
    assert (seen.trouble, seen.way, seen.states > states) == ("", (), True)


@pytest.mark.slow
@pytest.mark.parametrize("limits", [L(restores=1), L(crashes=2, restores=1)])
def test_no_larger_world_of_commands_is_bad(limits: live.Limits) -> None:
    seen = look_at_commands(limits)
    assert (seen.trouble, seen.way, seen.states > 150_000) == ("", (), True)


# -- the search itself: each of these mistakes must be found


@pytest.mark.parametrize(
    ("limits", "law", "steps"),
    [
        (J(restores=1, bug="prune_applied"), "S3", 6),
        (J(entries=3, clone=True, bug="no_hash"), "S6", 7),
        (J(restores=1, bug="no_gen"), "S4", 4),
        (J(restores=1, bug="no_hello_reset"), "S4", 4),
        (J(restores=1, grants=2, bug="grant_epoch_reused"), "E", 7),
        (J(grants=1, bug="late_old_epoch_merged"), "S4", 8),
        (J(restores=1, grants=1, bug="grant_not_honoured"), "S4", 6),
        (J(restores=1, grants=1, bug="grant_without_tail"), "S4", 6),
    ],
    ids=lambda value: getattr(value, "bug", ""),
)
def test_a_mistake_with_a_journal_is_found_by_its_shortest_way(
    limits: journal.Limits, law: str, steps: int
) -> None:
    seen = look_at_journals(limits)
    assert (seen.trouble.partition(":")[0], len(seen.way)) == (law, steps), seen.way


@pytest.mark.parametrize(
    ("limits", "law", "steps"),
    [
        (L(restores=1, bug="ledger_ignored"), "S8", 10),
        (L(bug="fence_off"), "S8", 10),
        (L(bug="nonce_ignored"), "S8", 5),
        (L(bug="nonce_reusable"), "S8", 5),
        (L(most_opens=1, bug="governor_off"), "D7", 10),
        (L(bug="command_reexecuted_after_crash"), "S8", 7),
        (L(bug="no_indeterminate"), "S9", 5),
        (L(restores=1, bug="fence_in_memory_only"), "S8", 12),
        (L(restores=1, bug="ledger_in_memory_only"), "S8", 11),
    ],
    ids=lambda value: getattr(value, "bug", ""),
)
def test_a_mistake_with_a_command_is_found_by_its_shortest_way(
    limits: live.Limits, law: str, steps: int
) -> None:
    seen = look_at_commands(limits)
    assert (seen.trouble.partition(":")[0], len(seen.way)) == (law, steps), seen.way
