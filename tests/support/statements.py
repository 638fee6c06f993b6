"""Listens to what a county says to its database, through SQLAlchemy or past it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from cloud_sync.county.compiled import Asked, Changed

Hear = Callable[[str, Any], None]
"""Gets the words of a statement and its values before it is said; it may raise."""


@contextmanager
def each_statement(hear: Hear, engine: Engine | None = None) -> Iterator[None]:
    """Hear each statement of an engine, or of all of them."""

    def through_sqlalchemy(*told: Any) -> None:
        hear(told[2], told[3])

    def listening(said: Callable[..., Any]) -> Callable[..., Any]:
        def say(spoken: Any, connection: Connection, *many: Any, **given: Any) -> Any:
            if engine is None or connection.engine is engine:
                hear(spoken._words, many or spoken._values(given))  # noqa: SLF001 - as it says them
            return said(spoken, connection, *many, **given)

        return say

    listened = engine or Engine
    event.listen(listened, "before_cursor_execute", through_sqlalchemy)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for kind, name in ((Asked, "rows"), (Changed, "by"), (Changed, "by_each")):
                patch.setattr(kind, name, listening(getattr(kind, name)))
            yield
    finally:
        event.remove(listened, "before_cursor_execute", through_sqlalchemy)
