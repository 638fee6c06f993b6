"""Views as JSON text."""

import msgspec

_ENCODER = msgspec.json.Encoder()


def as_json(view: object) -> str:
    """One line of JSON; equal views make equal text."""
    return _ENCODER.encode(view).decode()
