"""Bank transfers: what waits for the second person, refunds that wait to be paid, and what was decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wanku.payments.accounts import accounts_of
from wanku.payments.models import BankTransfer, Refund
from wanku.payments.states import CONFIRMED, DECLINED, FAILED, REPORTED, SENT, STUCK
from wanku.people.models import Person

GATEWAY: Final = "transfer"
PAGE: Final = 30
CHECK, REFUNDS, DONE = "check", "refunds", "done"
VIEWS: Final = (CHECK, REFUNDS, DONE)
OUTCOMES: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        "paid": _("Pays its order"),
        "wrong_amount": _("Another sum than was asked: goes back"),
        "duplicate": _("Came a second time: goes back"),
        "late": _("Came too late: goes back"),
        "sent_back": _("Paid back"),
    }
)


@dataclass(frozen=True, slots=True)
class ToPay:
    """A refund that finance is to transfer, with the transfer that it goes back of, if that is known."""

    refund: Refund
    came: BankTransfer | None


def currency() -> str:
    """Of the account in use."""
    account = next(iter(accounts_of(GATEWAY)), None)
    return account.public["currency"] if account else "CNY"


def transfers(view: str, number: str | None) -> Page[BankTransfer]:
    """Those to check, oldest first, or those that were decided, newest first."""
    rows = BankTransfer.objects.select_related("attempt__trade", "refund")
    if view == CHECK:
        rows = rows.filter(state=REPORTED).order_by("made_at", "pk")
    else:
        rows = rows.filter(state__in=[CONFIRMED, DECLINED]).order_by("-decided_at", "pk")
    return Paginator(rows, PAGE).get_page(number)


def refunds(number: str | None) -> Page[Refund]:
    """Refunds that nobody has reported as paid, oldest first."""
    return Paginator(_to_pay().select_related("attempt", "trade").order_by("created_at", "pk"), PAGE).get_page(number)


def with_payers(rows: Sequence[Refund]) -> list[ToPay]:
    """Whom the money came from, of each."""
    came = BankTransfer.objects.filter(attempt__in=[r.attempt_id for r in rows], refund=None, state=CONFIRMED)
    by_attempt = {transfer.attempt_id: transfer for transfer in came}
    return [ToPay(refund, by_attempt.get(refund.attempt_id)) for refund in rows]


def counts() -> Mapping[str, int]:
    """What waits, by view."""
    return {CHECK: BankTransfer.objects.filter(state=REPORTED).count(), REFUNDS: _to_pay().count()}


def names(rows: Sequence[BankTransfer]) -> Mapping[int, str]:
    """Names of the people who reported and decided, by id."""
    ids = {who for row in rows for who in (row.maker, row.checker) if who is not None}
    return {person.pk: person.name for person in Person.objects.filter(pk__in=ids)}


def _to_pay() -> QuerySet[Refund]:
    reported = BankTransfer.objects.filter(refund=OuterRef("pk")).exclude(state=DECLINED)
    return Refund.objects.filter(attempt__gateway=GATEWAY, state__in=[SENT, FAILED, STUCK]).exclude(Exists(reported))
