"""A shop opens."""

import pytest

from tests.cast import NOW, open_shop
from wanku.access.actor import NOBODY, Actor
from wanku.access.models import PlatformRole
from wanku.audit.models import Act, Move
from wanku.flows.policing.approve_merchant import approve_merchant
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Merchant


@pytest.fixture
def applicant(db: None) -> Merchant:
    """A shop that waits for its answer."""
    merchant = open_shop("new", "新店", state="applying").merchant
    Merchant.objects.filter(pk=merchant.pk).update(due_at=NOW)
    return merchant


def test_opens(applicant: Merchant, di_actor: Actor) -> None:
    approve_merchant(applicant.pk, actor=di_actor, now=NOW)
    applicant.refresh_from_db()
    assert (applicant.state, applicant.due_at) == ("active", None)
    moved = Move.objects.get(subject_type="merchant")
    assert (moved.event, moved.actor_id, moved.merchant_id) == ("approve", di_actor.person_id, applicant.pk)
    assert Act.objects.get().verb == "approve_merchant"
    assert Merchant.objects.shown().filter(pk=applicant.pk).exists()


def test_only_once(applicant: Merchant, di_actor: Actor) -> None:
    approve_merchant(applicant.pk, actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="wrong_state"):
        approve_merchant(applicant.pk, actor=di_actor, now=NOW)
    assert Act.objects.count() == 1


def test_unknown(di_actor: Actor) -> None:
    with pytest.raises(Refusal, match="not_found"):
        approve_merchant(999, actor=di_actor, now=NOW)


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (NOBODY, "sign_in"),
        (Actor(person_id=1), "not_allowed"),
        (Actor(person_id=1, platform=frozenset({PlatformRole.FINANCE})), "not_allowed"),
        (Actor(person_id=1, platform=frozenset({PlatformRole.FIRST_LINE})), "not_allowed"),
    ],
)
def test_others_may_not(applicant: Merchant, actor: Actor, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        approve_merchant(applicant.pk, actor=actor, now=NOW)
    applicant.refresh_from_db()
    assert applicant.state == "applying"
    assert not Move.objects.exists()
    assert not Act.objects.exists()


def test_a_merchant_does_not_approve_itself(applicant: Merchant) -> None:
    owner = Actor(person_id=1, seats={applicant.pk: "owner"}, merchant_id=applicant.pk)
    with pytest.raises(Refusal, match="not_allowed"):
        approve_merchant(applicant.pk, actor=owner, now=NOW)
