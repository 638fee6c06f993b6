"""Judges secrets: X2, what people know stands in no packet, and no code in a file at rest."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import zstandard

from cloud_sync.county.database import Database
from cloud_sync.wire.framing.dictionary import FILES, FOLDER
from edge.simulation.oracles.judge import Judge
from edge.simulation.oracles.recorder import Recorder
from edge.simulation.parts.links import Packet
from edge.simulation.parts.station_node import StationNode
from edge.simulation.people import LI, Village
from edge.store.journal import JournalRow

_MAGIC: Final = bytes.fromhex("28b52ffd")
"""How a zstandard frame begins; in what is sealed it stands once in 4,000,000,000 places."""
_MOST: Final = 4_000_000
_EIGHT: Final = 8
_HEAD: Final = 3
_HEX: Final = bytes(one if one in b"0123456789abcdef" else ord(" ") for one in range(256))


@dataclass
class SecretJudge:
    """Hears what a broker hears, and reads files as a thief would.

    Waybill numbers, tails and keepers may lie at the county, and its cards; codes may lie nowhere.
    """

    recorder: Recorder
    county: Path
    _known: dict[bytes, set[bytes]] = field(default_factory=lambda: _by_head([LI.encode()]))
    """What people know, by its first bytes: these are few, and in nearly no packet."""
    _codes: set[str] = field(default_factory=set)
    _tokens: set[str] = field(default_factory=set)
    _overheard: dict[str, str] = field(default_factory=dict)
    """Numbers that packets said and that might be codes: people show theirs only later."""

    def heard(self, packet: Packet) -> None:
        """A packet, as whoever owns the broker has it."""
        for clear in (packet.payload, *_unpacked(packet.payload)):
            for canary in self._said(clear):
                self.recorder.trouble(
                    f"X2: {packet.lane} of {packet.station} says {canary.decode()} to all"
                )
            for digits in _eights(clear):
                self._overheard.setdefault(digits, f"{packet.lane} of {packet.station}")

    def _said(self, clear: bytes) -> list[bytes]:
        """Whatever people know of what stands there."""
        heads = [head for head in self._known if head in clear]
        return [one for head in heads for one in sorted(self._known[head]) if one in clear]

    def committed(self, node: StationNode, row: JournalRow) -> None:
        """Facts are read at rest."""

    def look(self, villages: Sequence[Village]) -> None:
        """Learn what people know by now."""
        for village in villages:
            for slip in village.slips.printed:
                self._codes.add(slip.digits)
                self._tokens.add(slip.token)
                for head, some in _by_head([slip.token.encode(), slip.waybill_no.encode()]).items():
                    self._known.setdefault(head, set()).update(some)
            village.slips.printed.clear()
        for digits in sorted(self._codes & self._overheard.keys()):
            self.recorder.trouble(f"X2: {self._overheard[digits]} says the code {digits} to all")

    def rest(self, villages: Sequence[Village], county: Database) -> None:
        """Read every file of the county and of each card."""
        del county
        self.look(villages)
        homes = [("the county", self.county), ("a backup", self.county.with_name("backups"))]
        homes += [(village.node.name, village.node.folder) for village in villages]
        for name, folder in homes:
            for file in sorted(one for one in folder.rglob("*") if one.is_file()):
                if self._says_a_code(file):
                    self.recorder.trouble(f"X2: {file.name} of {name} has a pickup code in clear")

    def _says_a_code(self, file: Path) -> bool:
        data = file.read_bytes()
        if any(token.encode() in data for token in self._tokens):
            return True
        return any(digits in self._codes for digits in _eights(data))


def _by_head(canaries: Iterable[bytes]) -> dict[bytes, set[bytes]]:
    found: dict[bytes, set[bytes]] = {}
    for one in canaries:
        found.setdefault(one[:_HEAD], set()).add(one)
    return found


def _eights(data: bytes) -> Iterator[str]:
    """Numbers of eight digits, not within a longer one, a moment for example, or a hash in hex.

    Everything else is made blank and cut away: a pattern takes three times as long.
    """
    for word in data.translate(_HEX).split():
        if len(word) == _EIGHT and word.isdigit():
            yield word.decode()


def _unpacked(payload: bytes) -> list[bytes]:
    """What a packet says that is packed and not sealed."""
    found, at = [], payload.find(_MAGIC)
    while at >= 0:
        for name in FILES.values():
            words = zstandard.ZstdCompressionDict((FOLDER / name).read_bytes())
            reader = zstandard.ZstdDecompressor(dict_data=words, max_window_size=_MOST)
            try:
                found.append(reader.decompressobj().decompress(payload[at:]))
            except zstandard.ZstdError:
                continue
        at = payload.find(_MAGIC, at + 1)
    return found


def _fits(judge: SecretJudge) -> Judge:
    return judge
