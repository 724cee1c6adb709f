"""The unchanged SDK against the simulated Stripe, over a real socket."""

from datetime import timedelta
from typing import Any

import pytest
from stripe import HTTPClient

from tests.banks import Banks
from tests.cast import NOW
from wanku.kernel.ids import new_number
from wanku.kernel.money import exponent
from wanku.payments.accounts import add_account, forget
from wanku.payments.channel import (
    ChannelDown,
    ChannelState,
    Known,
    NoBill,
    Opened,
    Opening,
    RefundCall,
    RefundState,
    ShownAs,
)
from wanku.payments.gateways import GATEWAYS
from wanku.payments.gateways.stripe import CURRENCIES, NAME
from wanku.payments.models import ChannelAccount
from wanku.sandbox.banks.books import Payment, Refund
from wanku.sandbox.banks.stripe import cards
from wanku.sandbox.banks.stripe.bank import StripeBank

STRIPE = GATEWAYS["stripe"]
CARD = "4242424242424242"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK waits before it tries again; here nobody needs that."""
    monkeypatch.setattr(HTTPClient, "INITIAL_DELAY", 0.0)


@pytest.fixture
def stripe(banks: Banks) -> StripeBank:
    """The bank itself."""
    bank = banks.banks["stripe"]
    assert isinstance(bank, StripeBank)
    return bank


def opening(**other: Any) -> Opening:
    """What we ask for."""
    facts: dict[str, Any] = {
        "number": new_number(NOW),
        "method": "card",
        "amount": 12_345,
        "currency": "CNY",
        "subject": "Wanku 261111-00000-00000-0",
        "expires_at": NOW + timedelta(minutes=15),
        "notify_url": "http://testserver/hooks/payments/stripe",
        "return_url": "http://testserver/pay/1/result/",
    }
    return Opening(**facts | other)


def paid(banks: Banks, card: str = CARD, **other: Any) -> tuple[Opening, Opened]:
    """A payment that was made; its notices are kept back."""
    asked = opening(**other)
    opened = STRIPE.open(asked)
    cards.try_card(banks.banks["stripe"], banks.payment(asked.number), card)
    return asked, opened


def call_of(asked: Opening, ref: str, amount: int = 5000, **other: Any) -> RefundCall:
    """A refund of a payment."""
    return RefundCall(new_number(NOW), asked.number, amount, asked.amount, asked.currency, "refunded", ref, **other)


def intent_of(asked: Opening, opened: Opened) -> str:
    """What the books keep once it is paid."""
    return STRIPE.query(Known(asked.number, opened.channel_ref)).channel_ref


def test_not_offered_until_it_is_set_up(db: None) -> None:
    assert STRIPE.methods() == {}
    with pytest.raises(ChannelDown):
        STRIPE.open(opening())


def test_units_of_the_offered_currencies_are_ours() -> None:
    whole = {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
    special = {"ISK", "UGX", "BHD", "JOD", "KWD", "OMR", "TND"}  # of round sums only, docs.stripe.com/currencies
    assert not CURRENCIES & special
    assert all(exponent(currency) == (0 if currency in whole else 2) for currency in CURRENCIES)


def test_a_card_is_typed_on_their_page_and_pays(banks: Banks) -> None:
    asked = opening()
    opened = STRIPE.open(asked)
    known = Known(asked.number, opened.channel_ref)
    assert opened.shown_as == ShownAs.REDIRECT and opened.value.startswith(f"{banks.url}/stripe/c/pay/")
    assert STRIPE.query(known).state == ChannelState.PENDING
    cards.try_card(banks.banks["stripe"], banks.payment(asked.number), CARD)
    result = STRIPE.query(known)
    assert (result.state, result.amount, result.currency) == (ChannelState.CAPTURED, 12_345, "CNY")
    assert result.number == asked.number and result.channel_ref.startswith("pi_")
    assert STRIPE.query(Known(asked.number, result.channel_ref)) == result


def test_whole_yen(banks: Banks) -> None:
    asked, opened = paid(banks, currency="JPY", amount=800)
    result = STRIPE.query(Known(asked.number, opened.channel_ref))
    assert (result.amount, result.currency) == (800, "JPY") and banks.payment(asked.number).amount == 800


def test_the_same_number_is_the_same_session(banks: Banks) -> None:
    asked = opening()
    assert STRIPE.open(asked) == STRIPE.open(asked)
    assert len(banks.books.all(Payment)) == 1


def test_the_same_number_for_other_money_is_an_error(banks: Banks) -> None:
    asked = opening()
    STRIPE.open(asked)
    with pytest.raises(ChannelDown, match="Idempotency"):
        STRIPE.open(opening(number=asked.number, amount=1))
    assert [payment.amount for payment in banks.books.all(Payment)] == [asked.amount]


def test_a_declined_card_fails_nothing_while_the_page_is_open(banks: Banks) -> None:
    asked, opened = paid(banks, "4000000000009995")
    known = Known(asked.number, opened.channel_ref)
    result = STRIPE.query(known)
    assert (result.state, result.failure, result.amount) == (ChannelState.PENDING, "insufficient_funds", None)
    assert not result.under_way
    cards.try_card(banks.banks["stripe"], banks.payment(asked.number), CARD)
    assert STRIPE.query(known).state == ChannelState.CAPTURED


@pytest.mark.parametrize(("yes", "state"), [(True, ChannelState.CAPTURED), (False, ChannelState.PENDING)])
def test_a_second_step(banks: Banks, yes: bool, state: ChannelState) -> None:
    asked, opened = paid(banks, "4000002500003155")
    known = Known(asked.number, opened.channel_ref)
    assert STRIPE.query(known).state == ChannelState.PENDING
    cards.confirm(banks.banks["stripe"], banks.payment(asked.number), yes=yes)
    assert STRIPE.query(known).state == state


def test_a_payment_whose_answer_was_lost_is_found_by_its_number(banks: Banks) -> None:
    asked = opening()
    banks.fault("stripe", "create", "lost_answer", times=2)  # the SDK tries a second time with the same key
    with pytest.raises(ChannelDown):
        STRIPE.open(asked)
    for _ in range(120):  # more than a page of others
        banks.banks["stripe"].books.add(_copy(banks.payment(asked.number)))
    assert STRIPE.query(Known(asked.number)).state == ChannelState.PENDING
    assert STRIPE.close(Known(asked.number)).state == ChannelState.CLOSED
    assert STRIPE.query(Known(new_number(NOW))).state == ChannelState.UNKNOWN
    assert STRIPE.query(Known("not a number")).state == ChannelState.UNKNOWN


def _copy(payment: Payment) -> Payment:
    number = new_number(NOW)
    facts = {**payment.facts, "reference": number, "metadata": {"number": number}, "intent": f"pi_{number}"}
    return Payment(
        channel="stripe", number=number, ref=f"cs_test_{number}", token=number, account="shop", amount=1,
        currency="CNY", opened_at=payment.opened_at, expires_at=payment.expires_at, facts=facts,
    )  # fmt: skip


def test_a_lost_answer_is_got_by_trying_again(banks: Banks) -> None:
    banks.fault("stripe", "create", "lost_answer")
    STRIPE.open(opening())
    assert len(banks.books.all(Payment)) == 1


def test_one_that_they_do_not_know_any_more(banks: Banks) -> None:
    assert STRIPE.query(Known(new_number(NOW), "cs_test_unknown")).state == ChannelState.UNKNOWN


def test_a_session_of_another_payment_is_not_believed(banks: Banks) -> None:
    opened = STRIPE.open(opening())
    with pytest.raises(ChannelDown):
        STRIPE.query(Known(new_number(NOW), opened.channel_ref))


@pytest.mark.parametrize("kind", ["error", "lost_answer"])
def test_what_is_not_known_is_not_guessed(banks: Banks, kind: str) -> None:
    asked, opened = paid(banks)
    for call, ask in (
        ("query", lambda: STRIPE.query(Known(asked.number, opened.channel_ref))),
        ("refund", lambda: STRIPE.refund(call_of(asked, intent_of(asked, opened)))),
        ("query_refund", lambda: STRIPE.query_refund(call_of(asked, "pi_1"))),
    ):
        banks.fault("stripe", call, kind, times=2)
        with pytest.raises(ChannelDown):
            ask()


def test_an_altered_answer_is_not_believed(banks: Banks) -> None:
    asked, opened = paid(banks)
    banks.fault("stripe", "query", "altered")
    try:
        result = STRIPE.query(Known(asked.number, opened.channel_ref))
    except ChannelDown:
        return  # no longer JSON, or another number
    assert result.number == asked.number


def test_closing_makes_it_unpayable(banks: Banks) -> None:
    asked = opening()
    opened = STRIPE.open(asked)
    known = Known(asked.number, opened.channel_ref)
    assert STRIPE.close(known).state == ChannelState.CLOSED
    cards.try_card(banks.banks["stripe"], banks.payment(asked.number), CARD)
    assert banks.payment(asked.number).state == "closed"
    assert STRIPE.close(known).state == ChannelState.CLOSED


def test_closing_tells_of_a_payment_that_came_first(banks: Banks) -> None:
    asked, opened = paid(banks)
    result = STRIPE.close(Known(asked.number, opened.channel_ref))
    assert (result.state, result.amount) == (ChannelState.CAPTURED, asked.amount)


def test_closing_waits_for_a_payment_under_way(banks: Banks) -> None:
    asked = opening()
    opened = STRIPE.open(asked)
    banks.fault("stripe", "pay", "late", seconds=60, number=asked.number)
    cards.try_card(banks.banks["stripe"], banks.payment(asked.number), CARD)
    going = STRIPE.close(Known(asked.number, opened.channel_ref))
    assert (going.state, going.under_way) == (ChannelState.PENDING, True)
    banks.banks["stripe"].settle_late(NOW + timedelta(minutes=2))
    assert STRIPE.close(Known(asked.number, opened.channel_ref)).state == ChannelState.CAPTURED


def test_a_refund_happens_once(banks: Banks) -> None:
    asked, opened = paid(banks)
    call = call_of(asked, intent_of(asked, opened))
    assert STRIPE.query_refund(call).state == RefundState.UNKNOWN
    first = STRIPE.refund(call)
    assert (first.state, first.amount, first.number) == (RefundState.SUCCEEDED, 5000, call.number)
    assert STRIPE.refund(call) == first == STRIPE.query_refund(call)
    assert len(banks.books.all(Refund)) == 1


def test_a_refund_whose_answers_were_lost_happens_once(banks: Banks) -> None:
    asked, opened = paid(banks)
    call = call_of(asked, opened.channel_ref)  # the session: the notice of its payment never came
    banks.fault("stripe", "refund", "lost_answer", times=2)
    with pytest.raises(ChannelDown):
        STRIPE.refund(call)
    assert STRIPE.query_refund(call).state == RefundState.SUCCEEDED
    assert STRIPE.refund(call).state == RefundState.SUCCEEDED
    assert [refund.amount for refund in banks.books.all(Refund)] == [5000]


def test_no_more_goes_back_than_was_paid(banks: Banks) -> None:
    asked, opened = paid(banks)
    intent = intent_of(asked, opened)
    assert STRIPE.refund(call_of(asked, intent, 12_000)).state == RefundState.SUCCEEDED
    too_much = STRIPE.refund(call_of(asked, intent, 346))
    assert (too_much.state, too_much.failure) == (RefundState.FAILED, "refused")
    assert STRIPE.refund(call_of(asked, intent, 345)).state == RefundState.SUCCEEDED
    spent = STRIPE.refund(call_of(asked, intent, 1))
    assert (spent.state, spent.failure) == (RefundState.FAILED, "charge_already_refunded")
    assert sum(refund.amount for refund in banks.books.all(Refund)) == asked.amount


def test_nothing_goes_back_of_what_was_never_paid(banks: Banks) -> None:
    asked = opening()
    opened = STRIPE.open(asked)
    result = STRIPE.refund(call_of(asked, opened.channel_ref))
    assert (result.state, result.failure) == (RefundState.FAILED, "no_such_payment")
    assert not banks.books.all(Refund)


def test_a_refund_that_takes_its_time(banks: Banks) -> None:
    asked, opened = paid(banks, cards.SLOW_REFUND)
    call = call_of(asked, intent_of(asked, opened))
    assert STRIPE.refund(call).state == RefundState.PROCESSING
    banks.banks["stripe"].tick(NOW + timedelta(minutes=2))
    assert STRIPE.query_refund(call).state == RefundState.SUCCEEDED


def test_a_refund_that_came_back_is_sent_anew(banks: Banks) -> None:
    asked, opened = paid(banks, cards.LOST_REFUND)
    call = call_of(asked, intent_of(asked, opened))
    assert STRIPE.refund(call).state == RefundState.SUCCEEDED
    banks.banks["stripe"].tick(NOW + timedelta(minutes=3))
    lost = STRIPE.query_refund(call)
    assert (lost.state, lost.failure) == (RefundState.FAILED, "lost_or_stolen_card")
    again = STRIPE.refund(call)
    assert again.state == RefundState.SUCCEEDED and again.channel_ref != lost.channel_ref
    assert STRIPE.refund(call) == again
    assert len(banks.books.all(Refund)) == 2


def test_the_bill_of_a_day(banks: Banks) -> None:
    asked, opened = paid(banks)
    intent = intent_of(asked, opened)
    call = call_of(asked, intent)
    STRIPE.refund(call)
    with pytest.raises(NoBill):
        STRIPE.bill(NOW.date())
    banks.now = NOW + timedelta(days=1)
    rows = {(row.kind, row.number, row.amount, row.fee, row.currency) for row in STRIPE.bill(NOW.date())}
    assert rows == {("payment", asked.number, 12_345, 388, "CNY"), ("refund", call.number, 5000, 0, "CNY")}
    assert {row.channel_ref for row in STRIPE.bill(NOW.date()) if row.kind == "payment"} == {intent}
    assert not STRIPE.bill(NOW.date() - timedelta(days=1))


def test_a_long_bill_comes_in_pages(banks: Banks) -> None:
    numbers = {paid(banks)[0].number}
    first = banks.payment(next(iter(numbers)))
    for _ in range(130):
        copy = _copy(first)
        copy.state, copy.paid_at, copy.facts["charge"] = "paid", NOW, f"ch_{copy.number}"
        copy.facts["intent_metadata"] = {"number": copy.number}
        numbers.add(banks.books.add(copy).number)
    banks.now = NOW + timedelta(days=1)
    assert {row.number for row in STRIPE.bill(NOW.date())} == numbers


def test_a_payment_stays_with_the_account_that_it_was_made_at(banks: Banks) -> None:
    """The account is replaced by one at another Stripe while payments are open and others are paid."""
    open_asked = opening()
    open_ref = STRIPE.open(open_asked).channel_ref
    lost = opening()
    STRIPE.open(lost)
    asked, opened = paid(banks)
    intent = intent_of(asked, opened)
    other = Banks()
    other.server.start()
    try:
        account = other.server.accounts()[NAME]
        row = add_account(NAME, public=account["public"], secret=account["secret"], set_by=None, now=NOW)
        new, new_opened = paid(other)
        assert STRIPE.query(Known(new.number, new_opened.channel_ref)).state == ChannelState.CAPTURED
        assert STRIPE.query(Known(asked.number, opened.channel_ref)).state == ChannelState.CAPTURED
        assert STRIPE.query(Known(asked.number, intent)).state == ChannelState.CAPTURED
        assert STRIPE.query(Known(lost.number)).state == ChannelState.PENDING
        assert STRIPE.close(Known(open_asked.number, open_ref)).state == ChannelState.CLOSED
        assert banks.payment(open_asked.number).state == "closed"
        call = call_of(asked, intent)
        assert STRIPE.refund(call).state == RefundState.SUCCEEDED == STRIPE.query_refund(call).state
        assert banks.refund(call.number).amount == 5000
        assert STRIPE.refund(call_of(opening(), "pi_nobody")).failure == "no_such_payment"
        assert STRIPE.query(Known(new_number(NOW), "cs_test_nobody")).state == ChannelState.UNKNOWN
        banks.now = other.now = NOW + timedelta(days=1)
        booked = sorted((line.kind, line.number) for line in STRIPE.bill(NOW.date()))
        assert booked == sorted([("payment", asked.number), ("payment", new.number), ("refund", call.number)])
        ChannelAccount.objects.exclude(pk=row.pk).filter(gateway=NAME).update(until=NOW)
        forget()
        assert STRIPE.query(Known(asked.number, opened.channel_ref)).state == ChannelState.UNKNOWN, "it is ended"
    finally:
        other.server.stop()
        other.books.close()
