"""A table of departures, looked at before anything changes."""

from datetime import datetime

from wanku.access.actor import Actor
from wanku.flows.offering._departure_sheet import take_departures
from wanku.flows.offering._sheet import Outcome, looked_at


def preview_departures(merchant_id: int, content: bytes, *, actor: Actor, now: datetime) -> Outcome:
    """What `import_departures` would do, with everything that is wrong by row and column. Nothing changes.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``; those of the file as a whole.
    """
    return looked_at(lambda: take_departures(merchant_id, content, actor=actor, now=now), merchant_id, actor)
