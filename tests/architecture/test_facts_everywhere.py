"""One noun, one place on each floor: every kind of fact is known wherever it travels."""

import dataclasses
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, get_args

import msgspec
import pytest

import edge.domain
from cloud_sync.wire.bodies.registry import BODIES
from edge.domain import facts
from edge.words import WORDS

KINDS: list[Any] = sorted(get_args(facts.Fact), key=lambda fact: str(fact.KIND))


def test_the_list_of_facts_is_complete() -> None:
    rooms = [import_module(f"edge.domain.{m.name}") for m in iter_modules(edge.domain.__path__)]
    defined = {
        thing
        for room in rooms
        for thing in vars(room).values()
        if isinstance(thing, type) and hasattr(thing, "KIND")
    }
    assert set(KINDS) == defined


def test_no_two_facts_share_a_name() -> None:
    names = [(fact.KIND, fact.SCHEMA) for fact in KINDS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("fact", KINDS, ids=lambda fact: str(fact.KIND))
def test_a_fact_has_a_body_on_the_wire_with_the_same_fields(fact: Any) -> None:
    body = BODIES[fact.KIND, fact.SCHEMA]
    on_the_wire = [field.name for field in msgspec.structs.fields(body)]
    assert on_the_wire == [field.name for field in dataclasses.fields(fact)]


@pytest.mark.parametrize("fact", KINDS, ids=lambda fact: str(fact.KIND))
def test_the_county_can_tell_a_fact_in_a_sentence(fact: Any) -> None:
    assert f"county.fact.{fact.KIND}" in WORDS
