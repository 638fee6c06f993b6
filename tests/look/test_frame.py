"""The frame of every page, and the values that all pages share."""

import re
from pathlib import Path
from typing import Final

import jinja2
import pytest

from edge.look import STATIC, TEMPLATES, make_templates

PLAIN: Final = {"lang": "zh", "csrf": "t", "simulated": False}
TOKENS: Final = dict(
    re.findall(r"--([a-z-]+):\s*([^;]+);", (STATIC / "tokens.css").read_text(encoding="utf-8"))
)
TEXT_ON: Final = [
    *[(text, "paper") for text in ("ink", "ink-soft", "brand", "warn", "danger", "info")],
    *[(text, "card") for text in ("ink", "ink-soft", "brand", "warn", "danger", "info")],
    *[(text, "paper-deep") for text in ("ink", "ink-soft", "warn")],
    *[("card", fill) for fill in ("brand", "brand-deep", "warn", "danger")],
    *[(name, f"{name}-wash") for name in ("warn", "danger", "info")],
    ("brand-deep", "brand-wash"),
    ("ink-soft", "off"),
]


def _page(**values: object) -> str:
    return make_templates().get_template("page.html").render(PLAIN | values)


def test_a_page_says_its_language_and_carries_its_token() -> None:
    assert '<html lang="zh-CN">' in _page()
    assert '<html lang="en">' in _page(lang="en")
    assert '<meta name="csrf" content="t">' in _page()


def test_big_print_is_a_mark_on_the_page() -> None:
    assert '<html lang="zh-CN" data-print="big">' in _page(big=True)
    assert "data-print" not in _page(big=False)


def test_simulated_hardware_is_told_in_either_language() -> None:
    assert "模拟" in _page(simulated=True)
    assert "Simulated" in _page(simulated=True, lang="en")
    assert "模拟" not in _page()


def test_whatever_comes_from_outside_is_escaped() -> None:
    assert 'content="&#34;&gt;&lt;script&gt;"' in _page(csrf='"><script>')


@pytest.mark.parametrize("missing", PLAIN)
def test_a_page_without_one_of_its_values_is_an_error(missing: str) -> None:
    values = {name: value for name, value in PLAIN.items() if name != missing}
    with pytest.raises(jinja2.UndefinedError, match=missing):
        make_templates().get_template("page.html").render(values)


def test_an_app_extends_the_frame_from_its_own_folder(tmp_path: Path) -> None:
    body = '{% block body %}<b>{{ say("page.house", lang) }}</b>{% endblock %}'
    (tmp_path / "own.html").write_text('{% extends "page.html" %}' + body, encoding="utf-8")
    page = make_templates(tmp_path).get_template("own.html").render(PLAIN)
    assert "<b>村驿</b>" in page
    assert page.startswith("<!doctype html>")


def test_every_file_that_the_frame_names_is_there() -> None:
    frame = (TEMPLATES / "page.html").read_text(encoding="utf-8")
    named = set(re.findall(r'"/look/([^"]+)"', frame))
    assert named == {"tokens.css", "page.css", "page.js", "logo.svg"}
    assert all((STATIC / name).is_file() for name in named)


@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_stands_out_from_its_ground(text: str, ground: str) -> None:
    assert _contrast(TOKENS[text], TOKENS[ground]) >= 4.5  # WCAG AA for text of any size


def test_the_edge_of_what_can_be_filled_in_is_seen() -> None:
    assert _contrast(TOKENS["line-strong"], TOKENS["paper"]) >= 3  # WCAG 1.4.11


def test_the_smallest_target_is_60_pixels() -> None:
    assert TOKENS["touch"] == "60px"


def test_no_style_uses_a_value_that_is_not_there() -> None:
    for file in STATIC.glob("*.css"):
        text = file.read_text(encoding="utf-8")
        own = set(re.findall(r"--([a-z-]+):", text))
        assert set(re.findall(r"var\(--([a-z-]+)", text)) <= TOKENS.keys() | own


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2 between two colours."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(part * share for part, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
