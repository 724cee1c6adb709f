"""The members' book of titles."""

from datetime import timedelta

import pytest

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.flows.invoicing.keep_title import keep_title
from wanku.invoices.keep_title import TITLES_MAX
from wanku.invoices.models import Title
from wanku.invoices.titles import Wanted
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def test_the_first_is_the_usual_one_until_another_is_chosen(ann_actor: Actor) -> None:
    first = keep_title(Wanted("personal", "安"), actor=ann_actor, now=NOW)
    second = keep_title(Wanted("company", "玩酷", "91350100M000100Y43"), usual=True, actor=ann_actor, now=NOW)
    first.refresh_from_db()
    assert not first.is_usual and second.is_usual


def test_the_same_again_is_one(ann_actor: Actor) -> None:
    keep_title(Wanted("personal", "安"), actor=ann_actor, now=NOW)
    keep_title(Wanted("personal", " 安 ", email="a@example.com"), actor=ann_actor, now=NOW + timedelta(days=1))
    title = Title.objects.get()
    assert (title.email, title.used_at) == ("a@example.com", NOW + timedelta(days=1))


def test_refused(ann_actor: Actor, guest_actor: Actor) -> None:
    for number in range(TITLES_MAX):
        keep_title(Wanted("personal", f"安{number}"), actor=ann_actor, now=NOW)
    for actor, wanted, code in (
        (ann_actor, Wanted("personal", "多"), "too_many_titles"),
        (ann_actor, Wanted("company", "玩酷", "1"), "bad_tax_number"),
        (guest_actor, Wanted("personal", "客"), "sign_in"),
    ):
        with pytest.raises(Refusal) as no:
            keep_title(wanted, actor=actor, now=NOW)
        assert no.value.code.name == code
    assert Title.objects.count() == TITLES_MAX
