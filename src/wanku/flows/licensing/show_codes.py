"""A buyer sees the codes of an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.flows.licensing._proof import Proof, proven
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.issue import codes
from wanku.kinds.issue.claims import claims_of
from wanku.kinds.issue.models import ISSUED, Licence, Showing
from wanku.kinds.issue.refusals import PROVE_AGAIN
from wanku.kinds.issue.signing import Signer
from wanku.orders.models import Order

__all__ = ["Proof", "ShownCode", "show_codes"]


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code in plain.

    Attributes:
        certificate: the same, signed by us, for programs that check without asking.
    """

    licence: Licence
    code: str
    certificate: str

    def __repr__(self) -> str:
        return f"ShownCode(…{self.licence.tail})"


def show_codes(order_id: UUID, *, proof: Proof, source: str, actor: Actor, now: datetime) -> Sequence[ShownCode]:
    """The codes of one's own order: once just so, afterwards only to who proves again who they are.

    Every showing is recorded.

    Args:
        proof: what the reader has shown of themselves just now.
        source: network address of who asks.

    Raises:
        Refusal: ``not_found`` for another's order, or one that has no codes (any more); ``prove_again``; what
            `proven` refuses.
    """
    order = Order.objects.bought_by(actor).filter(pk=order_id).select_related("trade").first()
    if order is None:
        raise Refusal(NOT_FOUND)
    how = proven(order, proof, actor=actor, now=now)
    with transaction.atomic():
        # Not what it renewed: whoever pays for another's term does not see the other's code.
        mine = Licence.objects.filter(order_id=order.pk, state=ISSUED)
        rows = mine.select_related("merchant", "plan__variant__product")
        licences = list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))
        if not licences:
            raise Refusal(NOT_FOUND)
        if how is None and any(licence.shown_at is not None for licence in licences):
            raise Refusal(PROVE_AGAIN)
        Showing.objects.bulk_create(
            Showing(licence=licence, by_id=actor.person_id, proof=how or "first", source=source[:45], at=now)
            for licence in licences
        )
        Licence.objects.filter(pk__in=[licence.pk for licence in licences], shown_at=None).update(shown_at=now)
        signer = Signer(order.merchant_id, now=now)
        shown = [(licence, codes.opened(licence.sealed)) for licence in licences]
    return [ShownCode(licence, code, signer.sign(claims_of(licence, now=now, code=code))) for licence, code in shown]
