"""The profile: what may change, what stays as it was checked."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from tests.cast import NOW, Shop
from wanku.audit.models import Act
from wanku.files.models import Picture
from wanku.flows.selling.edit_profile import edit_profile
from wanku.flows.selling.tests.test_apply_merchant import GOOD
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Merchant

pytestmark = pytest.mark.django_db


def picture(owner: str) -> Picture:
    return Picture.objects.create(owner=owner, sha256=b"", width=1, height=1, bytes=1, created_at=NOW)


def edit(shop: Shop, **more: Any) -> Merchant:
    options = {"low_stock_at": 5, "logo_id": None, "actor": shop.actor, "now": NOW, "details": GOOD, **more}
    return edit_profile(shop.merchant.pk, options.pop("details"), **options)


def test_profile_is_stored_and_the_company_stays(bo: Shop) -> None:
    logo = picture(f"merchant:{bo.merchant.pk}")
    merchant = edit(bo, low_stock_at=9, logo_id=logo.pk)
    merchant.refresh_from_db()
    assert (merchant.name, merchant.low_stock_at, merchant.logo_id) == (GOOD.name, 9, logo.pk)
    assert merchant.legal_name == "Bo 茶行有限公司"
    act = Act.objects.get(verb="edit_profile")
    assert "name" in act.facts["fields"]
    edit(bo, low_stock_at=9, logo_id=logo.pk)
    assert Act.objects.count() == 1


def test_an_applicant_may_correct_the_company(bo: Shop) -> None:
    Merchant.objects.filter(pk=bo.merchant.pk).update(state="applying", due_at=NOW)
    assert edit(bo).legal_name == GOOD.legal_name


def test_refusals_change_nothing(bo: Shop, cy: Shop) -> None:
    foreign = picture(f"merchant:{cy.merchant.pk}")
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    for more, code in (
        ({"actor": cy.actor}, "not_allowed"),
        ({"actor": clerk}, "not_allowed"),
        ({"logo_id": foreign.pk}, "not_found"),
        ({"logo_id": uuid4()}, "not_found"),
        ({"low_stock_at": -1}, "bad_value"),
        ({"details": replace(GOOD, name="Cy 箱包")}, "name_taken"),
        ({"details": replace(GOOD, contact_email="x")}, "bad_value"),
    ):
        with pytest.raises(Refusal) as caught:
            edit(bo, **more)
        assert caught.value.code.name == code
    bo.merchant.refresh_from_db()
    assert bo.merchant.name == "Bo 茶行"
    assert not Act.objects.exists()
