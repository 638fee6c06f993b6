"""What station and county must agree on about live commands, byte for byte."""

import hashlib
from typing import Final

import msgspec

from cloud_sync.wire.messages import LiveCommand
from edge.kernel.hashing import canonical_bytes

OPEN: Final = "open"
"""The one action that a live command may name so far."""
LIVES_MS: Final = 60_000
"""How long a nonce is good for, and how long a county waits for an answer."""
MOST_WORD: Final = 50
"""Letters of a command's name, an operator's or a tail: what the facts about it can hold."""
MOST_REASON: Final = 200
_LARGEST: Final = 2**53 - 1
_MOST_CELLS: Final = 999
_MOST_APPROVALS: Final = 8


def digest_of(command: LiveCommand) -> str:
    """SHA-256 over every field of a command, as 64 hex digits."""
    return hashlib.sha256(canonical_bytes(msgspec.to_builtins(command))).hexdigest()


def sane_command(command: LiveCommand) -> bool:
    """Whether a command keeps the bounds that its types leave open."""
    words = (command.command, command.operator, command.parcel_tail, *command.approvals)
    return (
        bool(command.command)
        and command.action == OPEN
        and all(len(word) <= MOST_WORD for word in words)
        and len(command.reason) <= MOST_REASON
        and len(command.approvals) <= _MOST_APPROVALS
        and 1 <= command.cell <= _MOST_CELLS
        and 1 <= command.seq <= _LARGEST
        and 0 <= command.not_after_ms <= _LARGEST
    )
