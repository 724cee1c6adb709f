"""What somebody is about to buy, as text for addresses and forms.

``81-2-5-6`` is two pieces of variant 81 with the extras 5 and 6; ``81-2~eyJ…`` has a choice as well (`wanku.kinds`), in
base64. What is personal is never in it.
"""

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.pricing.quote import LINES_MAX, Wish

INCOMPLETE = gettext_noop("This address is not complete. Start again.")
_WISH = re.compile(r"\d{1,18}-\d{1,3}(?:-\d{1,18}){0,20}(?:~[A-Za-z0-9_-]{1,4000})?", re.ASCII)


def wish_text(wish: Wish) -> str:
    """The text of a wish."""
    numbers = "-".join(str(number) for number in (wish.variant_id, wish.quantity, *wish.add_ons))
    return f"{numbers}~{urlsafe_b64encode(wish.choice.encode()).decode().rstrip('=')}" if wish.choice else numbers


def read_wishes(texts: Iterable[str]) -> tuple[Wish, ...]:
    """The wishes of their texts, at most as many as one order can have.

    Raises:
        Refusal: ``bad_value`` for a text that is none.
    """
    wishes = []
    for text in list(texts)[: LINES_MAX + 1]:
        if not _WISH.fullmatch(text):
            raise Refusal(BAD_VALUE, field="wish", problem=INCOMPLETE)
        numbers, _tilde, choice = text.partition("~")
        variant_id, quantity, *add_ons = (int(number) for number in numbers.split("-"))
        wishes.append(Wish(variant_id, quantity, tuple(sorted(set(add_ons))), _choice(choice)))
    return tuple(wishes)


def _choice(text: str) -> str:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refusal(BAD_VALUE, field="wish", problem=INCOMPLETE) from error
