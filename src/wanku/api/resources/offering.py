"""A shop's own desk: products, stock, pictures, reviews and questions."""

from typing import Literal

from django.http import HttpResponse
from ninja import File, Path, Query, Router, Status
from ninja.files import UploadedFile

from wanku.access.can import Permission
from wanku.api.callers import KNOWN, desk
from wanku.api.cursors import Cursor, Limit, Page, newest
from wanku.api.fields import IdempotencyKey, PathId, Slug
from wanku.api.naming import renaming
from wanku.api.read import catalog as read
from wanku.api.read import selling
from wanku.api.repeats import repeatable
from wanku.api.resources.reviews import take_in
from wanku.api.shapes.catalog import QuestionShape, ReviewShape
from wanku.api.shapes.members import StoredPicture
from wanku.api.shapes.selling import (
    DeskProductShape,
    ProductBody,
    ProductStateBody,
    StockBody,
    StockShape,
    TextBody,
)
from wanku.catalog.models import Question
from wanku.catalog.rules import AddOnData, OptionData, PictureData, ProductData, VariantData
from wanku.flows.reviewing.reply_review import reply_review
from wanku.flows.selling.delist_product import delist_product
from wanku.flows.selling.list_product import list_product
from wanku.flows.selling.remove_product import remove_product
from wanku.flows.selling.restock_variant import restock_variant
from wanku.flows.selling.save_product import save_product
from wanku.flows.talking.answer_question import answer_question
from wanku.reviews.models import Review
from wanku.ui.request import Request

router = Router(tags=["desk: products"], auth=KNOWN)
ProductStates = Literal["draft", "on_sale", "off"]


