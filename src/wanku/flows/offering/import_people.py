"""People who do visits, from a table."""

from datetime import datetime

from wanku.access.actor import Actor
from wanku.flows.offering._people_sheet import take_people
from wanku.flows.offering._sheet import Outcome, taken_over


def import_people(merchant_id: int, content: bytes, *, actor: Actor, now: datetime) -> Outcome:
    """Take a table over, all of it or nothing. Who is there already is changed; what is booked stays booked.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``; those of the file as a whole; ``faulty_rows``.
    """

    def take() -> Outcome:
        return take_people(merchant_id, content, actor=actor, now=now)

    return taken_over("import_people", take, merchant_id, actor=actor, now=now)
