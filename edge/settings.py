"""station.toml: strict, frozen, checked before any device opens. A typo stops the start."""

import itertools
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from edge.domain.policy import Cell, CellSize, Policy
from edge.kernel.errors import ConfigError
from edge.kernel.ids import CellId, CountyId, StationId

FILE_NAME: Final = "station.toml"
MAX_PORT: Final = 65_535
COOLING: Final = 10
"""A coil may be driven a tenth of the time; the drivers keep to the same (invariant D4)."""
_Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,30}[a-z0-9]$")]
_Port = Annotated[str, Field(pattern=r"^(twin:/|/dev/|/run/|socket://|file:).+")]


class Strict(BaseModel):
    """A table of the file: unknown keys are errors, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class StationTable(Strict):
    """Who this station is. `id` and `county` name its topics and never change."""

    id: _Name
    county: _Name
    name: Annotated[str, Field(min_length=1, max_length=40)]


class WebTable(Strict):
    """Where the pages are served: loopback until the county's certificates are there."""

    host: Literal["127.0.0.1", "::1", "localhost"] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=MAX_PORT)] = 8601


class LinkTable(Strict):
    """The broker of the county."""

    broker: Annotated[str, Field(pattern=r"^mqtts?://([^/\s:\[\]]+|\[[0-9a-f:]+\]):\d{1,5}$")]

    @model_validator(mode="after")
    def _port_exists(self) -> Self:
        if not 1 <= int(self.broker.rpartition(":")[2]) <= MAX_PORT:
            raise ValueError(f"broker: its port is not one of 1 to {MAX_PORT}")
        return self


class LockBoardTable(Strict):
    """One lock board: cell `first_cell` is its channel 1."""

    driver: str
    port: _Port
    baud: Annotated[int, Field(ge=1_200, le=921_600)] = 9_600
    address: Annotated[int, Field(ge=1, le=99)] = 1
    channels: Literal[2, 8, 12, 18, 24, 50] = 24
    first_cell: Annotated[int, Field(ge=1, le=999)] = 1
    pulse_ms: Annotated[int, Field(ge=50, le=1_000)] = 300
    closed_bit: Annotated[int, Field(ge=0, le=1)] = 1


