"""A table of people who come, looked at before anything changes."""

from datetime import datetime

from wanku.access.actor import Actor
from wanku.flows.offering._people_sheet import take_people
from wanku.flows.offering._sheet import Outcome, looked_at


def preview_people(merchant_id: int, content: bytes, *, actor: Actor, now: datetime) -> Outcome:
    """What `import_people` would do, with everything that is wrong by row and column. Nothing changes.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``; those of the file as a whole.
    """
    return looked_at(lambda: take_people(merchant_id, content, actor=actor, now=now), merchant_id, actor)
