"""Every template of the project: nothing inline, only icons that exist, and it compiles."""

import re
from pathlib import Path

import pytest
from django.template import engines

from wanku.ui import built

PACKAGE = Path(__file__).resolve().parents[2]
TEMPLATES = sorted([*PACKAGE.glob("*/templates/**/*.html"), *PACKAGE.glob("kinds/*/templates/**/*.html")])
INLINE = {
    "a style attribute": re.compile(r"<[^>%]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style[\s>]", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^>%]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "hx-on, which htmx evaluates": re.compile(r"\shx-on", re.IGNORECASE),
    "a js: value, which htmx evaluates": re.compile(
        r"hx-(?:vals|headers)\s*=\s*[\"'](?:js|javascript):", re.IGNORECASE
    ),
}
SCRIPT = re.compile(r"<script([^>]*)>(.*?)</script>", re.IGNORECASE | re.DOTALL)
# Alpine under a strict content policy reads names and calls, nothing to evaluate.
EXPRESSION = re.compile(r"\s(?:x-(?:on:[\w.:-]+|show|text|bind:[\w-]+|if|model|data)|@[\w.:-]+)\s*=\s*\"([^\"]*)\"")
SIMPLE = re.compile(r"^!?[\w.$]+(?:\(\))?$")


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.fixture(params=TEMPLATES, ids=name_of)
def source(request: pytest.FixtureRequest) -> str:
    path: Path = request.param
    return re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_nothing_inline(source: str) -> None:
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    assert [what for what, pattern in INLINE.items() if pattern.search(bare)] == []
    for attributes, body in SCRIPT.findall(source):
        assert "application/json" in attributes or not body.strip(), "an inline script"


def test_alpine_only_names_what_the_bundle_knows(source: str) -> None:
    assert [text for text in EXPRESSION.findall(source) if text and not SIMPLE.match(text)] == []


def test_icons_exist(source: str) -> None:
    names = built.icon_names()
    if not names:
        pytest.skip("the front end is not built")
    used = set(re.findall(r"\{%\s*icon\s+\"([^\"]+)\"", source)) | set(re.findall(r"\sicon=\"([^\"]+)\"", source))
    assert used <= names


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_it_compiles(path: Path) -> None:
    engines["django"].from_string(path.read_text(encoding="utf-8"))
