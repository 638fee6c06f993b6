"""USB numbers of what counties plug in, and what each probably is. A table to read and to add to.

Numbers of adapters and of the big makers stand in the Linux drivers (ch341, ftdi_sio, cp210x,
pl2303, cdc_acm) and in the public list linux-usb.org/usb.ids. An unverified row was read in shop
and forum texts alone.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a device may be in station.toml. ADAPTER: a serial line, whatever hangs on it."""

    ADAPTER = "adapter"
    SCANNER = "scanner"
    PRINTER = "printer"
    CAMERA = "camera"
    SOUND = "sound"
    PINS = "pins"
    KEYBOARD = "keyboard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One row: `vendor` and `product` in lower-case hex; no product means all of that maker."""

    vendor: str
    product: str = ""
    role: Role
    name: str
    unverified: bool = False


KNOWN: Final = (
    Known(vendor="1a86", product="7523", role=Role.ADAPTER, name="CH340"),
    Known(vendor="1a86", product="5523", role=Role.ADAPTER, name="CH341"),
    Known(vendor="1a86", product="55d3", role=Role.ADAPTER, name="CH343"),
    Known(vendor="1a86", product="55d4", role=Role.ADAPTER, name="CH9102"),
    Known(vendor="0403", product="6001", role=Role.ADAPTER, name="FT232R"),
    Known(vendor="0403", product="6010", role=Role.ADAPTER, name="FT2232"),
    Known(vendor="0403", product="6011", role=Role.ADAPTER, name="FT4232"),
    Known(vendor="0403", product="6015", role=Role.ADAPTER, name="FT231X"),
    Known(vendor="10c4", product="ea60", role=Role.ADAPTER, name="CP2102"),
    Known(vendor="10c4", product="ea70", role=Role.ADAPTER, name="CP2105"),
    Known(vendor="067b", product="2303", role=Role.ADAPTER, name="PL2303"),
    Known(vendor="067b", product="23a3", role=Role.ADAPTER, name="PL2303GC", unverified=True),
    Known(vendor="0c2e", role=Role.SCANNER, name="Honeywell"),
    Known(vendor="05e0", role=Role.SCANNER, name="Zebra/Symbol"),
    Known(vendor="1eab", role=Role.SCANNER, name="Newland 新大陆"),
    Known(vendor="05f9", role=Role.SCANNER, name="Datalogic"),
    Known(vendor="04b8", role=Role.PRINTER, name="Epson"),
    Known(vendor="0416", product="5011", role=Role.PRINTER, name="58 mm ESC/POS", unverified=True),
    Known(vendor="0483", product="5743", role=Role.PRINTER, name="80 mm ESC/POS", unverified=True),
    Known(vendor="0fe6", product="811e", role=Role.PRINTER, name="ESC/POS", unverified=True),
    Known(vendor="0a5f", role=Role.PRINTER, name="Zebra label printer"),
)


def known(vendor: str, product: str) -> Known | None:
    """The row of these numbers; one for the very product goes before one for its maker."""
    rows = [row for row in KNOWN if row.vendor == vendor and row.product in {product, ""}]
    return max(rows, key=lambda row: len(row.product), default=None)
