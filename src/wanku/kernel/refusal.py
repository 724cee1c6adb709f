"""The expected "no": a typed refusal with a code, never a bare text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


def gettext_noop(text: str) -> str:
    """Mark a text for translation; the edge translates it in the reader's language."""
    return text


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of refusal.

    Attributes:
        name: stable identifier that API clients may rely on.
        text: English message with ``%(fact)s`` placeholders, translated at the edge.
        status: the HTTP status that fits; the domain itself never speaks HTTP.
    """

    name: str
    text: str
    status: int = 409


class Refusal(Exception):
    """Raised or returned when a request is understood and denied. Nothing has been changed.

    Args:
        code: what kind.
        field: the input that is wrong, in the words of the caller's form, if one is.
        also: further refusals of the same request, so that a form can mark all its fields at once.
        facts: values for the message; `Money` and aware datetimes are formatted at the edge.
    """

    def __init__(self, code: Code, *, field: str | None = None, also: Sequence["Refusal"] = (), **facts: Any) -> None:
        super().__init__(code.name)
        self.code = code
        self.field = field
        self.also = tuple(also)
        self.facts: Mapping[str, Any] = facts

    def every(self) -> tuple["Refusal", ...]:
        """This refusal and the further ones."""
        return (self, *self.also)

    def __str__(self) -> str:
        return f"{self.code.name} {dict(self.facts)}"


def refuse_all(refusals: Sequence[Refusal]) -> None:
    """Raise the first refusal carrying the others, if there are any."""
    if refusals:
        raise all_of(refusals)


def all_of(refusals: Sequence[Refusal]) -> Refusal:
    """The first refusal carrying the others; there is at least one."""
    first = refusals[0]
    return Refusal(first.code, field=first.field, also=refusals[1:], **first.facts)


NOT_FOUND = Code("not_found", gettext_noop("There is nothing here that you can see."), 404)
NOT_ALLOWED = Code("not_allowed", gettext_noop("You may not do this: %(because)s"), 403)
SIGN_IN = Code("sign_in", gettext_noop("Please sign in first."), 401)
BAD_VALUE = Code("bad_value", gettext_noop("%(problem)s"), 422)
BUSY = Code("busy", gettext_noop("Too many people are here at once. Please try again in a moment."), 503)
WRONG_STATE = Code("wrong_state", gettext_noop("This is no longer possible: it is already “%(state)s”."), 409)
KEY_REUSED = Code(
    "request_key_reused",
    gettext_noop("This request key was already used for a different request; use a fresh key."),
    422,
)
TOO_OFTEN = Code("too_often", gettext_noop("Too many attempts. Please try again after %(at)s."), 429)
