"""Judges live commands from outside: what was said, what cards hold, which locks were fired."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cloud_sync.wire.envelope import decode
from cloud_sync.wire.messages import LiveCommand, Message
from edge.kernel.ids import StationId
from edge.simulation.oracles.recorder import Recorder
from edge.simulation.parts.station_node import StationNode

NONCE_LIVES_S: Final = 60.0
PATIENCE_S: Final = 125.0
"""An operator waits a minute for the nonce and a minute for the answer, and is gone then."""
GOVERNOR_S: Final = 600.0
MOST_AT_ONCE: Final = 3
MOST_PULSES: Final = 1
"""Nobody stands at the door, so nobody may ask for a second one."""


@dataclass
class CommandOracle:
    """Hears commands as they leave, and reads each card's facts as they come."""

    recorder: Recorder
    now_s: Callable[[], float]
    newest: str = ""
    """The command that was asked for last."""
    _asked_s: dict[str, float] = field(default_factory=dict)
    _sent_s: dict[str, float] = field(default_factory=dict)
    _for: dict[str, StationId] = field(default_factory=dict)
    _accepted_s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _fences: dict[str, int] = field(default_factory=dict)

    def heard(self, station: StationId, message: Message) -> None:
        """The county says something."""
        if isinstance(message, LiveCommand):
            asked_s, now_s = self._asked_s.get(message.command), self.now_s()
            if asked_s is None or now_s - asked_s > PATIENCE_S:
                self.recorder.trouble(f"S8: {message.command} was sent when nobody waited for it")
            self._sent_s[message.command] = now_s
            self._for[message.command] = station

    def asked(self, command: str) -> None:
        """An operator wishes for it now."""
        self._asked_s[command] = self.now_s()
        self.newest = command

    def accepted(self, node: StationNode, command: str, number: int, at_s: float) -> None:
        """A station has committed, at this moment, that it opens a door for this command.

        One that was cut off in its commit finds out at its next start whether it has.
        """
        trouble = self.recorder.trouble
        sent_s = self._sent_s.get(command)
        if sent_s is None or self._for[command] != node.around.station:
            trouble(f"S8: {node.name} accepted {command}, which nobody gave it")
        elif at_s - sent_s > NONCE_LIVES_S:
            trouble(f"S8: {node.name} accepted {command} {at_s - sent_s:.0f} s late")
        if number <= self._fences.get(node.name, 0) and node.in_order:
            trouble(f"S8: {node.name} accepted {number} after {self._fences[node.name]}")
        self._fences[node.name] = number
        times = self._accepted_s[node.name]
        times.append(at_s)
        if sum(at_s - one_s < GOVERNOR_S for one_s in times) > MOST_AT_ONCE and node.in_order:
            trouble(f"D7: {node.name} opened too many doors for the county")

    def judge(self, node: StationNode) -> None:
        """S8 and S9 at rest: at most one effect of each command, and one end of each accepted."""
        process = node.alive
        if process is None or process.reader is None:
            return
        begun: dict[str, str] = {}
        decided: Counter[str] = Counter()
        ended: Counter[str] = Counter()
        asked: Counter[str] = Counter()
        for row in process.reader.rows:
            if row.kind == "remote.ended":
                ended[decode(row.fact).body["command"]] += 1
            elif row.kind == "remote.accepted":
                body = decode(row.fact).body
                begun[body["command"]] = body["auth"]
                decided[body["command"]] += 1
            elif row.kind == "door.asked":
                asked[decode(row.fact).body["auth"]] += 1
        for command, auth in begun.items():
            if decided[command] > 1 or asked[auth] > MOST_PULSES:
                self.recorder.trouble(f"S8: {command} took effect more than once at {node.name}")
            if ended[command] != 1:
                self.recorder.trouble(f"S9: {command} has {ended[command]} ends at {node.name}")
