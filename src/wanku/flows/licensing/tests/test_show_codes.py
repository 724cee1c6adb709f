"""Codes in plain, for their buyer alone."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.bought import pay
from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.flows.buying.place_order import Checkout, Contact, place_order
from wanku.flows.licensing.mail_show_code import mail_show_code
from wanku.flows.licensing.show_codes import Proof, show_codes
from wanku.flows.licensing.tests.bought_licences import bought, licences_of, plan_of
from wanku.flows.licensing.tests.test_activate_licence import opened
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import Licence, MailedCode, Showing, Source
from wanku.notices.models import Notice
from wanku.orders.models import Order, Trade
from wanku.pricing.quote import Wish

pytestmark = pytest.mark.django_db
SOURCE = "192.0.2.7"


def seen(order: Order, actor: Actor, **proof: Any) -> list[str]:
    shown = show_codes(order.pk, proof=Proof(**proof), source=SOURCE, actor=actor, now=NOW)
    return [each.code for each in shown]


def refused(order: Order, actor: Actor, **proof: Any) -> str:
    before = Showing.objects.count()
    with pytest.raises(Refusal) as no:
        seen(order, actor, **proof)
    assert Showing.objects.count() == before
    return no.value.code.name


def test_once_just_so_then_only_after_signing_in_again(ann_actor: Actor, bo: Shop) -> None:
    order = bought(ann_actor, plan_of(bo.merchant, source=Source.POOL, stock=5), 2)
    first = seen(order, ann_actor)
    assert first == [codes.opened(each.sealed) for each in licences_of(order)] and len(set(first)) == 2
    assert refused(order, ann_actor) == "prove_again"
    assert seen(order, ann_actor, signed_in=True) == first
    told = Showing.objects.order_by("pk").values_list("proof", "by_id", "source")
    assert list(told) == [("first", ann_actor.person_id, SOURCE)] * 2 + [("signed_in", ann_actor.person_id, SOURCE)] * 2
    with pytest.raises(DatabaseError), transaction.atomic():
        Showing.objects.update(source="")


def test_the_certificate_proves_the_code_without_asking_us(ann_actor: Actor, bo: Shop) -> None:
    order = bought(ann_actor, plan_of(bo.merchant))
    (shown,) = show_codes(order.pk, proof=Proof(), source=SOURCE, actor=ann_actor, now=NOW)
    assert opened(shown.certificate, bo.merchant.pk)["code"] == shown.code
    assert shown.code not in repr(shown)


def test_others_see_nothing(ann_actor: Actor, other_actor: Actor, guest_actor: Actor, bo: Shop) -> None:
    order = bought(ann_actor, plan_of(bo.merchant))
    for actor in (other_actor, guest_actor, bo.actor):
        assert refused(order, actor, signed_in=True) == "not_found"
    assert Licence.objects.get().shown_at is None


def test_revoked_codes_are_not_shown(ann_actor: Actor, bo: Shop) -> None:
    order = bought(ann_actor, plan_of(bo.merchant))
    Licence.objects.update(state="revoked")
    assert refused(order, ann_actor, signed_in=True) == "not_found"


def test_a_guest_proves_contact_and_mailed_digits(guest_actor: Actor, bo: Shop) -> None:
    order = bought(guest_actor, plan_of(bo.merchant))
    (code,) = seen(order, guest_actor)
    # A session of somebody else's account proves nothing here.
    assert refused(order, guest_actor, signed_in=True) == "prove_again"
    assert refused(order, guest_actor, contact="13800138000") == "prove_again"
    assert mail_show_code(order.pk, "138 0013 8000", actor=guest_actor, now=NOW)
    letter = Notice.objects.get(kind="licence_digits")
    digits = letter.facts["digits"]
    assert letter.address == "ann@example.com" and code not in str(letter.facts)
    assert refused(order, guest_actor, contact="13900139000", digits=digits) == "contact_wrong"
    assert refused(order, guest_actor, contact="13800138000", digits="000000") == "digits_wrong"
    assert seen(order, guest_actor, contact="ANN@example.com", digits=f" {digits[:3]} {digits[3:]}") == [code]
    assert refused(order, guest_actor, contact="13800138000", digits=digits) == "digits_wrong"


def test_digits_count_for_five_tries_and_a_quarter_of_an_hour(guest_actor: Actor, bo: Shop) -> None:
    order = bought(guest_actor, plan_of(bo.merchant))
    seen(order, guest_actor)
    mail_show_code(order.pk, "13800138000", actor=guest_actor, now=NOW)
    digits = Notice.objects.get(kind="licence_digits").facts["digits"]
    wrong = f"{(int(digits) + 1) % 10**6:06d}"
    for _ in range(5):
        assert refused(order, guest_actor, contact="13800138000", digits=wrong) == "digits_wrong"
    assert refused(order, guest_actor, contact="13800138000", digits=digits) == "digits_wrong"
    MailedCode.objects.update(tries=0, due_at=NOW - timedelta(seconds=1))
    assert refused(order, guest_actor, contact="13800138000", digits=digits) == "digits_wrong"


def test_contacts_are_not_tried_by_the_dozen(guest_actor: Actor, bo: Shop) -> None:
    order = bought(guest_actor, plan_of(bo.merchant))
    seen(order, guest_actor)
    told = {refused(order, guest_actor, contact=f"1390013900{n}") for n in range(9)}
    assert told == {"contact_wrong", "too_often"}
    assert refused(order, guest_actor, contact="13800138000", digits="123456") == "too_often"


def test_a_guest_without_an_address_proves_the_phone(guest_actor: Actor, bo: Shop) -> None:
    order = bought(guest_actor, plan_of(bo.merchant), contact=Contact("安小姐", "13800138000", ""))
    first = seen(order, guest_actor)
    assert not mail_show_code(order.pk, "13800138000", actor=guest_actor, now=NOW)
    assert refused(order, guest_actor, contact="13900139000") == "contact_wrong"
    assert seen(order, guest_actor, contact="13800138000") == first


def test_who_renews_another_ones_licence_does_not_see_its_code(ann_actor: Actor, other_actor: Actor, bo: Shop) -> None:
    plan = plan_of(bo.merchant)
    (licence,) = licences_of(bought(ann_actor, plan))
    wish = Wish(plan.pk, 1, choice=json.dumps({"renews": str(licence.pk)}))
    checkout = Checkout(
        actor=other_actor,
        key="renewal-00000001",
        wishes=(wish,),
        contact=Contact("伊芙", "13800138001"),
        address={},
        agreed_total=plan.variant.price,
    )
    trade = Trade.objects.get(pk=place_order(checkout, now=NOW).trade_id)
    pay(trade)
    order = trade.orders.get()
    assert list(licences_of(order)) == [licence]
    assert refused(order, other_actor) == "not_found" == refused(order, other_actor, signed_in=True)
