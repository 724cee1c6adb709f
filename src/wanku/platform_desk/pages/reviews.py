"""Reviews: hidden only for breaking the law or the rules, with the reason in their place."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.policing.hide_review import hide_review
from wanku.flows.policing.restore_review import restore_review
from wanku.kernel.refusal import Refusal
from wanku.platform_desk import asked
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read import reviews as read
from wanku.ui.request import Request

VIEWS = ("", "low", "hidden")


@require_safe
@page(Permission.REVIEWS_HIDE)
def listing(request: Request) -> HttpResponse:
    """Reviews, newest first; all, low scores, or hidden ones."""
    return _listing(request)


def _listing(request: Request, problem: Refusal | None = None, review_id: int | None = None) -> HttpResponse:
    view, q = asked.choice(request, "view", VIEWS), asked.text(request, "q")
    found, products, shops = read.listing(view, q, request.GET.get("page"))
    names = {"": _("All"), "low": _("Two stars and less"), "hidden": _("Hidden")}
    tabs = [{"label": names[name], "url": f"?view={name}", "current": name == view} for name in VIEWS]
    context = {
        "page": found, "products": products, "shops": shops, "tabs": tabs, "view": view, "q": q, "failed": review_id,
    }  # fmt: skip
    return show(request, "reviews.html", context, problem=problem)


@require_POST
@page(Permission.REVIEWS_HIDE)
def hide(request: Request, review_id: int) -> HttpResponse:
    """Hide a review; the reason stands in its place."""
    because = request.POST.get("because", "")
    return act(
        request,
        lambda: hide_review(review_id, because=because, actor=request.actor, now=request.now),
        done=_("The review is hidden; readers see the reason."),
        back=reverse("platform_desk:reviews"),
        again=lambda problem: _listing(request, problem, review_id),
    )


@require_POST
@page(Permission.REVIEWS_HIDE)
def restore(request: Request, review_id: int) -> HttpResponse:
    """Show a hidden review again."""
    because = request.POST.get("because", "")
    return act(
        request,
        lambda: restore_review(review_id, because=because, actor=request.actor, now=request.now),
        done=_("The review is shown again."),
        back=f"{reverse('platform_desk:reviews')}?view=hidden",
        again=lambda problem: _listing(request, problem, review_id),
    )
