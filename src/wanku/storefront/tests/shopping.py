"""What the tests of the buyer's pages share: browsers with a cart, and a filled-in checkout."""

import re
from typing import Any
from uuid import UUID

from django.test import Client

from tests.cast import ADDRESS
from wanku.access.actor import Actor
from wanku.people.models import Person
from wanku.ui.actor import GUEST_KEY

FORM = {**ADDRESS, "phone": "13800138000", "saved": "new", "email": "", "contact_name": "", "contact_phone": ""}


def guest_browser(actor: Actor) -> Client:
    """A browser that carries a guest's key."""
    client = Client()
    session = client.session
    session[GUEST_KEY] = str(actor.guest_key)
    session.save()
    return client


def member_browser(person: Person) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(person)
    return client


def guest_of(client: Client) -> Actor:
    """The guest that a browser is by now."""
    return Actor(guest_key=UUID(client.session[GUEST_KEY]))


def open_checkout(client: Client, address: str = "/checkout/") -> tuple[str, Any]:
    """Follow the way to the checkout; its address with the key, and the page."""
    response = client.get(address, follow=True)
    last = response.redirect_chain[-1][0] if response.redirect_chain else address
    return last, response


def hidden(page: Any, name: str) -> list[str]:
    """Values of hidden fields."""
    return re.findall(rf'name="{name}" value="([^"]*)"', page.content.decode())


def submit(client: Client, address: str, page: Any, **changes: Any) -> Any:
    """Send the checkout as its page stands, with the address of the cast."""
    form = {**FORM, "wish": hidden(page, "wish"), "agreed_total": hidden(page, "agreed_total")[0], **changes}
    return client.post(address, form)
