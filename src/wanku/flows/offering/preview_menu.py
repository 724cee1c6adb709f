"""A table of dishes, looked at before anything changes."""

from datetime import datetime

from wanku.access.actor import Actor
from wanku.flows.offering._menu_sheet import take_menu
from wanku.flows.offering._sheet import Outcome, looked_at


def preview_menu(merchant_id: int, content: bytes, *, actor: Actor, now: datetime) -> Outcome:
    """What `import_menu` would do, with everything that is wrong by row and column. Nothing changes.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``; those of the file as a whole, and ``no_menu``.
    """
    return looked_at(lambda: take_menu(merchant_id, content, actor=actor, now=now), merchant_id, actor)
