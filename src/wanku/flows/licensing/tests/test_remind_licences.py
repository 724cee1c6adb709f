"""Terms that end soon."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.catalog.models import Product
from wanku.flows.licensing.activate_licence import activate_licence
from wanku.flows.licensing.remind_licences import remind_licences
from wanku.flows.licensing.tests.bought_licences import code_of
from wanku.kinds.issue.models import REVOKED, Licence, Source
from wanku.notices.models import Channel, Notice

pytestmark = pytest.mark.django_db
ENDS = NOW + timedelta(days=365)
SOON = ENDS - timedelta(days=14)


def active(actor: Actor, shop: Shop, days: int = 365, **fields: object) -> Licence:
    """A licence whose term runs since now."""
    licence, code = code_of(actor, shop.merchant, term_days=days, **fields)
    activate_licence(shop.merchant.slug, code, "mac-1", label="", now=NOW)
    licence.refresh_from_db()
    return licence


def told() -> list[Notice]:
    """Reminders, oldest first."""
    return list(Notice.objects.filter(kind__startswith="licence_ends").order_by("pk"))


def test_each_end_once(ann_actor: Actor, bo: Shop) -> None:
    licence = active(ann_actor, bo)
    assert remind_licences(now=SOON - timedelta(seconds=1)) == 0
    assert told() == []
    assert remind_licences(now=SOON) == 1
    assert remind_licences(now=SOON + timedelta(days=1)) == 0
    assert {notice.channel for notice in told()} == {Channel.IN_APP, Channel.EMAIL}
    (mail,) = (notice for notice in told() if notice.channel == Channel.EMAIL)
    assert (mail.address, mail.kind) == ("ann@example.com", "licence_ends")
    assert mail.facts["at"] == {"at": ENDS.isoformat()} and mail.facts["tail"] == licence.tail
    assert f"choice.renews={licence.pk}" in mail.link and mail.link.endswith(f"variant={licence.plan_id}")


def test_a_renewed_one_is_reminded_of_its_new_end(ann_actor: Actor, bo: Shop) -> None:
    licence = active(ann_actor, bo)
    remind_licences(now=SOON)
    later = ENDS + timedelta(days=365)
    Licence.objects.filter(pk=licence.pk).update(expires_at=later)
    assert remind_licences(now=SOON + timedelta(days=1)) == 0
    assert remind_licences(now=later - timedelta(days=10)) == 1
    assert len(told()) == 4


def test_a_guest_reads_it_in_the_mail(guest_actor: Actor, bo: Shop) -> None:
    active(guest_actor, bo)
    assert remind_licences(now=SOON) == 1
    assert [notice.channel for notice in told()] == [Channel.EMAIL]


def test_what_cannot_be_renewed_leads_to_the_order(ann_actor: Actor, bo: Shop) -> None:
    gone, pooled = active(ann_actor, bo), active(ann_actor, bo, source=Source.POOL)
    Product.objects.filter(pk=gone.product_id).update(state="off")
    assert remind_licences(now=SOON) == 2
    assert {notice.kind for notice in told()} == {"licence_ends_for_good"}
    assert {notice.link.rsplit("/", 2)[1] for notice in told()} == {"licences"}
    assert gone.order_id != pooled.order_id


@pytest.mark.parametrize("now", [ENDS, ENDS + timedelta(days=3)])
def test_what_is_over_needs_no_reminder(now: datetime, ann_actor: Actor, bo: Shop) -> None:
    active(ann_actor, bo)
    assert remind_licences(now=now) == 0
    assert told() == []


def test_short_terms_revoked_and_sleeping_ones(ann_actor: Actor, bo: Shop) -> None:
    """A trial of ten days, a licence that was taken away, one that nobody activated, and one for good."""
    active(ann_actor, bo, days=10)
    taken = active(ann_actor, bo)
    Licence.objects.filter(pk=taken.pk).update(state=REVOKED)
    code_of(ann_actor, bo.merchant, term_days=365)
    code_of(ann_actor, bo.merchant, term_days=None)
    for now in (NOW + timedelta(days=1), SOON):
        assert remind_licences(now=now) == 0
    assert told() == []


def test_statements_do_not_grow(ann_actor: Actor, bo: Shop, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        active(ann_actor, bo)
    with django_assert_num_queries(8):
        assert remind_licences(now=SOON) == 3
    assert len(told()) == 6
