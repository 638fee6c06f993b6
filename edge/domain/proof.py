"""What the person showed to get a parcel."""

from enum import StrEnum


class Proof(StrEnum):
    """What the person showed to get a parcel."""

    CODE = "code"
    TOKEN = "token"  # noqa: S105 - a word, no secret
    KEEPER = "keeper"
