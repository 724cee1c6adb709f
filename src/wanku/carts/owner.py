"""The cart of an actor, found or made."""

from datetime import datetime

from wanku.access.actor import Actor
from wanku.carts.models import Cart


def own_cart(actor: Actor, now: datetime) -> Cart:
    """The actor's cart, locked until the caller's transaction ends; made when there is none.

    Raises:
        ValueError: a guest without a key, which the door must give first.
    """
    if actor.person_id is None and actor.guest_key is None:
        raise ValueError("a guest needs a key before the first write")
    key = {"person_id": actor.person_id} if actor.person_id is not None else {"guest_key": actor.guest_key}
    # Two tabs may both be first; the second insert then does nothing and the lock finds the first one's row.
    Cart.objects.bulk_create([Cart(**key, updated_at=now)], ignore_conflicts=True)
    return Cart.objects.select_for_update(no_key=True).get(**key)
