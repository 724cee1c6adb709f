"""The throw-away instance's only shop, opened through the flows that real shops take. Django must be set up."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.utils.translation import gettext, override

from wanku.access.actor import Actor
from wanku.access.models import PlatformRole, PlatformSeat
from wanku.catalog.rules import ProductData, VariantData
from wanku.catalog.write_category import CategoryData
from wanku.flows.policing.approve_merchant import approve_merchant
from wanku.flows.policing.save_category import save_category
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.selling.apply_merchant import apply_merchant
from wanku.flows.selling.list_product import list_product
from wanku.flows.selling.save_product import save_product
from wanku.ledger.models import Entry
from wanku.merchants.details import Details
from wanku.merchants.models import Merchant
from wanku.orders.models import Order
from wanku.people.models import Person

SLUG = "hourglass"
OWNER = "owner@tour.wanku.example"
OPERATOR = "operator@tour.wanku.example"
MEMBER = "member@tour.wanku.example"
DETAILS = Details(
    name="沙漏铺",
    legal_name="杭州沙漏铺商贸有限公司",
    credit_code="91330106MA2CFD7P39",
    contact_name="沙先生",
    contact_phone="+8613900139000",
    contact_email=OWNER,
    ships_from="浙江杭州",
    return_address="浙江杭州 沙漏铺仓库",
)


def open_shop(password: str, stock: int, now: datetime) -> None:
    """An operator, an owner, a member, and one product with ``stock`` pieces."""
    person = _person(OPERATOR, password)
    _person(MEMBER, password)
    PlatformSeat.objects.bulk_create(PlatformSeat(person=person, role=role, since=now) for role in PlatformRole)
    category = save_category(
        CategoryData(slug="home", names={"zh-hans": "家居", "zh-hant": "家居", "en": "Home"}), actor=operator(), now=now
    )
    desk = add_shop(DETAILS, SLUG, password, now)
    data = ProductData(
        title="三分钟沙漏", category_id=category.pk, variants=(VariantData(sku="GLASS-3", price=3900, weight_g=200),)
    )
    product = save_product(
        desk.merchant_id or 0, data, product_id=None, stock={"GLASS-3": stock}, low_at={}, actor=desk, now=now
    )
    list_product(product.pk, actor=desk, now=now)


def add_shop(details: Details, slug: str, password: str, now: datetime) -> Actor:
    """A shop that applied and was approved; its owner at its desk. The owner signs in with the contact's e-mail."""
    owner = _person(details.contact_email, password)
    merchant = apply_merchant(details, slug=slug, actor=Actor(person_id=owner.pk), now=now)
    approve_merchant(merchant.pk, actor=operator(), now=now)
    return Actor(person_id=owner.pk, seats={merchant.pk: "owner"}, merchant_id=merchant.pk)


def desk() -> Actor:
    """The owner of the first shop, at its desk."""
    shop = Merchant.objects.get(slug=SLUG)
    return Actor(person_id=Person.objects.get(email=OWNER).pk, seats={shop.pk: "owner"}, merchant_id=shop.pk)


def operator() -> Actor:
    """The operator, with every role."""
    roles = frozenset(str(role) for role in PlatformRole)
    return Actor(person_id=Person.objects.get(email=OPERATOR).pk, platform=roles)


def entries() -> list[tuple[str, str, str, str, int, str]]:
    """The whole ledger, oldest first: moment, reason, order, account, amount, currency."""
    numbers = dict(Order.objects.values_list("pk", "number"))
    return [
        (
            entry.at.astimezone().strftime("%m-%d %H:%M"),
            entry.reason,
            numbers.get(posting.order_id, "") if posting.order_id else "",
            posting.account,
            posting.amount,
            posting.currency,
        )
        for entry in Entry.objects.prefetch_related("postings").order_by("at", "pk")
        for posting in entry.postings.all()
    ]


def proof(language: str) -> list[tuple[str, str, int, int]]:
    """Every check of the books: its name, what it says, how much was looked at, how much is wrong."""
    with override(language.lower()):
        return [(check.code, gettext(check.says), check.checked, check.wrong) for check in prove_books()]


def _person(email: str, password: str) -> Person:
    person = Person.objects.create_user(email=email, password=password, name=email.partition("@")[0])
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person
