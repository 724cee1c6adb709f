"""The database dies, has no connection left, or no disk: 503 at every door, nothing acknowledged, and all heals.

One server for all tests and never started anew: whoever has to be restarted fails the test after.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.architecture.access_world import signed_in
from tests.bought import opened, placed
from tests.cast import PASSWORD, open_shop, product_of, variant_of
from tests.faults.crowd import BUSY, REST, RUSH, Buyer, Said, outcomes, post, send, together
from tests.faults.own_database import OwnDatabase, own_database
from tests.sale import notice
from tests.served import Served, served
from tests.sse import listen
from wanku.access.actor import Actor
from wanku.catalog.models import Variant
from wanku.payments.gateways.sandbox.signing import HEADER, sign
from wanku.payments.models import Attempt
from wanku.people.models import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.server, pytest.mark.slow]
BUYERS, EACH = 32, 6
STOCK = 100_000
PATIENCE_SECONDS = 30.0
FULL = (
    """
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$
    """,
    "CREATE TRIGGER full_disk BEFORE INSERT ON orders_trade EXECUTE FUNCTION full_disk()",
)


@dataclass
class Place:
    """A shop on a database of its own, served by one process.

    Attributes:
        cookie: Ann's session.
        attempts: of Ann's trades, waiting for their money; each test takes one.
    """

    database: OwnDatabase
    server: Served
    variants: list[Variant]
    cookie: str
    attempts: list[Attempt]

    def doors(self) -> dict[str, Callable[[], Said]]:
        """One question to each door that needs the database; none of them changes more than one order."""
        port, mine = self.server.port, {"Cookie": f"sessionid={self.cookie}", "Accept-Language": "en"}
        attempt = self.attempts[0]
        body = notice(attempt.number, amount=attempt.amount + 1, event_id="")
        guest = {"X-Guest-Token": Buyer(self.variants[0]).token}
        return {
            "rush": partial(Buyer(self.variants[0]).order, port, RUSH),
            "rest": partial(Buyer(self.variants[0]).order, port, REST),
            "rest, reading": partial(send, port, "GET", "/api/v1/orders", guest),
            "rest, by session": partial(send, port, "GET", "/api/v1/orders", mine),
            "page of a member": partial(send, port, "GET", "/orders/", mine),
            "page of anybody": partial(send, port, "GET", "/search?q=tea", {}),
            "part of a page": partial(send, port, "GET", "/orders/", {**mine, "HX-Request": "true"}),
            "stream": partial(
                send, port, "HEAD", f"/live/trades/{attempt.trade.number}", {**mine, "Accept": "text/event-stream"}
            ),
            "notice": partial(post, port, "/hooks/payments/sandbox", body, {HEADER: sign(body, datetime.now(UTC))}),
        }

    def all_refuse(self) -> None:
        """Every door is busy, says when to come again, and nothing hangs; the process itself is well."""
        for name, ask in self.doors().items():
            said = ask()
            assert said.status == BUSY, (name, said)
            assert name == "notice" or int(said.headers["retry-after"]) >= 1, (name, said)
            assert said.body.get("code") in (None, "busy") or name == "notice", (name, said)
        assert send(self.server.port, "GET", "/healthz", {}).status == 200
        assert send(self.server.port, "GET", "/readyz", {}).status == BUSY

    def all_serve(self) -> None:
        """Every door answers again: what it could not do before, at the first time of asking or very soon."""
        good = {"rush": 201, "rest": 201, "notice": 409}
        for name, ask in self.doors().items():
            until(partial(_answers, ask, good.get(name, 200)), name)
        assert send(self.server.port, "GET", "/readyz", {}).status == 200

    def check(self, acknowledged: dict[str, str]) -> None:
        """I5, I6, and one order for each key."""
        stored = dict(self.database.ask("SELECT request_key, number FROM orders_trade"))
        assert acknowledged.items() <= stored.items()
        assert self.database.one("SELECT count(*) FROM inventory_supply WHERE put_in <> free + held + sold") == 0
        sums = "SELECT (SELECT sum(held + sold) FROM inventory_supply), (SELECT sum(quantity) FROM orders_line)"
        taken, ordered = self.database.ask(sums)[0]
        assert taken == ordered


def _answers(ask: Callable[[], Said], status: int) -> bool:
    return ask().status == status


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    """Made in the test database, copied, and taken out of it again."""
    with tempfile.TemporaryDirectory(prefix="wanku-away-") as folder, django_db_blocker.unblock():
        Path(folder).chmod(0o711)  # as root the server runs as another account and passes through here
        with own_database(Path(folder) / "pg") as database:
            try:
                made = stage()
                database.copy()
            finally:
                call_command("flush", interactive=False, verbosity=0)
            url = database.url
            with served(
                "tests.faults.broken:application",
                DATABASE_URL=url,
                WANKU_TEST_FAULT="undisturbed",
                WANKU_RATE_LIMITS="0",
            ) as server:
                yield Place(database, server, *made)


def stage() -> tuple[list[Variant], str, list[Attempt]]:
    """Goods, and Ann, who has ordered and not paid."""
    shop = open_shop("bo", "Bo")
    variants = [variant_of(product_of(shop.merchant, stock=STOCK)) for _ in range(8)]
    ann = Person.objects.create_user(email="ann@example.com", password=PASSWORD, name="Ann")
    now = datetime.now(UTC)
    trades = [placed(Actor(person_id=ann.pk), (variants[0], 1), now=now) for _ in range(4)]
    return variants, signed_in(ann), [opened(trade, now=now) for trade in trades]


@contextmanager
def shopping(place: Place) -> Iterator[dict[str, str]]:
    """Buyers who insist, from before the fault until all have what they want; what was acknowledged so far, by key."""
    acknowledged: dict[str, str] = {}

    def shop(first: int) -> None:
        for n in range(EACH):
            buyer = Buyer(place.variants[(first + n) % len(place.variants)])
            said = buyer.insist(place.server.port)
            assert said.outcome == "placed", said
            acknowledged[buyer.key] = said.body["number"]

    with ThreadPoolExecutor(BUYERS) as pool:
        asked = [pool.submit(shop, n) for n in range(BUYERS)]
        until(lambda: len(acknowledged) >= BUYERS // 2, "buyers")
        yield acknowledged
        for each in asked:
            each.result()
    assert len(acknowledged) == BUYERS * EACH


def test_before_any_fault_every_door_serves(place: Place) -> None:
    place.all_serve()


def test_kill_9_of_the_database_under_load(place: Place) -> None:
    """What was acknowledged is stored, and pools, the gather's thread and the streams' listener heal by themselves."""
    attempt = place.attempts.pop()
    stream = f"{place.server.url}/live/trades/{attempt.trade.number}"
    with listen(stream, place.cookie, patience=PATIENCE_SECONDS) as reader:
        reader.known()
        with shopping(place) as acknowledged:
            place.database.kill()
            place.all_refuse()
            before = dict(acknowledged)
            place.database.start()
            place.check(before)
        place.check(acknowledged)
        place.all_serve()
        body = notice(attempt.number, amount=attempt.amount, event_id="E-killed")
        headers = {HEADER: sign(body, datetime.now(UTC))}
        assert post(place.server.port, "/hooks/payments/sandbox", body, headers).status == 204
        assert reader.next().name == "moved"


def test_no_connection_left(place: Place) -> None:
    """The role may have none, then fewer than the process wants, then as many as before."""
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'wanku'"
    with shopping(place) as acknowledged:
        place.database.run("ALTER ROLE wanku CONNECTION LIMIT 0", cut, keeper=True)
        place.all_refuse()
        place.database.run("ALTER ROLE wanku CONNECTION LIMIT 3", keeper=True)
        few = together([partial(Buyer(place.variants[0]).order, place.server.port, path) for path in (RUSH, REST) * 8])
        assert outcomes(few).keys() <= {"placed", "503 busy"}
        place.database.run("ALTER ROLE wanku CONNECTION LIMIT -1", keeper=True)
    place.check(acknowledged)
    place.all_serve()


def test_a_disk_that_is_full(place: Place) -> None:
    """As PostgreSQL tells it (SQLSTATE 53100), for every order: nothing is stored, the rest goes on, it recovers."""
    buyers = [Buyer(place.variants[0]) for _ in range(16)]
    count = "SELECT count(*) FROM orders_trade"
    before = place.database.one(count)
    place.database.run(*FULL)
    try:
        for path in (RUSH, REST):
            answers = together([partial(buyer.order, place.server.port, path) for buyer in buyers])
            assert outcomes(answers) == {"503 busy": 16}
            assert {answer.headers["retry-after"] for answer in answers} == {"1"}
        assert place.doors()["page of a member"]().status == 200
        assert place.database.one(count) == before
    finally:
        place.database.run("DROP TRIGGER full_disk ON orders_trade", "DROP FUNCTION full_disk()")
    answers = together([partial(buyer.order, place.server.port) for buyer in buyers])
    assert outcomes(answers) == {"placed": 16} and not any(answer.body["repeated"] for answer in answers)
    place.check({buyer.key: said.body["number"] for buyer, said in zip(buyers, answers, strict=True)})


@contextmanager
def small_disk(place: Place) -> Iterator[Path]:
    """The trades lie on a disk of two megabytes, which only root can make."""
    if os.geteuid() != 0:
        pytest.skip("a small disk is mounted for this, which only root may do")
    folder = place.database.cluster.home / "small"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        owner = place.database.cluster.data.stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        folder.chmod(0o700)
        place.database.run(
            f"CREATE TABLESPACE small LOCATION '{folder}'", "ALTER TABLE orders_trade SET TABLESPACE small", keeper=True
        )
        try:
            yield folder
        finally:
            place.database.run(
                "ALTER TABLE orders_trade SET TABLESPACE pg_default", "DROP TABLESPACE small", keeper=True
            )
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(path: Path) -> None:
    """Write until the disk is full.

    Raises:
        OSError: it is.
    """
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


def test_a_real_disk_that_is_full(place: Place) -> None:
    acknowledged: dict[str, str] = {}
    refused: list[Buyer] = []
    with small_disk(place) as folder:
        ballast = folder / "ballast"
        with pytest.raises(OSError, match="No space left"):
            fill(ballast)
        for n in range(400):
            # What is left of the last page takes a few more.
            buyer = Buyer(place.variants[n % 8])
            said = buyer.order(place.server.port)
            assert said.outcome in ("placed", "503 busy"), said
            if said.status == BUSY:
                refused.append(buyer)
                if len(refused) == 5:
                    break
            else:
                acknowledged[buyer.key] = said.body["number"]
        assert len(refused) == 5, "the disk was never full"
        assert not place.database.ask(
            "SELECT 1 FROM orders_trade WHERE request_key = ANY(%s)", [b.key for b in refused]
        )
        place.check(acknowledged)
        ballast.unlink()
        answers = [buyer.order(place.server.port) for buyer in refused]
        assert outcomes(answers) == {"placed": 5} and not any(said.body["repeated"] for said in answers)
    place.check(acknowledged)
    place.all_serve()
