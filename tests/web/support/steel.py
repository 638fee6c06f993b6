"""Hardware at arm's length for web tests: doors, a scanner and paper without any wire.

The wires have tests of their own; here a person's hands matter.
"""

from collections.abc import Callable, Mapping

from hardware.ports import (
    Beside,
    Block,
    DeviceHealth,
    DoorChange,
    DoorReading,
    LockBank,
    PaperState,
    Printer,
    Qr,
    Scanner,
    Text,
)


class Steel:
    """A cabinet. A lock that is pulsed springs its door open, unless its spring is weak."""

    def __init__(self, channels: int) -> None:
        self.pulses: list[int] = []
        self.weak: set[int] = set()
        self.inside: dict[int, bool] = {}
        self._channels = channels
        self._tell: Callable[[DoorChange], None] | None = None

    def start(self, on_change: Callable[[DoorChange], None]) -> None:
        """All doors are shut."""
        self._tell = on_change
        for channel in range(1, self._channels + 1):
            self._move(channel, DoorReading.SHUT)

    async def release(self, channel: int) -> None:
        """Fire one lock."""
        self.pulses.append(channel)
        if channel not in self.weak:
            self._move(channel, DoorReading.OPEN)

    def push_shut(self, channel: int) -> None:
        """A person shuts a door; safe from any thread."""
        self._move(channel, DoorReading.SHUT)

    def health(self) -> DeviceHealth:
        """Always well."""
        return DeviceHealth(name="lock-board-1", present=True, simulated=True)

    def articles(self) -> Mapping[int, bool]:
        """As the test has laid things in."""
        return dict(self.inside)

    async def aclose(self) -> None:
        """Nothing to give back."""

    def _move(self, channel: int, reading: DoorReading) -> None:
        assert self._tell is not None, "nobody listens to the doors yet"
        self._tell(DoorChange(channel=channel, reading=reading))


class Gun:
    """A scanner in a person's hand."""

    def __init__(self) -> None:
        self.plugged = True
        self._tell: Callable[[str], None] | None = None

    def start(self, on_code: Callable[[str], None]) -> None:
        """Who hears the codes."""
        self._tell = on_code

    def scan(self, text: str) -> None:
        """Pull the trigger; safe from any thread."""
        assert self._tell is not None, "nobody listens to the scanner yet"
        self._tell(text)

    def health(self) -> DeviceHealth:
        """Always well."""
        return DeviceHealth(name="scanner", present=self.plugged, simulated=True)

    async def aclose(self) -> None:
        """Nothing to give back."""


class Paper:
    """Keeps what was printed, as blocks."""

    def __init__(self) -> None:
        self.slips: list[tuple[Block, ...]] = []
        self.state = PaperState.OK

    async def print_document(self, blocks: tuple[Block, ...]) -> None:
        """Always succeeds: nobody prints without paper."""
        self.slips.append(blocks)

    async def paper(self) -> PaperState:
        """What a hand has put in."""
        return self.state

    def health(self) -> DeviceHealth:
        """There, and frank about its paper."""
        note = "printer.paper_out" if self.state is PaperState.OUT else ""
        return DeviceHealth(name="printer", present=True, simulated=True, note=note)

    async def aclose(self) -> None:
        """Nothing to give back."""

    def code(self) -> str:
        """The eight digits on the last slip."""
        lines = [b.text.replace(" ", "") for b in self.slips[-1] if isinstance(b, Text)]
        return next(line for line in lines if len(line) == 8 and line.isdecimal())

    def words(self) -> str:
        """All that is written on the last paper, a line each."""
        blocks = [
            line
            for block in self.slips[-1]
            for line in (block.lines if isinstance(block, Beside) else (block,))
        ]
        return "\n".join(block.text for block in blocks if isinstance(block, Text))

    def token(self) -> str:
        """What the QR code of the last slip says."""
        return next(b.data for b in self.slips[-1] if isinstance(b, Qr))


def _conforms(steel: Steel, gun: Gun, paper: Paper) -> tuple[LockBank, Scanner, Printer]:
    return steel, gun, paper  # mypy stops here first if a port moves
