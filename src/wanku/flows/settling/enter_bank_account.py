"""An owner says where the shop's money goes."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.audit.rules import due
from wanku.flows.talking._links import desk_bank_account
from wanku.flows.talking._recipients import desks, member
from wanku.kernel.refusal import Refusal
from wanku.merchants.models import Merchant, Staff, StaffRole
from wanku.notices.tell import Message, tell
from wanku.people.models import Person
from wanku.settlement.bank_accounts import Destination, keep_account
from wanku.settlement.models import BankAccount
from wanku.settlement.refusals import PROVE_YOURSELF


def enter_bank_account(merchant_id: int, to: Destination, *, proven: bool, actor: Actor, now: datetime) -> BankAccount:
    """Use this account from now on. Nothing is paid to it before the cooling time is over (rule ``bank_cooling``).

    Every owner and the shop's contact address are told by e-mail, with the last digits only, so that a change that
    was not theirs is noticed while it can still be undone.

    Args:
        proven: whether the person has just shown again that it is them.

    Raises:
        Refusal: ``not_allowed``, ``prove_yourself``, and what `Destination.checked` refuses.
    """
    require(actor, Permission.BANK_ACCOUNT_EDIT, merchant_id)
    if not proven:
        raise Refusal(PROVE_YOURSELF)
    with transaction.atomic():
        merchant = Merchant.objects.select_for_update(no_key=True).get(pk=merchant_id)
        checked = to.checked(merchant.legal_name)
        row = keep_account(merchant_id, checked, set_by=actor.person_id, usable_from=due("bank_cooling", now), now=now)
        record(
            "enter_bank_account",
            actor_id=actor.person_id,
            subject_type="merchant",
            subject_id=merchant_id,
            merchant_id=merchant_id,
            facts={"kind": checked.kind, "tail": row.tail},
            now=now,
        )
        _tell(merchant, row, now)
        return row


def _tell(merchant: Merchant, row: BankAccount, now: datetime) -> None:
    owners = Staff.objects.filter(merchant=merchant, role=StaffRole.OWNER).values("person")
    facts = {"shop": merchant.name, "tail": row.tail, "until": {"at": row.usable_from.isoformat()}}
    readers = [desks([merchant])[merchant.pk], *map(member, Person.objects.filter(pk__in=owners).order_by("pk"))]
    link = desk_bank_account(merchant)
    tell(
        [Message(f"bank_account:{row.pk}", "bank_account_changed", to, facts, link, email=True) for to in readers],
        now=now,
    )
