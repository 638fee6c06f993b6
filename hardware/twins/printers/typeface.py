"""The printer's built-in letters: 12 x 24 dots, Chinese 24 x 24, drawn from a font that is here."""

from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

HALF_WIDTH: Final = 12
HEIGHT: Final = 24
_BASELINE: Final = 21
_INK_FROM: Final = 110
"""Darkness from which a dot is burnt; thin strokes of a screen font stay whole."""
_CANDIDATES: Final = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "Noto Sans Mono CJK SC"),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", "Noto Sans Mono CJK SC"),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", "WenQuanYi Zen Hei Mono"),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", "WenQuanYi Micro Hei Mono"),
    ("/usr/share/fonts/truetype/arphic/uming.ttc", "AR PL UMing CN"),
    ("/usr/share/fonts/truetype/arphic/ukai.ttc", "AR PL UKai CN"),
    ("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", "Droid Sans Fallback"),
)
_MOST_FACES: Final = 12
_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@lru_cache(maxsize=1)
def _font() -> tuple[_Font, bool]:
    for file, family in _CANDIDATES:
        if Path(file).exists():
            return _face(file, family), True
    return ImageFont.load_default(), False


def _face(file: str, family: str) -> _Font:
    for index in range(_MOST_FACES):
        try:
            font = ImageFont.truetype(file, HEIGHT, index=index)
        except OSError:
            break
        if font.getname()[0] == family:
            return font
    return ImageFont.truetype(file, HEIGHT)


def has_chinese() -> bool:
    """Whether a Chinese font is on this machine; without one the letters are boxes."""
    return _font()[1]


@lru_cache(maxsize=4_096)
def glyph(text: str, *, wide: bool) -> Image.Image:
    """One letter as a one-bit picture, a set bit is ink."""
    font, _ = _font()
    cell = 2 * HALF_WIDTH if wide else HALF_WIDTH
    advance = font.getlength(text)
    picture = Image.new("L", (max(cell, round(advance)), HEIGHT), 0)
    draw = ImageDraw.Draw(picture)
    if isinstance(font, ImageFont.FreeTypeFont):
        left = max(0.0, (cell - advance) / 2)
        draw.text((left, _BASELINE), text, fill=255, font=font, anchor="ls")
    else:
        draw.text((0, 0), text, fill=255, font=font)
    if picture.width > cell:
        picture = picture.resize((cell, HEIGHT))
    return picture.point(lambda dark: 255 if dark >= _INK_FROM else 0).convert("1")
