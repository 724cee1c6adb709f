"""A declined applicant may correct and try again."""

from dataclasses import replace

import pytest

from tests.cast import NOW, open_shop
from wanku.flows.selling.apply_again import apply_again
from wanku.flows.selling.tests.test_apply_merchant import GOOD
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def test_declined_goes_back_into_the_queue() -> None:
    shop = open_shop("dee", "Dee", state="declined")
    merchant = apply_again(shop.merchant.pk, GOOD, actor=shop.actor, now=NOW)
    merchant.refresh_from_db()
    assert (merchant.state, merchant.name, merchant.decided_because) == ("applying", GOOD.name, "")
    assert merchant.due_at is not None


def test_refused_in_other_states_to_others_and_for_a_taken_name() -> None:
    open_ = open_shop("bo", "Bo")
    declined = open_shop("dee", "Dee", state="declined")
    for shop, actor, details, code in (
        (open_, open_.actor, GOOD, "wrong_state"),
        (declined, open_.actor, GOOD, "not_allowed"),
        (declined, declined.actor, replace(GOOD, name="Bo"), "name_taken"),
        (declined, declined.actor, replace(GOOD, credit_code="x"), "bad_credit_code"),
    ):
        with pytest.raises(Refusal) as caught:
            apply_again(shop.merchant.pk, details, actor=actor, now=NOW)
        assert caught.value.code.name == code
    declined.merchant.refresh_from_db()
    assert (declined.merchant.state, declined.merchant.name) == ("declined", "Dee")
