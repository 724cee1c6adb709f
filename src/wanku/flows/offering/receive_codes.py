"""Take in a table of codes, to look at before any of it is for sale."""

import json
from datetime import datetime, timedelta

from django.db import transaction

from wanku.access.actor import Actor
from wanku.flows.offering._codes import read_codes
from wanku.flows.selling._product import product_to_edit
from wanku.kernel.refusal import NOT_FOUND, SIGN_IN, Refusal
from wanku.kernel.text import clean
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import CodeFile, LicencePlan, Source
from wanku.kinds.issue.refusals import NOT_A_POOL

# A file that nobody took over in a day is forgotten.
KEPT = timedelta(days=1)


def receive_codes(
    product_id: int, variant_id: int, content: bytes, *, name: str, actor: Actor, now: datetime
) -> CodeFile:
    """Keep a file of codes, encrypted, for its preview.

    Args:
        name: of the file, for people.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; ``not_a_pool``; what `read_codes` refuses about the file as a whole.
    """
    product = product_to_edit(product_id, actor)
    if actor.person_id is None:
        raise Refusal(SIGN_IN)
    plan = LicencePlan.objects.filter(pk=variant_id, variant__product=product, variant__is_active=True).first()
    if plan is None:
        raise Refusal(NOT_FOUND)
    if plan.source != Source.POOL:
        raise Refusal(NOT_A_POOL, field="variant")
    rows = read_codes(content)
    with transaction.atomic():
        CodeFile.objects.filter(merchant_id=product.merchant_id, done_at=None, received_at__lt=now - KEPT).delete()
        return CodeFile.objects.create(
            merchant_id=product.merchant_id,
            plan=plan,
            by_id=actor.person_id,
            name=clean(name)[:200] or "codes",
            sealed=codes.sealed(json.dumps(rows)),
            received_at=now,
        )
