"""One of each thing for each owner, and one browser for each role, for the access matrix."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from tests.bought import paid, placed
from tests.cast import NOW, PASSWORD, Shop, open_shop, product_of, variant_of
from tests.kitchen import dish_of, kitchen_of, meal_wish, open_kitchen, ordered
from tests.payouts import account
from tests.visits import booked, salon_of
from wanku.access.actor import Actor
from wanku.access.models import ApiKey, PlatformRole, PlatformSeat
from wanku.carts.models import Cart, CartLine
from wanku.catalog.models import Category, ImportFile, Product, Question
from wanku.files.models import Picture
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.flows.offering.receive_codes import receive_codes
from wanku.flows.reviewing.write_review import write_review
from wanku.invoices.models import Document, Invoice, Title
from wanku.kernel.ids import new_number
from wanku.kinds.issue.models import Licence, Source
from wanku.kinds.issue.tests.selling import plan_of
from wanku.kinds.seat.tests.world import departure_of, seat_product
from wanku.kinds.stay.tests.houses import house_of
from wanku.kinds.visit.models import Absence
from wanku.merchants.models import Invitation, Staff, StaffRole
from wanku.orders.models import Line, Order, Trade
from wanku.payments.accounts import add_account
from wanku.payments.models import Attempt, BankTransfer, Refund
from wanku.people.models import Address, Person
from wanku.pricing.models import FreightTemplate
from wanku.reconciliation.models import Bill, FinanceCase
from wanku.settlement.models import Payout, Settlement
from wanku.ui.actor import GUEST_KEY
from wanku.waiting_room.join import join

DAY = timedelta(days=1)
SOLD = ("order", "review", "trade_id", "refund", "invoice", "invoice_id")
"""What is its shop's as well as its buyer's."""


@dataclass(frozen=True)
class World:
    """Values for addresses by owner and name, and the cookies of each role."""

    things: dict[str, dict[str, Any]]
    cookies: dict[str, str]


def build(guest: Actor) -> World:
    """The whole world: what Ann bought from Bo, what a guest bought from Cy, and the two desks."""
    bo, cy = open_shop("bo", "Bo 茶行"), open_shop("cy", "Cy 箱包")
    ann, eve = person("ann"), person("eve")
    things = {"bo": shop_things(bo), "cy": shop_things(cy)}
    things["ann"] = bought(Actor(person_id=ann.pk), bo, Product.objects.get(merchant=bo.merchant), person=ann)
    things["guest"] = bought(guest, cy, Product.objects.get(merchant=cy.merchant), person=None)
    for shop, buyer in (("bo", "ann"), ("cy", "guest")):
        things[shop] |= {
            name: things[buyer][name] for name in ("order", "review", "trade_id", "refund", "invoice", "invoice_id")
        }
    people = {"ann": ann, "eve": eve, "bo.owner": bo.owner, "cy.owner": cy.owner}
    for role in StaffRole:
        if role != StaffRole.OWNER:
            people[f"bo.{role.value}"] = person(f"bo-{role.value}")
            Staff.objects.create(merchant=bo.merchant, person=people[f"bo.{role.value}"], role=role, since=NOW)
    for seat in PlatformRole:
        people[seat.value] = person(seat.value)
        PlatformSeat.objects.create(person=people[seat.value], role=seat, since=NOW)
    things["bo"]["ticket"] = queue(bo, f"person:{ann.pk}")
    things["cy"]["ticket"] = queue(cy, f"guest:{guest.guest_key}")
    for owner, name, buyer, actor in ((bo, "bo", "ann", Actor(person_id=ann.pk)), (cy, "cy", "guest", guest)):
        sold = licences(owner, actor)
        things[name] |= sold
        things[buyer]["licence_order"] = sold["licence_order"]
    things["all"] = {"category": Category.objects.get().pk}
    accounts = [add_account("alipay", public={}, secret={}, set_by=None, now=NOW) for _ in range(2)]
    things["bo"] |= {"channel": "alipay", "account_id": accounts[0].pk, "transfer": transfer(people["admin"])}
    things["bo"] |= difference()
    things["bo"] |= to_be_paid(bo, maker=ann.pk)
    for name, desk in (("bo", bo), ("cy", cy)):
        house = house_of(desk.merchant, nights=3)
        things[name] |= {"house": house.pk, "room": house.room_types.get().pk, "place": house.place_id}
        row = departure_of(seat_product(desk))
        things[name] |= {"departure": row.pk, "cabin": variant_of(row.product).pk}
    things["bo"] |= visiting(bo, Actor(person_id=ann.pk)) | cooking(bo, Actor(person_id=ann.pk))
    things["cy"] |= visiting(cy, guest) | cooking(cy, guest)
    cookies = {"stranger": "", "guest": guest_session(guest)}
    cookies |= {name: signed_in(who) for name, who in people.items()}
    return World(things, cookies)


def visiting(shop: Shop, buyer: Actor) -> dict[str, Any]:
    """A service, who does it, days off, and a visit that was booked."""
    salon = salon_of(shop, "王")
    order = booked(salon, buyer)
    day_off = Absence.objects.create(merchant=shop.merchant, first=NOW.date() + 9 * DAY, last=NOW.date() + 9 * DAY)
    service = {"service": salon.product.pk, "worker": salon.people[0].pk}
    return {**service, "absence": day_off.pk, "visit_number": order.number}


def cooking(shop: Shop, buyer: Actor) -> dict[str, Any]:
    """A kitchen with a dish, and food that was ordered."""
    kitchen_of(shop.merchant)
    dish = dish_of(shop.merchant)
    open_kitchen(shop.merchant)
    return {"dish": dish.pk, "meal_number": ordered([meal_wish(dish)], buyer, 2800, now=NOW).number}


def transfer(maker: Person) -> str:
    """A line of the bank's statement that waits for a second person."""
    attempt = Attempt.objects.order_by("pk")[0]
    row = BankTransfer.objects.create(
        attempt=attempt, currency="CNY", amount=1, booked_on=NOW.date(), party="安", reference="STMT-1",
        maker=maker.pk, made_at=NOW, state="reported", due_at=NOW + DAY,
    )  # fmt: skip
    return str(row.pk)


