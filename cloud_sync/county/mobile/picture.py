"""The picture of a code that a villager keeps on the phone: QR and digits, good without signal."""

import base64
import io
from typing import Final

import qrcode
from PIL import Image, ImageDraw, ImageFont

from edge.kernel.masking import spaced_code

SIDE: Final = 720
"""Pixels: wider than any phone shows it, so that a kiosk's scanner reads it from a dim screen."""
_FOOT: Final = 150
_DIGITS: Final = 96
_QUIET: Final = 2
"""Modules of white; the page around the picture is white too."""


def code_picture(token: str, digits: str = "") -> bytes:
    """A PNG with the QR code full width and the digits, if any, below in two groups."""
    qr = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=_QUIET)
    qr.add_data(token)
    qr.make(fit=True)
    modules = qr.get_matrix()
    dots = SIDE // len(modules)
    margin = (SIDE - dots * len(modules)) // 2
    page = Image.new("1", (SIDE, SIDE + _FOOT if digits else SIDE), 1)
    draw = ImageDraw.Draw(page)
    for row, line in enumerate(modules):
        for column, dark in enumerate(line):
            if dark:
                left, top = margin + column * dots, margin + row * dots
                draw.rectangle((left, top, left + dots - 1, top + dots - 1), fill=0)
    if digits:
        font, at = ImageFont.load_default(_DIGITS), (SIDE // 2, SIDE + _FOOT // 3)
        draw.text(at, spaced_code(digits), font=font, anchor="mm", fill=0)
    stored = io.BytesIO()
    page.save(stored, "PNG", optimize=True)
    return stored.getvalue()


def as_data(picture: bytes) -> str:
    """The picture inside a page, so that the page needs nothing else once it is there."""
    return "data:image/png;base64," + base64.b64encode(picture).decode()
