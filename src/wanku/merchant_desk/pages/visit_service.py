"""How a product is booked as a visit: where, how long, how far ahead, what cancelling costs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wanku.access.can import Permission
from wanku.catalog.models import Product
from wanku.flows.offering.set_service import set_service
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop, refuse_all
from wanku.kinds.visit.kind import VisitKind
from wanku.kinds.visit.models import Item, Longer, Place, Service, Skill
from wanku.kinds.visit.rules import NOTICE_ROWS_MAX, ServiceData
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import act, link, page, show
from wanku.merchant_desk.read import products as read
from wanku.merchants.models import Merchant
from wanku.ui.request import Request

NO_NUMBER = gettext_noop("Write a whole number.")
NO_MINUTES = gettext_noop("Write minutes in full quarters of an hour: 0, 15, 30 …")
ROWS = 3


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PRODUCTS_EDIT)
def service(request: Request, shop: Merchant, service_id: int) -> HttpResponse:
    """The booking of one product."""
    product = read.own_products(shop.pk).filter(pk=service_id, kind=VisitKind.code).first()
    if product is None:
        raise Refusal(NOT_FOUND)
    if request.method != "POST":
        return _form(request, shop, product, _of(product))
    return act(
        request,
        lambda: set_service(product.pk, _data(request, product), actor=request.actor, now=request.now),
        done=_("Saved. Visits that are booked keep their terms."),
        back=link(shop, "service", product.pk),
        again=lambda refusal: _form(request, shop, product, _typed(request), refusal),
    )


def _of(product: Product) -> dict[str, Any]:
    service = Service.objects.filter(product=product).first() or Service(
        place=Place.HOME, cancellation=ServiceData.__dataclass_fields__["cancellation"].default
    )
    rows = [{"hours": row["hours"], "percent": row["bp"] // 100} for row in service.cancellation]
    minutes = {f"v{item.variant_id}": item.quarters * 15 for item in Item.objects.filter(variant__product=product)}
    longer = {f"a{row.add_on_id}": row.quarters * 15 for row in Longer.objects.filter(add_on__product=product)}
    return {
        "place": service.place,
        "shop_address": service.shop_address,
        "step": service.step * 15,
        "lead_hours": service.lead_minutes // 60,
        "days_ahead": service.days_ahead,
        "rows": rows,
        **minutes,
        **longer,
    }


def _typed(request: Request) -> dict[str, Any]:
    post = request.POST
    rows = [{"hours": post.get(f"n{n}-hours", ""), "percent": post.get(f"n{n}-percent", "")} for n in range(ROWS)]
    return {**{name: post.get(name, "") for name in post}, "rows": rows}


def _data(request: Request, product: Product) -> ServiceData:
    """What was typed.

    Raises:
        Refusal: what cannot be read at all, all of it at once.
    """
    post, refused = request.POST, list[Refusal]()

    def whole(name: str, field: str, default: str = "0", unit: int = 1, problem: str = NO_NUMBER) -> int:
        found = asked.whole(post.get(name, "") or default)
        if found is None or found % unit:
            refused.append(Refusal(BAD_VALUE, field=field, problem=problem))
            return 0
        return found // unit

    quarters = {
        v.pk: whole(f"v{v.pk}", f"quarters.{v.pk}", unit=15, problem=NO_MINUTES)
        for v in product.variants.filter(is_active=True)
        if post.get(f"v{v.pk}", "").strip()
    }
    longer = {
        a.pk: whole(f"a{a.pk}", f"longer.{a.pk}", unit=15, problem=NO_MINUTES)
        for a in product.add_ons.filter(is_active=True)
    }
    notice = [
        {"hours": whole(f"n{n}-hours", "cancellation"), "bp": whole(f"n{n}-percent", "cancellation") * 100}
        for n in range(NOTICE_ROWS_MAX)
        if post.get(f"n{n}-hours", "").strip()
    ]
    data = ServiceData(
        place=post.get("place", ""),
        quarters=quarters,
        longer=longer,
        shop_address=post.get("shop_address", ""),
        step=whole("step", "step", "30", 15),
        lead_minutes=whole("lead_hours", "lead_minutes", "3") * 60,
        days_ahead=whole("days_ahead", "days_ahead", "28"),
        cancellation=notice,
    )
    refuse_all(refused)
    return data


def _form(
    request: Request, shop: Merchant, product: Product, typed: Mapping[str, Any], problem: Refusal | None = None
) -> HttpResponse:
    variants = list(product.variants.filter(is_active=True))
    able = set(Skill.objects.filter(variant__in=variants, worker__is_active=True).values_list("variant_id", flat=True))
    rows: Sequence[Mapping[str, Any]] = [*typed["rows"], *[{"hours": "", "percent": ""}] * ROWS][:ROWS]
    context = {
        "product": product,
        "form": typed,
        "rows": rows,
        "variants": [(v, typed.get(f"v{v.pk}", ""), f"quarters.{v.pk}", v.pk in able) for v in variants],
        "add_ons": [(a, typed.get(f"a{a.pk}", 0), f"longer.{a.pk}") for a in product.add_ons.filter(is_active=True)],
        "places": Place.choices,
        "steps": [(n, _("every %(n)s minutes") % {"n": n}) for n in (15, 30, 60)],
    }
    return show(request, shop, "visit_service.html", context, problem=problem)
