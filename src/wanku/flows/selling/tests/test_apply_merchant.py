"""Opening a shop: what is asked, what is refused, and who owns it."""

from dataclasses import replace

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import NOBODY, Actor
from wanku.audit.models import Move
from wanku.flows.selling.apply_merchant import apply_merchant
from wanku.kernel.refusal import Refusal
from wanku.merchants.details import LONGEST, Details
from wanku.merchants.models import Merchant, Staff

pytestmark = pytest.mark.django_db
GOOD = Details(
    name="安的茶 Shop",
    legal_name="杭州安茶有限公司",
    credit_code="91350100M000100Y43",
    contact_name="Ann",
    contact_phone="138 0013 8000",
    contact_email="ann@example.com",
    about="one\ntwo",
)


def refused(details: Details, actor: Actor, slug: str = "ann-tea") -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        apply_merchant(details, slug=slug, actor=actor, now=NOW)
    return caught.value.code.name, caught.value.field


def test_an_application_waits_for_the_platform(ann_actor: Actor) -> None:
    merchant = apply_merchant(GOOD, slug=" Ann-Tea ", actor=ann_actor, now=NOW)
    assert (merchant.state, merchant.slug, merchant.contact_phone) == ("applying", "ann-tea", "+8613800138000")
    assert merchant.due_at is not None
    assert merchant.due_at > NOW
    assert merchant.about == "one\ntwo"
    seat = Staff.objects.get(merchant=merchant)
    assert (seat.person_id, seat.role) == (ann_actor.person_id, "owner")
    assert Move.objects.get(subject_type="merchant").event == "apply"


def test_an_address_of_our_own_choosing(ann_actor: Actor) -> None:
    assert apply_merchant(GOOD, slug="", actor=ann_actor, now=NOW).slug.startswith("shop-")


def test_every_field_is_checked(ann_actor: Actor) -> None:
    assert refused(GOOD, NOBODY) == ("sign_in", None)
    assert refused(replace(GOOD, name=" "), ann_actor) == ("bad_value", "name")
    assert refused(replace(GOOD, name="x" * 61), ann_actor) == ("bad_value", "name")
    assert refused(replace(GOOD, legal_name=""), ann_actor) == ("bad_value", "legal_name")
    assert refused(replace(GOOD, contact_name="\u202e"), ann_actor) == ("bad_value", "contact_name")
    assert refused(replace(GOOD, credit_code="91350100M000100Y44"), ann_actor) == ("bad_credit_code", "credit_code")
    assert refused(replace(GOOD, contact_phone="12345"), ann_actor) == ("bad_phone", "contact_phone")
    assert refused(replace(GOOD, contact_email="ann@"), ann_actor) == ("bad_value", "contact_email")
    for slug in ("a", "-tea", "tea_x", "茶", "apply", "123456", "x" * 41, "a/b"):
        assert refused(GOOD, ann_actor, slug) == ("bad_value", "slug")
    assert not Merchant.objects.exists()
    assert not Staff.objects.exists()


def test_names_and_addresses_are_unique(ann_actor: Actor, bo: Shop) -> None:
    assert refused(GOOD, ann_actor, "bo") == ("slug_taken", "slug")
    assert refused(replace(GOOD, name="BO 茶行"), ann_actor) == ("name_taken", "name")
    assert Merchant.objects.count() == 1


def test_three_applications_at_once(ann_actor: Actor) -> None:
    seats: dict[int, str] = {}
    for index in range(3):
        actor = replace(ann_actor, seats=seats)
        merchant = apply_merchant(replace(GOOD, name=f"Shop {index}"), slug="", actor=actor, now=NOW)
        seats[merchant.pk] = "owner"
    assert refused(GOOD, replace(ann_actor, seats=seats)) == ("too_often", None)


def test_lengths_are_those_of_the_table() -> None:
    widths = {name: getattr(Merchant._meta.get_field(name), "max_length", None) for name in LONGEST}
    assert widths == LONGEST
