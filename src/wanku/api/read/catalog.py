"""Products, shops, reviews and questions as the API shows them."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from wanku.access.actor import Actor
from wanku.api.shapes.catalog import (
    AddOnShape,
    CategoryShape,
    KindShape,
    OptionShape,
    Pair,
    PictureShape,
    ProductBrief,
    ProductFilters,
    ProductShape,
    QuestionShape,
    ReturnTerms,
    ReviewShape,
    ShopBrief,
    ShopShape,
    VariantShape,
)
from wanku.audit.rules import current
from wanku.catalog.models import AddOn, Category, Product, ProductPicture, Question, Variant
from wanku.catalog.search import Filters
from wanku.catalog.search import search as catalog_search
from wanku.files.queries import picture_url
from wanku.inventory.models import Supply
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.registry import KINDS
from wanku.merchants.models import Merchant
from wanku.reviews.models import Review


def categories() -> list[CategoryShape]:
    """The open categories, parents first."""
    rows = list(Category.objects.filter(is_open=True).select_related("parent"))
    rows.sort(key=lambda row: (row.path.count("/"), row.position, row.pk))
    return [
        CategoryShape(
            slug=row.slug,
            name=row.name,
            path=row.path,
            parent=row.parent.slug if row.parent else None,
            return_rule=row.return_rule,
            return_days=row.return_days,
        )
        for row in rows
    ]


def kinds() -> list[KindShape]:
    """Every kind with the form of its choice."""
    return [
        KindShape(
            code=kind.code,
            name=str(kind.label),
            needs_address=kind.needs_address,
            choice=kind.choice_model.model_json_schema(),
            details=kind.details_model.model_json_schema() if kind.details_model else None,
            pay_seconds=current()[kind.pay_clock],
        )
        for kind in KINDS.values()
    ]


def for_list(rows: "QuerySet[Product]") -> "QuerySet[Product]":
    """What `brief` reads, in two queries for any number of products."""
    stored = ProductPicture.objects.filter(picture_id__isnull=False)
    return rows.select_related("merchant", "category").prefetch_related(Prefetch("pictures", queryset=stored))


def search(wanted: ProductFilters) -> "tuple[QuerySet[Product], bool]":
    """Products on sale that fit, ready for `brief`, and whether they only come near.

    Raises:
        Refusal: ``not_found`` at ``category`` or ``merchant`` for one that does not exist.
    """
    within = Product.objects.on_sale()
    filters = Filters(
        path=_path(wanted.category),
        price_min=wanted.price_min,
        price_max=wanted.price_max,
        rating_min=wanted.rating_min,
        merchants=_shop_ids(wanted.merchant),
    )
    found = catalog_search(wanted.q, filters, wanted.sort, within=within)
    return for_list(found.products), found.similar


def _path(slug: str | None) -> str:
    if slug is None:
        return ""
    path = Category.objects.filter(slug=slug, is_open=True).values_list("path", flat=True).first()
    if path is None:
        raise Refusal(NOT_FOUND, field="category")
    return path


def _shop_ids(slug: str | None) -> tuple[int, ...]:
    if slug is None:
        return ()
    row = Merchant.objects.shown().filter(slug=slug).first()
    if row is None:
        raise Refusal(NOT_FOUND, field="merchant")
    return (row.pk,)


def brief(product: Product) -> ProductBrief:
    """A product in a list; it comes from `for_list`."""
    return ProductBrief(**_brief(product))


def product(actor: Actor, product_id: int) -> ProductShape:
    """One product, whole.

    Raises:
        Refusal: ``not_found``.
    """
    rows = for_list(Product.objects.visible_to(actor)).prefetch_related(
        Prefetch("variants", queryset=Variant.objects.filter(is_active=True)),
        Prefetch("add_ons", queryset=AddOn.objects.filter(is_active=True)),
    )
    row = rows.filter(pk=product_id).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    keys = [variant.supply_key for variant in row.variants.all()]
    return whole(row, dict(Supply.objects.filter(key__in=keys).values_list("key", "free")))


def whole(row: Product, free: Mapping[str, int]) -> ProductShape:
    """Everything about a product that was read with its variants, add-ons and pictures.

    Args:
        free: pieces by supply key.
    """
    variants = list(row.variants.all())
    return ProductShape(
        **_brief(row),
        description=row.description,
        brand=row.brand,
        parameters=[Pair(name=str(p.get("name", "")), value=str(p.get("value", ""))) for p in row.parameters],
        options=[OptionShape(name=o["name"], values=list(o["values"])) for o in row.options],
        variants=[
            VariantShape(
                id=v.pk,
                sku=v.sku,
                values=list(v.values),
                price=v.price,
                list_price=v.list_price,
                weight_g=v.weight_g,
                free=free.get(v.supply_key, 0),
            )
            for v in variants
        ],
        add_ons=[AddOnShape(id=a.pk, name=a.name, price=a.price) for a in row.add_ons.all()],
        pictures=[_picture(p.picture_id, p.alt, p.variant_id) for p in row.pictures.all() if p.picture_id],
        returns=ReturnTerms(**row.return_terms()),
        ship_within_hours=row.ship_within_hours,
        arrives_days_min=row.arrives_days_min,
        arrives_days_max=row.arrives_days_max,
        limit_per_order=row.limit_per_order,
        limit_per_person=row.limit_per_person,
        waiting_room=row.waiting_room,
    )


def shop(actor: Actor, slug: str) -> ShopShape:
    """A shop.

    Raises:
        Refusal: ``not_found``.
    """
    row = Merchant.objects.visible_to(actor).filter(slug=slug).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    return ShopShape.model_validate(row)


def reviews(rows: Iterable[Review]) -> list[ReviewShape]:
    """Reviews read with their pictures; a hidden one says only why it is hidden."""
    return [review(row) for row in rows]


def review(row: Review) -> ReviewShape:
    """One review."""
    hidden = bool(row.hidden_because)
    return ReviewShape(
        id=row.pk,
        author=row.author_name,
        label=row.label,
        goods=row.goods,
        service=row.service,
        delivery=row.delivery,
        text="" if hidden else row.text,
        written_at=row.written_at,
        follow_up="" if hidden else row.follow_up,
        followed_up_at=row.followed_up_at,
        reply="" if hidden else row.reply,
        replied_at=row.replied_at,
        hidden_because=row.hidden_because,
        pictures=[] if hidden else [_picture(p.picture_id, "", None) for p in row.pictures.all()],
    )


def question(row: Question) -> QuestionShape:
    """One question."""
    return QuestionShape(
        id=row.pk,
        product_id=row.product_id,
        text=row.text,
        asked_at=row.asked_at,
        answer=row.answer,
        answered_at=row.answered_at,
    )


def picture(picture_id: UUID | None, alt: str = "") -> PictureShape | None:
    """A picture's addresses, or none for no picture."""
    return _picture(picture_id, alt, None) if picture_id else None


def _brief(row: Product) -> dict[str, Any]:
    first = next(iter(row.pictures.all()), None)
    return {
        "id": row.pk,
        "kind": row.kind,
        "title": row.title,
        "subtitle": row.subtitle,
        "merchant": ShopBrief(slug=row.merchant.slug, name=row.merchant.name),
        "category": row.category.slug,
        "currency": row.currency,
        "price_min": row.price_min,
        "price_max": row.price_max,
        "rating": round(row.rating, 2) if row.rating is not None else None,
        "rating_count": row.rating_count,
        "sold_count": row.sold_count,
        "picture": picture(first.picture_id, first.alt or row.title) if first else None,
    }


def _picture(picture_id: UUID | None, alt: str, variant_id: int | None) -> PictureShape:
    return PictureShape(
        url=settings.PUBLIC_URL + picture_url(picture_id, 480),
        large_url=settings.PUBLIC_URL + picture_url(picture_id, 960),
        alt=alt,
        variant_id=variant_id,
    )
