"""What the front-end build left in ``ui/dist``: hashed assets and the icons' drawings."""

import json
import logging
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.templatetags.static import static

DIST = Path(__file__).resolve().parent / "dist"
log = logging.getLogger(__name__)


def asset_url(source: str) -> str:
    """Address of a built entry, e.g. ``frontend/app.js``; empty when nothing is built yet (pages then come plain)."""
    manifest = _manifest() if not settings.DEBUG else _read("manifest.json")
    entry = manifest.get(source)
    return static(entry["file"]) if entry else ""


def drawing(name: str) -> str:
    """The inside of Lucide's SVG of that name; empty when nothing is built or no such icon exists."""
    return _drawings().get(name, "")


def icon_names() -> frozenset[str]:
    """All icons that can be drawn."""
    return frozenset(_drawings())


@lru_cache(maxsize=1)
def _manifest() -> dict[str, dict[str, str]]:
    found = cast("dict[str, dict[str, str]]", _read("manifest.json"))
    if not found:
        log.warning("the front end is not built: run `npm ci && npm run build`")
    return found


@lru_cache(maxsize=1)
def _drawings() -> dict[str, str]:
    return cast("dict[str, str]", _read("icons.json"))


def _read(name: str) -> Any:
    path = DIST / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
