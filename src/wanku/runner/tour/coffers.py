"""What shop and finance do with the money of the throw-away instance, through the flows behind their pages.

Django must be set up for its database.
"""

from datetime import datetime
from typing import Final

from django.db.models import Sum

from wanku.access.actor import Actor
from wanku.access.models import PlatformRole, PlatformSeat
from wanku.catalog.models import Category, Variant
from wanku.catalog.rules import ProductData, VariantData
from wanku.flows.integrating.set_channel import set_channel
from wanku.flows.paying.confirm_transfer import confirm_transfer
from wanku.flows.paying.refund_order import refund_order
from wanku.flows.paying.report_transfer import report_transfer
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.flows.selling.list_product import list_product
from wanku.flows.selling.save_product import save_product
from wanku.flows.settling.approve_payout import approve_payout
from wanku.flows.settling.enter_bank_account import enter_bank_account
from wanku.flows.settling.make_payout import make_payout
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Posting
from wanku.merchants.models import Merchant, Staff
from wanku.orders.models import Line, Order
from wanku.payments.refund_plan import Wanted
from wanku.payments.statement_line import StatementLine
from wanku.people.models import Person
from wanku.reconciliation.days import day_of
from wanku.reconciliation.models import FinanceCase
from wanku.runner.tour.market import SLUG
from wanku.settlement.bank_accounts import Destination
from wanku.settlement.models import Payout, Settlement

SKU: Final = "DIAL-1"
MAKER, CHECKER = "maker@tour.wanku.example", "checker@tour.wanku.example"


def furnish(password: str, now: datetime) -> int:
    """A second product, two people of finance, our account for transfers, and the shop's; gives the variant."""
    for email in (MAKER, CHECKER):
        person = Person.objects.create_user(email=email, password=password, name=email.partition("@")[0])
        PlatformSeat.objects.create(person=person, role=PlatformRole.FINANCE, since=now)
    shop, desk = _shop()
    account = {"holder": "玩酷平台", "bank": "招商银行杭州分行", "account": "571908888810000", "currency": "CNY"}
    set_channel("transfer", public=account, secret={}, actor=None, now=now)
    mine = Destination("company", shop.legal_name, "中国银行杭州分行", "6217858000012345678")
    enter_bank_account(shop.pk, mine, proven=True, actor=desk, now=now)
    data = ProductData(
        title="黄铜日晷",
        category_id=Category.objects.values_list("pk", flat=True)[0],
        variants=(VariantData(sku=SKU, price=12_345, weight_g=900),),
    )
    product = save_product(shop.pk, data, product_id=None, stock={SKU: 100}, low_at={}, actor=desk, now=now)
    list_product(product.pk, actor=desk, now=now)
    return int(Variant.objects.get(sku=SKU).pk)


def confirm(number: str, amount: int, now: datetime) -> str:
    """Two people see the transfer on the statement."""
    day = day_of("transfer", now)
    line = StatementLine(amount, day, "王小游", f"HZ{number}")
    transfer = report_transfer(number, line, actor=_finance(MAKER), now=now)
    return confirm_transfer(transfer.pk, amount=amount, booked_on=day, actor=_finance(CHECKER), now=now)


def pay_back(number: str, part: str | int, now: datetime) -> None:
    """The shop pays back one ``piece``, a sum (minor units), or the ``rest``."""
    order = Order.objects.get(number=number)
    if part == "piece":
        wanted = Wanted(pieces={Line.objects.filter(order=order).values_list("pk", flat=True)[0]: 1})
    elif part == "rest":
        wanted = Wanted(everything=True)
    else:
        wanted = Wanted(amount=int(part))
    refund_order(order.pk, wanted, because="客人改了主意", actor=_shop()[1], now=now)


def pay_out(now: datetime) -> tuple[int, str]:
    """Make and approve the payout of the latest settlement: its amount, and what the maker heard who approved it."""
    settlement = Settlement.objects.filter(state="payable").latest("drawn_at")
    payout = make_payout(settlement.pk, actor=_finance(MAKER), now=now)
    heard = ""
    try:
        approve_payout(payout.pk, actor=_finance(MAKER), now=now)
    except Refusal as refusal:
        heard = refusal.code.name
    approve_payout(payout.pk, actor=_finance(CHECKER), now=now)
    return payout.amount, heard


def paid_out() -> tuple[str, int]:
    """The state of the payout, and what is still on its way."""
    on_the_way = Posting.objects.filter(account__startswith="payout:").aggregate(sum=Sum("amount"))["sum"]
    return Payout.objects.latest("created_at").state, on_the_way or 0


def reconcile(gateway: str, start: datetime, now: datetime) -> tuple[int, int, int, int]:
    """Lines of the bill of the day of ``start``, those that agree, fees (minor units), and differences that wait."""
    day = day_of(gateway, start)
    done = reconcile_day(gateway, day, now=now)
    waiting = FinanceCase.objects.filter(gateway=gateway, due_at__isnull=False).count()
    fees = Posting.objects.filter(account="platform:fees", entry__ref_type="bill")
    fees = fees.filter(entry__postings__account=f"gateway:{gateway}:clearing")
    return done.rows, done.matched, -int(fees.aggregate(sum=Sum("amount"))["sum"] or 0), waiting


def _finance(email: str) -> Actor:
    return Actor(person_id=Person.objects.get(email=email).pk, platform=frozenset({str(PlatformRole.FINANCE)}))


def _shop() -> tuple[Merchant, Actor]:
    shop = Merchant.objects.get(slug=SLUG)
    owner = Staff.objects.get(merchant=shop)
    return shop, Actor(person_id=owner.person_id, seats={shop.pk: owner.role}, merchant_id=shop.pk)
