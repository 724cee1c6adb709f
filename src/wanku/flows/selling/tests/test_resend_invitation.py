"""Sending an invitation again."""

from dataclasses import replace

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.flows.selling.invite_staff import invite_staff
from wanku.flows.selling.resend_invitation import AGAIN_AFTER, resend_invitation
from wanku.flows.selling.withdraw_invitation import withdraw_invitation
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Invitation

pytestmark = pytest.mark.django_db


def refused(shop: Shop, key: int, actor: Actor | None = None) -> str:
    before = list(Invitation.objects.values()), ProcrastinateJob.objects.count()
    with pytest.raises(Refusal) as caught:
        resend_invitation(shop.merchant.pk, key, actor=actor or shop.actor, now=NOW)
    assert (list(Invitation.objects.values()), ProcrastinateJob.objects.count()) == before
    return caught.value.code.name


def test_a_failed_one_goes_at_once_and_a_sent_one_after_a_while(bo: Shop) -> None:
    row = invite_staff(bo.merchant.pk, email="kim@example.com", role="clerk", actor=bo.actor, now=NOW).invitation
    assert refused(bo, row.pk) == "invitation_on_its_way"
    Invitation.objects.update(failed="550", tries=7)
    resend_invitation(bo.merchant.pk, row.pk, actor=bo.actor, now=NOW)
    row.refresh_from_db()
    assert (row.failed, row.tries, row.round, row.sent_at) == ("", 0, 1, None)
    Invitation.objects.update(sent_at=NOW)
    assert refused(bo, row.pk) == "invitation_on_its_way"
    resend_invitation(bo.merchant.pk, row.pk, actor=bo.actor, now=NOW + AGAIN_AFTER)
    assert ProcrastinateJob.objects.filter(task_name="send_invitation", args={"invitation_id": row.pk}).count() == 3


def test_refusals(bo: Shop, cy: Shop) -> None:
    row = invite_staff(bo.merchant.pk, email="kim@example.com", role="clerk", actor=bo.actor, now=NOW).invitation
    assert refused(cy, row.pk) == "not_found"
    assert refused(bo, row.pk, cy.actor) == "not_allowed"
    assert refused(bo, row.pk, replace(bo.actor, seats={bo.merchant.pk: "manager"})) == "not_allowed"
    withdraw_invitation(bo.merchant.pk, row.pk, actor=bo.actor, now=NOW)
    assert refused(bo, row.pk) == "invitation_over"
