"""Digits by e-mail."""

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.flows.licensing.mail_show_code import MAILS, mail_show_code
from wanku.flows.licensing.tests.bought_licences import bought, licences_of, plan_of
from wanku.flows.talking.tell_moves import tell_moves
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import MailedCode
from wanku.notices.models import Notice

pytestmark = pytest.mark.django_db


def test_only_the_digest_is_kept_and_the_latest_digits_count(guest_actor: Actor, bo: Shop) -> None:
    order = bought(guest_actor, plan_of(bo.merchant))
    assert mail_show_code(order.pk, "13800138000", actor=guest_actor, now=NOW)
    digits = Notice.objects.get(kind="licence_digits").facts["digits"]
    assert digits.encode() not in bytes(MailedCode.objects.get().digest) and len(digits) == 6


def test_refusals(guest_actor: Actor, ann_actor: Actor, other_actor: Actor, bo: Shop) -> None:
    order, member = bought(guest_actor, plan_of(bo.merchant)), bought(ann_actor, plan_of(bo.merchant))
    cases = [
        (order, "13800138000", other_actor, "not_found"),
        (member, "13800138000", ann_actor, "not_found"),
        (order, "13900139000", guest_actor, "contact_wrong"),
    ]
    for which, contact, actor, name in cases:
        with pytest.raises(Refusal) as no:
            mail_show_code(which.pk, contact, actor=actor, now=NOW)
        assert no.value.code.name == name
    assert not MailedCode.objects.exists() and not Notice.objects.filter(kind="licence_digits").exists()
    for _ in range(MAILS):
        mail_show_code(order.pk, "13800138000", actor=guest_actor, now=NOW)
    with pytest.raises(Refusal) as often:
        mail_show_code(order.pk, "13800138000", actor=guest_actor, now=NOW)
    assert often.value.code.name == "too_often"


def test_the_letter_of_a_paid_order_says_that_codes_are_ready_and_carries_none(guest_actor: Actor, bo: Shop) -> None:
    order = bought(guest_actor, plan_of(bo.merchant))
    tell_moves(now=NOW)
    letter = Notice.objects.get(kind="booking_issued")
    assert letter.address == "ann@example.com" and order.number in letter.link
    (code,) = (codes.opened(each.sealed) for each in licences_of(order))
    assert all(code not in str(each.facts) + each.link for each in Notice.objects.all())
    assert Notice.objects.filter(kind="booking_new", reader=f"merchant:{bo.merchant.pk}").exists()
