"""How a shop issues."""

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.invoicing.set_issuer import set_issuer
from wanku.invoices.models import Issuer
from wanku.invoices.queries import issuer_of
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def test_its_own_rate_and_by_hand(bo: Shop) -> None:
    before = issuer_of(bo.merchant.pk)
    assert (before.automatic, before.tax_bp, before.provider) == (True, 1300, "pdf")
    set_issuer(bo.merchant.pk, automatic=False, tax_bp=100, actor=bo.actor, now=NOW)
    after = issuer_of(bo.merchant.pk)
    assert (after.automatic, after.tax_bp) == (False, 100)
    assert Act.objects.get().facts == {"automatic": False, "tax_bp": 100}


def test_refused(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    for actor, rate, code in (
        (bo.actor, 1700, "bad_value"),
        (cy.actor, 600, "not_allowed"),
        (ann_actor, 600, "not_allowed"),
    ):
        with pytest.raises(Refusal) as no:
            set_issuer(bo.merchant.pk, automatic=True, tax_bp=rate, actor=actor, now=NOW)
        assert no.value.code.name == code
    assert not Issuer.objects.exists()
