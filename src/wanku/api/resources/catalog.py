"""What is offered: for everybody to read."""

from django.http import HttpResponse
from ninja import Path, Query, Router

from wanku.access.scopes import Scope
from wanku.api.callers import KNOWN, PUBLIC, member
from wanku.api.cursors import Cursor, Limit, Page, counted, newest
from wanku.api.fields import IdempotencyKey, PathId, Slug
from wanku.api.read import catalog as read
from wanku.api.repeats import repeatable
from wanku.api.shapes.catalog import (
    Ask,
    CategoriesShape,
    KindsShape,
    ProductFilters,
    ProductShape,
    ProductsPage,
    QuestionShape,
    ReviewShape,
    ShopShape,
)
from wanku.catalog.models import Product, Question
from wanku.flows.talking.ask_question import ask_question
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.reviews.models import Review
from wanku.ui.request import Request

router = Router(tags=["catalog"], auth=PUBLIC)


@router.get("/categories", response=CategoriesShape, summary="Category tree")
def list_categories(request: Request) -> CategoriesShape:
    """All open categories, parents before children. Products are filtered by slug."""
    return CategoriesShape(items=read.categories())


@router.get("/kinds", response=KindsShape, summary="Kinds of products")
def list_kinds(request: Request) -> KindsShape:
    """What lines of products that are not shipped ask for; `POST /quotes` says whether a choice is to be had."""
    return KindsShape(items=read.kinds())


@router.get("/products", response=ProductsPage, summary="Search products")
def list_products(
    request: Request, filters: Query[ProductFilters], limit: Limit = 20, cursor: Cursor = None
) -> ProductsPage:
    """What is on sale, narrowed by words, category, shop, price and rating. A search reaches 5,000 entries deep."""
    chosen, similar = read.search(filters)
    found, following = counted(chosen, cursor, limit)
    return ProductsPage(items=[read.brief(row) for row in found], next_cursor=following, similar=similar)


@router.get("/products/{product_id}", response=ProductShape, summary="One product")
def get_product(request: Request, product_id: Path[PathId]) -> ProductShape:
    """A product with variants, stock, add-ons, return terms and promise: all that an order needs."""
    return read.product(request.actor, product_id)


@router.get("/products/{product_id}/reviews", response=Page[ReviewShape], summary="Reviews of a product")
def list_reviews(
    request: Request, product_id: Path[PathId], limit: Limit = 20, cursor: Cursor = None
) -> Page[ReviewShape]:
    """Latest first."""
    _see(request, product_id)
    rows = Review.objects.filter(product_id=product_id).prefetch_related("pictures")
    found, following = newest(rows, "written_at", cursor, limit)
    return Page[ReviewShape](items=read.reviews(found), next_cursor=following)


@router.get("/products/{product_id}/questions", response=Page[QuestionShape], summary="Questions on a product")
def list_questions(
    request: Request, product_id: Path[PathId], limit: Limit = 20, cursor: Cursor = None
) -> Page[QuestionShape]:
    """Latest first, answered or not."""
    _see(request, product_id)
    rows = Question.objects.filter(product_id=product_id, is_hidden=False)
    found, following = newest(rows, "asked_at", cursor, limit)
    return Page[QuestionShape](items=[read.question(row) for row in found], next_cursor=following)


@router.post("/products/{product_id}/questions", response={201: QuestionShape}, auth=KNOWN, summary="Ask a question")
def create_question(
    request: Request, product_id: Path[PathId], body: Ask, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """Ask the shop about a product, as a member. Scope `reviews.write`."""
    actor = member(request, Scope.REVIEWS_WRITE)

    def act() -> QuestionShape:
        return read.question(ask_question(product_id, body.text, actor, request.now))

    return repeatable(request, idempotency_key, body, act)


@router.get("/merchants/{slug}", response=ShopShape, summary="One shop")
def get_shop(request: Request, slug: Path[Slug]) -> ShopShape:
    """Who sells, and how the contract partner is called."""
    return read.shop(request.actor, slug)


def _see(request: Request, product_id: int) -> None:
    if not Product.objects.visible_to(request.actor).filter(pk=product_id).exists():
        raise Refusal(NOT_FOUND)
