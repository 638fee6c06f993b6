"""The shape of a stored state, as text; `python -m tests.domain.state_shape` writes it down."""

import dataclasses
import typing
from enum import Enum
from pathlib import Path
from typing import Any, Final

import tests.golden
from edge.domain.state import State
from edge.domain.state_codec import STATE_SCHEMA, encode_state
from tests.domain.house import HOUR, SECOND, SF, TAIL, YT, House, slip_of

_FOLDER: Final = Path(next(iter(tests.golden.__path__)))
SHAPE: Final = _FOLDER / f"state_shape_{STATE_SCHEMA}.txt"
SAMPLE: Final = _FOLDER / f"state_{STATE_SCHEMA}.json"


def shape() -> str:
    """Every class of a stored state with its fields and their kinds, a line each."""
    lines: list[str] = []
    _walk(State, lines, set())
    return "".join(f"{line}\n" for line in sorted(lines))


def _walk(kind: Any, lines: list[str], seen: set[Any]) -> None:
    for inner in typing.get_args(kind):
        _walk(inner, lines, seen)
    kind = getattr(kind, "__supertype__", kind)
    if not isinstance(kind, type) or kind in seen:
        return
    seen.add(kind)
    if issubclass(kind, Enum):
        lines.append(f"{kind.__name__} = {' | '.join(sorted(one.value for one in kind))}")
    if dataclasses.is_dataclass(kind):
        for name, hint in typing.get_type_hints(kind).items():
            lines.append(f"{kind.__name__}.{name}: {_name(hint)}")
            _walk(hint, lines, seen)


def _name(hint: Any) -> str:
    arguments = ", ".join(_name(inner) for inner in typing.get_args(hint))
    if arguments:
        origin = typing.get_origin(hint)
        return f"{getattr(origin, '__name__', str(origin))}[{arguments}]"
    return str(getattr(hint, "__name__", hint))


def story() -> House:
    """A day with a parcel in each stage, a pickup under way, wrong codes and an outage."""
    house = House("SSML").open_shop()
    slip = slip_of(house.check_in(YT))
    house.check_in(SF)
    house.code(slip.digits)
    house.opens(*(cell for cell, door in house.state.doors.items() if door.auth))
    house.wait(4 * SECOND)
    house.shuts(*(cell for cell, door in house.state.doors.items() if door.auth))
    house.code("wrong", TAIL)
    house.wait(HOUR)
    house.power(mains=False, percent=80)
    house.release(SF)
    return house


def write() -> None:
    """Write both files for the present number."""
    SHAPE.write_text(shape(), encoding="utf-8")
    SAMPLE.write_bytes(encode_state(story().state) + b"\n")


if __name__ == "__main__":
    write()
