"""Taking invitations back."""

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.flows.selling.accept_invitation import accept_invitation
from wanku.flows.selling.invite_staff import invite_staff
from wanku.flows.selling.withdraw_invitation import withdraw_invitation
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def test_withdrawing_twice_is_harmless_and_others_may_not(bo: Shop, cy: Shop, ann_actor: Actor) -> None:
    made = invite_staff(bo.merchant.pk, email="ann@example.com", role="clerk", actor=bo.actor, now=NOW)
    for merchant, actor, code in (
        (bo.merchant, cy.actor, "not_allowed"),
        (cy.merchant, cy.actor, "not_found"),
    ):
        with pytest.raises(Refusal) as caught:
            withdraw_invitation(merchant.pk, made.invitation.pk, actor=actor, now=NOW)
        assert caught.value.code.name == code
    for _ in range(2):
        withdraw_invitation(bo.merchant.pk, made.invitation.pk, actor=bo.actor, now=NOW)
    made.invitation.refresh_from_db()
    assert made.invitation.withdrawn_at == NOW


def test_an_accepted_one_stays(bo: Shop, ann_actor: Actor) -> None:
    made = invite_staff(bo.merchant.pk, email="ann@example.com", role="clerk", actor=bo.actor, now=NOW)
    accept_invitation(made.token, actor=ann_actor, now=NOW)
    with pytest.raises(Refusal) as caught:
        withdraw_invitation(bo.merchant.pk, made.invitation.pk, actor=bo.actor, now=NOW)
    assert caught.value.code.name == "invitation_over"
