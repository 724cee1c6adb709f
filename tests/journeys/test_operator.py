"""The platform's day: who applies, what is late, whether the books agree, and who did what."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from stdnum.cn import uscc

from tests.journeys import buying
from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor
from tests.market import Market

SCREENS = (
    "",
    "merchants/",
    "orders/",
    "clocks/",
    "ledger/",
    "ledger/accounts/",
    "ledger/proof/",
    "people/",
    "staff/",
    "categories/",
    "rules/",
    "refunds/",
    "reviews/",
    "audit/",
)


def operator(visit: Visit, *, phone: bool = False, language: str = "en") -> Visitor:
    """Di at the platform desk."""
    visitor = visit(phone=phone, language=language)
    visitor.sign_in(*buying.person("di@"), to="/platform/")
    return visitor


def apply(visit: Visit, name: str) -> None:
    """A buyer applies to open a shop, with a slip on the way."""
    applicant = visit()
    applicant.sign_in(*buying.person("ann@"), to="/desk/apply/")
    applicant.is_accessible()
    body = uuid4().int % 10**9
    code = f"91330106MA{body:07d}"[:17]
    applicant.fill(
        name=name,
        legal_name=f"杭州{name}有限公司",
        credit_code=code + "0",
        contact_name="安然",
        contact_phone="13800138000",
        contact_email=buying.person("ann@")[0],
    )
    right = code + uscc.calc_check_digit(code)
    if right != code + "0":
        applicant.press("main form button.btn-primary")
        expect(applicant.page.locator(".field-error").first).to_be_visible()
        expect(applicant.page.locator('[name="legal_name"]')).to_have_value(f"杭州{name}有限公司")
    applicant.fill(credit_code=right)
    applicant.press("main form button.btn-primary")
    applicant.page.wait_for_url(re.compile(r"/desk/(?!apply)"))


def test_an_application_is_approved(visit: Visit) -> None:
    name = f"安然小铺{uuid4().hex[:6]}"
    apply(visit, name)
    di = operator(visit)
    page = di.go("/platform/merchants/?state=applying")
    di.press(f'a:has-text("{name}")')
    page.wait_for_url(re.compile(r"/merchants/\d+/"))
    di.is_accessible()
    di.press('button[formaction$="/approve/"]')
    expect(page.locator('[formaction$="/approve/"]')).to_have_count(0)
    di.go("/platform/audit/")
    di.is_accessible()
    expect(page.locator("main tbody tr").first).to_be_visible()
    guest = visit(phone=True)
    guest.go(f"/search?q={name}")
    guest.fits()


def test_the_books_are_sound(visit: Visit) -> None:
    di = operator(visit)
    di.go("/platform/")
    di.shoot("platform-overview")
    di.go("/platform/finance/")
    di.is_accessible()
    di.shoot("finance")
    page = di.go("/platform/ledger/proof/")
    di.sees("The books are sound.")
    assert page.locator("main section").filter(has_text="holds").count() >= 8
    assert page.locator("main .text-error").count() == 0
    di.shoot("ledger-proof")
    di.shoot("ledger-proof-dark", dark=True)


def test_late_orders_are_seen(visit: Visit, market: Market) -> None:
    number = buying.paid_order(market.url, "登机箱", "qingtu")
    later = (datetime.now(UTC) + timedelta(hours=49)).isoformat()
    market.run("-m", "wanku", "sweep", "--once", "--now", later)
    di = operator(visit)
    page = di.go("/platform/orders/?late=1")
    dashed = f"{number[:6]}-{number[6:11]}-{number[11:16]}-{number[16:]}"
    expect(page.locator("main").get_by_text(re.compile(f"{number}|{dashed}")).first).to_be_visible()
    di.is_accessible()
    di.go("/platform/clocks/?view=past")
    expect(page.locator("main tbody tr").first).to_be_visible()
    di.is_accessible()


@pytest.mark.parametrize(("phone", "language"), [(True, "zh"), (False, "en")], ids=["phone-zh", "desktop-en"])
def test_every_screen_is_accessible(visit: Visit, phone: bool, language: str) -> None:
    di = operator(visit, phone=phone, language=language)
    for path in SCREENS:
        di.go(f"/platform/{path}")
        di.fits()
        di.is_accessible()
