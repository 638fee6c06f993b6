"""The tables, one module per schema version; a shipped module never changes."""

from typing import Final

from edge.store.schema import v2 as _v2  # noqa: F401 - it adds its step to the migrations
from edge.store.schema import v3 as _v3  # noqa: F401 - it adds its step to the migrations
from edge.store.schema import v4 as _v4  # noqa: F401 - it adds its step to the migrations
from edge.store.schema import v5 as _v5  # noqa: F401 - it adds its step to the migrations
from edge.store.schema import v6 as _v6  # noqa: F401 - it adds its step to the migrations
from edge.store.schema.v1 import MIGRATIONS

SCHEMA_VERSION: Final = 6

__all__ = ["MIGRATIONS", "SCHEMA_VERSION"]
