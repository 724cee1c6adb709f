"""On the way to a bank at another site: a page in between, since our content policy lets no form end there."""

import pytest
from django.test import Client

from tests.banks import Banks
from tests.bought import placed
from tests.cast import Shop, product_of
from wanku.access.actor import Actor
from wanku.people.models import Person

pytestmark = pytest.mark.usefixtures("ten_in_the_morning")


def test_a_bank_elsewhere_is_reached_by_a_page_of_ours(banks: Banks, ann: Person, ann_actor: Actor, bo: Shop) -> None:
    trade = placed(ann_actor, (product_of(bo.merchant), 1))
    client = Client()
    client.force_login(ann)
    answer = client.post(f"/pay/{trade.number}/open/", {"pay_by": "stripe:card"})
    attempt = trade.attempts.get()
    assert attempt.pay_url.startswith(banks.url)
    assert answer.status_code == 200, "no redirect: browsers hold one that a form leads to"
    assert answer.headers["Refresh"] == f"0;url={attempt.pay_url}"
    assert f'href="{attempt.pay_url}"' in answer.content.decode(), "and for browsers that do not go by themselves"


def test_one_of_this_site_needs_none(ann: Person, ann_actor: Actor, bo: Shop) -> None:
    trade = placed(ann_actor, (product_of(bo.merchant), 1))
    client = Client()
    client.force_login(ann)
    answer = client.post(f"/pay/{trade.number}/open/", {"pay_by": "sandbox:page"})
    assert answer.status_code == 302 and answer.headers["Location"] == trade.attempts.get().pay_url
