"""Statements about one row, built once: to build one takes longer than to run it."""

from functools import lru_cache

from sqlalchemy import Table, bindparam, select, update

from cloud_sync.county.compiled import Asked, Changed


@lru_cache(maxsize=64)
def row_where(table: Table, key: str) -> Asked:
    """The row of which the column `key` has the value that is given under its name."""
    return Asked(select(table).where(table.c[key] == bindparam(key)))


@lru_cache(maxsize=64)
def changing(table: Table, keys: tuple[str, ...], columns: tuple[str, ...]) -> Changed:
    """Set these columns, given by name, where each key has the value given as `its_` and name."""
    return Changed(
        update(table)
        .where(*(table.c[key] == bindparam(f"its_{key}") for key in keys))
        .values({name: bindparam(name) for name in columns})
    )
