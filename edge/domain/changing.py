"""The state with some of its fields changed: a copy is made for each fact, so it must be cheap.

`dataclasses.replace` asks every field for its value and sets it through the guard of a frozen
class, which was most of what folding a fact cost. A state keeps its fields in one dict instead,
and that is copied whole.
"""

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["replace"]

if TYPE_CHECKING:
    # Under its own name the type checker knows the fields of what is changed, and their types.
    from dataclasses import replace
else:
    _Value = TypeVar("_Value")

    def replace(value: _Value, /, **news: Any) -> _Value:
        """What `dataclasses.replace` makes of a value that checks nothing at its birth."""
        fields = getattr(value, "__dict__", None)
        if fields is None or not news.keys() <= fields.keys():
            return dataclasses.replace(value, **news)  # has slots; or no such field, and raises
        copy = object.__new__(type(value))
        copy.__dict__.update(fields)
        copy.__dict__.update(news)
        return copy