def difference() -> dict[str, str]:
    """A channel's bill that differs, and finance's case of it."""
    bill = Bill.objects.create(gateway="sandbox", day=NOW.date(), zone="Asia/Shanghai", state="matched", version=1)
    case = FinanceCase.objects.create(
        key="amount:1", kind="amount", gateway="sandbox", day=NOW.date(), subject="payment", currency="CNY", ours=100,
        theirs=90, bill=bill, state="open", due_at=NOW + DAY, opened_at=NOW,
    )  # fmt: skip
    return {"bill": str(bill.pk), "case": str(case.pk)}


def to_be_paid(shop: Shop, *, maker: int) -> dict[str, str]:
    """A settlement, and a payout of it that waits for a second person."""
    figures = dict.fromkeys(("opening", "orders", "refunds", "commission", "fees", "payouts", "other"), 0)
    settlement = Settlement.objects.create(
        merchant=shop.merchant, number=new_number(NOW), currency="CNY", since=NOW, until=NOW, drawn_at=NOW, closing=0,
        frozen=0, payable=0, last_posting=0, state="paying", **figures,
    )  # fmt: skip
    payout = Payout.objects.create(
        merchant=shop.merchant, settlement=settlement, account=account(shop), number=new_number(NOW), bank="sandbox",
        currency="CNY", amount=1, maker=maker, state="created", due_at=NOW + DAY, created_at=NOW,
    )  # fmt: skip
    return {"settlement_number": settlement.number, "settlement": str(settlement.pk), "payout": str(payout.pk)}


def licences(shop: Shop, buyer: Actor) -> dict[str, Any]:
    """A pool, a file of codes for it, and a licence that was sold."""
    plan = plan_of(shop.merchant, source=Source.POOL, stock=3)
    order = paid(buyer, (plan.variant, 1), address={})[0]
    product_id = plan.variant.product_id
    file = receive_codes(product_id, plan.pk, b"code\nAAAA-1111\n", name="codes", actor=shop.actor, now=NOW)
    return {
        "licence": Licence.objects.get(order_id=order.pk).pk,
        "licence_order": order.number,
        "licence_product": product_id,
        "licence_variant": plan.pk,
        "licence_file": file.pk,
    }


def queue(shop: Shop, person_key: str) -> int:
    """From now on the shop's product sells by queue, and somebody stands in it; their ticket."""
    product = Product.objects.get(merchant=shop.merchant)
    product.waiting_room = True
    product.save()
    return join(product.pk, person_key, wish={}, now=NOW, due_at=NOW + DAY).pk


def person(name: str) -> Person:
    """Somebody with a password that was hashed once for all: hashing one for each role would take seconds."""
    return Person.objects.create(email=f"{name}@example.com", name=name, password=_hashed())


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


def signed_in(who: Person) -> str:
    """Session cookie of a browser where this person is signed in."""
    browser = Client()
    browser.force_login(who)
    return browser.cookies["sessionid"].value


def guest_session(guest: Actor) -> str:
    """Session cookie of a guest's browser."""
    browser = Client()
    session = browser.session
    session[GUEST_KEY] = str(guest.guest_key)
    session.save()
    return str(session.session_key)


