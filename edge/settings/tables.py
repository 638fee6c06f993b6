"""The tables of station.toml, and what they mean to the domain."""

import itertools
import re
from collections.abc import Iterator
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from cloud_sync.wire.bodies.hamlets import MOST_HAMLET
from cloud_sync.wire.trust.web_hosts import checked_listener, checked_names
from edge.domain.advice import Consent
from edge.domain.policy import Cell, CellSize, Policy
from edge.kernel.ids import CellId, CountyId, Hamlet, Place, StationId
from edge.settings.devices import (
    PIN_FAMILY,
    CardReaderTable,
    LabelPrinterTable,
    LockBoardTable,
    PowerTable,
    PrinterTable,
    ScaleTable,
    ScannerTable,
    SignalsTable,
    VoiceTable,
)
from edge.settings.ports import MAX_PORT, complaint, one_owner
from edge.settings.shelves import ShelvesTable
from edge.settings.strict import Strict
from hardware.options import COOLING

_SINGLE: Final = (
    "printer",
    "label_printer",
    "scale",
    "card_reader",
    "power",
    "voice",
    "signals",
)
"""The tables of which a station has one or none."""
_PHONE: Final = re.compile(r"\+?[0-9][0-9 -]{1,18}[0-9]")
_Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,30}[a-z0-9]$")]


MOST_HAMLETS: Final = 9
"""Natural villages of one station: as many as there are number keys."""
_Hamlet = Annotated[str, Field(min_length=1, max_length=MOST_HAMLET)]


def checked_hamlets(names: tuple[str, ...]) -> tuple[str, ...]:
    """Natural villages by name. Raises ValueError for what nobody could tell apart or read."""
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"{', '.join(twice)} stands there twice; each natural village once")
    if blank := [name for name in names if name != name.strip() or not name.isprintable()]:
        raise ValueError(f"{blank[0]!r} has a blank at an end or a sign that cannot be printed")
    return names


def checked_phone(number: str) -> str:
    """A phone number to be shown as it is written. Raises ValueError for what nobody can dial."""
    if number and _PHONE.fullmatch(number) is None:
        raise ValueError("a phone number has 3 to 20 digits, spaces or hyphens, e.g. 0797-8521234")
    return number


class StationTable(Strict):
    """Who this station is. `id` and `county` name its topics and never change."""

    id: _Name
    county: _Name
    name: Annotated[str, Field(min_length=1, max_length=40)]
    role: Literal["station", "hub"] = "station"
    """A hub sends bags of its runs on unopened."""
    county_phone: Annotated[str, AfterValidator(checked_phone)] = ""
    """The county desk's number for the kiosk's page of help; empty shows none."""
    hamlets: Annotated[
        tuple[_Hamlet, ...], Field(max_length=MOST_HAMLETS), AfterValidator(checked_hamlets)
    ] = ()
    """Natural villages (自然村) or villager groups, in the order of their number keys."""


class WebTable(Strict):
    """Where the pages are served: an address beside loopback is served over TLS alone.

    `hosts` are the names that others know this machine by; they stand in its certificate.
    """

    host: Annotated[str, AfterValidator(checked_listener)] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=MAX_PORT)] = 8601
    hosts: Annotated[tuple[str, ...], AfterValidator(checked_names)] = ()


class LinkTable(Strict):
    """The broker of the county."""

    broker: Annotated[str, Field(pattern=r"^mqtts?://([^/\s:\[\]]+|\[[0-9a-f:]+\]):\d{1,5}$")]
    mqtt: Literal["3.1.1", "5"] = "3.1.1"
    keep_days: Annotated[int, Field(ge=7, le=3_650)] = 30
    """How long facts stay on the card that the county has for good."""

    @model_validator(mode="after")
    def _port_exists(self) -> Self:
        if not 1 <= int(self.broker.rpartition(":")[2]) <= MAX_PORT:
            raise ValueError(f"broker: its port is not one of 1 to {MAX_PORT}")
        return self


