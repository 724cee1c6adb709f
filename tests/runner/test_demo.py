"""The demo is loaded by two processes that agree on the time, fail together and end together."""

import subprocess
import sys

import psycopg
import pytest

from tests.market import ROOT, Market
from tests.runner.ground import alive, until

AGAIN = """
import django
django.setup()
from django.db import IntegrityError
from wanku.access.actor import Actor
from wanku.runner.demo.beside import beside
try:
    with beside({}, Actor(), []):
        print("the caller goes on")
except IntegrityError as there_already:
    print(there_already)
"""
WAITS = """
import multiprocessing, os, time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from wanku.runner.demo.beside import _prepare
with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _prepare, (os.getpid(), datetime.now(UTC))) as pool:
    print(pool.submit(os.getpid).result(), flush=True)
    pool.submit(time.sleep, 60).result()
"""


@pytest.mark.server
@pytest.mark.slow
def test_both_begin_at_the_same_moment(market: Market) -> None:
    with psycopg.connect(market.environ["DATABASE_URL"]) as connection:
        shops = connection.execute(
            "SELECT kind, min(applied_at), max(applied_at) FROM merchants_merchant JOIN catalog_product "
            "ON catalog_product.merchant_id = merchants_merchant.id GROUP BY kind"
        ).fetchall()
    assert len(shops) == 6, "goods and the five other kinds"
    assert len({at for _kind, *both in shops for at in both}) == 1


@pytest.mark.server
@pytest.mark.slow
def test_what_fails_beside_fails_the_loading(market: Market) -> None:
    with psycopg.connect(market.environ["DATABASE_URL"], autocommit=True) as connection:
        count = "SELECT count(*) FROM merchants_merchant"
        before = connection.execute(count).fetchone()
        said = market.run("-c", AGAIN)
        assert "the caller goes on" in said and "people_person_email" in said, said
        assert connection.execute(count).fetchone() == before


@pytest.mark.server
@pytest.mark.fault
@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child that its parent died")
def test_kill_9_of_one_ends_the_other(market: Market) -> None:
    with subprocess.Popen(
        [sys.executable, "-P", "-c", WAITS], env=market.environ, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as loading:
        assert loading.stdout is not None
        beside = int(loading.stdout.readline())
        assert alive(beside)
        loading.kill()
    until(lambda: not alive(beside), what="it ends with the one that started it")
