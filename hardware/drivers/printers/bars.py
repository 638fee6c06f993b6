"""Barcodes as pictures: every hand scanner reads Code 128, while many old ones read no QR code.

Drawn here, not by the printer's own command: clones differ in width, in height and in what they
write beneath.
"""

from typing import Final

import zxingcpp
from PIL import Image, ImageOps

QUIET_MODULES: Final = 10
"""Code 128 wants ten modules of white on either side."""
LARGEST_BAR_DOTS: Final = 3
SMALLEST_BAR_DOTS: Final = 2
"""0.25 mm at 203 dpi, which is what waybills have; a finer bar runs into its neighbour."""
_WHITE: Final = 1


def bars_picture(data: str, width: int) -> Image.Image | None:
    """One row of bars with its white sides, as wide as it reads best within `width` dots.

    None where it has no room, or where its data is not Latin: then a QR code serves.
    """
    try:
        bars = zxingcpp.create_barcode(data, zxingcpp.BarcodeFormat.Code128)
    except ValueError:
        return None
    drawn = Image.fromarray(bars.to_image(scale=1, add_quiet_zones=False)).convert("1")
    bar_dots = min(width // (drawn.width + 2 * QUIET_MODULES), LARGEST_BAR_DOTS)
    if bar_dots < SMALLEST_BAR_DOTS:
        return None
    row = drawn.crop((0, 0, drawn.width, 1))
    row = row.resize((drawn.width * bar_dots, 1), Image.Resampling.NEAREST)
    return ImageOps.expand(row, border=(QUIET_MODULES * bar_dots, 0), fill=_WHITE)
