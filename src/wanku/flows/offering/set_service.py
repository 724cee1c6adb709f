"""How a product is booked as a visit."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.catalog.models import AddOn, Product, Variant
from wanku.flows.offering._become import become
from wanku.flows.selling._product import product_to_edit
from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop, refuse_all
from wanku.kernel.text import clean
from wanku.kinds.visit.kind import VisitKind
from wanku.kinds.visit.models import Item, Longer, Service, Worker
from wanku.kinds.visit.quarters import open_quarters
from wanku.kinds.visit.rules import ServiceData, service_problems


def set_service(product_id: int, data: ServiceData, *, actor: Actor, now: datetime) -> Service:
    """Say where a product is done, how long each variant takes, and how it is booked. Its product then sells visits.

    Visits that are booked keep their length and terms. Variants without a length cannot be booked.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; ``bad_value`` for each field that is wrong, also for a variant or
            add-on of another product; ``ordered_as_another_kind``.
    """
    product = product_to_edit(product_id, actor)
    refuse_all(service_problems(data))
    with transaction.atomic():
        product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
        _check_parts(product, data)
        become(product, VisitKind.code, now=now)
        shop = {"merchant_id": product.merchant_id}
        service, _made = Service.objects.update_or_create(
            product=product,
            defaults={
                **shop,
                "place": data.place,
                "shop_address": clean(data.shop_address),
                "step": data.step,
                "lead_minutes": data.lead_minutes,
                "days_ahead": data.days_ahead,
                "cancellation": [{"hours": row["hours"], "bp": row["bp"]} for row in data.cancellation],
            },
        )
        Item.objects.filter(variant__product=product).delete()
        Item.objects.bulk_create(Item(variant_id=pk, quarters=n, **shop) for pk, n in data.quarters.items())
        Longer.objects.filter(add_on__product=product).delete()
        Longer.objects.bulk_create(Longer(add_on_id=pk, quarters=n, **shop) for pk, n in data.longer.items() if n)
        workers = Worker.objects.filter(is_active=True, **shop).select_related("merchant")
        open_quarters(workers, by_id=actor.person_id, now=now)
        record(
            "set_service",
            actor_id=actor.person_id,
            merchant_id=product.merchant_id,
            subject_type="product",
            subject_id=product.pk,
            facts={"place": data.place, "minutes": {str(pk): n * 15 for pk, n in data.quarters.items()}},
            now=now,
        )
    return service


def _check_parts(product: Product, data: ServiceData) -> None:
    variants = set(Variant.objects.filter(product=product, is_active=True).values_list("pk", flat=True))
    add_ons = set(AddOn.objects.filter(product=product, is_active=True).values_list("pk", flat=True))
    for field, told, known in (("quarters", data.quarters, variants), ("longer", data.longer, add_ons)):
        if not told.keys() <= known:
            problem = gettext_noop("Name variants and add-ons of this product.")
            raise Refusal(BAD_VALUE, field=field, problem=problem)
