"""Departures from a table."""

from datetime import datetime

from wanku.access.actor import Actor
from wanku.flows.offering._departure_sheet import take_departures
from wanku.flows.offering._sheet import Outcome, taken_over


def import_departures(merchant_id: int, content: bytes, *, actor: Actor, now: datetime) -> Outcome:
    """Take a table over, all of it or nothing. Departures that are there already stay as they are.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``; those of the file as a whole; ``faulty_rows``.
    """

    def take() -> Outcome:
        return take_departures(merchant_id, content, actor=actor, now=now)

    return taken_over("import_departures", take, merchant_id, actor=actor, now=now)
