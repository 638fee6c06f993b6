"""Pages: nothing runs that is not a file of ours, nothing comes from another host."""

import re
from pathlib import Path
from typing import Final

import pytest

from edge.look import TEMPLATES
from tests.architecture.tree import PACKAGES, files, name_of

_MARKUP_BY_TEXT: Final = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment"
    r"|DOMParser|\beval\(|new Function|setAttribute\(\s*[\"']style[\"']|srcdoc"
)
_INLINE: Final = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<base\b|<iframe\b", re.IGNORECASE
)
_SCRIPT: Final = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.IGNORECASE | re.DOTALL)
_ELSEWHERE: Final = re.compile(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)
_NAMESPACES: Final = re.compile(r"http://www\.w3\.org/[\w/]+")

PAGES: Final = files(".html", under=(*PACKAGES, "tests"))


def _ids(found: list[Path]) -> list[str]:
    return [name_of(file) for file in found]


@pytest.mark.parametrize("file", (scripts := files(".js")), ids=_ids(scripts))
def test_a_script_builds_elements_and_never_markup(file: Path) -> None:
    assert _MARKUP_BY_TEXT.findall(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", PAGES, ids=_ids(PAGES))
def test_a_page_has_no_inline_style_and_no_inline_script(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert _INLINE.findall(text) == []
    for attributes, body in _SCRIPT.findall(text):
        data = 'type="application/json"' in attributes and 'id="words"' in attributes
        assert data or ("src=" in attributes and not body.strip()), attributes


@pytest.mark.parametrize("file", PAGES, ids=_ids(PAGES))
def test_a_page_stands_in_the_one_frame(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.startswith('{% extends "') or file == TEMPLATES / "page.html"
    assert "|safe" not in text.replace(" ", "")


@pytest.mark.parametrize("file", (shown := files(".html", ".js", ".css", ".svg")), ids=_ids(shown))
def test_nothing_is_fetched_from_another_host(file: Path) -> None:
    text = _NAMESPACES.sub("", file.read_text(encoding="utf-8"))
    assert _ELSEWHERE.findall(text) == []
    assert "@import" not in text
