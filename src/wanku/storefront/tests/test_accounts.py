"""Accounts in the browser: register, sign in, reset, second factor, sessions."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests.cast import NOW, PASSWORD, Shop, product_of, variant_of
from wanku.access.actor import Actor
from wanku.carts.queries import read_cart
from wanku.flows.buying.fill_cart import fill_cart
from wanku.people.models import Person
from wanku.ui.actor import GUEST_KEY

GOOD = "a long walk in Xiamen 7"


def code_sent() -> str:
    """The last code that went out."""
    found = re.search(r"\b(\d{6}|[A-Z0-9]{3,5}-?[A-Z0-9]{3,5})\b", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found.group(1)


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_register_by_phone_with_the_code_that_was_sent(client: Client, db: None) -> None:
    response = client.post("/account/signup/", {"phone": "138 0013 8000", "password1": GOOD, "name": "安"})
    assert response.status_code == 302, response.content.decode()
    assert not signed_in(client)
    assert mail.outbox[-1].to == ["8613800138000@sms.invalid"]
    response = client.post(response["Location"], {"code": code_sent()})
    assert response["Location"] == "/me/"
    assert signed_in(client)
    person = Person.objects.get()
    assert (person.phone, person.phone_verified, person.email, person.name) == ("+8613800138000", True, None, "安")


def test_a_wrong_code_does_not_sign_in(client: Client, db: None) -> None:
    client.post("/account/signup/", {"phone": "13800138000", "password1": GOOD})
    client.post("/account/phone/verify/", {"code": "000000"})
    assert not signed_in(client)
    assert not Person.objects.get().phone_verified


def test_register_by_email(client: Client, db: None) -> None:
    response = client.post("/account/signup/", {"email": "New@Example.com", "password1": GOOD})
    assert response["Location"] == "/me/"
    assert signed_in(client)
    person = Person.objects.get()
    assert (person.email, person.phone) == ("new@example.com", None)


def test_two_who_register_by_phone_do_not_collide(client: Client, db: None) -> None:
    for phone in ("13800138000", "13800138001"):
        assert Client().post("/account/signup/", {"phone": phone, "password1": GOOD}).status_code == 302
        cache.clear()
    assert Person.objects.filter(email=None).count() == 2


@pytest.mark.parametrize(
    "form",
    [
        {"password1": GOOD},
        {"phone": "", "email": "", "password1": GOOD},
        {"phone": "12", "password1": GOOD},
        {"email": "not-an-address", "password1": GOOD},
        {"email": "x@example.com", "password1": "12345678901"},
        {"email": "x@example.com", "password1": "short"},
        {"email": "x@example.com"},
        {"email": "x" * 300 + "@example.com", "password1": GOOD},
        {"phone": "9" * 5000, "password1": GOOD},
        {"email": "x@example.com", "password1": GOOD, "name": "长" * 500},
        {"email": "x@example.com\x00", "password1": GOOD},
    ],
)
def test_bad_registrations_come_back_with_the_field_named(client: Client, db: None, form: dict[str, str]) -> None:
    response = client.post("/account/signup/", form)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not Person.objects.exists()


def test_a_taken_address_or_phone_is_no_second_account(client: Client, ann: Person) -> None:
    ann.phone = "+8613800138000"
    ann.save()
    assert client.post("/account/signup/", {"email": "ANN@example.com", "password1": GOOD}).status_code in (200, 302)
    assert client.post("/account/signup/", {"phone": "13800138000", "password1": GOOD}).status_code in (200, 302)
    assert not signed_in(client)
    assert Person.objects.count() == 1


@pytest.mark.parametrize("login", ["ann@example.com", "ANN@Example.com", "13800138000", "+86 138 0013 8000"])
def test_sign_in_by_either(client: Client, ann: Person, login: str) -> None:
    ann.phone, ann.phone_verified = "+8613800138000", True
    ann.save()
    response = client.post("/account/login/", {"login": login, "password": PASSWORD})
    assert response["Location"] == "/me/"
    assert signed_in(client)


@pytest.mark.parametrize("login", ["ann@example.com", "nobody@example.com", "13900139000", "???", "a" * 1000])
def test_a_wrong_password_and_a_wrong_name_look_alike(client: Client, ann: Person, login: str) -> None:
    response = client.post("/account/login/", {"login": login, "password": "wrong horse"})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not signed_in(client)


def test_the_login_code_signs_in(client: Client, ann: Person) -> None:
    response = client.post("/account/login/code/", {"email": "ann@example.com"})
    assert response.status_code == 302
    client.post(response["Location"], {"code": code_sent()})
    assert signed_in(client)


@pytest.mark.parametrize("login", ["ann@example.com", "13800138000"])
def test_reset_the_password_by_a_code(client: Client, ann: Person, login: str) -> None:
    ann.phone, ann.phone_verified = "+8613800138000", True
    ann.save()
    response = client.post("/account/password/reset/", {"email": login})
    assert response.status_code == 302
    response = client.post(response["Location"], {"code": code_sent()})
    response = client.post(response["Location"], {"password1": GOOD, "password2": GOOD})
    assert response.status_code == 302
    ann.refresh_from_db()
    assert ann.check_password(GOOD)


def test_a_reset_for_nobody_says_the_same(client: Client, db: None) -> None:
    for login in ("nobody@example.com", "13900139000"):
        assert client.post("/account/password/reset/", {"email": login}).status_code == 302
    assert client.post("/account/password/reset/", {"email": "???"}).context["form"].errors


def totp(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def test_a_second_factor_is_asked_for_and_kept_encrypted(client: Client, ann: Person) -> None:
    client.post("/account/login/", {"login": ann.email, "password": PASSWORD})
    # TOTP asks for a verified address, so that the way back in is known to work.
    verify_address(ann)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": totp(secret)})
    kept = Authenticator.objects.get(user=ann, type=Authenticator.Type.TOTP)
    assert secret not in str(kept.data)
    other = Client()
    response = other.post("/account/login/", {"login": ann.email, "password": PASSWORD})
    assert response["Location"].startswith("/account/2fa/")
    assert not signed_in(other)
    cache.clear()
    other.post(response["Location"], {"code": totp(secret)})
    assert signed_in(other)


def verify_address(person: Person) -> None:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults={"verified": True, "primary": True})


def test_sessions_are_listed_and_ended(ann: Person) -> None:
    phone, desktop = Client(HTTP_USER_AGENT="Phone"), Client(HTTP_USER_AGENT="Desktop")
    for browser in (phone, desktop):
        browser.post("/account/login/", {"login": ann.email, "password": PASSWORD})
    assert UserSession.objects.filter(user=ann).count() == 2
    assert b"Phone" in desktop.get("/account/sessions/").content
    desktop.post("/account/sessions/")
    assert desktop.get("/account/sessions/").status_code == 200
    assert phone.get("/account/sessions/").status_code == 302


def test_signing_in_brings_the_cart_of_this_browser(client: Client, ann: Person, bo: Shop, guest_actor: Actor) -> None:
    fill_cart(variant_of(product_of(bo.merchant)).pk, 2, (), actor=guest_actor, now=NOW)
    session: Any = client.session
    session[GUEST_KEY] = str(guest_actor.guest_key)
    session.save()
    client.post("/account/login/", {"login": ann.email, "password": PASSWORD})
    assert [item.quantity for item in read_cart(Actor(person_id=ann.pk), now=NOW).items] == [2]
    assert GUEST_KEY not in client.session


def test_the_last_way_to_reach_someone_cannot_be_removed(client: Client, ann: Person) -> None:
    client.post("/account/login/", {"login": ann.email, "password": PASSWORD})
    response = client.post("/account/email/", {"action_remove": "", "email": ann.email})
    assert response.status_code in (200, 302)
    ann.refresh_from_db()
    assert ann.email == "ann@example.com"
