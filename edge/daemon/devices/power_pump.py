"""Mains and battery: the supply's word into the inbox, and the machine switched off in order.

A machine that is off cannot wake by itself. So `poweroff = true` in station.toml is for supplies
that cut their output once their battery is empty or the machine is down, and give it again with
the mains: then the machine starts with them. With any other supply the station stays up, its doors
at rest (edge.domain.power), and loses nothing when the battery ends: every fact is on disk before
anybody hears of it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from edge.daemon.county.journal_source import StoreJournalSource
from edge.daemon.front import PowerView
from edge.daemon.station import Station
from edge.domain.inputs import Fresh, PowerMoved, StopAsked
from edge.domain.power import may_switch_off
from edge.kernel.time import Instant
from hardware.ports import Power, PowerReading

log = structlog.get_logger(__name__)

LOOK_EVERY_S: Final = 1.0
FLUSH_MS: Final = 20_000
"""So long the county is waited for; whatever it did not get, it gets with the next start."""
POWER_OFF: Final = ("/usr/bin/systemctl", "poweroff")
POWER_OFF_TAKES_S: Final = 30.0
BATTERY_LOW: Final = "battery_low"
_NO_WORD: Final = PowerView(mains=None, battery_percent=None)


class SwitchOffError(Exception):
    """The machine is not switched off: the system would not do it."""


class SupplyWatch:
    """Listens to the supply: each of its words goes to the station, the last one to screens."""

    def __init__(self, station: Station, power: Power) -> None:
        self._station = station
        self._power = power
        self._view = _NO_WORD

    def start(self) -> None:
        """Begin to listen; call on the event loop."""
        loop = asyncio.get_running_loop()

        def on_change(reading: PowerReading) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._deliver, reading)

        self._power.start(on_change)

    def view(self) -> PowerView:
        """What the supply said last; nothing of it is known while it is away."""
        return self._view if self._power.health().present else _NO_WORD

    def _deliver(self, reading: PowerReading) -> None:
        view = PowerView(mains=reading.mains, battery_percent=reading.battery_percent)
        if view != self._view:
            self._view = view
            self._station.ring()

        def moved(at: Instant, _fresh: Fresh) -> PowerMoved:
            return PowerMoved(
                at=at,
                mains=reading.mains,
                battery_percent=reading.battery_percent,
                low=reading.low,
            )

        self._station.report(moved)


def supply_word(view: PowerView) -> str:
    """How the county hears of a supply that works: `mains.87`, `battery.87`, or without percent."""
    if view.mains is None:
        return "power.unsure"
    fed_by = "mains" if view.mains else "battery"
    return fed_by if view.battery_percent is None else f"{fed_by}.{view.battery_percent}"


async def county_has_all(journal: StoreJournalSource) -> bool:
    """Whether the county has acknowledged every fact, as far as the disk knows."""
    return (await journal.cursor()).applied_seq >= (await journal.head()).seq


async def switch_off_in_time(
    station: Station,
    told_all: Callable[[], Awaitable[bool]],
    switch_off: Callable[[], Awaitable[None]],
) -> None:
    """Have the machine switched off once the battery is low and nobody stands at an open door.

    `told_all` says whether the county has every fact. What follows is an ordinary stop: the system
    ends this process like any other. Where it does not, the station stays as it is.
    """
    asked: Instant | None = None
    while True:
        seen, low_at = station.version, station.state.supply.low_at
        if low_at != asked and may_switch_off(station.state, station.now()):
            asked = low_at
            await station.tell(lambda at, _fresh: StopAsked(at=at, reason=BATTERY_LOW))
            await _flush(station, told_all)
            await _switch_off(station, switch_off)
        await station.changed(seen, LOOK_EVERY_S)


async def _flush(station: Station, told_all: Callable[[], Awaitable[bool]]) -> None:
    since = station.now()
    while station.state.supply.low_at is not None and not await told_all():
        if (station.now().since_ms(since) or 0) >= FLUSH_MS:
            return
        await station.changed(station.version, LOOK_EVERY_S)


async def _switch_off(station: Station, switch_off: Callable[[], Awaitable[None]]) -> None:
    if station.state.supply.low_at is None:
        log.info("machine_stays_on")  # the mains came back meanwhile
        return
    log.warning("machine_switched_off", reason=BATTERY_LOW)
    try:
        await switch_off()
    except SwitchOffError as failure:
        log.critical("machine_stays_on", reason=str(failure))


async def switch_machine_off(command: tuple[str, ...] = POWER_OFF) -> None:
    """Ask the system to switch the machine off. Raises SwitchOffError when it will not."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as cause:
        raise SwitchOffError(str(cause)) from cause
    try:
        async with asyncio.timeout(POWER_OFF_TAKES_S):
            _out, told = await process.communicate()
    except TimeoutError as cause:
        process.kill()
        raise SwitchOffError(f"{command[0]} did not answer") from cause
    if process.returncode:
        raise SwitchOffError(told.decode(errors="replace").strip()[:200])
