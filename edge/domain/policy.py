"""The rules that a county may tune, as one frozen value; settings make it from station.toml."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from edge.domain.advice import Consent
from edge.kernel.ids import NOWHERE, CellId, Hamlet, Place


class CellSize(StrEnum):
    """How big a compartment is inside."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One compartment as built: its number on the door and its size."""

    cell: CellId
    size: CellSize


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One shelf as built: the letter on it, its layers counted from 1, parcels to a layer."""

    name: str
    layers: int
    per_layer: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierRule:
    """A waybill pattern (regular expression, whole match) that hints at a carrier brand."""

    carrier: str
    pattern: str


# Patterns are merchants' validators, hints only; the most specific first (devices/waybills.md).
DEFAULT_CARRIERS: Final = (
    CarrierRule(carrier="顺丰", pattern=r"SF\d{12,13}"),
    CarrierRule(carrier="圆通", pattern=r"YT\d{13}"),
    CarrierRule(carrier="极兔", pattern=r"JT\d{12,13}"),
    CarrierRule(carrier="京东", pattern=r"JD[A-Z0-9]{11,16}"),
    CarrierRule(carrier="德邦", pattern=r"DP[KL]\d{11,13}"),
    CarrierRule(carrier="申通", pattern=r"77\d{13}"),
    CarrierRule(carrier="邮政", pattern=r"[A-Z]{2}\d{9}[A-Z]{2}|9[5-9]\d{11}"),
    CarrierRule(carrier="中通", pattern=r"\d{14}"),
    CarrierRule(carrier="韵达", pattern=r"4\d{14}|\d{13}"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything a decision may depend on besides state and input. Times in ms."""

    cells: tuple[Cell, ...]
    carriers: tuple[CarrierRule, ...] = field(default=DEFAULT_CARRIERS)
    shelves: tuple[Shelf, ...] = ()
    floor_slots: int = 0
    no_sign_ms: int = 3_000
    say_open_ms: int = 10_000
    left_open_ms: int = 60_000
    put_back_ms: int = 600_000
    remind_days: int = 3
    """Whole days after which a parcel is overdue and its recipient reminded,"""
    return_days: int = 7
    """... and after which it goes back with the next van."""
    wrong_codes_per_credential: int = 5
    station_tries_per_day: int = 60
    hold_check_in_on_battery: bool = True
    safe_after_boots: int = 3
    """Starts in a row without a boot that lasted, until doors rest; 0 for never."""
    steady_ms: int = 120_000
    """How old a boot is once it has lasted,"""
    safe_ms: int = 300_000
    """... and one whose doors rest."""
    place: Place = NOWHERE
    """What manifests call this station."""
    hub: bool = False
    """Bags of its runs go on from here unopened."""
    hamlets: tuple[Hamlet, ...] = ()
    """Natural villages that the station serves, in the order of their number keys."""
    labels: bool = False
    """Parcels on slots and bags that go on get labels: there is a printer for them."""
    unannounced: Consent = Consent.YES
    """What the addressee of a parcel that no manifest names is taken to have said."""
