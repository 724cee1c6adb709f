"""Buying licences in a browser, and seeing their codes."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, PASSWORD, Shop
from wanku.access.actor import Actor
from wanku.catalog.models import Product, Variant
from wanku.flows.licensing.activate_licence import activate_licence
from wanku.flows.licensing.tests.bought_licences import bought, licences_of, plan_of
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import Licence, LicencePlan, Showing, Source
from wanku.notices.models import Notice
from wanku.people.models import Person
from wanku.storefront.read.cards import product_url
from wanku.storefront.tests.shopping import guest_browser, member_browser

LATER = NOW + timedelta(hours=1)


def plain(actor: Actor, bo: Shop, **fields: Any) -> tuple[str, list[str]]:
    """Address of the page of an order, and its codes."""
    order = bought(actor, plan_of(bo.merchant, **fields), 2)
    return f"/orders/{order.number}/licences/", [codes.opened(each.sealed) for each in licences_of(order)]


def test_a_member_sees_codes_once_then_after_the_password(ann: Person, ann_actor: Actor, bo: Shop) -> None:
    address, texts = plain(ann_actor, bo)
    browser = member_browser(ann)
    page = browser.get(address)
    assert page["Cache-Control"] == "no-store"
    assert not any(text in page.content.decode() for text in texts) and not Showing.objects.exists()
    assert texts[0][-4:] in page.content.decode()
    shown = browser.post(address)
    assert all(text in shown.content.decode() for text in texts) and shown["Cache-Control"] == "no-store"
    again = browser.post(address)
    assert (again.status_code, again["Location"]) == (302, f"{address}?again=1")
    asked = browser.get(again["Location"])
    assert asked["Location"].startswith("/account/reauthenticate/?next=")
    assert Showing.objects.count() == 2
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    assert browser.get(f"{address}?again=1").status_code == 200
    shown = browser.post(address)
    assert all(text in shown.content.decode() for text in texts)
    assert Showing.objects.filter(proof="signed_in").count() == 2


def test_a_guest_gets_digits_by_mail(guest_actor: Actor, bo: Shop) -> None:
    address, texts = plain(guest_actor, bo)
    browser = guest_browser(guest_actor)
    assert texts[0] in browser.post(address).content.decode()
    assert browser.post(address).status_code == 403
    assert browser.post(f"{address}mail/", {"contact": "nobody@example.com"}).status_code == 422
    assert browser.post(f"{address}mail/", {"contact": "13800138000"}).status_code == 200
    digits = Notice.objects.get(kind="licence_digits").facts["digits"]
    wrong = browser.post(address, {"contact": "13800138000", "digits": "1"})
    assert wrong.status_code == 422 and 'value="13800138000"' in wrong.content.decode()
    assert texts[0] in browser.post(address, {"contact": "13800138000", "digits": digits}).content.decode()


def test_strangers_and_others_find_nothing(
    ann_actor: Actor, guest_actor: Actor, other_actor: Actor, bo: Shop, make_product: Any
) -> None:
    address, _ = plain(ann_actor, bo)
    eve = member_browser(Person.objects.get(email="eve@example.com"))
    assert eve.get(address).status_code == 404 == eve.post(address).status_code
    for browser in (guest_browser(guest_actor), Client()):
        assert browser.get(address)["Location"].startswith("/track/")
        assert browser.post(address).status_code == 404
        assert browser.post(f"{address}mail/", {"contact": "13800138000"}).status_code == 404
    assert not Showing.objects.exists()


def test_the_order_leads_to_its_codes_and_these_to_a_renewal(ann: Person, ann_actor: Actor, bo: Shop) -> None:
    address, _ = plain(ann_actor, bo)
    browser = member_browser(ann)
    assert address in browser.get(address.removesuffix("licences/")).content.decode()
    page = browser.get(address).content.decode()
    (renew, _other) = re.findall(r'href="([^"]+choice\.renews=[^"]+)"', page)
    product = browser.get(renew.replace("&amp;", "&")).content.decode()
    first = Licence.objects.order_by("pk")[0]
    assert f'name="choice.renews" value="{first.pk}"' in product


def test_imported_codes_are_not_renewed(ann: Person, ann_actor: Actor, bo: Shop) -> None:
    address, _ = plain(ann_actor, bo, source=Source.POOL)
    assert "choice.renews" not in member_browser(ann).get(address).content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en", "zh-hant"])
def test_the_product_page_says_what_each_edition_grants(bo: Shop, language: str) -> None:
    plan = plan_of(bo.merchant, stock=3, term_days=365, seats=5)
    product: Product = plan.variant.product
    browser = Client()
    browser.cookies["django_language"] = language
    page = browser.get(product_url(product)).content.decode()
    words = {"zh-hans": ("1 年", "5 个席位"), "en": ("1 year", "5 seats"), "zh-hant": ("1 年", "5 個席位")}[language]
    assert plan.edition in page and all(word in page for word in words)


@time_machine.travel(NOW, tick=True)
def test_from_the_page_to_the_checkout_without_an_address(guest_actor: Actor, bo: Shop) -> None:
    plan = plan_of(bo.merchant)
    browser = guest_browser(guest_actor)
    form = {"kind": "issue", "variant": plan.pk, "quantity": 2, "next": "/"}
    assert browser.post("/cart/add/", form)["Location"] == "/cart/"
    page = browser.get("/cart/").content.decode()
    assert plan.variant.product.title in page


@time_machine.travel(NOW, tick=True)
def test_unused_licences_are_given_back(ann: Person, ann_actor: Actor, bo: Shop) -> None:
    address, texts = plain(ann_actor, bo)
    browser = member_browser(ann)
    assert "give-back" in browser.get(address).content.decode()
    assert browser.post(f"{address}back/").status_code == 302
    assert set(Licence.objects.values_list("state", flat=True)) == {"revoked"}
    page = browser.get(address).content.decode()
    assert "give-back" not in page and texts[0] not in page
    assert browser.post(f"{address}back/").status_code == 409


def test_all_of_a_members_licences(
    ann: Person, ann_actor: Actor, other_actor: Actor, bo: Shop, django_assert_num_queries: Any
) -> None:
    """Each with its state, term and devices, its order, and what extends it."""
    plan = plan_of(bo.merchant, term_days=365, seats=5)
    dearer = Variant.objects.create(
        product=plan.variant.product, merchant=bo.merchant, sku="team", values=["团队版"], price=99900, position=1
    )
    LicencePlan.objects.create(
        variant=dearer, merchant=bo.merchant, source=Source.SIGNED, edition="团队版", term_days=365
    )
    order = bought(ann_actor, plan)
    gone, pooled = bought(ann_actor, plan_of(bo.merchant)), bought(ann_actor, plan_of(bo.merchant, source=Source.POOL))
    others = bought(other_actor, plan)
    (active,), (revoked,) = licences_of(order), licences_of(gone)
    activate_licence("bo", codes.opened(active.sealed), "mac-1", label="", now=NOW)
    Licence.objects.filter(pk=revoked.pk).update(state="revoked")
    browser = member_browser(ann)
    assert "/me/licences/" in browser.get("/me/").content.decode()
    browser.get("/me/licences/")
    with django_assert_num_queries(11):
        page = browser.get("/me/licences/", headers={"accept-language": "en"}).content.decode()
    for each in (order, pooled):
        assert f'/orders/{each.number}/licences/"' in page
    assert f'/orders/{gone.number}/"' in page and f"/orders/{gone.number}/licences/" not in page
    assert others.number not in page and licences_of(others)[0].tail not in page
    assert "active on 1 of 2 devices" in page and "1 year · 5 seats" in page and "revoked" in page
    (renew, upgrade) = re.findall(r'href="([^"]+choice\.renews=[^"]+)"', page)
    assert f"renews={active.pk}&amp;variant={plan.pk}" in renew and f"variant={dearer.pk}" in upgrade
    chosen = browser.get(upgrade.replace("&amp;", "&")).content.decode()
    assert f'value="{dearer.pk}" checked' in chosen


def test_the_list_is_a_members(guest_actor: Actor, ann: Person, bo: Shop) -> None:
    bought(guest_actor, plan_of(bo.merchant))
    for browser in (guest_browser(guest_actor), Client()):
        assert browser.get("/me/licences/")["Location"].startswith("/account/login/")
    answer = member_browser(ann).get("/me/licences/", headers={"accept-language": "en"})
    assert "No licences yet" in answer.content.decode()
