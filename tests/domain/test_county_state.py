"""What the county tells becomes one fact for all that came together."""

from edge.domain.county_facts import CountyStateApplied
from edge.domain.county_word import CountyWord
from edge.domain.decision import NOTHING
from edge.domain.effects import KeepCountyWords
from edge.domain.inputs import CountyStateTold
from tests.domain.house import House


def word(seq: int, kind: str) -> CountyWord:
    return CountyWord(seq=seq, kind=kind, key="a", body="{}")


def test_nothing_told_is_no_fact() -> None:
    house = House()
    house.tell(CountyStateTold(at=house.now, words=(), sweep=0))
    assert house.last == NOTHING


def test_all_that_came_together_is_one_fact_with_each_kind_once() -> None:
    house, words = House(), (word(7, "notice"), word(8, "config"), word(9, "notice"))
    house.tell(CountyStateTold(at=house.now, words=words, sweep=7))
    applied = CountyStateApplied(first=7, last=9, kinds=("config", "notice"), sweep=7)
    assert house.last.facts == (applied,)
    assert house.last.effects == (KeepCountyWords(words=words, sweep=7),)
