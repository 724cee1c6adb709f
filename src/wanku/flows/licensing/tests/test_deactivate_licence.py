"""Devices that are set free."""

import pytest

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.flows.licensing.activate_licence import activate_licence
from wanku.flows.licensing.deactivate_licence import deactivate_licence
from wanku.flows.licensing.tests.bought_licences import code_of
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue.models import Machine

pytestmark = pytest.mark.django_db


def test_a_device_makes_room_for_another_and_may_come_back(ann_actor: Actor, bo: Shop) -> None:
    _, code = code_of(ann_actor, bo.merchant, machines=1)
    activate_licence("bo", code, "mac-1", now=NOW)
    for _ in range(2):
        deactivate_licence("bo", code, "mac-1", now=NOW)
    activate_licence("bo", code, "mac-2", now=NOW)
    deactivate_licence("bo", code, "mac-2", now=NOW)
    activate_licence("bo", code, "mac-1", now=NOW)
    assert Machine.objects.filter(released_at=None).count() == 1 and Machine.objects.count() == 3


def test_without_the_code_nothing_is_set_free(ann_actor: Actor, bo: Shop) -> None:
    _, code = code_of(ann_actor, bo.merchant)
    activate_licence("bo", code, "mac-1", now=NOW)
    deactivate_licence("bo", code, "mac-2", now=NOW)
    with pytest.raises(Refusal):
        deactivate_licence("bo", code[:-1], "mac-1", now=NOW)
    assert Machine.objects.filter(released_at=None).count() == 1
