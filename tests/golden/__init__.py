"""Bytes from outside: vendors' sheets and recorded lines, each file naming its source."""

from pathlib import Path


def read_golden(name: str) -> dict[str, bytes]:
    """The frames of tests/golden/NAME.hex by their names."""
    text = Path(__file__).with_name(f"{name}.hex").read_text(encoding="utf-8")
    lines = [line.split(maxsplit=1) for line in text.splitlines()]
    return {line[0]: bytes.fromhex(line[1]) for line in lines if line and line[0] != "#"}
