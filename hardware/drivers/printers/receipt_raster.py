"""What a receipt printer gets as dots: QR codes, pictures, lines with characters it lacks.

QR codes go as raster (GS v 0), not as the printer's own GS ( k: every clone prints raster, while
many ignore the QR command, its size or its centring; and what we send is what comes out.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import qrcode
from escpos.image import EscposImage
from PIL import Image, ImageDraw, ImageFont, ImageOps

CHARACTER_DOTS: Final = 24
SMALLEST_DOTS: Final = 16
"""2 mm at 203 dpi: Chinese letters of fewer dots run together."""
INVERTED_RIM: Final = 8
_MEASURE_DOTS: Final = 100
_BOLD_PART: Final = 40
"""A bold stroke's part of a large letter: Chinese ones clog with more."""
_STRIPE_DOTS: Final = 96
"""Clones hold a few kB: a stripe of 576 x 96 dots is 7 kB and is printed as it comes in."""
_HEAD_BYTES: Final = 8
_QUIET_MODULES: Final = 4
_WHITE: Final = 1
_FONTS: Final = (
    (Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"), 2),
    (Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"), 0),
    (Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"), 0),
    (Path("/usr/share/fonts/truetype/arphic/uming.ttc"), 0),
)
"""Files and the face in them: the first of Noto is Japanese and writes 直 and 骨 another way."""


def raster(picture: Image.Image, dots: int) -> bytes:
    """The commands that print a picture centred on paper of `dots`; shrunk when it is wider."""
    if picture.width > dots:
        picture = picture.resize((dots, max(1, round(picture.height * dots / picture.width))))
    # Centred here, because clones disagree on whether justification moves raster.
    paper = Image.new("RGBA", (dots, picture.height), "white")
    paper.paste(picture.convert("RGBA"), ((dots - picture.width) // 2, 0))
    return b"".join(_stripes(paper))


def longest_picture(dots: int) -> int:
    """Bytes of the longest picture command that `raster` makes."""
    return _HEAD_BYTES + (dots + 7) // 8 * _STRIPE_DOTS


def _stripes(paper: Image.Image) -> Iterator[bytes]:
    for top in range(0, paper.height, _STRIPE_DOTS):
        bottom = min(top + _STRIPE_DOTS, paper.height)
        stripe = EscposImage(paper.crop((0, top, paper.width, bottom)))
        size = stripe.width_bytes.to_bytes(2, "little") + stripe.height.to_bytes(2, "little")
        yield b"\x1dv0\x00" + size + _mute(stripe.to_raster_format())


def _mute(dots: bytes) -> bytes:
    """Printers obey DLE EOT, DLE ENQ and DLE DC4 even inside a picture: one dot more stops that."""
    for after in (0x04, 0x05, 0x14):
        dots = dots.replace(bytes([0x10, after]), bytes([0x10, after | 0x08]))
    return dots


def qr_picture(data: str, module_dots: int, dots: int) -> Image.Image:
    """A QR code with its quiet zone; modules shrink until it fits on the paper."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=_QUIET_MODULES)
    code.add_data(data)
    code.make(fit=True)
    rows = code.get_matrix()
    picture = Image.new("1", (len(rows), len(rows)), _WHITE)
    picture.putdata([int(not dark) for row in rows for dark in row])
    size = len(rows) * max(1, min(module_dots, dots // len(rows)))
    return picture.resize((size, size), Image.Resampling.NEAREST)


def line_picture(text: str, scale: int, *, bold: bool) -> Image.Image | None:
    """A line of text as dots, or None when this machine has no Chinese font."""
    font = _font(CHARACTER_DOTS * scale)
    if font is None:
        return None
    width = max(1, round(font.getlength(text)))
    picture = Image.new("1", (width, round(CHARACTER_DOTS * scale * 1.25)), _WHITE)
    pen = ImageDraw.Draw(picture)
    pen.text((0, 0), text, font=font, fill=0, stroke_width=scale if bold else 0)
    return picture


def headline(text: str, size: int, width: int, *, bold: bool) -> Image.Image | None:
    """One line at most `width` dots wide, its letters at most `size` dots high, cut to its ink.

    None when this machine has no Chinese font; an empty picture where it would have to be smaller
    than can be read.
    """
    measure = _font(_MEASURE_DOTS)
    if measure is None:
        return None
    size = min(size, int(width * _MEASURE_DOTS / max(measure.getlength(text), 1)))
    for dots in range(size, SMALLEST_DOTS - 1, -1):
        line = _ink(
            text, measure.font_variant(size=dots), max(dots // _BOLD_PART, 1) if bold else 0
        )
        if line.width <= width:
            return line
    return Image.new("1", (0, 0))


def inverted(picture: Image.Image) -> Image.Image:
    """White on black, with a black rim."""
    rim = (INVERTED_RIM, INVERTED_RIM // 2)
    return ImageOps.expand(ImageOps.invert(picture.convert("L")), border=rim).convert("1")


def _ink(text: str, font: ImageFont.FreeTypeFont, stroke: int) -> Image.Image:
    """A line without any white around it."""
    _, _, right, bottom = font.getbbox(text, stroke_width=stroke)
    mask = Image.new("1", (round(right) + 2 * stroke + 1, round(bottom) + 2 * stroke + 1), 0)
    pen = ImageDraw.Draw(mask)
    pen.text((stroke, stroke), text, font=font, fill=1, stroke_width=stroke)
    return ImageOps.invert(mask.crop(mask.getbbox() or (0, 0, 1, 1)).convert("L")).convert("1")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | None:
    found = next(((file, face) for file, face in _FONTS if file.exists()), None)
    return None if found is None else ImageFont.truetype(found[0], size, index=found[1])
