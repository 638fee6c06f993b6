"""Whether the county knows this station: a talk that only listens for "I do not know you"."""

from collections.abc import Callable

from cloud_sync.station.talks.talk import Say, Talk
from cloud_sync.wire.messages import Message, NotEnrolled, Welcome

NOT_ENROLLED = "not_enrolled"
UNKNOWN_STATION = "unknown_station"


class Belonging:
    """Fits Talk. `on_change` hears when the trouble turns."""

    hears: tuple[type[Message], ...] = (NotEnrolled,)
    due_ms: int | None = None

    def __init__(self, enrolled: Callable[[], bool], on_change: Callable[[], None]) -> None:
        self._enrolled, self._on_change = enrolled, on_change
        self._known = True

    @property
    def trouble(self) -> str:
        """The verdict for the screens, empty while all is well."""
        if not self._enrolled():
            return NOT_ENROLLED
        return "" if self._known else UNKNOWN_STATION

    def opened(self, _welcome: Welcome, _say: Say) -> None:
        """The county takes our facts, so it knows us."""
        self._turn(known=True)

    def closed(self) -> None:
        """Says nothing about who we are."""

    async def hear(self, _message: Message) -> None:
        """The county does not know our key."""
        self._turn(known=False)

    async def time_passed(self, _now_ms: int) -> None:
        """Nothing is ever due."""

    def _turn(self, *, known: bool) -> None:
        if known != self._known:
            self._known = known
            self._on_change()


def _conforms(talk: Belonging) -> Talk:
    return talk
