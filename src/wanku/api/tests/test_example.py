"""The example of docs/api.md does what it says."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from django.test import Client

from tests.bank import Bank
from tests.cast import NOW, Shop, product_of
from wanku.orders.models import Trade
from wanku.payments.models import Attempt

TEXT = Path(__file__).resolve().parents[4] / "docs" / "api.md"


class Wire(httpx.BaseTransport):
    """Carries requests to the project itself."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        headers = {name: value for name, value in request.headers.items() if name not in ("content-length", "host")}
        answer = Client().generic(
            request.method,
            request.url.raw_path.decode(),
            request.read(),
            content_type=headers.pop("content-type", "application/json"),
            headers=headers,
        )
        return httpx.Response(answer.status_code, headers=dict(answer.items()), content=answer.content, request=request)


def test_the_mini_shop_buys(bo: Shop, bank: Bank) -> None:
    product_of(bo.merchant)
    code = re.search(r"```python\n(.*?)```", TEXT.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    space: dict[str, Any] = {"__name__": "example"}
    exec(compile(code[1], str(TEXT), "exec"), space)  # noqa: S102 - our own page, run as a reader would
    buy: Callable[[httpx.Client], tuple[str, str]] = space["buy"]
    with httpx.Client(base_url="http://testserver/api/v1", transport=Wire()) as shop:
        number, pay_url = buy(shop)
        bank.pay(pay_url, Attempt.objects.get().number, NOW)
        assert shop.get(f"/trades/{number}").json()["state"] == "paid"
    trade = Trade.objects.get()
    assert (trade.number, trade.amount, trade.state) == (number, 2 * 9900, "paid")
