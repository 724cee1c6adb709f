"""An owner says where the shop's money goes."""

import json

import pytest

from tests.cast import NOW, PASSWORD, Shop
from tests.payouts import CARD_NUMBER, DAY
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.settling.enter_bank_account import enter_bank_account
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Staff, StaffRole
from wanku.notices.models import Notice
from wanku.people.models import Person
from wanku.settlement.bank_accounts import CARD, COMPANY, Destination, current_account, opened
from wanku.settlement.models import BankAccount

pytestmark = pytest.mark.django_db
TO = Destination(CARD, "安小姐", "中国银行", CARD_NUMBER)


def test_sealed_cooling_and_told_to_every_owner(bo: Shop) -> None:
    second = Person.objects.create_user(email="second@example.com", password=PASSWORD, name="Second")
    clerk = Person.objects.create_user(email="clerk@example.com", password=PASSWORD, name="Clerk")
    Staff.objects.create(merchant=bo.merchant, person=second, role=StaffRole.OWNER, since=NOW)
    Staff.objects.create(merchant=bo.merchant, person=clerk, role=StaffRole.CLERK, since=NOW)
    row = enter_bank_account(bo.merchant.pk, TO, proven=True, actor=bo.actor, now=NOW)
    assert current_account(bo.merchant.pk) == row
    assert (row.usable_from, row.tail, row.set_by, opened(row)) == (NOW + 2 * DAY, "5702", bo.owner.pk, TO)
    letters = Notice.objects.filter(channel="email", kind="bank_account_changed")
    assert set(letters.values_list("address", flat=True)) == {"bo@example.com", "second@example.com"}
    act = Act.objects.get(verb="enter_bank_account")
    assert act.facts == {"kind": "card", "tail": "5702"}
    stored = json.dumps([list(Notice.objects.values("facts")), act.facts, list(BankAccount.objects.values("sealed"))])
    assert CARD_NUMBER not in stored and CARD_NUMBER[:10] not in stored


def test_refused(bo: Shop, cy: Shop) -> None:
    manager = Actor(person_id=bo.owner.pk, seats={bo.merchant.pk: "manager"}, merchant_id=bo.merchant.pk)
    wrong = Destination(COMPANY, "别家有限公司", "招商银行", "592901234567890")
    for to, proven, actor, code in (
        (TO, True, cy.actor, "not_allowed"),
        (TO, True, manager, "not_allowed"),
        (TO, False, bo.actor, "prove_yourself"),
        (wrong, True, bo.actor, "bad_holder"),
    ):
        with pytest.raises(Refusal) as refusal:
            enter_bank_account(bo.merchant.pk, to, proven=proven, actor=actor, now=NOW)
        assert refusal.value.code.name == code
    assert not BankAccount.objects.exists() and not Notice.objects.exists() and not Act.objects.exists()
