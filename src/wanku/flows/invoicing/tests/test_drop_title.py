"""Titles are forgotten."""

import pytest

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.flows.invoicing.drop_title import drop_title
from wanku.flows.invoicing.keep_title import keep_title
from wanku.invoices.models import Title
from wanku.invoices.titles import Wanted
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def test_the_next_becomes_the_usual_one(ann_actor: Actor) -> None:
    first = keep_title(Wanted("personal", "安"), actor=ann_actor, now=NOW)
    keep_title(Wanted("personal", "宁"), actor=ann_actor, now=NOW)
    drop_title(first.pk, actor=ann_actor, now=NOW)
    assert list(Title.objects.values_list("title", "is_usual")) == [("宁", True)]


def test_not_somebody_elses(ann_actor: Actor, other_actor: Actor, guest_actor: Actor) -> None:
    title = keep_title(Wanted("personal", "安"), actor=ann_actor, now=NOW)
    for actor in (other_actor, guest_actor):
        with pytest.raises(Refusal) as no:
            drop_title(title.pk, actor=actor, now=NOW)
        assert no.value.code.name == "not_found"
    assert Title.objects.exists()
