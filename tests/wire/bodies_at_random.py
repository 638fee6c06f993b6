"""Hypothesis strategies read off the wire bodies: whatever a body allows, nothing else."""

from typing import Any

from hypothesis import strategies as st
from msgspec import inspect as look

from cloud_sync.wire.bodies.body import Body


def bodies_of(body: type[Body]) -> st.SearchStrategy[dict[str, Any]]:
    """Plain bodies as they lie in an envelope."""
    kind = look.type_info(body)
    assert isinstance(kind, look.StructType)
    return st.fixed_dictionaries({f.encode_name: _values(f.type) for f in kind.fields})


def _values(kind: look.Type) -> st.SearchStrategy[Any]:
    match kind:
        case look.IntType(ge=least, le=most):
            values: st.SearchStrategy[Any] = st.integers(least, most)
        case look.StrType(pattern=str(pattern)):
            values = st.from_regex(pattern, fullmatch=True)
        case look.StrType(min_length=shortest, max_length=longest):
            values = st.text(st.characters(codec="utf-8"), min_size=shortest or 0, max_size=longest)
        case look.LiteralType(values=words):
            values = st.sampled_from(words)
        case look.ListType(item_type=item, min_length=fewest, max_length=most):
            values = st.lists(_values(item), min_size=fewest or 0, max_size=min(most or 20, 20))
        case look.UnionType(types=kinds):
            values = st.one_of([_values(one) for one in kinds])
        case look.NoneType():
            values = st.none()
        case _:
            raise AssertionError(f"teach this file what a {kind} is")
    return values
