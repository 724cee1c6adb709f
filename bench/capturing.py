"""The row of payment callbacks: verified and booked, beside a hand-written transaction over the same rows."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from bench import requests
from bench.growth import Past, grow
from bench.load import ask
from bench.numbers import Round
from bench.ordering import BUYERS, SPARE
from bench.pgbench import CLIENTS, pgbench
from bench.rows import Bench, Row, measure
from wanku.payments.gateways.sandbox.signing import HEADER, sign
from wanku.payments.models import Attempt

PATH = "/hooks/payments/sandbox"
WARM, BESIDE_EACH, BESIDE_EACH_QUICK = 600, 80, 30
WARM_SECONDS = 1.5


def capture_callbacks(bench: Bench) -> Iterator[Row]:
    """Notices of the channel for trades that are waiting for their payment."""
    row = Row("capture_callbacks", "captures/s", 0.0, beside_name="pgbench, the same rows", reach=0.5)
    made = grow(bench.place.keeper_url(), WARM, Past.OPEN, datetime.now(UTC))
    seen = ask(bench.place.port, notices(bench, made.first, WARM), connections=BUYERS, seconds=WARM_SECONDS)
    rate = seen.round(204).rate
    if not seen.of(204):
        row.skipped = f"no notice was taken: {seen.statuses()}"
        yield row
        return
    each = BESIDE_EACH_QUICK if bench.quick else BESIDE_EACH
    mine = int(rate * bench.seconds * SPARE) + 200
    made = grow(bench.place.keeper_url(), bench.rounds * (mine + CLIENTS * each), Past.OPEN, datetime.now(UTC))
    at = {"next": made.first}

    def take(count: int) -> int:
        first, at["next"] = at["next"], at["next"] + count
        return first

    def ours() -> Round:
        plan = notices(bench, take(mine), mine)
        return ask(bench.place.port, plan, connections=BUYERS, seconds=bench.seconds).round(204)

    def beside() -> Round:
        values = {"base": take(CLIENTS * each), "each": each, "i": -1}
        return pgbench(bench.place.cluster.url, "capture", each=each, values=values)

    yield measure(bench, row, ours, beside)


def notices(bench: Bench, first: int, count: int) -> list[bytes]:
    """Signed notices that the attempts from ``first`` on were paid."""
    now = datetime.now(UTC)
    rows = Attempt.objects.filter(number__in=[f"bench-{g}" for g in range(first, first + count)])
    plan = []
    for number, amount in rows.order_by("created_at", "id").values_list("number", "amount"):
        facts = {"number": number, "state": "paid", "amount": amount, "currency": "CNY"}
        body = json.dumps({**facts, "ref": f"SB-{number}", "event_id": f"paid-{number}"}).encode()
        headers = {"Content-Type": "application/json", HEADER: sign(body, now)}
        plan.append(requests.http("POST", PATH, bench.place.port, headers, body))
    return plan
