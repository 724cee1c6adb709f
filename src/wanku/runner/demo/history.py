"""A quarter of a year of trade, lived through the same flows as real orders, with the clock in our hands."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.catalog.models import Product
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.buying.place_order import Checkout, Contact, place_order
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.record_tracking import record_tracking
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.flows.paying.open_attempt import open_attempt
from wanku.flows.paying.settle_attempt import settle_attempt
from wanku.flows.reviewing.follow_up_review import follow_up_review
from wanku.flows.reviewing.reply_review import reply_review
from wanku.flows.reviewing.write_review import write_review
from wanku.flows.talking.answer_question import answer_question
from wanku.flows.talking.ask_question import ask_question
from wanku.fulfilment.add_events import Reported
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Line, Order
from wanku.payments.channel import ChannelResult, ChannelState
from wanku.people.models import Person
from wanku.pricing.load import load_quote
from wanku.pricing.quote import Wish
from wanku.runner.demo._clock import LOADED, START
from wanku.runner.demo.money import pay_shops
from wanku.runner.demo.shops import Shop
from wanku.runner.demo.words import FOLLOW_UPS, NOTES, QUESTIONS, REPLIES, REVIEWS
from wanku.sandbox import bank

Buyer = tuple[Actor, Person, dict[str, str]]
CARRIERS = (("sf", "SF1{:012d}"), ("zto", "75{:012d}"), ("yto", "YT{:013d}"), ("ems", "98{:011d}"))
BEHIND = "yejing"
"""The shop that does not keep up this week, so that the desks show what lateness looks like."""
ROAD = (("picked_up", 4), ("in_transit", 20), ("out_for_delivery", 50), ("delivered", 56))


@dataclass(frozen=True, slots=True)
class Past:
    """What a piece of history needs."""

    shops: Sequence[Shop]
    buyers: Sequence[Buyer]
    dice: random.Random

    def desk(self, merchant_id: int) -> Actor:
        """The owner at the desk of a shop."""
        return next(shop.actor for shop in self.shops if shop.merchant.pk == merchant_id)


def live_through(shops: Sequence[Shop], buyers: Sequence[Buyer], trades: int) -> None:
    """Let the buyers order, the shops ship, and most of it be reviewed."""
    past = Past(shops, buyers, random.Random(7))  # noqa: S311 the same history every time
    _ask(past)
    for index in range(trades):
        # Denser towards today, as a growing shop's orders are.
        age = (1 - index / trades) ** 1.6
        at = LOADED - timedelta(days=90 * age, minutes=past.dice.randint(20, 600))
        _trade(past, index, min(at, LOADED - timedelta(minutes=20)))
    expire_trades(now=LOADED, limit=1000)
    pay_shops(shops)
    # What happened long ago was told when it happened.
    Move.objects.filter(sent_at__isnull=True, at__lt=LOADED - timedelta(days=1)).update(sent_at=F("at"))


def _trade(past: Past, index: int, at: datetime) -> None:
    dice = past.dice
    actor, person, address = past.buyers[dice.randrange(len(past.buyers))]
    shops = dice.sample(list(past.shops), dice.choice((1, 1, 1, 2, 2, 3)))
    wishes = tuple(_wish(dice, dice.choice(shop.products)) for shop in shops)
    quoted = load_quote(wishes, address=address, now=at)
    if quoted.refusals:
        return
    checkout = Checkout(
        actor=actor,
        key=f"demo-history-{index:05d}",
        wishes=wishes,
        contact=Contact(person.name, address["phone"], person.email or ""),
        address=address,
        agreed_total=quoted.total,
        notes={part.merchant_id: dice.choice(NOTES) for part in quoted.parts},
    )
    placed = place_order(checkout, now=at)
    if dice.random() < 0.06:
        return  # never paid; the clock cancels it
    paid_at = at + timedelta(minutes=dice.randint(1, 9))
    pay(placed.trade_id, actor, paid_at)
    for order in Order.objects.filter(trade_id=placed.trade_id).select_related("merchant").order_by("merchant_id"):
        _order(past, order, actor, paid_at)


def _wish(dice: random.Random, product: Product) -> Wish:
    variant = dice.choice(list(product.variants.filter(is_active=True)))
    extras = list(product.add_ons.all())
    chosen = (dice.choice(extras).pk,) if extras and dice.random() < 0.25 else ()
    return Wish(variant.pk, dice.choice((1, 1, 1, 2)), chosen)


def pay(trade_id: UUID, actor: Actor, now: datetime) -> None:
    """Pay at the sandbox bank and hear of it, without a server between the two."""
    attempt = open_attempt(trade_id, gateway="sandbox", method="page", actor=actor, now=now)
    bank.open_charge(
        {
            "number": attempt.number,
            "amount": attempt.amount,
            "currency": attempt.currency,
            "subject": "Wanku",
            "notify_url": "",
            "return_url": "/",
            "expires_at": attempt.expires_at.isoformat(),
        },
        now,
    )
    charge = bank.answer(attempt.number, "never", now)
    settle_attempt(
        ChannelResult(
            "sandbox", attempt.number, ChannelState.CAPTURED, charge.amount, charge.currency, channel_ref=charge.ref
        ),
        now=now,
    )


def _order(past: Past, order: Order, buyer: Actor, paid_at: datetime) -> None:
    dice, desk = past.dice, past.desk(order.merchant_id)
    if dice.random() < 0.04:
        withdraw_order(order.pk, actor=buyer, because="changed_mind", now=paid_at + timedelta(hours=1))
        return
    shipped_at = paid_at + timedelta(hours=dice.randint(5, 44))
    if shipped_at > LOADED or (order.merchant.slug == BEHIND and paid_at > LOADED - timedelta(days=6)):
        return
    carrier, pattern = dice.choice(CARRIERS)
    tracking = pattern.format(dice.randrange(10**11))
    ship_order(order.pk, pieces=None, carrier=carrier, tracking=tracking, actor=desk, now=shipped_at)
    place = order.address["city"]
    steps = [
        Reported(f"{tracking}-{code}", code, shipped_at + timedelta(hours=hours), place if hours > 40 else "")
        for code, hours in ROAD
        if shipped_at + timedelta(hours=hours) <= LOADED
    ]
    if steps:
        record_tracking(carrier, tracking, steps, now=min(LOADED, steps[-1].at + timedelta(minutes=5)))
    received_at = shipped_at + timedelta(hours=dice.randint(60, 150))
    if received_at > LOADED:
        return
    confirm_receipt(order.pk, actor=buyer, now=received_at)
    if dice.random() < 0.75:
        _review(past, order, buyer, desk, received_at)


def _review(past: Past, order: Order, buyer: Actor, desk: Actor, received_at: datetime) -> None:
    dice = past.dice
    at = received_at + timedelta(hours=dice.randint(2, 90))
    if at > LOADED:
        return
    for line in Line.objects.filter(order=order):
        score, text = dice.choice(REVIEWS)
        review = write_review(
            line.pk,
            goods=score,
            service=min(5, score + dice.choice((0, 0, 1))),
            delivery=dice.choice((4, 5, 5, 5)),
            text=text,
            picture_ids=[],
            actor=buyer,
            now=at,
        )
        if dice.random() < 0.4:
            later = at + timedelta(hours=9)
            reply = REPLIES[0] if score > 4 else dice.choice(REPLIES[1:])
            if later < LOADED:
                reply_review(review.pk, text=reply, actor=desk, now=later)
        month = at + timedelta(days=30)
        if score == 5 and month < LOADED and dice.random() < 0.2:
            follow_up_review(review.pk, text=dice.choice(FOLLOW_UPS), picture_ids=[], actor=buyer, now=month)


def _ask(past: Past) -> None:
    """A question on every other product; some still wait for their answer."""
    dice = past.dice
    for shop in past.shops:
        for product in shop.products[::2]:
            text, answer = dice.choice(QUESTIONS)
            actor = dice.choice(past.buyers)[0]
            at = (
                START + timedelta(days=dice.randint(1, 80)) if answer else LOADED - timedelta(hours=dice.randint(1, 30))
            )
            try:
                question = ask_question(product.pk, text, actor, at)
            except Refusal:
                continue  # one member may only ask so much a day
            if answer:
                answer_question(question.pk, answer, shop.actor, at + timedelta(hours=3))
