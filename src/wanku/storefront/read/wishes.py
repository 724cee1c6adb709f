"""What somebody is about to buy, as text for addresses and forms.

``81-2-5-6`` is two pieces of variant 81 with the extras 5 and 6.
"""

import re
from collections.abc import Iterable

from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.pricing.quote import LINES_MAX, Wish

_WISH = re.compile(r"\d{1,18}-\d{1,3}(?:-\d{1,18}){0,20}", re.ASCII)


def wish_text(wish: Wish) -> str:
    """The text of a wish."""
    return "-".join(str(number) for number in (wish.variant_id, wish.quantity, *wish.add_ons))


def read_wishes(texts: Iterable[str]) -> tuple[Wish, ...]:
    """The wishes of their texts, at most as many as one order can have.

    Raises:
        Refusal: ``bad_value`` for a text that is none.
    """
    wishes = []
    for text in list(texts)[: LINES_MAX + 1]:
        if not _WISH.fullmatch(text):
            raise Refusal(BAD_VALUE, field="wish", problem=gettext_noop("This address is not complete. Start again."))
        variant_id, quantity, *add_ons = (int(number) for number in text.split("-"))
        wishes.append(Wish(variant_id, quantity, tuple(sorted(set(add_ons)))))
    return tuple(wishes)
