"""Passes as an order needs them: looked up and locked for a whole batch, then used up."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from wanku.audit.move import By, RowStep, move_rows
from wanku.kernel.arrays import execute, literal
from wanku.kernel.states import BUYER
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.states import ADMITTED

Key = tuple[int, str]
"""Product and person."""

LOCK = """
SELECT t.product_id, t.person_key, t.id
FROM waiting_room_ticket t JOIN unnest($1::bigint[], $2::text[]) AS asked(product_id, person_key)
  ON t.product_id = asked.product_id AND t.person_key = asked.person_key
WHERE t.state = 'admitted'
ORDER BY t.id FOR NO KEY UPDATE OF t
"""


def lock(asked: Collection[Key]) -> dict[Key, int]:
    """Lock the passes that these people have; ``{(product, person): ticket id}``. One statement.

    The state decides and not its clock: a pass holds until somebody moves it, and a buyer who pressed the button in
    its last second is not refused for the way that the request took.
    """
    products, people = literal([key[0] for key in asked], "bigint"), literal([key[1] for key in asked], "text")
    return {(product_id, person): key for product_id, person, key in execute(LOCK, [products, people])}


def use(passes: Mapping[int, UUID], *, now: datetime) -> None:
    """Use passes up for the trades that were made with them; ``{ticket id: trade id}``. The caller holds the locks."""
    steps: Sequence[RowStep] = [RowStep(key, ADMITTED, None, None) for key in passes]
    each = {"trade_id": list(passes.values())}
    move_rows(Ticket, steps, "use", by=By(BUYER), now=now, also={"used_at": now}, each=each)