@router.get("/merchants/{slug}/products", response=Page[DeskProductShape], summary="Products of a shop")
def list_desk_products(
    request: Request,
    slug: Path[Slug],
    state: Query[ProductStates | None] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[DeskProductShape]:
    """Products in any state, last changed first. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    rows = selling.products(merchant.pk)
    if state is not None:
        rows = rows.filter(state=state)
    found, following = newest(rows, "updated_at", cursor, limit)
    return Page[DeskProductShape](items=selling.product_page(found), next_cursor=following)


@router.get("/merchants/{slug}/products/{product_id}", response=DeskProductShape, summary="One product of a shop")
def get_desk_product(request: Request, slug: Path[Slug], product_id: Path[PathId]) -> DeskProductShape:
    """A product in any state. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    return selling.product(merchant.pk, product_id)


@router.post("/merchants/{slug}/products", response={201: DeskProductShape}, summary="Create a product")
def create_product(
    request: Request, slug: Path[Slug], body: ProductBody, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """A new product with variants, add-ons and first stock, as a draft. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    return repeatable(request, idempotency_key, body, lambda: _save(request, merchant.pk, body, None))


@router.put("/merchants/{slug}/products/{product_id}", response=DeskProductShape, summary="Replace a product")
def replace_product(
    request: Request, slug: Path[Slug], product_id: Path[PathId], body: ProductBody
) -> DeskProductShape:
    """Bring a product to what the body says. Variants keep their ids by SKU, else by values; others end.

    Scope `products.edit`.
    """
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    return _save(request, merchant.pk, body, product_id)


@router.put("/merchants/{slug}/products/{product_id}/state", response={204: None}, summary="Offer or take off")
def set_product_state(
    request: Request, slug: Path[Slug], product_id: Path[PathId], body: ProductStateBody
) -> Status[None]:
    """Put a product on sale, take it off, or remove it for good. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    selling.product(merchant.pk, product_id)
    verb = {"on_sale": list_product, "off": delist_product, "removed": remove_product}[body.state]
    verb(product_id, actor=actor, now=request.now)
    return Status(204, None)


@router.post("/merchants/{slug}/stock", response={201: StockShape}, summary="Change stock")
def change_stock(
    request: Request, slug: Path[Slug], body: StockBody, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """Add pieces of a variant, or take free ones out. Use an Idempotency-Key: twice is twice. Scope `products.edit`."""
    actor, _ = desk(request, slug, Permission.PRODUCTS_EDIT)

    def act() -> StockShape:
        supply = restock_variant(body.variant_id, body.change, because=body.because, actor=actor, now=request.now)
        return selling.stock(supply, body.variant_id)

    return repeatable(request, idempotency_key, body, act)


@router.post("/merchants/{slug}/pictures", response={201: StoredPicture}, summary="Upload a product picture")
def add_desk_picture(request: Request, slug: Path[Slug], file: File[UploadedFile]) -> Status[StoredPicture]:
    """A picture for products: JPEG, PNG, WebP or GIF, at most 12 MB, encoded anew. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    owner = f"merchant:{merchant.pk}"
    return Status(201, take_in(file, owner, request.now))


@router.get("/merchants/{slug}/reviews", response=Page[ReviewShape], summary="Reviews of a shop", tags=["desk: voices"])
def list_desk_reviews(
    request: Request,
    slug: Path[Slug],
    replied: Query[bool | None] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[ReviewShape]:
    """Latest first; all, or those with or without a reply. Scope `reviews.reply`."""
    _, merchant = desk(request, slug, Permission.REVIEWS_REPLY)
    rows = Review.objects.filter(merchant_id=merchant.pk).prefetch_related("pictures")
    if replied is not None:
        rows = rows.filter(replied_at__isnull=not replied)
    found, following = newest(rows, "written_at", cursor, limit)
    return Page[ReviewShape](items=read.reviews(found), next_cursor=following)


@router.post(
    "/merchants/{slug}/reviews/{review_id}/reply",
    response={201: ReviewShape},
    summary="Reply to a review",
    tags=["desk: voices"],
)
def create_reply(
    request: Request,
    slug: Path[Slug],
    review_id: Path[PathId],
    body: TextBody,
    idempotency_key: IdempotencyKey = None,
) -> HttpResponse:
    """Reply once; a reply is not changed afterwards. Scope `reviews.reply`."""
    actor, _ = desk(request, slug, Permission.REVIEWS_REPLY)

    def act() -> ReviewShape:
        return read.review(reply_review(review_id, text=body.text, actor=actor, now=request.now))

    return repeatable(request, idempotency_key, body, act)


@router.get(
    "/merchants/{slug}/questions", response=Page[QuestionShape], summary="Questions to a shop", tags=["desk: voices"]
)
def list_desk_questions(
    request: Request,
    slug: Path[Slug],
    answered: Query[bool | None] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[QuestionShape]:
    """Latest first; all, or those with or without an answer. Scope `questions.answer`."""
    _, merchant = desk(request, slug, Permission.QUESTIONS_ANSWER)
    rows = Question.objects.filter(merchant_id=merchant.pk, is_hidden=False)
    if answered is not None:
        rows = rows.filter(answered_at__isnull=not answered)
    found, following = newest(rows, "asked_at", cursor, limit)
    return Page[QuestionShape](items=[read.question(row) for row in found], next_cursor=following)


@router.post(
    "/merchants/{slug}/questions/{question_id}/answer",
    response={201: QuestionShape},
    summary="Answer a question",
    tags=["desk: voices"],
)
def create_answer(
    request: Request,
    slug: Path[Slug],
    question_id: Path[PathId],
    body: TextBody,
    idempotency_key: IdempotencyKey = None,
) -> HttpResponse:
    """Answer once; the asker is told. Scope `questions.answer`."""
    actor, _ = desk(request, slug, Permission.QUESTIONS_ANSWER)

    def act() -> QuestionShape:
        return read.question(answer_question(question_id, body.text, actor, request.now))

    return repeatable(request, idempotency_key, body, act)


def _save(request: Request, merchant_id: int, body: ProductBody, product_id: int | None) -> DeskProductShape:
    if product_id is not None:
        selling.product(merchant_id, product_id)
    with renaming({"arrives_days": "arrives_days_max"}):
        row = save_product(
            merchant_id,
            _data(body),
            product_id=product_id,
            stock={variant.sku: variant.stock_change for variant in body.variants},
            low_at={},
            actor=request.actor,
            now=request.now,
        )
    return selling.product(merchant_id, row.pk)


def _data(body: ProductBody) -> ProductData:
    return ProductData(
        title=body.title,
        category_id=selling.open_category(body.category).pk,
        variants=tuple(
            VariantData(v.sku, v.price, tuple(v.values), v.list_price, v.weight_g, v.barcode) for v in body.variants
        ),
        subtitle=body.subtitle,
        description=body.description,
        brand=body.brand,
        options=tuple(OptionData(option.name, tuple(option.values)) for option in body.options),
        parameters=tuple((pair.name, pair.value) for pair in body.parameters),
        add_ons=tuple(AddOnData(add_on.name, add_on.price) for add_on in body.add_ons),
        pictures=tuple(PictureData(picture_id=p.picture_id, alt=p.alt, sku=p.sku) for p in body.pictures),
        ship_within_hours=body.ship_within_hours,
        arrives_days=(body.arrives_days_min, body.arrives_days_max),
        return_rule=body.return_rule,
        return_days=body.return_days,
        limit_per_order=body.limit_per_order,
        limit_per_person=body.limit_per_person,
        waiting_room=body.waiting_room,
        kind=body.kind,
    )
