"""A menu from a table."""

from datetime import datetime

from wanku.access.actor import Actor
from wanku.flows.offering._menu_sheet import take_menu
from wanku.flows.offering._sheet import Outcome, taken_over


def import_menu(merchant_id: int, content: bytes, *, actor: Actor, now: datetime) -> Outcome:
    """Take a table over, all of it or nothing. Dishes that are there are changed; orders keep what they were.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``; those of the file as a whole, and ``no_menu``; ``faulty_rows``.
    """

    def take() -> Outcome:
        return take_menu(merchant_id, content, actor=actor, now=now)

    return taken_over("import_menu", take, merchant_id, actor=actor, now=now)
