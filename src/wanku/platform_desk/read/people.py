"""Finding a person, and one person with what they hold; contacts masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django.core.paginator import Page, Paginator
from django.db.models import Q

from wanku.access.models import ApiKey, PlatformSeat
from wanku.access.seats import platform_roles_of
from wanku.audit.models import Act
from wanku.kernel.text import mask_email, mask_phone
from wanku.merchants.models import Staff
from wanku.orders.models import Order
from wanku.people.models import Person

PAGE = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A person in a list."""

    person: Person
    email: str
    phone: str
    roles: Sequence[str]
    shops: Sequence[str]


def masked(person: Person) -> tuple[str, str]:
    """E-mail and phone with the middle left out."""
    return (mask_email(person.email) if person.email else "", mask_phone(person.phone) if person.phone else "")


def listing(q: str, number: str | None) -> Page[Row]:
    """People by a whole e-mail address, the end of a phone number, or a part of the name; newest first."""
    rows = Person.objects.order_by("-joined_at", "-pk")
    if "@" in q:
        rows = rows.filter(email=q.lower())
    elif len(q) >= 4 and q.lstrip("+").isdigit():
        rows = rows.filter(phone__endswith=q.lstrip("+"))
    elif q:
        rows = rows.filter(name__icontains=q)
    page: Page[Any] = Paginator(rows, PAGE).get_page(number)
    people: list[Person] = list(page.object_list)
    ids = [person.pk for person in people]
    roles: dict[int, list[str]] = {}
    for person_id, role in (
        PlatformSeat.objects.filter(person_id__in=ids).order_by("role").values_list("person_id", "role")
    ):
        roles.setdefault(person_id, []).append(role)
    shops: dict[int, list[str]] = {}
    for person_id, name in Staff.objects.filter(person_id__in=ids).values_list("person_id", "merchant__name"):
        shops.setdefault(person_id, []).append(name)
    page.object_list = [Row(p, *masked(p), roles.get(p.pk, []), shops.get(p.pk, [])) for p in people]
    return page


@dataclass(frozen=True, slots=True)
class Detail:
    """One person."""

    person: Person
    email: str
    phone: str
    roles: frozenset[str]
    seats: Sequence[Staff]
    orders: Sequence[Order]
    sessions: Sequence[UserSession]
    keys: Sequence[ApiKey]
    acts: Sequence[Act]


def detail(person_id: int) -> Detail | None:
    """Read one person's page in a fixed number of queries, or None."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        return None
    email, phone = masked(person)
    about = Q(subject_type="person", subject_id=str(person_id)) | Q(actor_id=person_id)
    return Detail(
        person=person,
        email=email,
        phone=phone,
        roles=platform_roles_of(person_id),
        seats=list(Staff.objects.filter(person=person).select_related("merchant").order_by("since")),
        orders=list(
            Order.objects.filter(trade__buyer=person).select_related("merchant", "trade").order_by("-placed_at")[:15]
        ),
        sessions=list(UserSession.objects.filter(user_id=person_id).order_by("-last_seen_at")[:20]),
        keys=list(ApiKey.objects.filter(person=person, revoked_at=None).order_by("-created_at")[:20]),
        acts=list(Act.objects.filter(about).order_by("-at", "-pk")[:20]),
    )


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of the platform's staff."""

    person: Person
    email: str
    seats: Sequence[PlatformSeat]


def staff() -> list[Colleague]:
    """Everybody with a platform role."""
    held: dict[int, list[PlatformSeat]] = {}
    for seat in PlatformSeat.objects.select_related("person").order_by("person_id", "role"):
        held.setdefault(seat.person_id, []).append(seat)
    return [Colleague(seats[0].person, masked(seats[0].person)[0], seats) for seats in held.values()]
