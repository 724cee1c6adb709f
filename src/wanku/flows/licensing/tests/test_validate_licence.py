"""Whether a licence still holds."""

from datetime import timedelta

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.flows.licensing.activate_licence import activate_licence
from wanku.flows.licensing.tests.bought_licences import code_of
from wanku.flows.licensing.tests.test_activate_licence import opened
from wanku.flows.licensing.validate_licence import validate_licence
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue.models import Licence, Machine

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


def test_on_its_device_it_holds_until_it_ends_or_is_revoked(ann_actor: Actor, bo: Shop) -> None:
    _, code = code_of(ann_actor, bo.merchant, term_days=30)
    activate_licence("bo", code, "mac-1", now=NOW)
    _, signed = validate_licence("bo", code, "mac-1", now=LATER)
    assert opened(signed, bo.merchant.pk)["iat"] == int(LATER.timestamp())
    assert Machine.objects.get().seen_at == LATER
    for at, change, name in (
        (NOW + timedelta(days=30), {}, "licence_expired"),
        (LATER, {"state": "revoked"}, "licence_revoked"),
    ):
        Licence.objects.update(**change or {"state": "issued"})
        with pytest.raises(Refusal) as no:
            validate_licence("bo", code, "mac-1", now=at)
        assert no.value.code.name == name


def test_elsewhere_it_does_not(ann_actor: Actor, bo: Shop) -> None:
    _, code = code_of(ann_actor, bo.merchant)
    for machine in ("mac-1", "mac-2"):
        with pytest.raises(Refusal) as no:
            validate_licence("bo", code, machine, now=NOW)
        assert no.value.code.name == "not_active_here"
    assert not Machine.objects.exists() and Licence.objects.get().activated_at is None
