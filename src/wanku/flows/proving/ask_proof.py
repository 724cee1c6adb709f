"""Finance wants the books proven; a worker does it, since large books take longer than a page may."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.kernel.queue import leave
from wanku.ledger.models import Entry, Proof

RUN_PROOF: Final = "run_proof"
GIVEN_UP_AFTER: Final = timedelta(hours=2)
"""A proof that is not finished by then has died with its worker."""


def ask_proof(*, actor: Actor, now: datetime) -> Proof:
    """Ask for a proof; whoever asks while one is under way gets that.

    Raises:
        Refusal: ``not_allowed``.
    """
    require(actor, Permission.LEDGER_SEE)
    with transaction.atomic():
        under_way = Proof.objects.select_for_update(no_key=True).filter(
            finished_at=None, asked_at__gt=now - GIVEN_UP_AFTER
        )
        found = under_way.order_by("-asked_at").first()
        if found is not None:
            return found
        proof = Proof.objects.create(asked_by=actor.person_id, asked_at=now, total=Entry.objects.count())
        leave(RUN_PROOF, lock=RUN_PROOF, proof_id=proof.pk)
    return proof
