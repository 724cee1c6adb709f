"""A shop's settlements: what each period came to, and its lines."""

from ninja import Path, Router

from wanku.access.can import Permission
from wanku.api.callers import KNOWN, desk
from wanku.api.cursors import Cursor, Limit, Page, by_key, newest
from wanku.api.fields import Number, Slug
from wanku.api.shapes.settlements import PayoutShape, SettlementLineShape, SettlementShape
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.orders.models import Order
from wanku.settlement.models import Payout, Settlement
from wanku.ui.request import Request

router = Router(tags=["desk: money"], auth=KNOWN)
FIGURES = ("opening", "orders", "refunds", "commission", "fees", "payouts", "other", "closing", "payable")


@router.get("/merchants/{slug}/settlements", response=Page[SettlementShape], summary="Settlements of a shop")
def list_settlements(
    request: Request, slug: Path[Slug], limit: Limit = 20, cursor: Cursor = None
) -> Page[SettlementShape]:
    """The latest first, each with the payouts made of it. Scope `money.see`."""
    _, merchant = desk(request, slug, Permission.MONEY_SEE)
    rows = Settlement.objects.filter(merchant=merchant).prefetch_related("paid_by__account")
    found, following = newest(rows, "drawn_at", cursor, limit)
    return Page[SettlementShape](items=[_shape(row) for row in found], next_cursor=following)


@router.get(
    "/merchants/{slug}/settlements/{number}/lines", response=Page[SettlementLineShape], summary="Lines of a settlement"
)
def list_settlement_lines(
    request: Request, slug: Path[Slug], number: Path[Number], limit: Limit = 20, cursor: Cursor = None
) -> Page[SettlementLineShape]:
    """Every movement that is in it, latest first; their amounts sum to its change of balance. Scope `money.see`."""
    _, merchant = desk(request, slug, Permission.MONEY_SEE)
    settlement = Settlement.objects.filter(merchant=merchant, number=number).first()
    if settlement is None:
        raise Refusal(NOT_FOUND)
    found, following = by_key(settlement.lines.all(), cursor, limit)
    ids = {row.order_id for row in found if row.order_id}
    numbers = dict(Order.objects.filter(pk__in=ids, merchant=merchant).values_list("pk", "number"))
    items = [
        SettlementLineShape(
            id=row.pk,
            kind=row.kind,
            order_number=numbers.get(row.order_id) if row.order_id else None,
            amount=row.amount,
            at=row.at,
        )
        for row in found
    ]
    return Page[SettlementLineShape](items=items, next_cursor=following)


def _shape(row: Settlement) -> SettlementShape:
    payouts = sorted(row.paid_by.all(), key=lambda payout: payout.created_at)
    return SettlementShape(
        number=row.number,
        state=row.state,
        since=row.since,
        until=row.until,
        currency=row.currency,
        paid_by=[_payout(payout) for payout in payouts],
        **{name: getattr(row, name) for name in FIGURES},
    )


def _payout(row: Payout) -> PayoutShape:
    return PayoutShape(
        number=row.number,
        state=row.state,
        amount=row.amount,
        currency=row.currency,
        account=row.account.tail,
        failure=row.failure,
        created_at=row.created_at,
        paid_at=row.paid_at,
    )
