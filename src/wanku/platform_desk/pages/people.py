"""People: finding one, and what may be done about an account."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wanku.access.can import Permission
from wanku.access.models import PlatformRole
from wanku.flows.policing.disable_person import disable_person
from wanku.flows.policing.enable_person import enable_person
from wanku.flows.policing.end_person_sessions import end_person_sessions
from wanku.flows.policing.reveal_contact import Contact, reveal_contact
from wanku.flows.policing.seat_platform_staff import seat_platform_staff
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.platform_desk import asked, words
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read import people as read
from wanku.ui.request import Request


@require_safe
@page(Permission.PEOPLE_SEE)
def listing(request: Request) -> HttpResponse:
    """People by e-mail, phone or name; contacts masked."""
    q = asked.text(request, "q")
    return show(request, "people.html", {"page": read.listing(q, request.GET.get("page")), "q": q})


@require_safe
@page(Permission.PEOPLE_SEE)
def detail(request: Request, person_id: int) -> HttpResponse:
    """One person: seats, orders, sessions, and what was done about the account."""
    return _detail(request, person_id)


def _detail(
    request: Request, person_id: int, problem: Refusal | None = None, *, contact: Contact | None = None
) -> HttpResponse:
    found = read.detail(person_id)
    if found is None:
        raise Refusal(NOT_FOUND)
    context = {
        "found": found,
        "person": found.person,
        "contact": contact,
        "me": person_id == request.actor.person_id,
        "acts": [{"text": words.act_text(row), "row": row, "by": row.actor_id == person_id} for row in found.acts],
        "roles": [(role.value, role.label, role.value in found.roles) for role in PlatformRole],
    }
    return show(request, "person.html", context, problem=problem)


def _act(request: Request, person_id: int, deed: Callable[[str], object], done: str) -> HttpResponse:
    because = request.POST.get("because", "")
    return act(
        request,
        lambda: deed(because),
        done=done,
        back=reverse("platform_desk:person", args=[person_id]),
        again=lambda problem: _detail(request, person_id, problem),
    )


@require_POST
@page(Permission.PEOPLE_SEE)
def reveal(request: Request, person_id: int) -> HttpResponse:
    """Show the contact once, on this answer only; it is written down who saw it and why."""
    because = request.POST.get("because", "")
    try:
        contact = reveal_contact(person_id, because=because, actor=request.actor, now=request.now)
    except Refusal as problem:
        if problem.code.status in {401, 403, 404}:
            raise
        return _detail(request, person_id, problem)
    response = _detail(request, person_id, contact=contact)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@page(Permission.PEOPLE_EDIT)
def disable(request: Request, person_id: int) -> HttpResponse:
    """Close the account to its holder."""

    def deed(because: str) -> None:
        disable_person(person_id, because=because, actor=request.actor, now=request.now)

    return _act(request, person_id, deed, _("The account is disabled and signed out everywhere."))


@require_POST
@page(Permission.PEOPLE_EDIT)
def enable(request: Request, person_id: int) -> HttpResponse:
    """Open the account again."""

    def deed(because: str) -> None:
        enable_person(person_id, because=because, actor=request.actor, now=request.now)

    return _act(request, person_id, deed, _("The account is open again."))


@require_POST
@page(Permission.PEOPLE_EDIT)
def sign_out(request: Request, person_id: int) -> HttpResponse:
    """End every session."""

    def deed(because: str) -> None:
        end_person_sessions(person_id, because=because, actor=request.actor, now=request.now)

    return _act(request, person_id, deed, _("Signed out everywhere."))


@require_POST
@page(Permission.PEOPLE_EDIT)
def roles(request: Request, person_id: int) -> HttpResponse:
    """Give and take platform roles."""
    wanted = frozenset(request.POST.getlist("roles"))

    def deed(because: str) -> None:
        seat_platform_staff(person_id, wanted, because=because, actor=request.actor, now=request.now)

    return _act(request, person_id, deed, _("The roles were changed."))
