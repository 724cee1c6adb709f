"""Notices on the event loop: the answers of Django's door, booked together. What a notice does is told by its flow."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.test import Client

from tests.banks import Banks
from tests.bought import opened, placed
from tests.cast import NOW, Shop, product_of
from tests.sale import notice
from wanku.access.actor import Actor
from wanku.flows.paying import settle_attempt
from wanku.flows.paying.open_attempt import open_attempt
from wanku.hooks.payments import BODY_MAX, payment_notices
from wanku.ledger.models import Entry
from wanku.orders.models import Trade
from wanku.payments import accounts
from wanku.payments.gateways.sandbox.signing import HEADER, sign

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/hooks/payments/sandbox"
Told = tuple[int, bytes, dict[bytes, bytes]]


@pytest.fixture(autouse=True)
def at_ten() -> Iterator[None]:
    """Signatures carry the time of the wire."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def gather() -> Iterator[None]:
    """The process serves."""
    settle_attempt.GATHERED.open()
    yield
    settle_attempt.GATHERED.close()


async def tell(
    body: bytes, signature: str = "", path: str = PATH, pieces: int = 3, proof: Mapping[str, str] | None = None
) -> Told:
    """Send one notice, in pieces."""
    size = len(body) // pieces + 1
    parts = [body[at : at + size] for at in range(0, max(1, len(body)), size)]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message: Any) -> None:
        sent.append(message)

    proof = proof or {HEADER: signature or sign(body, NOW)}
    headers = [(name.lower().encode(), value.encode()) for name, value in proof.items()]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    await payment_notices(scope, receive, send)
    return sent[0]["status"], sent[1]["body"], dict(sent[0]["headers"])


def all_at_once(bodies: Sequence[bytes]) -> list[Told]:
    """Send several at the same moment."""

    async def everyone() -> list[Told]:
        return await asyncio.gather(*[tell(body) for body in bodies])

    return asyncio.run(everyone())


def test_paid_once_however_often_it_is_told(gather: None, ann_actor: Actor, bo: Shop) -> None:
    tea = product_of(bo.merchant)
    attempts = [opened(placed(ann_actor, (tea, 1))) for _ in range(4)]
    bodies = [notice(a.number, amount=a.amount, event_id=f"E{n}") for n, a in enumerate(attempts)]
    wrong = notice(attempts[0].number, amount=1, event_id="W")
    answers = all_at_once([*bodies * 5, wrong])
    assert [status for status, _, _ in answers] == [204] * 20 + [204], (
        "what is paid is paid, whatever is said of it then"
    )
    assert set(Trade.objects.values_list("state", flat=True)) == {"paid"} and Entry.objects.count() == 4


def test_the_same_answers_as_in_threads(gather: None, ann_actor: Actor, bo: Shop, settings: Any) -> None:
    attempt = opened(placed(ann_actor, (product_of(bo.merchant), 1)))
    body = notice(attempt.number, amount=attempt.amount)
    for sent, signature, path in [
        (body, "t=1,v1=00", PATH),
        (notice(attempt.number, amount=1), "", PATH),
        (notice("26111100000000000"), "", PATH),
        (b"[]", "", PATH),
        (b"", "", PATH),
        (b" " * (BODY_MAX + 1), "", PATH),
        (body, "", "/hooks/payments/nobank"),
    ]:
        headers = {HEADER: signature or sign(sent, NOW)}
        other = Client().post(path, sent, content_type="application/json", headers=headers)
        status, text, _ = asyncio.run(tell(sent, signature, path))
        assert (status, text) == (other.status_code, other.content)
        assert status in (401, 404, 409, 413)
    assert Trade.objects.get().state == "placed" and not Entry.objects.exists()


def test_when_it_cannot_be_booked_the_channel_sends_it_again(ann_actor: Actor, bo: Shop) -> None:
    attempt = opened(placed(ann_actor, (product_of(bo.merchant), 1)))
    status, _, headers = asyncio.run(tell(notice(attempt.number, amount=attempt.amount)))
    assert (status, headers[b"retry-after"]) == (503, b"1"), "nobody gathers: the process is about to end"
    assert Trade.objects.get().state == "placed"


def test_a_channel_whose_account_must_be_read_first(
    gather: None, banks: Banks, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop may not ask the database; what the account proves is the same."""
    monkeypatch.setitem(connections["default"].settings_dict, "CONN_MAX_AGE", 0)
    trade = placed(ann_actor, (product_of(bo.merchant), 1))
    attempt = open_attempt(trade.pk, gateway="wechat", method="native", actor=ann_actor, now=NOW)
    banks.pay(attempt.number, deliver=False)
    proof, body = banks.signed(banks.notices(attempt.number)[0])
    told = [(body[:-2] + b" }", 401), (body, 204), (body, 204)]
    for each, status in told:
        accounts.forget()
        assert asyncio.run(tell(each, path="/hooks/payments/wechat", proof=proof))[0] == status
    trade.refresh_from_db()
    assert trade.state == "paid" and Entry.objects.count() == 1
