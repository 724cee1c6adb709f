"""The personal centre: addresses, profile, messages."""

import pytest
from django.test import Client

from tests.cast import ADDRESS, NOW
from wanku.access.actor import Actor
from wanku.flows.buying.keep_address import keep_address
from wanku.notices.models import Channel, Notice, Preference
from wanku.people.models import Address, Person
from wanku.storefront.tests.shopping import member_browser

FORM = {**ADDRESS, "phone": "13800138000"}


@pytest.mark.parametrize("path", ["/me/", "/me/profile/", "/me/addresses/", "/me/addresses/new/", "/messages/"])
def test_strangers_sign_in_first(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/?next=")


def test_the_start_page_masks_contact_data(ann: Person) -> None:
    page = member_browser(ann).get("/me/").content.decode()
    assert "a***@example.com" in page
    assert page.count("ann@example.com") == 0


def test_addresses_are_kept_changed_and_removed(ann: Person) -> None:
    browser = member_browser(ann)
    browser.post("/me/addresses/new/", FORM)
    first = Address.objects.get()
    assert (first.is_default, first.phone) == (True, "+8613800138000")
    browser.post("/me/addresses/new/", {**FORM, "line": "二号街", "is_default": "on"})
    second = Address.objects.get(line="二号街")
    first.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    browser.post(f"/me/addresses/{first.pk}/usual/")
    browser.post(f"/me/addresses/{second.pk}/", {**FORM, "line": "三号街"})
    assert set(Address.objects.values_list("line", "is_default")) == {(ADDRESS["line"], True), ("三号街", False)}
    browser.post(f"/me/addresses/{first.pk}/drop/")
    assert Address.objects.get().is_default


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "1"), ("province", "x"), ("line", ""), ("city", "c" * 41), ("name", "")]
)
def test_a_wrong_address_is_named_and_kept_in_the_form(ann: Person, field: str, value: str) -> None:
    response = member_browser(ann).post("/me/addresses/new/", {**FORM, "district": "特别区", field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "特别区" in response.content.decode()
    assert not Address.objects.exists()


def test_nobody_touches_another_ones_address(ann: Person, other_actor: Actor) -> None:
    foreign = keep_address(ADDRESS, actor=other_actor, now=NOW)
    browser = member_browser(ann)
    assert browser.get(f"/me/addresses/{foreign.pk}/").status_code == 404
    assert browser.post(f"/me/addresses/{foreign.pk}/", FORM).status_code == 404
    for act in ("drop/", "usual/"):
        assert browser.post(f"/me/addresses/{foreign.pk}/{act}").status_code == 404
    assert Address.objects.get().line == ADDRESS["line"]


def test_a_book_has_an_end(ann_actor: Actor, ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wanku.people.save_address.BOOK_MAX", 1)
    keep_address(ADDRESS, actor=ann_actor, now=NOW)
    assert member_browser(ann).post("/me/addresses/new/", FORM).status_code == 422
    assert Address.objects.count() == 1


def test_the_profile(ann: Person) -> None:
    browser = member_browser(ann)
    wrong = browser.post("/me/profile/", {"name": "x" * 61, "language": "tlh", "zone": "../etc/passwd"})
    assert wrong.status_code == 422
    assert set(wrong.context["errors"]) == {"name", "language", "zone"}
    browser.post("/me/profile/", {"name": " 小安 ", "language": "en", "zone": "Europe/Berlin"})
    ann.refresh_from_db()
    assert (ann.name, ann.language, ann.zone) == ("小安", "en", "Europe/Berlin")


def note(reader: str, cause: str, link: str = "") -> Notice:
    return Notice.objects.create(
        cause=cause,
        reader=reader,
        channel=Channel.IN_APP,
        kind="trade_expired",
        facts={"trade": "261111"},
        link=link,
        created_at=NOW,
    )


def test_messages_are_read_and_lead_somewhere(ann: Person) -> None:
    browser = member_browser(ann)
    mine = note(f"person:{ann.pk}", "a", "/orders/")
    foreign = note("person:999999", "b", "/secret/")
    page = browser.get("/messages/")
    assert "261111" in page.content.decode()
    assert page.context["unread_count"] == 1
    assert browser.post("/messages/read/", {"notice": mine.pk})["Location"] == "/orders/"
    assert browser.post("/messages/read/", {"notice": foreign.pk})["Location"] == "/messages/"
    note(f"person:{ann.pk}", "c")
    browser.post("/messages/read/", {"notice": "x"})
    assert Notice.objects.filter(reader=f"person:{ann.pk}", read_at=None).count() == 1
    browser.post("/messages/read/")
    foreign.refresh_from_db()
    assert foreign.read_at is None
    assert not Notice.objects.filter(reader=f"person:{ann.pk}", read_at=None).exists()
    browser.post("/messages/channels/", {})
    assert not Preference.objects.get().email
