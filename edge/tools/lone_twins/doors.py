"""What a person does at a cabinet that stands alone, and what is seen there."""

from typing import Final

from edge.tools.lone_twins.terminal import Command, Mistyped, number, tell
from hardware.twins.cabinet import Cabinet


class DoorsAlone:
    """Prints each door that moves and each pulse that moved none."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet
        self._open = dict.fromkeys(range(1, cabinet.channels + 1), False)
        self._pulses = 0
        self.commands: Final = {
            "put": Command(form="3 THING", about="lay a thing into open cell 3", do=self._put),
            "take": Command(form="3", about="take out all that is in open cell 3", do=self._take),
            "force": Command(form="3", about="pry door 3 open", do=self._force),
        }

    def push(self, line: str) -> None:
        """A typed number pushes that door shut. Raises Mistyped, Refused."""
        self._cabinet.push_shut(self._door(line, line))

    def look(self) -> None:
        """Print what is new."""
        pulses = self._cabinet.pulses
        for pulse in pulses[self._pulses :]:
            if not pulse.released:
                tell(f"lock {pulse.channel} was driven and did not let go")
        self._pulses = len(pulses)
        for door in self._cabinet.doors():
            if door.open is not self._open[door.channel]:
                self._open[door.channel] = door.open
                tell(f"door {door.channel} is {'open' if door.open else 'shut'}")

    def _put(self, rest: str) -> None:
        door, _, thing = rest.partition(" ")
        self._cabinet.put_in(self._door(door, rest), thing.strip() or "parcel")
        tell(f"there is something in cell {door}")

    def _take(self, rest: str) -> None:
        taken = self._cabinet.take_out(self._door(rest, rest))
        tell(f"taken out: {', '.join(taken)}")

    def _force(self, rest: str) -> None:
        self._cabinet.force_open(self._door(rest, rest))

    def _door(self, text: str, line: str) -> int:
        wanted = f"type a number from 1 to {self._cabinet.channels}"
        try:
            return number(text, wanted)
        except Mistyped as cause:
            raise Mistyped(f"{line!r} is no door: {wanted}") from cause
