"""Finance holds money back, and lets it go."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from tests.at_once import Meeting, at_once, locks_off
from tests.bank import Bank
from tests.cast import NOW, Shop
from tests.sale import Sale, balance, paid
from wanku.access.actor import Actor
from wanku.audit.models import Act, Move
from wanku.flows.settling.freeze_money import Freezing, freeze_money
from wanku.flows.settling.release_order import release_order
from wanku.flows.talking.tell_moves import tell_moves
from wanku.kernel.money import Money
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry, Freeze
from wanku.notices.models import Notice

pytestmark = pytest.mark.django_db


def mine(shop: Shop) -> tuple[int, int, int]:
    """Held, frozen and available."""
    at = f"merchant:{shop.merchant.pk}"
    return balance(f"{at}:held"), balance(f"{at}:frozen"), balance(f"{at}:available")


def freeze(shop: Shop, actor: Actor, amount: int | None = None, order: str = "") -> Freeze:
    return freeze_money(
        Freezing(shop.merchant.pk, amount, order), because="消费者投诉假货", actor=actor, now=NOW
    )  # fmt: skip


def test_an_order_that_is_held(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    found = freeze(bo, di_actor, 5_000, sale.order_of(bo).number)
    assert mine(bo) == (14_800, 5_000, 0)
    assert (found.amount, found.currency, found.by) == (5_000, "CNY", di_actor.person_id)
    assert found.due_at == NOW + timedelta(days=7)
    assert Act.objects.get(verb="freeze_money").because == "消费者投诉假货"
    entry = Entry.objects.get(reason="freeze")
    assert (entry.ref_type, entry.ref_id) == ("freeze", str(found.pk))
    assert set(entry.postings.values_list("order_id", flat=True)) == {sale.order_of(bo).pk}


def test_the_shop_is_told(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    freeze(bo, di_actor, None, sale.order_of(bo).number)
    tell_moves(now=NOW)
    told = Notice.objects.get(kind="money_frozen", channel="in_app")
    assert told.reader == f"merchant:{bo.merchant.pk}" and told.link == "/desk/bo/money/"
    assert told.facts["amount"] == {"money": [19_800, "CNY"]} and told.facts["because"] == "消费者投诉假货"


def test_an_order_that_was_released(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    release_order(sale.order_of(bo), now=NOW)
    freeze(bo, di_actor, None, sale.order_of(bo).number)
    assert mine(bo) == (0, 19_206, 0)


def test_an_amount_of_what_is_available(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    release_order(sale.order_of(bo), now=NOW)
    freeze(bo, di_actor, 10_000)
    freeze(bo, di_actor, 9_206)
    assert mine(bo) == (0, 19_206, 0)
    assert set(Freeze.objects.values_list("order_id", flat=True)) == {None}


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ((19_801, "its"), ("not_that_much", "amount")),
        ((0, "its"), ("bad_value", "amount")),
        ((-5, "its"), ("bad_value", "amount")),
        ((100, "its neighbour's"), ("bad_value", "order")),
        ((100, "000"), ("bad_value", "order")),
        ((1, ""), ("not_that_much", "amount")),
        ((None, ""), ("not_that_much", "amount")),
    ],
)
def test_refused(
    *,
    bank: Bank,
    sale: Sale,
    bo: Shop,
    cy: Shop,
    di_actor: Actor,
    asked: tuple[int | None, str],
    answer: tuple[str, str],
) -> None:
    amount, order = asked
    paid(bank, sale)
    order = {"its": sale.order_of(bo).number, "its neighbour's": sale.order_of(cy).number}.get(order, order)
    with pytest.raises(Refusal) as no:
        freeze(bo, di_actor, amount, order)
    assert (no.value.code.name, no.value.field) == answer
    if answer[0] == "not_that_much":
        assert no.value.facts["most"] == Money(19_800 if order else 0, "CNY")
    assert mine(bo) == (19_800, 0, 0)
    assert not Freeze.objects.exists() and not Move.objects.filter(subject_type="freeze").exists()


def test_once_per_order(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    number = sale.order_of(bo).number
    freeze(bo, di_actor, 5_000, number)
    with pytest.raises(Refusal) as no:
        freeze(bo, di_actor, 5_000, number)
    assert no.value.code.name == "frozen_already"
    assert mine(bo) == (14_800, 5_000, 0)


def test_finance_only(bank: Bank, sale: Sale, bo: Shop) -> None:
    paid(bank, sale)
    for actor in (bo.actor, Actor(guest_key=uuid4())):
        with pytest.raises(Refusal):
            freeze(bo, actor, 100, sale.order_of(bo).number)
    assert mine(bo) == (19_800, 0, 0)


@pytest.mark.parametrize("locked", [True, False])
@pytest.mark.django_db(transaction=True)
def test_what_is_available_is_frozen_once(
    bank: Bank, sale: Sale, bo: Shop, di_actor: Actor, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Two of finance at the same moment; without locks both find the whole amount."""
    paid(bank, sale)
    release_order(sale.order_of(bo), now=NOW)
    if not locked:
        locks_off(monkeypatch)
    meeting = Meeting()
    meeting.before(monkeypatch, "wanku.flows.settling.freeze_money.post_all")
    call = partial(freeze, bo, di_actor, 19_206)
    answers = at_once(call, call)
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert meeting.met is not locked
    if locked:
        assert [no.code.name for no in refused] == ["not_that_much"]
        assert mine(bo) == (0, 19_206, 0)
    else:
        assert refused == [] and mine(bo) == (0, 2 * 19_206, -19_206)
