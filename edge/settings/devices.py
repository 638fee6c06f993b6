"""The tables of station.toml that name hardware: what is plugged in where, and how it is set."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from edge.kernel.errors import ConfigError
from edge.settings.ports import (
    KEYS,
    LINE,
    PAPER,
    PICTURE,
    PINS,
    SOUND,
    TYPED_LINE,
    Reach,
    port_for,
)
from edge.settings.strict import DriverTable, Strict
from firmware_bridge.lock_board.dialects import DIALECTS
from hardware.catalogue import (
    CARD_READERS,
    POWERS,
    PRINTERS,
    SCALES,
    SCANNERS,
    SIGNALS,
    VOICES,
    choose,
    lock_board_kind,
)

MOST_PIN: Final = 27
FIRST_PULLED_DOWN: Final = 9
"""GPIO 0 to 8 come up with a pull-up, 9 to 27 with a pull-down (BCM2835 ARM Peripherals, 6.2)."""
"""GPIO 0 to 27 are on the 40 pins of every Raspberry Pi."""
SSI_BAUD: Final = 9_600
PIN_FAMILY: Final = "pins"
"""Whatever hangs on pins may be behind one port: its pins are counted one by one."""
_TRIGGERS: Final = {"line": ("honeywell", "newland"), "ssi": ("zebra",)}
"""Whose trigger commands each driver knows."""
_SCANNERS_AT: Final = {"line": TYPED_LINE, "ssi": LINE, "hid": KEYS, "camera": PICTURE}
_POWERS_AT: Final = {"gpio": PINS, "megatec": LINE}
_Baud = Annotated[int, Field(ge=1_200, le=921_600)]
_Pin = Annotated[int, Field(ge=0, le=MOST_PIN)]
# Behind a look at the whole table a list is no longer JSON's, which strict tuples insist on.
_Cells = Annotated[tuple[Annotated[int, Field(ge=0, le=999)], ...], Field(strict=False)]
_Sensors = Annotated[tuple[Annotated[int, Field(ge=1, le=64)], ...], Field(strict=False)]
_Pins = Annotated[tuple[_Pin, ...], Field(strict=False)]


def _one_of(table: Mapping[str, object]) -> AfterValidator:
    """Only names of this table of drivers."""

    def check(driver: str) -> str:
        return _or_say(lambda: choose(table, driver), driver)

    return AfterValidator(check)


def _known_board(driver: str) -> str:
    return _or_say(lambda: lock_board_kind(driver), driver)


def _or_say(look: Callable[[], object], driver: str) -> str:
    try:
        look()
    except ConfigError as cause:
        raise ValueError(f"{cause.problem}. {cause.fix}") from cause
    return driver


def _boards_at(driver: str) -> Reach:
    return PINS if lock_board_kind(driver).on_pins else LINE


class LockBoardTable(DriverTable):
    """One lock board. What is left out is as its kind leaves the factory.

    Its channel 1 is cell `first_cell`, channel 2 the next and so on; or `cells` names the cell of
    each channel, 0 where nothing hangs on it. `sensors` names the channel on which the door of
    each channel is seen, where the cables do not go straight.
    """

    driver: Annotated[str, AfterValidator(_known_board)]
    port: Annotated[str, port_for(_boards_at)]
    baud: _Baud = 0
    address: Annotated[int, Field(ge=0, le=255)] = 1
    channels: Annotated[int, Field(ge=1, le=64)] = 24
    first_cell: Annotated[int, Field(ge=1, le=999)] = 1
    cells: _Cells = ()
    sensors: _Sensors = ()
    pulse_ms: Annotated[int, Field(ge=50, le=1_000)] = 300
    closed_bit: Annotated[int, Field(ge=0, le=1)] = 1
    supply: Annotated[str, Field(min_length=1, max_length=20)] = "main"
    lock_pins: _Pins = ()
    door_pins: _Pins = ()

    @model_validator(mode="before")
    @classmethod
    def _as_the_factory_left_it(cls, table: Any) -> Any:
        with suppress(ConfigError, KeyError, TypeError):  # each told by the check of its key
            kind = lock_board_kind(table["driver"])
            own = {"pulse_ms": kind.own_pulse_ms} if kind.own_pulse_ms else {}
            return {"baud": kind.baud, "closed_bit": kind.closed_bit, **own, **table}
        return table

    @model_validator(mode="after")
    def _is_a_board_of_its_kind(self) -> Self:
        kind = lock_board_kind(self.driver)
        if self.channels not in kind.channels:
            known = _listed(sorted(kind.channels))
            raise ValueError(f"channels: a {self.driver} board has {known}, not {self.channels}")
        if self.address not in kind.addresses:
            first, last = kind.addresses[0], kind.addresses[-1]
            raise ValueError(f"address: a {self.driver} board has {first} to {last}")
        if self.pulse_ms > kind.longest_pulse_ms:
            longest = kind.longest_pulse_ms
            raise ValueError(f"pulse_ms: a {self.driver} board takes at most {longest}")
        if self.pulse_ms < (own := kind.own_pulse_ms):
            problem = f"a {self.driver} board drives a coil for {own} by itself"
            raise ValueError(f"pulse_ms: {problem}, so name no less than {own}")
        for key, value in (("cells", self.cells), ("sensors", self.sensors)):
            if value and len(value) != self.channels:
                raise ValueError(f"{key}: name all {self.channels} channels, not {len(value)}")
        named = [cell for cell in self.cells if cell]
        if len(named) != len(set(named)):
            raise ValueError("cells: one cell is on two channels")
        if self.sensors and sorted(self.sensors) != list(range(1, self.channels + 1)):
            raise ValueError(f"sensors: name each of 1 to {self.channels} once")
        return self

    @model_validator(mode="after")
    def _has_the_pins_it_needs(self) -> Self:
        pins = {"lock_pins": self.lock_pins, "door_pins": self.door_pins}
        if not self.on_pins:
            if named := [key for key, numbers in pins.items() if numbers]:
                raise ValueError(f"{named[0]}: a {self.driver} board is on a line, not on pins")
            return self
        for key, numbers in pins.items():
            if len(numbers) != self.channels:
                raise ValueError(f"{key}: name {self.channels} pins, not {len(numbers)}")
        if self.port == "gpio" and any(pin < FIRST_PULLED_DOWN for pin in self.lock_pins):
            raise ValueError(
                f"lock_pins: use {FIRST_PULLED_DOWN} to {MOST_PIN}; the others are high while the "
                "machine starts, and would open doors"
            )
        if len({*self.lock_pins, *self.door_pins}) != 2 * self.channels:
            raise ValueError("lock_pins, door_pins: one pin is named twice")
        return self

    @property
    def on_pins(self) -> bool:
        """Whether it hangs on the pins of this machine, where nothing has an address."""
        return lock_board_kind(self.driver).on_pins

    @property
    def family(self) -> str:
        """Boards of one family may hang on one port: one thread speaks to all of them."""
        if self.on_pins:
            return PIN_FAMILY
        return "dialects" if self.driver in DIALECTS else self.driver.partition("_")[0]

    @property
    def driven_ms(self) -> int:
        """How long a coil is really driven: `pulse_ms`, in the steps in which the board counts."""
        step_ms = lock_board_kind(self.driver).pulse_step_ms
        return -(-self.pulse_ms // step_ms) * step_ms

    def cell_of(self) -> dict[int, int]:
        """The cell of each channel on which a lock hangs."""
        if self.cells:
            return {n: cell for n, cell in enumerate(self.cells, start=1) if cell}
        return {n: self.first_cell + n - 1 for n in range(1, self.channels + 1)}

    def cell_seen_on(self) -> dict[int, int]:
        """The cell whose door is seen on each channel."""
        sensors = self.sensors or tuple(range(1, self.channels + 1))
        return {sensors[n - 1]: cell for n, cell in self.cell_of().items()}


def _listed(numbers: Sequence[int]) -> str:
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):  # noqa: PLR2004 - "1, 2" reads better than "1 to 2"
        return f"{numbers[0]} to {numbers[-1]} channels"
    return f"{', '.join(str(n) for n in numbers[:-1])} or {numbers[-1]} channels"


class ScannerTable(DriverTable):
    """A barcode scanner. `trigger`: whose trigger commands it obeys, empty for always on.

    `suffix`: "none" for a scanner that cannot be set to end its codes with CR, LF or TAB.
    """

    driver: Annotated[str, _one_of(SCANNERS)] = "line"
    port: Annotated[str, port_for(lambda driver: _SCANNERS_AT.get(driver, LINE))]
    baud: _Baud = 115_200
    trigger: Literal["", "honeywell", "newland", "zebra"] = ""
    repeat_ms: Annotated[int, Field(ge=0, le=10_000)] = 2_000
    suffix: Literal["any", "none"] = "any"

    @model_validator(mode="before")
    @classmethod
    def _as_the_factory_left_it(cls, table: Any) -> Any:
        if isinstance(table, dict) and table.get("driver") == "ssi":
            return {"baud": SSI_BAUD, **table}
        return table

    @model_validator(mode="after")
    def _is_a_scanner_of_its_kind(self) -> Self:
        if self.trigger not in {"", *_TRIGGERS.get(self.driver, ())}:
            known = ", ".join(_TRIGGERS.get(self.driver, ())) or "none"
            raise ValueError(f"trigger: a {self.driver} scanner obeys {known}")
        return self


class PrinterTable(DriverTable):
    """The receipt printer; 384 dots is 58 mm paper, 576 dots is 80 mm."""

    driver: Annotated[str, _one_of(PRINTERS)] = "escpos"
    port: Annotated[str, port_for(lambda _: PAPER)]
    baud: _Baud = 115_200
    dots: Literal[384, 576] = 384


class LabelPrinterTable(DriverTable):
    """A label printer at 203 dpi, that is 8 dots a mm."""

    driver: Annotated[str, _one_of(PRINTERS)] = "tspl"
    port: Annotated[str, port_for(lambda _: PAPER)]
    baud: _Baud = 9_600
    width_mm: Annotated[int, Field(ge=20, le=104)] = 60
    height_mm: Annotated[int, Field(ge=15, le=200)] = 40
    gap_mm: Annotated[int, Field(ge=0, le=10)] = 2


class ScaleTable(DriverTable):
    """The scale on the counter."""

    driver: Annotated[str, _one_of(SCALES)]
    port: Annotated[str, port_for(lambda _: LINE)]
    baud: _Baud = 9_600


class CardReaderTable(DriverTable):
    """The reader of identity cards."""

    driver: Annotated[str, _one_of(CARD_READERS)] = "sdt"
    port: Annotated[str, port_for(lambda _: LINE)]
    baud: _Baud = 115_200


class PowerTable(DriverTable):
    """The supply with a battery: on a serial line, or on one or two pins.

    `poweroff`: switch the machine off in order when the battery is nearly empty. Only with a supply
    that switches it on again by itself when the mains are back; else the station stays up and
    its doors rest.
    """

    driver: Annotated[str, _one_of(POWERS)]
    port: Annotated[str, port_for(lambda driver: _POWERS_AT.get(driver, LINE))]
    baud: _Baud = 2_400
    mains_pin: _Pin | None = None
    low_pin: _Pin | None = None
    poweroff: bool = False

    @model_validator(mode="after")
    def _sees_the_mains(self) -> Self:
        if self.port == "gpio" and self.mains_pin is None:
            # A low battery alone would put the doors to rest, and nobody could say until when.
            raise ValueError("mains_pin: name the pin that tells of the mains")
        return self


_Folder = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]


class DialectsTable(Strict):
    """Recordings in a dialect: for each the name of a folder beside station.toml."""

    gan: _Folder | None = None
    hakka: _Folder | None = None

    def folders(self) -> dict[str, str]:
        """The folders by dialect, of those that are named."""
        return self.model_dump(exclude_none=True)


class VoiceTable(DriverTable):
    """The loudspeaker."""

    driver: Annotated[str, _one_of(VOICES)] = "clips"
    port: Annotated[str, port_for(lambda _: SOUND)] = "alsa:default"
    volume: Annotated[int, Field(ge=0, le=100)] = 100
    dialects: DialectsTable = DialectsTable()


class SignalsTable(DriverTable):
    """Buzzer and lamps."""

    driver: Annotated[str, _one_of(SIGNALS)] = "gpio"
    port: Annotated[str, port_for(lambda _: PINS)] = "gpio"
    buzzer_pin: _Pin | None = None
    cabinet_pin: _Pin | None = None
    alarm_pin: _Pin | None = None
