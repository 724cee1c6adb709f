"""Questions to answer, reviews to reply to, and what the desk was told."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.catalog.models import Question
from wanku.flows.reviewing.reply_review import reply_review
from wanku.flows.talking.answer_question import answer_question
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import act, link, page, show
from wanku.merchant_desk.read.reviews import review_counts, review_rows, search_reviews
from wanku.merchants.models import Merchant
from wanku.reviews.models import Review
from wanku.ui.inbox import inbox, read
from wanku.ui.request import Request

PAGE = 20


@require_safe
@page(Permission.QUESTIONS_ANSWER)
def questions(request: Request, shop: Merchant) -> HttpResponse:
    """Questions on the shop's products; those without an answer first, the oldest of them on top."""
    return _questions(request, shop)


def _questions(request: Request, shop: Merchant, problem: Refusal | None = None, at: int | None = None) -> HttpResponse:
    answered = request.GET.get("tab") == "answered"
    rows = Question.objects.filter(merchant=shop, is_hidden=False).select_related("product")
    rows = rows.exclude(answered_at=None) if answered else rows.filter(answered_at=None)
    rows = rows.order_by("-answered_at", "-pk") if answered else rows.order_by("asked_at", "pk")
    found = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    tabs: list[dict[str, Any]] = [
        {"label": _("To answer"), "url": "?", "current": not answered},
        {"label": _("Answered"), "url": "?tab=answered", "current": answered},
    ]
    context = {"page": found, "tabs": tabs, "answered": answered, "at": at}
    return show(request, shop, "questions.html", context, problem=problem)


@require_POST
@page(Permission.QUESTIONS_ANSWER)
def answer(request: Request, shop: Merchant, question_id: int) -> HttpResponse:
    """Answer one question, once; everybody who looks at the product reads it."""
    if not Question.objects.filter(pk=question_id, merchant=shop).exists():
        raise Refusal(NOT_FOUND)
    return act(
        request,
        lambda: answer_question(question_id, request.POST.get("text", ""), request.actor, request.now),
        done=_("Answered; the asker was told."),
        back=link(shop, "questions"),
        again=lambda refusal: _questions(request, shop, refusal, question_id),
    )


@require_safe
@page(Permission.REVIEWS_REPLY)
def reviews(request: Request, shop: Merchant) -> HttpResponse:
    """Reviews of what the shop sold, newest first."""
    return _reviews(request, shop)


def _reviews(request: Request, shop: Merchant, problem: Refusal | None = None, at: int | None = None) -> HttpResponse:
    tab = asked.choice(request, "tab", ("open", "low"))
    counts = review_counts(shop.pk)
    found = Paginator(search_reviews(shop.pk, tab), PAGE).get_page(request.GET.get("page"))
    tabs: list[dict[str, Any]] = [
        {"label": _("All"), "url": "?", "current": not tab},
        {"label": _("Without a reply"), "url": "?tab=open", "current": tab == "open", "count": counts["open"]},
        {"label": _("Three stars or fewer"), "url": "?tab=low", "current": tab == "low", "count": counts["low"]},
    ]
    context = {"page": found, "rows": review_rows(found), "tabs": tabs, "counts": counts, "at": at}
    return show(request, shop, "reviews.html", context, problem=problem)


@require_POST
@page(Permission.REVIEWS_REPLY)
def reply(request: Request, shop: Merchant, review_id: int) -> HttpResponse:
    """Reply to one review, once."""
    if not Review.objects.filter(pk=review_id, merchant_id=shop.pk).exists():
        raise Refusal(NOT_FOUND)
    return act(
        request,
        lambda: reply_review(review_id, text=request.POST.get("text", ""), actor=request.actor, now=request.now),
        done=_("Your reply stands below the review."),
        back=link(shop, "reviews"),
        again=lambda refusal: _reviews(request, shop, refusal, review_id),
    )


@require_safe
@page(Permission.DESK_SEE)
def notices(request: Request, shop: Merchant) -> HttpResponse:
    """What the desk was told; every seat reads the same list, and what one has read is read for all."""
    return show(request, shop, "notices.html", inbox(request))


@require_POST
@page(Permission.DESK_SEE)
def notices_read(request: Request, shop: Merchant) -> HttpResponse:
    """Mark one notice read and go where it leads, or mark all read."""
    return HttpResponseRedirect(read(request, back=link(shop, "notices")), status=303)
