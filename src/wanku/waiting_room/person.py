"""Who stands in line."""

from wanku.access.actor import Actor


def person_key(actor: Actor) -> str:
    """The account, or a guest's browser: the scope that this buyer's checkout will have.

    Raises:
        ValueError: neither; the door must know which before it asks.
    """
    if actor.person_id is not None:
        return f"person:{actor.person_id}"
    if actor.guest_key is None:
        raise ValueError("a place in line needs a person or a guest key")
    return f"guest:{actor.guest_key}"
