"""One item of what the county tells a station for good."""

from dataclasses import dataclass

from edge.kernel.ids import CredentialId


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyWord:
    """Holds until a later one of the same kind and key. `body` is JSON; None takes it back."""

    seq: int
    kind: str
    key: str
    body: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedPass:
    """A pass for a proxy that the county took back; without that it would be good for so long."""

    credential: CredentialId
    until_ms: int
