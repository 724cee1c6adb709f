"""Seats, invitations, and the link that an invited person opens."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.selling.accept_invitation import accept_invitation
from wanku.flows.selling.change_staff_role import change_staff_role
from wanku.flows.selling.invite_staff import Invited, invite_staff
from wanku.flows.selling.remove_staff import remove_staff
from wanku.flows.selling.resend_invitation import resend_invitation
from wanku.flows.selling.withdraw_invitation import withdraw_invitation
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.kernel.text import mask_email, mask_phone
from wanku.merchant_desk.desk import PASSED_ON, act, link, may, page, show
from wanku.merchant_desk.read.invitation import open_invitation
from wanku.merchant_desk.words import ROLES
from wanku.merchants.models import Invitation, Merchant, Staff
from wanku.ui.request import Request


@require_safe
@page(Permission.DESK_SEE)
def staff(request: Request, shop: Merchant) -> HttpResponse:
    """Who works here; the owner invites, changes and removes."""
    return _staff(request, shop)


def _staff(
    request: Request, shop: Merchant, problem: Refusal | None = None, invited: Invited | None = None, url: str = ""
) -> HttpResponse:
    edits = may(request, Permission.STAFF_EDIT)
    seats = Staff.objects.filter(merchant=shop).select_related("person").order_by("since", "pk")
    rows = [
        {
            "seat": seat,
            "role": ROLES[seat.role],
            "mine": seat.person_id == request.actor.person_id,
            "email": (seat.person.email if edits else mask_email(seat.person.email)) if seat.person.email else "",
            "phone": mask_phone(seat.person.phone) if seat.person.phone else "",
        }
        for seat in seats
    ]
    waiting = Invitation.objects.open(request.now).filter(merchant=shop)
    context = {
        "rows": rows,
        "edits": edits,
        "roles": [(key, f"{name}: {what}") for key, (name, what) in ROLES.items()],
        "role_names": [(key, name) for key, (name, _what) in ROLES.items()],
        "waiting": [{"invitation": x, "role": ROLES[x.role][0]} for x in waiting.order_by("-pk")] if edits else [],
        "invited": invited,
        "invited_url": url,
    }
    return show(request, shop, "staff.html", context, problem=problem)


@require_POST
@page(Permission.STAFF_EDIT)
def invite(request: Request, shop: Merchant) -> HttpResponse:
    """Make an invitation. A worker sends it; the link is shown this once too, for those whom no mail reaches."""
    try:
        invited = invite_staff(
            shop.pk,
            email=request.POST.get("email", ""),
            role=request.POST.get("role", ""),
            actor=request.actor,
            now=request.now,
            language=get_language() or "zh-hans",
        )
    except Refusal as refusal:
        if refusal.code.status in PASSED_ON:
            raise
        return _staff(request, shop, refusal)
    url = request.build_absolute_uri(reverse("merchant_desk:invitation", args=[invited.token]))
    return _staff(request, shop, invited=invited, url=url)


@require_POST
@page(Permission.STAFF_EDIT)
def resend(request: Request, shop: Merchant, invitation_id: int) -> HttpResponse:
    """Send the letter of an open invitation again."""
    return act(
        request,
        lambda: resend_invitation(shop.pk, invitation_id, actor=request.actor, now=request.now),
        done=_("The invitation is being sent again."),
        back=link(shop, "staff"),
    )


@require_POST
@page(Permission.STAFF_EDIT)
def withdraw(request: Request, shop: Merchant, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    return act(
        request,
        lambda: withdraw_invitation(shop.pk, invitation_id, actor=request.actor, now=request.now),
        done=_("The invitation is withdrawn; its link no longer works."),
        back=link(shop, "staff"),
    )


@require_POST
@page(Permission.STAFF_EDIT)
def change(request: Request, shop: Merchant, seat_id: int) -> HttpResponse:
    """Give a seat another role."""
    role = request.POST.get("role", "")
    return act(
        request,
        lambda: change_staff_role(shop.pk, seat_id, role=role, actor=request.actor, now=request.now),
        done=_("The role is changed."),
        back=link(shop, "staff"),
    )


@require_POST
@page(Permission.DESK_SEE)
def remove(request: Request, shop: Merchant, seat_id: int) -> HttpResponse:
    """End a seat; one's own is left by everybody."""
    mine = Staff.objects.filter(pk=seat_id, merchant=shop, person_id=request.actor.person_id or 0).exists()
    back = reverse("merchant_desk:choose") if mine else link(shop, "staff")
    try:
        remove_staff(shop.pk, seat_id, actor=request.actor, now=request.now)
    except Refusal as refusal:
        if refusal.code.status in PASSED_ON:
            raise
        return _staff(request, shop, refusal)
    messages.success(request, _("You have left the shop.") if mine else _("The seat is removed."))
    return HttpResponseRedirect(back, status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """What the link of an invitation opens: who invites to what, and a button to accept."""
    found = open_invitation(token, request.now)
    if request.method == "POST":
        shop = accept_invitation(token, actor=request.actor, now=request.now)
        messages.success(request, _("Welcome to %(shop)s.") % {"shop": shop.name})
        return HttpResponseRedirect(link(shop, "today"), status=303)
    if found is not None and not request.actor.is_member:
        raise Refusal(SIGN_IN)
    context = {"found": found, "role": ROLES[found.role] if found else None}
    return render(request, "merchant_desk/invitation.html", context, status=200 if found else 410)
