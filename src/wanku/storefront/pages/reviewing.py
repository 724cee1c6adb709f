"""Writing a review, and adding to it later."""

from collections.abc import Sequence
from typing import BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wanku.files.accept import accept_picture
from wanku.files.models import Picture
from wanku.files.queries import pictures_by_id
from wanku.flows.reviewing.follow_up_review import follow_up_review
from wanku.flows.reviewing.write_review import write_review
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Line, Order
from wanku.reviews.models import Review
from wanku.reviews.rules import PICTURES_MAX, TOO_MANY_PICTURES
from wanku.storefront.forms import ReviewForm
from wanku.storefront.pages.order import own_order
from wanku.ui.actor import ensure_guest
from wanku.ui.request import Request
from wanku.ui.words import refusal_text


@require_http_methods(["GET", "POST"])
def review(request: Request, number: str, line: UUID) -> HttpResponse:
    """Scores, text and up to nine pictures for one line; pictures that are in stay when something else is wrong."""
    found, of = _line(request, number, line)
    if Review.objects.filter(line=found).exists():
        messages.info(request, _("You have already reviewed this."))
        return redirect("storefront:order", of.number)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    kept: list[Picture] = []
    if request.method == "POST":
        ensure_guest(request)
        kept, faults = _pictures(request)
        for fault in faults:
            form.add_error(None, fault)
        if form.is_valid():
            data = form.cleaned_data
            try:
                write_review(
                    found.pk,
                    goods=data["goods"],
                    service=data["service"],
                    delivery=data["delivery"],
                    text=data["text"],
                    picture_ids=[picture.pk for picture in kept],
                    actor=request.actor,
                    now=request.now,
                )
            except Refusal as no:
                _mark(form, no)
            else:
                messages.success(request, _("Thank you. Others see your review now."))
                return redirect("storefront:order", of.number)
    shown = {
        "form": form,
        "line": found,
        "order": of,
        "kept": kept,
        "pictures": pictures_by_id([found.picture_id]),
        "most": PICTURES_MAX,
        "place": "orders",
    }
    return render(request, "storefront/buy/review.html", shown, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def follow_up(request: Request, number: str, line: UUID) -> HttpResponse:
    """What time has shown, once."""
    found, of = _line(request, number, line)
    written = Review.objects.filter(line=found).first()
    if written is None:
        raise Http404
    text = request.POST.get("text", "")
    errors: list[str] = []
    kept: list[Picture] = []
    if request.method == "POST":
        ensure_guest(request)
        kept, errors = _pictures(request)
        try:
            if not errors:
                _add(request, written, text, kept)
                messages.success(request, _("Your addition is shown with the review."))
                return redirect("storefront:order", of.number)
        except Refusal as no:
            errors = [refusal_text(each) for each in (no, *no.also)]
    shown = {"line": found, "order": of, "review": written, "text": text, "errors": errors, "kept": kept}
    shown |= {"pictures": pictures_by_id([found.picture_id]), "most": PICTURES_MAX, "place": "orders"}
    return render(request, "storefront/buy/follow_up.html", shown, status=422 if errors else 200)


def _line(request: Request, number: str, line: UUID) -> tuple[Line, Order]:
    of = own_order(request, number)
    found = Line.objects.filter(order=of, pk=line).first()
    if found is None:
        raise Http404
    return found, of


def _add(request: Request, written: Review, text: str, kept: Sequence[Picture]) -> None:
    pictures = [picture.pk for picture in kept]
    follow_up_review(written.pk, text=text, picture_ids=pictures, actor=request.actor, now=request.now)


def _pictures(request: Request) -> tuple[list[Picture], list[str]]:
    """Pictures of this and earlier tries, and what is wrong with those that could not be taken in."""
    owner = picture_owner(request)
    kept = list(Picture.objects.filter(owner=owner, is_public=True, pk__in=_ids(request.POST.getlist("kept"))))
    uploads = request.FILES.getlist("pictures")
    if len(kept) + len(uploads) > PICTURES_MAX:
        return kept, [refusal_text(Refusal(TOO_MANY_PICTURES, most=PICTURES_MAX))]
    faults = []
    for upload in uploads:
        try:
            picture = accept_picture(cast("BinaryIO", upload), owner=owner, is_public=True, now=request.now)
        except Refusal as no:
            faults.append(_("%(name)s: %(what)s") % {"name": upload.name or "", "what": refusal_text(no)})
        else:
            kept.append(picture)
    return list({picture.pk: picture for picture in kept}.values()), faults


def _ids(texts: Sequence[str]) -> list[UUID]:
    """Keys of pictures that a form carried along; anything else is passed over."""
    found = []
    for text in texts[:PICTURES_MAX]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def picture_owner(request: Request) -> str:
    """Whose pictures a reviewer's are, as `wanku.flows.reviewing` expects it."""
    actor = request.actor
    return f"person:{actor.person_id}" if actor.is_member else f"guest:{actor.guest_key}"


def _mark(form: ReviewForm, no: Refusal) -> None:
    for each in (no, *no.also):
        form.add_error(each.field if each.field in form.fields else None, refusal_text(each))
