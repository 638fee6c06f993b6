"""Live commands at the station's loop: decided there, and told about when they have ended."""

from collections.abc import Callable

import structlog

from cloud_sync.wire.live import digest_of
from cloud_sync.wire.messages import LiveCommand
from edge.daemon.station import Station
from edge.domain.inputs import Fresh, Input, RemoteOpenAsked
from edge.domain.remote import RemoteRefusal
from edge.kernel.errors import Refused
from edge.kernel.ids import CellId, Epoch, StationId
from edge.kernel.time import Instant

log = structlog.get_logger(__name__)


class RemoteDesk:
    """Fits cloud_sync.station.talks.live.CommandDesk. Call everything on the event loop."""

    def __init__(
        self, station: Station, *, station_id: StationId, epoch: Callable[[], Epoch]
    ) -> None:
        self._station, self._station_id, self._epoch = station, station_id, epoch
        self._under_way: set[str] = set()
        self._tell: Callable[[str, str], None] = _nobody_listens
        station.when_journal_grows(self._look)

    def tell_with(self, tell: Callable[[str, str], None]) -> None:
        """Name who hears the result of a command that took a while."""
        self._tell = tell

    @property
    def epoch(self) -> int:
        """The epoch of the station's journal."""
        return self._epoch()

    @property
    def fence(self) -> int:
        """The highest number of a command that was decided on."""
        return self._station.state.remote.fence

    async def take(self, command: LiveCommand, burn: Callable[[], bool]) -> str:
        """Decide; the result, empty while the door is on its way. May raise StoreError."""
        digest = digest_of(command)

        def make(at: Instant, fresh: Fresh) -> Input:
            # Here, in the loop, is the moment of decision: nothing can come between.
            return RemoteOpenAsked(
                at=at,
                command=command.command,
                digest=digest,
                in_scope=self._in_scope(command),
                seq=command.seq,
                nonce_alive=burn(),
                cell=CellId(command.cell),
                parcel_tail=command.parcel_tail,
                not_after_ms=command.not_after_ms,
                operator=command.operator,
                reason=command.reason,
                approvals=tuple(command.approvals),
                fresh=fresh,
            )

        try:
            await self._station.tell(make)
        except Refused as unfit:
            log.warning("live_command_unfit", reason=unfit.reason)
            return ""
        return self._result(command, digest)

    def _in_scope(self, command: LiveCommand) -> bool:
        return command.station == self._station_id and command.epoch == self._epoch()

    def _result(self, command: LiveCommand, digest: str) -> str:
        if not self._in_scope(command):
            return _refused(RemoteRefusal.SCOPE)
        seen = self._station.state.remote.seen.get(command.command)
        if seen is None or seen.digest != digest:
            return _refused(RemoteRefusal.DUP_BODY)
        if not seen.result:
            self._under_way.add(command.command)
        return _refused(seen.why) if seen.why else seen.result

    def _look(self) -> None:
        """The journal has grown: tell of every command that has come to an end by it."""
        if not self._under_way:
            return
        seen = self._station.state.remote.seen
        for command in sorted(self._under_way):
            if command not in seen or seen[command].result:
                self._under_way.discard(command)
                if command in seen:
                    self._tell(command, seen[command].result)


def _refused(why: str) -> str:
    return f"refused:{why}"


def _nobody_listens(_command: str, _result: str) -> None:
    """Before a session is open the facts alone tell it."""
