"""The words of the tour in the reader's language, without Django: most of a tour only talks to a server."""

from contextvars import ContextVar
from gettext import NullTranslations, translation
from pathlib import Path

LOCALES = Path(__file__).resolve().parent.parent / "locale"
CATALOGUES = {"zh": "zh_Hans", "en": "en"}
HEADERS = {"zh": "zh-Hans", "en": "en"}
"""What the server is asked for, by language of the tour."""
PLAIN = NullTranslations()
_spoken: ContextVar[NullTranslations] = ContextVar("spoken")


def speak(language: str) -> None:
    """Use ``zh`` or ``en`` from now on."""
    _spoken.set(translation("django", LOCALES, [CATALOGUES[language]], fallback=True))


def pgettext(context: str, text: str) -> str:
    """A text of the tour in that language; the context keeps it apart from the words of the pages."""
    return _spoken.get(PLAIN).pgettext(context, text)
