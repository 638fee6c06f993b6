"""The tables, one module per schema version; a shipped module never changes."""

from typing import Final

from edge.store.schema.v1 import MIGRATIONS

SCHEMA_VERSION: Final = 1

__all__ = ["MIGRATIONS", "SCHEMA_VERSION"]
