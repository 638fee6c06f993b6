"""Which role may do what, as a table to read: whoever changes a right changes it here too."""

from cloud_sync.county.accounts.rights import RIGHTS, Act, Role, may

MATRIX = """
                      read_only operator supervisor finance admin
watch                 yes       yes      yes        yes     yes
open_door             -         yes      yes        -       yes
bulk_open             -         -        yes        -       yes
disable_cell          -         yes      yes        -       yes
reprint               -         yes      yes        -       yes
acknowledge_alarm     -         yes      yes        -       yes
post_notice           -         yes      yes        -       yes
answer_complaint      -         yes      yes        -       yes
reveal_personal_data  -         -        yes        -       yes
manage_accounts       -         -        -          -       yes
change_settings       -         -        -          -       yes
see_audit             -         -        yes        -       yes
see_money             -         -        yes        yes     yes
settle_money          -         -        -          yes     -
export                -         -        yes        yes     yes
"""


def as_printed() -> list[list[str]]:
    roles = [Role(name) for name in MATRIX.split()[:5]]
    rows = [[act.value, *("yes" if may(role, act) else "-" for role in roles)] for act in Act]
    return [[role.value for role in roles], *rows]


def test_the_whole_matrix_of_rights_is_as_it_is_printed_here() -> None:
    assert as_printed() == [line.split() for line in MATRIX.strip().splitlines()]


def test_every_role_is_in_the_table_and_an_unknown_one_may_do_nothing() -> None:
    assert set(RIGHTS) == set(Role)
    assert [act for act in Act if may("root", act) or may("", act)] == []


def test_nobody_both_settles_money_and_makes_the_accounts_that_do() -> None:
    both = {Act.SETTLE_MONEY, Act.MANAGE_ACCOUNTS}
    assert [role for role in Role if both <= RIGHTS[role]] == []