def bought(actor: Actor, shop: Shop, product: Product, *, person: Person | None) -> dict[str, Any]:
    """An order to ship, an unpaid trade, a received and reviewed order, a refund, and what hangs on the buyer."""
    received = paid(actor, (product, 1), now=NOW - 5 * DAY)[0]
    ship_order(
        received.pk, pieces=None, carrier="sf", tracking=f"SF{received.number[-13:]}", actor=shop.actor,
        now=NOW - 4 * DAY,
    )  # fmt: skip
    confirm_receipt(received.pk, actor=actor, now=NOW - 3 * DAY)
    done = Line.objects.get(order=received)
    review = write_review(
        done.pk, goods=4, service=4, delivery=4, text="不错", picture_ids=[], actor=actor, now=NOW - 2 * DAY
    )  # fmt: skip
    back = paid(actor, (product, 1), now=NOW - DAY)[0]
    withdraw_order(back.pk, actor=actor, because="changed_mind", now=NOW - DAY)
    order = paid(actor, (product, 1))[0]
    unpaid = placed(actor, (product, 1))
    owner = {"person": person} if person else {"guest_key": actor.guest_key}
    cart = Cart.objects.create(updated_at=NOW, **owner)
    in_cart = CartLine.objects.create(
        cart=cart, variant=variant_of(product), quantity=1, seen_price=9900, added_at=NOW
    )  # fmt: skip
    address = person and Address.objects.create(
        person=person, name="安", phone="+8613800138000", province="浙江省", city="杭州市", line="文三路 1 号"
    )  # fmt: skip
    key = person and api_key(person, None)
    paid_trade = Trade.objects.get(pk=order.trade_id)
    paper = invoice(order)
    title = person and Title.objects.create(person=person, kind="personal", title="安", is_usual=True, used_at=NOW)
    return {
        "order": order.number,
        "order_id": str(order.pk),
        "received": received.number,
        "line": str(done.pk),
        "trade": unpaid.number,
        "paid_trade": paid_trade.number,
        "trade_id": str(paid_trade.pk),
        "attempt": paid_trade.attempts.get().number,
        "refund": str(Refund.objects.get(order=Order.objects.get(pk=back.pk)).pk),
        "review": review.pk,
        "invoice": paper.number,
        "invoice_id": str(paper.pk),
        "title": title.pk if title else 0,
        "cart_line": in_cart.pk,
        "address": address.pk if address else 0,
        "key": key.pk if key else 0,
        "person": person.pk if person else 0,
    }


def invoice(order: Order) -> Invoice:
    """One that was issued."""
    row = Invoice.objects.create(
        number=new_number(NOW), order=order, merchant_id=order.merchant_id, trade_id=order.trade_id, kind="personal",
        title="安", currency="CNY", amount=order.amount, code="0" * 20, provider="pdf", state="issued",
        requested_at=NOW, issue_by=NOW + DAY, sent_at=NOW, issued_at=NOW,
        lines=[{"title": "茶", "label": "", "quantity": 1, "amount": order.amount, "tax_bp": 0, "tax": 0}],
    )  # fmt: skip
    Document.objects.create(invoice=row, content=b"%PDF", media_type="application/pdf", sha256=b"0", stored_at=NOW)
    return row


def shop_things(shop: Shop) -> dict[str, Any]:
    """What hangs on a shop."""
    merchant = shop.merchant
    product = product_of(merchant, stock=50)
    clerk = person(f"spare-{merchant.slug}")
    picture = Picture.objects.create(
        owner=f"merchant:{merchant.pk}", is_public=False, sha256=b"x", width=9, height=9, widths=[160], bytes=9,
        created_at=NOW,
    )  # fmt: skip
    default_storage.save(picture.path(160), ContentFile(b"RIFF"))
    question = Question.objects.create(product=product, merchant=merchant, text="可以冷泡吗", asked_at=NOW, due_at=NOW)
    file = ImportFile.objects.create(
        merchant=merchant, by_id=shop.owner.pk, name="t.csv", content=b"handle,title,price\na,A,1\n", received_at=NOW
    )  # fmt: skip
    return {
        "slug": merchant.slug,
        "merchant": merchant.pk,
        "product": product.pk,
        "product_slug": product.slug,
        "variant": variant_of(product).pk,
        "question": question.pk,
        "file": str(file.pk),
        "seat": Staff.objects.create(merchant=merchant, person=clerk, role=StaffRole.CLERK, since=NOW).pk,
        "invitation": Invitation.objects.create(
            merchant=merchant, email="new@example.com", role=StaffRole.CLERK, token_hash=merchant.slug.encode(),
            invited_by=shop.owner.pk, expires_at=NOW + DAY,
        ).pk,
        "template": FreightTemplate.objects.create(merchant=merchant, name="包邮", by="count").pk,
        "key": api_key(shop.owner, merchant.pk).pk,
        "picture": picture.id.hex,
    }  # fmt: skip


def api_key(who: Person, merchant_id: int | None) -> ApiKey:
    """A key that nobody knows."""
    count = ApiKey.objects.count()
    return ApiKey.objects.create(
        person=who, merchant_id=merchant_id, name="k", prefix="wk", key_hash=str(count).encode(), created_at=NOW
    )  # fmt: skip
