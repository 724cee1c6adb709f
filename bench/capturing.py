"""The row of payment callbacks: verified and booked, beside a hand-written transaction over the same rows."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from bench import requests
from bench.growth import Past, grow
from bench.load import ask
from bench.numbers import Round
from bench.ordering import BUYERS, SPARE
from bench.pgbench import CLIENTS, pgbench
from bench.rows import Bench, Row, measure
from wanku.payments.accounts import add_account
from wanku.payments.gateways.sandbox.signing import HEADER, sign
from wanku.payments.models import Attempt
from wanku.sandbox.banks.books import Books, Notice
from wanku.sandbox.banks.wechat.bank import WechatBank
from wanku.sandbox.banks.wechat.keys import APPID, MCHID

Notices = Callable[[Sequence[tuple[str, int]]], Iterator[tuple[Mapping[str, str], bytes]]]
"""Headers and body of a signed notice for each number and amount (minor units)."""
WARM, BESIDE_EACH, BESIDE_EACH_QUICK = 600, 80, 30
WARM_SECONDS = 1.5


def capture_callbacks(bench: Bench) -> Iterator[Row]:
    """Notices of our own bank for trades that are waiting for their payment."""
    yield _row(bench, "capture_callbacks", "sandbox", _of_sandbox)


def capture_callbacks_wechat(bench: Bench) -> Iterator[Row]:
    """The same as WeChat Pay tells it: RSA over the whole, AES-GCM over the payment, read by its SDK."""
    bank = WechatBank(Books(), lambda: datetime.now(UTC))
    account = bank.account("http://127.0.0.1:9/wechat")
    add_account("wechat", public=account.public, secret=account.secret, set_by=None, now=datetime.now(UTC))
    yield _row(bench, "capture_callbacks_wechat", "wechat", partial(_of_wechat, bank))


def _row(bench: Bench, name: str, gateway: str, make: Notices) -> Row:
    row = Row(name, "captures/s", 0.0, beside_name="pgbench, the same rows", reach=0.5)

    def due(count: int) -> int:
        made = grow(bench.place.keeper_url(), count, Past.OPEN, datetime.now(UTC))
        numbers = [f"bench-{g}" for g in range(made.first, made.first + count)]
        Attempt.objects.filter(number__in=numbers).update(gateway=gateway)
        return made.first

    def notices(first: int, count: int) -> list[bytes]:
        path = f"/hooks/payments/{gateway}"
        those = make(_due(first, count))
        return [requests.http("POST", path, bench.place.port, headers, body) for headers, body in those]

    seen = ask(bench.place.port, notices(due(WARM), WARM), connections=BUYERS, seconds=WARM_SECONDS)
    rate = seen.round(204).rate
    if not seen.of(204):
        row.skipped = f"no notice was taken: {seen.statuses()}"
        return row
    each = BESIDE_EACH_QUICK if bench.quick else BESIDE_EACH
    mine = int(rate * bench.seconds * SPARE) + 200
    at = {"next": due(bench.rounds * (mine + CLIENTS * each))}

    def take(count: int) -> int:
        first, at["next"] = at["next"], at["next"] + count
        return first

    def ours() -> Round:
        plan = notices(take(mine), mine)
        return ask(bench.place.port, plan, connections=BUYERS, seconds=bench.seconds).round(204)

    def beside() -> Round:
        values = {"base": take(CLIENTS * each), "each": each, "i": -1}
        return pgbench(bench.place.cluster.url, "capture", each=each, values=values)

    return measure(bench, row, ours, beside)


def _due(first: int, count: int) -> list[tuple[str, int]]:
    """Number and amount of the attempts from ``first`` on."""
    rows = Attempt.objects.filter(number__in=[f"bench-{g}" for g in range(first, first + count)])
    return list(rows.order_by("created_at", "id").values_list("number", "amount"))


def _of_sandbox(due: Sequence[tuple[str, int]]) -> Iterator[tuple[Mapping[str, str], bytes]]:
    now = datetime.now(UTC)
    for number, amount in due:
        facts = {"number": number, "state": "paid", "amount": amount, "currency": "CNY"}
        body = json.dumps({**facts, "ref": f"SB-{number}", "event_id": f"paid-{number}"}).encode()
        yield {"Content-Type": "application/json", HEADER: sign(body, now)}, body


def _of_wechat(bank: WechatBank, due: Sequence[tuple[str, int]]) -> Iterator[tuple[Mapping[str, str], bytes]]:
    now = datetime.now(UTC)
    for number, amount in due:
        paid = {
            "appid": APPID,
            "mchid": MCHID,
            "out_trade_no": number,
            "trade_state": "SUCCESS",
            "transaction_id": f"42{number}",
            "amount": {"total": amount, "payer_total": amount, "currency": "CNY", "payer_currency": "CNY"},
        }
        facts = {"event_type": "TRANSACTION.SUCCESS", "summary": "支付成功", "resource": paid, "age": 0}
        told = Notice(
            channel=bank.name, number=number, event_id=f"EV-{number}", url="", kind="payment", facts=facts, at=now
        )
        yield bank.sign_notice(told, now)
