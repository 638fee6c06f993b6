"""A loudspeaker at arm's length."""

from dataclasses import dataclass, field

from hardware.ports import DeviceHealth, Voice


@dataclass
class Ear:
    """How it was set, and what it said."""

    tuned: list[tuple[str, int]] = field(default_factory=list)
    heard: list[tuple[str, ...]] = field(default_factory=list)

    def say(self, clips: tuple[str, ...]) -> None:
        """Hear it."""
        self.heard.append(clips)

    def tune(self, dialect: str, volume: int) -> None:
        """Remember it."""
        self.tuned.append((dialect, volume))

    def health(self) -> DeviceHealth:
        """It is there."""
        return DeviceHealth(name="voice", present=True, simulated=True, note="")

    async def aclose(self) -> None:
        """Nothing to give back."""


def _conforms(ear: Ear) -> Voice:
    return ear  # mypy stops here first if the port moves
