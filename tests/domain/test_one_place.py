"""Locks move from one place in the code: fact and wish are made together, or not at all."""

import ast
from pathlib import Path

import edge.domain

HOME = Path(edge.domain.__file__).parent


def _makers(name: str) -> set[str]:
    """The modules of the core that make a value of this class."""
    return {
        file.name
        for file in HOME.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    }


def test_the_intent_and_the_wish_to_open_are_made_in_one_module_alone() -> None:
    assert _makers("OpenDoor") == _makers("DoorAsked") == {"pulse.py"}
