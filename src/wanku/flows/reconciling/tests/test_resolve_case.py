"""What finance decides about a difference is carried out; a case never just closes."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.billed import NEXT_MORNING, TODAY, Billed
from tests.bought import opened, placed
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.audit.models import Act, Move
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.flows.paying.settle_attempt import settle_attempt
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.flows.reconciling.resolve_case import resolve_case
from wanku.flows.reconciling.tests.conftest import Pay
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry, Posting
from wanku.orders.models import Order, Trade
from wanku.payments.channel import BillRow
from wanku.payments.models import Attempt, Refund
from wanku.reconciliation.models import Bill, BillLine, FinanceCase

DAY = timedelta(days=1)
LATER = NEXT_MORNING + timedelta(hours=2)


@pytest.fixture
def unheard(channel: Billed, ann_actor: Actor, bo: Shop) -> Attempt:
    """Paid at the channel, and we never heard of it."""
    attempt = opened(placed(ann_actor, (product_of(bo.merchant), 1)))
    channel.paid(attempt)
    return attempt


def case_of(*days: int) -> FinanceCase:
    """Reconcile the days (of today, else) and give the one case."""
    for day in days or (0,):
        reconcile_day("sandbox", TODAY + day * DAY, now=NEXT_MORNING + day * DAY)
    return FinanceCase.objects.get()


def resolve(case: FinanceCase, resolution: str, actor: Actor, because: str = "对账单与银行核对一致") -> FinanceCase:
    """As finance does it."""
    resolve_case(case.pk, resolution, actor=actor, because=because, now=LATER)
    return FinanceCase.objects.get(pk=case.pk)


def refused(case: FinanceCase, resolution: str, actor: Actor, because: str = "核对一致") -> str:
    """The code of the refusal; nothing may have changed."""
    before = [Entry.objects.count(), Move.objects.count(), Act.objects.count(), FinanceCase.objects.values().get()]
    with pytest.raises(Refusal) as no:
        resolve(case, resolution, actor, because)
    assert [
        Entry.objects.count(), Move.objects.count(), Act.objects.count(), FinanceCase.objects.values().get()
    ] == before  # fmt: skip
    return no.value.code.name


def written_off() -> Sequence[tuple[str, int]]:
    """Postings of write-offs."""
    rows = Posting.objects.filter(entry__reason="write_off").order_by("id")
    return list(rows.values_list("account", "amount"))


def sound() -> None:
    """All invariants hold, and the bill agrees with the ledger to the fen."""
    assert [(check.code, check.rows) for check in prove_books() if not check.holds] == []


def test_book_missing_capture(unheard: Attempt, channel: Billed, di_actor: Actor) -> None:
    case = resolve(case_of(), "book_missing_capture", di_actor)
    assert (case.state, case.resolution, case.resolved_by) == ("resolved", "book_missing_capture", di_actor.person_id)
    assert (case.resolved_at, case.due_at, case.because) == (LATER, None, "对账单与银行核对一致")
    assert Trade.objects.get().state == "paid"
    assert BillLine.objects.get().found == "matched"
    bill = Bill.objects.get()
    assert bill.ours == bill.theirs
    act = Act.objects.get(verb="resolve_case")
    assert (act.subject_id, act.facts["resolution"]) == (str(case.pk), "book_missing_capture")
    sound()


def test_a_late_capture_goes_back_by_itself(unheard: Attempt, channel: Billed, di_actor: Actor) -> None:
    """The ordinary path decides what the money is for: here the buyer paid the trade another time already."""
    channel.forget(unheard.number)
    second = opened(unheard.trade)
    channel.paid(second)
    settle_attempt(channel.result(second.number), now=NOW)
    channel.paid(unheard)
    resolve(case_of(), "book_missing_capture", di_actor)
    assert (Refund.objects.get().reason, Refund.objects.get().amount) == ("duplicate", 9900)
    sound()


def test_the_channel_denies(unheard: Attempt, channel: Billed, di_actor: Actor) -> None:
    case = case_of()
    channel.forget(unheard.number)
    assert refused(case, "book_missing_capture", di_actor) == "channel_denies"
    channel.down = True
    assert refused(case, "book_missing_capture", di_actor) == "bill_not_answered"
    assert Trade.objects.get().state == "placed"


def test_a_refund_that_we_did_not_hear_of(channel: Billed, pay: Pay, ann_actor: Actor, di_actor: Actor) -> None:
    order = Order.objects.get(trade=pay().trade_id)
    withdraw_order(order.pk, actor=ann_actor, because="changed_mind", now=NOW)
    refund = Refund.objects.get()
    channel.rows.append(BillRow("refund", refund.number, "RR", refund.amount, 0, "CNY", NOW))
    Refund.objects.update(state="stuck", tries=5, due_at=NOW + 9 * DAY)
    case = resolve(case_of(), "book_missing_capture", di_actor)
    assert (case.state, Refund.objects.get().state) == ("resolved", "succeeded")
    assert BillLine.objects.get(kind="refund").found == "matched"
    sound()


def test_refund_buyer_of_a_wrong_amount(unheard: Attempt, channel: Billed, di_actor: Actor) -> None:
    channel.change(unheard.number, amount=5000)
    case = case_of()
    assert (case.kind, case.ours, case.theirs) == ("amount", None, 5000)
    assert refused(case, "book_missing_capture", di_actor) == "bad_value"
    assert resolve(case, "refund_buyer", di_actor).state == "resolved"
    attempt, refund = Attempt.objects.get(), Refund.objects.get()
    assert (attempt.state, attempt.duplicate, attempt.amount) == ("captured", True, 5000)
    assert (refund.amount, refund.reason, refund.state) == (5000, "wrong_amount", "created")
    assert Trade.objects.get().state == "placed"
    assert BillLine.objects.get().found == "matched"
    sound()
    send_due_refunds(now=LATER, limit=9)
    assert Refund.objects.get().state == "succeeded"
    sound()


def test_refund_buyer_needs_the_channels_word(unheard: Attempt, channel: Billed, di_actor: Actor) -> None:
    channel.change(unheard.number, amount=5000)
    case = case_of()
    channel.change(unheard.number, amount=5001)
    assert refused(case, "refund_buyer", di_actor) == "channel_denies"
    assert not Refund.objects.exists()


def test_refund_buyer_sends_a_lost_refund_again(channel: Billed, pay: Pay, ann_actor: Actor, di_actor: Actor) -> None:
    order = Order.objects.get(trade=pay().trade_id)
    withdraw_order(order.pk, actor=ann_actor, because="changed_mind", now=NOW)
    send_due_refunds(now=NOW, limit=9)
    channel.forget(Refund.objects.get().number)
    case = case_of(-1, 0, 1)
    assert (case.kind, case.subject) == ("missing_there", "refund")
    channel.now = NEXT_MORNING
    channel.calls.clear()
    case = resolve(case, "refund_buyer", di_actor)
    assert (case.state, case.due_at, channel.calls) == ("expected", LATER + 2 * DAY, ["query_refund", "refund"])
    reconcile_day("sandbox", TODAY + DAY, now=NEXT_MORNING + DAY)
    assert (FinanceCase.objects.get().state, FinanceCase.objects.get().resolution) == ("resolved", "came_right")
    sound()


def test_write_off(channel: Billed, pay: Pay, di_actor: Actor) -> None:
    channel.change(pay().number, amount=9890)
    case = resolve(case_of(), "write_off", di_actor)
    assert (case.state, case.difference) == ("resolved", -10)
    assert written_off() == [("gateway:sandbox:clearing", 10), ("platform:write_offs", -10)]
    bill = Bill.objects.get()
    assert bill.ours == bill.theirs
    sound()


def test_a_large_write_off_takes_two(channel: Billed, di_actor: Actor) -> None:
    channel.rows.append(BillRow("payment", "stranger", "R", 10_001, 0, "CNY", NOW))
    case = case_of()
    assert resolve(case, "write_off", di_actor).state == "proposed"
    assert written_off() == []
    case = FinanceCase.objects.get()
    assert (case.proposed_by, case.due_at) == (di_actor.person_id, LATER + DAY)
    assert refused(case, "explained", di_actor) == "wrong_state"


def test_what_was_written_off_and_turns_up_is_taken_back(unheard: Attempt, channel: Billed, di_actor: Actor) -> None:
    case = resolve(case_of(), "write_off", di_actor)
    assert written_off() == [("gateway:sandbox:clearing", -9900), ("platform:write_offs", 9900)]
    sound()
    settle_attempt(channel.result(unheard.number), now=LATER)
    for _ in range(2):
        reconcile_day("sandbox", TODAY + DAY, now=NEXT_MORNING + DAY)
    assert sum(amount for account, amount in written_off() if account == "platform:write_offs") == 0
    assert len(written_off()) == 4
    assert FinanceCase.objects.get().resolution == case.resolution == "write_off"
    sound()


def test_expected_next_day(channel: Billed, pay: Pay, di_actor: Actor) -> None:
    attempt = pay()
    channel.forget(attempt.number)
    case = resolve(case_of(-1, 0, 1), "channel_error_expected_next_day", di_actor)
    assert (case.state, case.due_at) == ("expected", LATER + 2 * DAY)
    channel.paid(attempt, at=NOW + 2 * DAY)
    reconcile_day("sandbox", TODAY + 2 * DAY, now=NEXT_MORNING + 2 * DAY)
    case.refresh_from_db()
    assert (case.state, case.resolution) == ("resolved", "came_right")
    sound()


def test_explained(channel: Billed, pay: Pay, di_actor: Actor) -> None:
    channel.rows.append(BillRow("payment", "stranger", "R", 10_000, 0, "CNY", NOW))
    case = resolve(case_of(), "explained", di_actor, "渠道测试交易，已书面确认")
    assert (case.state, case.because) == ("resolved", "渠道测试交易，已书面确认")
    assert written_off() == []
    sound()


def test_refusals(unheard: Attempt, di_actor: Actor, ann_actor: Actor, bo: Shop) -> None:
    case = case_of()
    assert refused(case, "explained", ann_actor) == "not_allowed"
    assert refused(case, "explained", bo.actor) == "not_allowed"
    assert refused(case, "explained", Actor()) == "sign_in"
    assert refused(case, "explained", di_actor, " ") == "bad_value"
    assert refused(case, "nothing", di_actor) == "bad_value"
    assert refused(case, "came_right", di_actor) == "bad_value"
    assert refused(case, "refund_buyer", di_actor) == "bad_value"
    resolve(case, "explained", di_actor)
    assert refused(case, "explained", di_actor) == "wrong_state"
    with pytest.raises(Refusal) as no:
        resolve_case(Trade.objects.get().pk, "explained", actor=di_actor, because="核对", now=LATER)
    assert no.value.code.name == "not_found"
