"""What every buyer does, with or without script: look, choose, order, pay."""

from uuid import uuid4

from tests.journeys.visitor import Visitor
from wanku.runner.demo._sign_ins import PASSWORD, SIGN_INS
from wanku.runner.tour import cast

ADDRESS = {
    "name": "赵路过",
    "phone": "13812345678",
    "province": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "line": "文三路 90 号 3 幢 402",
}
TEA, CASE = "/p/shanjian/longjing/", "/p/qingtu/carry-on/"


def person(login: str) -> tuple[str, str]:
    """A demo sign-in by the beginning of its address."""
    return next((email, PASSWORD) for _role, email, _password, _where in SIGN_INS if email.startswith(login))


def into_cart(visitor: Visitor, product: str) -> None:
    """Put a product as it is shown into the cart."""
    visitor.go(product)
    visitor.press("button[data-buy]:not([formaction])")


def to_pay(visitor: Visitor, product: str = TEA) -> str:
    """A guest's order, up to the pay page; gives its number."""
    into_cart(visitor, product)
    visitor.go("/checkout/")
    visitor.fill(**ADDRESS)
    visitor.press("form button.btn-primary:not([disabled])")
    visitor.page.wait_for_url("**/pay/**")
    return order_number(visitor)


def order_number(visitor: Visitor) -> str:
    """The trade whose pay page is open."""
    return visitor.page.url.rstrip("/").split("/pay/")[1].split("/")[0]


def choose(visitor: Visitor, way: str) -> None:
    """Choose a way to pay on the pay page: channel and method, such as ``wechat:native``."""
    visitor.press(f'label.chip:has(input[name="pay_by"][value="{way}"])')
    visitor.press('form[action$="/open/"] button')


def pay(visitor: Visitor, choice: str = "paid") -> None:
    """From the pay page to the sandbox's own bank, and back with its answer."""
    if "/sandbox/" not in visitor.page.url:
        choose(visitor, "sandbox:page")
        visitor.page.wait_for_url("**/sandbox/pay/**")
    visitor.press(f'button[value="{choice}"]')
    visitor.page.wait_for_url("**/result/**")


def paid_order(url: str, words: str, slug: str, quantity: int = 1) -> str:
    """A guest's paid order at one shop, made over the API, for those who ship; its number."""
    guest = cast.new_guest(url, "zh-Hans")
    found = guest.get("/products", params={"q": words, "merchant": slug})["items"]
    product = guest.get(f"/products/{found[0]['id']}")
    variant = next(v for v in product["variants"] if v["free"] >= quantity)
    trade = guest.post("/orders", cast.order_body(guest, [cast.wish(variant["id"], quantity)]), key=uuid4().hex)
    paid = cast.pay(guest, trade["number"])
    guest.close()
    return str(paid["orders"][0]["number"])


def desk_of(url: str, login: str, slug: str) -> cast.Desk:
    """A shop's desk over HTTP."""
    return cast.Desk.sign_in(url, "zh-Hans", slug, person(login))
