"""An application is turned down."""

import pytest

from tests.cast import NOW, Shop, open_shop
from wanku.access.actor import Actor
from wanku.audit.models import Act, Move
from wanku.flows.policing.decline_merchant import decline_merchant
from wanku.kernel.refusal import Refusal


def test_says_why(di_actor: Actor) -> None:
    merchant = open_shop("new", "新店", state="applying").merchant
    decline_merchant(merchant.pk, because="  执照照片看不清，请重新上传 ", actor=di_actor, now=NOW)
    merchant.refresh_from_db()
    assert (merchant.state, merchant.decided_because) == ("declined", "执照照片看不清，请重新上传")
    assert Move.objects.get().facts == {"because": "执照照片看不清，请重新上传"}
    assert Act.objects.get().because == "执照照片看不清，请重新上传"


@pytest.mark.parametrize("because", ["", "  ", "x", "x" * 501])
def test_needs_a_reason(di_actor: Actor, because: str) -> None:
    merchant = open_shop("new", "新店", state="applying").merchant
    with pytest.raises(Refusal) as refused:
        decline_merchant(merchant.pk, because=because, actor=di_actor, now=NOW)
    assert (refused.value.code.name, refused.value.field) == ("bad_value", "because")
    merchant.refresh_from_db()
    assert merchant.state == "applying"


def test_not_an_open_shop(bo: Shop, di_actor: Actor) -> None:
    with pytest.raises(Refusal, match="wrong_state"):
        decline_merchant(bo.merchant.pk, because="太晚了，不行", actor=di_actor, now=NOW)
    bo.merchant.refresh_from_db()
    assert (bo.merchant.state, bo.merchant.decided_because) == ("active", "")
    assert not Act.objects.exists()


def test_unknown_and_not_allowed(bo: Shop, di_actor: Actor) -> None:
    with pytest.raises(Refusal, match="not_found"):
        decline_merchant(999, because="no such shop", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="not_allowed"):
        decline_merchant(bo.merchant.pk, because="not my business", actor=bo.actor, now=NOW)