class CabinetTable(Strict):
    """The steel: cells not named under `medium` or `large` are small."""

    medium: tuple[int, ...] = ()
    large: tuple[int, ...] = ()
    boards: Annotated[tuple[LockBoardTable, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_cell_one_lock(self) -> Self:
        numbers = [n for board in self.boards for n in board.cell_of().values()]
        if len(numbers) != len(set(numbers)):
            raise ValueError("two lock boards share a cell number; change first_cell or cells")
        if strangers := sorted((set(self.medium) | set(self.large)) - set(numbers)):
            raise ValueError(f"cells {strangers} have a size but no lock board")
        if twice := sorted(set(self.medium) & set(self.large)):
            raise ValueError(f"cells {twice} are both medium and large")
        return self

    @model_validator(mode="after")
    def _one_address_one_board(self) -> Self:
        for one, other in itertools.combinations(self.boards, 2):
            if one.port != other.port or one.on_pins:  # nothing on pins has an address
                continue
            if one.baud != other.baud:
                raise ValueError(
                    f"{one.port} has lock boards with different baud; give all boards on one port "
                    "the same"
                )
            if one.address == other.address:  # an unlock for one would fire the other's coil too
                raise ValueError(
                    f"{one.port} has two lock boards with address {one.address}; set another "
                    "address on one board's switches and here"
                )
        return self


class RulesTable(Strict):
    """What a county may tune; the defaults are those of Policy."""

    no_sign_ms: Annotated[int, Field(ge=1_000, le=10_000)] = 3_000
    say_open_ms: Annotated[int, Field(ge=3_000, le=60_000)] = 10_000
    left_open_ms: Annotated[int, Field(ge=10_000, le=600_000)] = 60_000
    put_back_ms: Annotated[int, Field(ge=0, le=600_000)] = 600_000
    hold_check_in_on_battery: bool = True
    safe_after_boots: Annotated[int, Field(ge=0, le=10)] = 3
    steady_ms: Annotated[int, Field(ge=1_000, le=600_000)] = 120_000
    safe_ms: Annotated[int, Field(ge=1_000, le=1_800_000)] = 300_000
    remind_days: Annotated[int, Field(ge=1, le=30)] = 3
    return_days: Annotated[int, Field(ge=2, le=60)] = 7
    unannounced: Literal["agreed", "ask"] = "agreed"
    """Of parcels that no manifest names: whether the village agreed once for all to the station."""

    @model_validator(mode="after")
    def _reminded_before_it_goes_back(self) -> Self:
        if self.remind_days >= self.return_days:
            raise ValueError(
                f"remind_days = {self.remind_days} must be less than "
                f"return_days = {self.return_days}: nobody's parcel goes back unheard of"
            )
        return self


class Settings(Strict):
    """The whole of station.toml."""

    station: StationTable
    web: WebTable = WebTable()
    link: LinkTable
    cabinet: CabinetTable
    scanners: Annotated[tuple[ScannerTable, ...], Field(min_length=1)]
    printer: PrinterTable
    label_printer: LabelPrinterTable | None = None
    scale: ScaleTable | None = None
    card_reader: CardReaderTable | None = None
    power: PowerTable | None = None
    voice: VoiceTable | None = None
    signals: SignalsTable | None = None
    rules: RulesTable = RulesTable()
    shelves: ShelvesTable = ShelvesTable()

    @model_validator(mode="after")
    def _coils_are_cool_before_anybody_asks_again(self) -> Self:
        # Else the second and last pulse of somebody at the door would still wait for its coil
        # when the station gives that door up.
        board = max(self.cabinet.boards, key=lambda one: one.driven_ms)
        rest_ms = board.driven_ms * COOLING
        if rest_ms > self.rules.no_sign_ms:
            raise ValueError(
                f"a coil rests for {COOLING} times its pulse, so pulse_ms = {board.pulse_ms} needs "
                f"no_sign_ms = {rest_ms} under [rules]"
            )
        return self

    @model_validator(mode="after")
    def _one_pin_one_use(self) -> Self:
        used: dict[tuple[str, int], str] = {}
        for key, port, pin in self._pins():
            if (other := used.setdefault((port, pin), key)) != key:
                raise ValueError(f"pin {pin} is both {other} and {key}; change one of the two")
        return self

    @model_validator(mode="after")
    def _one_port_one_owner(self) -> Self:
        owners: dict[str, tuple[str, str]] = {}
        for key, port, family in self._ports():
            other, of = owners.setdefault(one_owner(port), (key, family))
            if other != key and (not family or family != of):
                raise complaint(
                    f"{other} and {key} are both {port}",
                    "Give each device a port of its own; only lock boards of one kind share one",
                    key,
                )
        return self

    def _ports(self) -> Iterator[tuple[str, str, str]]:
        """Every port: the key that names it, itself, and with whose like it may be shared."""
        for n, board in enumerate(self.cabinet.boards):
            yield f"cabinet.boards.{n}.port", board.port, board.family
        for n, scanner in enumerate(self.scanners):
            yield f"scanners.{n}.port", scanner.port, ""
        for name in _SINGLE:
            if (table := getattr(self, name)) is not None:
                on_pins = table.driver == "gpio"
                yield f"{name}.port", table.port, PIN_FAMILY if on_pins else ""

    def _pins(self) -> Iterator[tuple[str, str, int]]:
        """Every pin in use: the key that names it, its port, its number."""
        for n, board in enumerate(self.cabinet.boards, start=1):
            for pin in (*board.lock_pins, *board.door_pins):
                yield f"a pin of lock board {n}", board.port, pin
        for name, table in (("power", self.power), ("signals", self.signals)):
            for key, pin in (table.model_dump() if table is not None else {}).items():
                if key.endswith("_pin") and pin is not None and table is not None:
                    yield f"{name}.{key}", table.port, pin

    @property
    def simulated(self) -> bool:
        """Whether any device is a twin: then every screen says so."""
        return any(port.startswith("twin:") for port in self.ports().values())

    def ports(self) -> dict[str, str]:
        """The port of each device, by the name that the device has on screens."""
        many = {f"lock-board-{n}": board.port for n, board in enumerate(self.cabinet.boards, 1)}
        many |= {scanner_name(n): one.port for n, one in enumerate(self.scanners, 1)}
        single = {name.replace("_", "-"): getattr(self, name) for name in _SINGLE}
        return many | {name: one.port for name, one in single.items() if one is not None}

    @property
    def station_id(self) -> StationId:
        """The station's identity."""
        return StationId(self.station.id)

    @property
    def county_id(self) -> CountyId:
        """The county's identity."""
        return CountyId(self.station.county)


def scanner_name(number: int) -> str:
    """What the scanner of this number is called, counted from 1."""
    return "scanner" if number == 1 else f"scanner-{number}"


_UNANNOUNCED: Final = {"agreed": Consent.YES, "ask": Consent.UNKNOWN}


def policy_of(settings: Settings) -> Policy:
    """The domain's rules as this file sets them."""
    cabinet = settings.cabinet

    def size(number: int) -> CellSize:
        if number in cabinet.large:
            return CellSize.LARGE
        return CellSize.MEDIUM if number in cabinet.medium else CellSize.SMALL

    numbers = sorted(n for board in cabinet.boards for n in board.cell_of().values())
    cells = tuple(Cell(cell=CellId(n), size=size(n)) for n in numbers)
    return Policy(
        cells=cells,
        place=Place(settings.station.id),
        hub=settings.station.role == "hub",
        hamlets=tuple(map(Hamlet, settings.station.hamlets)),
        shelves=settings.shelves.built(),
        floor_slots=settings.shelves.floor,
        labels=settings.label_printer is not None,
        unannounced=_UNANNOUNCED[settings.rules.unannounced],
        **settings.rules.model_dump(exclude={"unannounced"}),
    )
