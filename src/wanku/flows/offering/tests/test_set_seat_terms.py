"""Terms of departures."""

import pytest

from tests.cast import NOW, Shop, product_of
from tests.seats import seated, wish
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.offering.set_seat_terms import set_seat_terms
from wanku.kernel.refusal import Refusal
from wanku.kinds.seat.models import SeatTerms
from wanku.kinds.seat.tests.world import TABLE, departure_of, seat_product

pytestmark = pytest.mark.django_db


def test_the_product_is_sold_by_departures_from_then_on(bo: Shop) -> None:
    product = product_of(bo.merchant)
    table = [{"hours": 24, "bp": 5000}, {"hours": 72, "bp": 0}]
    set_seat_terms(product.pk, real_name=False, cancellation=table, actor=bo.actor, now=NOW)
    product.refresh_from_db()
    terms = SeatTerms.objects.get()
    assert (product.kind, terms.real_name, terms.cancellation) == ("seat", False, list(reversed(table)))
    assert Act.objects.get().verb == "set_seat_terms"


def test_orders_keep_their_terms(bo: Shop, ann_actor: Actor) -> None:
    product = seat_product(bo)
    order = seated(ann_actor, wish(departure_of(product)))
    set_seat_terms(product.pk, real_name=True, cancellation=[], actor=bo.actor, now=NOW)
    order.refresh_from_db()
    assert order.terms["cancellation"] == TABLE and SeatTerms.objects.get().cancellation == []


def test_refusals_change_nothing(bo: Shop, cy: Shop) -> None:
    product = seat_product(bo)
    wrong = [{"hours": 48, "bp": 5000}, {"hours": 4, "bp": 0}]
    for actor, table, code in ((bo.actor, wrong, "bad_value"), (cy.actor, TABLE, "not_found")):
        with pytest.raises(Refusal) as no:
            set_seat_terms(product.pk, real_name=False, cancellation=table, actor=actor, now=NOW)
        assert no.value.code.name == code
    assert SeatTerms.objects.get().real_name is True and not Act.objects.exists()
