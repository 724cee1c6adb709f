"""What every page knows about its reader; named in settings.TEMPLATES."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info

from wanku.ui import words


def page(request: HttpRequest) -> dict[str, Any]:
    """Variables for the base pages.

    Returns:
        ``now`` (aware, from the door), ``actor`` (or None), ``html_lang``, ``languages`` (code, name, current),
        ``here`` (path with query, to come back to), ``demo``, ``sandbox`` and ``debug``.
    """
    return {
        "now": getattr(request, "now", None) or timezone.now(),
        "actor": getattr(request, "actor", None),
        "html_lang": words.html_language(),
        "languages": SimpleLazyObject(_languages),
        "here": request.get_full_path(),
        "demo": settings.DEMO,
        "sandbox": settings.SANDBOX,
        "debug": settings.DEBUG,
    }


def _languages() -> list[dict[str, Any]]:
    current = words.language()
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"],
            "html": words.HTML_LANGUAGES[code],
            "current": code == current,
        }
        for code, _ in settings.LANGUAGES
    ]