class CabinetTable(Strict):
    """The steel: cells not named under `medium` or `large` are small."""

    medium: tuple[int, ...] = ()
    large: tuple[int, ...] = ()
    boards: Annotated[tuple[LockBoardTable, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_cell_one_lock(self) -> Self:
        numbers = [n for board in self.boards for n in board_cells(board)]
        if len(numbers) != len(set(numbers)):
            raise ValueError("two lock boards share a cell number; change first_cell")
        if strangers := sorted((set(self.medium) | set(self.large)) - set(numbers)):
            raise ValueError(f"cells {strangers} have a size but no lock board")
        if twice := sorted(set(self.medium) & set(self.large)):
            raise ValueError(f"cells {twice} are both medium and large")
        return self

    @model_validator(mode="after")
    def _one_address_one_board(self) -> Self:
        for one, other in itertools.combinations(self.boards, 2):
            if one.port != other.port:
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


class ScannerTable(Strict):
    """The barcode scanner."""

    driver: str = "line"
    port: _Port
    baud: Annotated[int, Field(ge=1_200, le=921_600)] = 115_200


class PrinterTable(Strict):
    """The receipt printer; 384 dots is 58 mm paper, 576 dots is 80 mm."""

    driver: str = "escpos"
    port: _Port
    baud: Annotated[int, Field(ge=1_200, le=921_600)] = 115_200
    dots: Literal[384, 576] = 384


class RulesTable(Strict):
    """What a county may tune; the defaults are those of Policy."""

    no_sign_ms: Annotated[int, Field(ge=1_000, le=10_000)] = 3_000
    say_open_ms: Annotated[int, Field(ge=3_000, le=60_000)] = 10_000
    left_open_ms: Annotated[int, Field(ge=10_000, le=600_000)] = 60_000
    put_back_ms: Annotated[int, Field(ge=0, le=600_000)] = 600_000


class Settings(Strict):
    """The whole of station.toml."""

    station: StationTable
    web: WebTable = WebTable()
    link: LinkTable
    cabinet: CabinetTable
    scanner: ScannerTable
    printer: PrinterTable
    rules: RulesTable = RulesTable()

    @model_validator(mode="after")
    def _coils_are_cool_before_anybody_asks_again(self) -> Self:
        # Else the second and last pulse of somebody at the door would still wait for its coil
        # when the station gives that door up.
        pulse_ms = max(board.pulse_ms for board in self.cabinet.boards)
        if pulse_ms * COOLING > self.rules.no_sign_ms:
            raise ValueError(
                f"a coil rests for {COOLING} times its pulse, so pulse_ms = {pulse_ms} needs "
                f"no_sign_ms = {pulse_ms * COOLING} under [rules]"
            )
        return self

    @property
    def simulated(self) -> bool:
        """Whether any device is a twin: then every screen says so."""
        ports = [board.port for board in self.cabinet.boards]
        ports += [self.scanner.port, self.printer.port]
        return any(port.startswith("twin:") for port in ports)

    @property
    def station_id(self) -> StationId:
        """The station's identity."""
        return StationId(self.station.id)

    @property
    def county_id(self) -> CountyId:
        """The county's identity."""
        return CountyId(self.station.county)


def board_cells(board: LockBoardTable) -> range:
    """The cell numbers of one board, in channel order."""
    return range(board.first_cell, board.first_cell + board.channels)


def policy_of(settings: Settings) -> Policy:
    """The domain's rules as this file sets them."""
    cabinet = settings.cabinet

    def size(number: int) -> CellSize:
        if number in cabinet.large:
            return CellSize.LARGE
        return CellSize.MEDIUM if number in cabinet.medium else CellSize.SMALL

    numbers = sorted(n for board in cabinet.boards for n in board_cells(board))
    cells = tuple(Cell(cell=CellId(n), size=size(n)) for n in numbers)
    return Policy(cells=cells, **settings.rules.model_dump())


def read_settings(folder: Path) -> Settings:
    """Read folder/station.toml. Raises ConfigError naming file, key and fix."""
    file = folder / FILE_NAME
    try:
        text = file.read_text(encoding="utf-8-sig")  # Windows editors put a mark in front
    except FileNotFoundError as cause:
        fix = f"Run: cunyi station init {folder}"
        raise ConfigError(file, "", "there is no station here", fix) from cause
    except UnicodeDecodeError as cause:
        raise ConfigError(file, "", "not UTF-8 text", "Save it again as UTF-8") from cause
    except OSError as cause:
        problem = f"cannot be read ({cause.strerror})"
        raise ConfigError(file, "", problem, "Let the user that cunyi runs as read it") from cause
    return parse_settings(text, file)


def parse_settings(text: str, source: Path | str) -> Settings:
    """Settings from TOML text. Raises ConfigError naming `source`, the key and the fix."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise ConfigError(source, "", f"not valid TOML ({cause})", "Mend that line") from cause
    try:
        return Settings.model_validate_json(_as_json(table))
    except ValidationError as cause:
        # A misspelt name is both unknown and missing: the unknown one says where to look.
        errors = cause.errors(include_url=False)
        first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError(source, key, *_explain(key, first["type"], first["msg"])) from cause


def _as_json(table: dict[str, object]) -> bytes:
    # Strict mode takes a JSON list for a tuple and a JSON string for an enum, as TOML has neither.
    return json.dumps(table, default=str).encode()


_FORMS: Final[Mapping[str, str]] = {
    "id": "Use 3 to 32 lower-case letters, digits and dashes",
    "county": "Use 3 to 32 lower-case letters, digits and dashes",
    "broker": 'Write it like "mqtts://broker.example.cn:8883"',
    "port": 'Write it like "/dev/serial/by-id/...", "socket://host:port" or "twin:/folder/name"',
}
"""What a text must look like, by the last part of its key."""


def _explain(key: str, kind: str, message: str) -> tuple[str, str]:
    if kind == "extra_forbidden":
        return (
            "unknown key",
            "Remove it or correct its spelling; `cunyi station init` writes every key",
        )
    if kind == "missing":
        return "this key is missing", "Add it; `cunyi station init` writes a complete example"
    if kind == "string_pattern_mismatch":
        fix = _FORMS.get(key.rpartition(".")[2], "Change this value")
        return "this text does not have the right form", fix
    if kind == "value_error":
        fix = "Change this table" if key else "Change one of the two"
        return message.removeprefix("Value error, "), fix
    return message, "Change this value"
