"""Every privileged act says why: the text stands in the audit trail, and often before the person concerned."""

from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.kernel.text import clean

REASON_MIN, REASON_MAX = 2, 500
"""Characters; two make a Chinese word, less says nothing."""


def reason(because: str) -> str:
    """The reason, cleaned.

    Raises:
        Refusal: ``bad_value`` on ``because`` when it is missing or too long.
    """
    text = clean(because)
    if len(text) < REASON_MIN:
        raise Refusal(BAD_VALUE, field="because", problem=gettext_noop("Please give a reason of a few words."))
    if len(text) > REASON_MAX:
        raise Refusal(BAD_VALUE, field="because", problem=gettext_noop("Please keep the reason under 500 characters."))
    return text
