"""The demo is loaded by two processes that agree on the time, fail together and end together."""

import subprocess
import sys

import psycopg
import pytest

from tests.market import ROOT, Market
from tests.runner.ground import alive, until

BOTH = """
import multiprocessing, time
import django
django.setup()
from django.db import IntegrityError
from wanku.access.actor import Actor
from wanku.runner.demo.other_kinds import opened_meanwhile
try:
    with opened_meanwhile({{}}, Actor(), []):
        {meanwhile}
except IntegrityError as there_already:
    print(there_already)
"""
GOES_ON = "print('the caller goes on')"
LASTS = "print(multiprocessing.active_children()[0].pid, flush=True); time.sleep(60)"


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
def test_what_fails_in_the_second_fails_the_loading(market: Market) -> None:
    with psycopg.connect(market.environ["DATABASE_URL"], autocommit=True) as connection:
        count = "SELECT count(*) FROM merchants_merchant"
        before = connection.execute(count).fetchone()
        said = market.run("-c", BOTH.format(meanwhile=GOES_ON))
        assert "the caller goes on" in said and "people_person_email" in said, said
        assert connection.execute(count).fetchone() == before


@pytest.mark.server
@pytest.mark.fault
@pytest.mark.slow
def test_kill_9_of_one_ends_the_other(market: Market) -> None:
    words = [sys.executable, "-P", "-c", BOTH.format(meanwhile=LASTS)]
    with subprocess.Popen(words, env=market.environ, cwd=ROOT, stdout=subprocess.PIPE, text=True) as loading:
        assert loading.stdout is not None
        other = int(loading.stdout.readline())
        assert alive(other)
        loading.kill()
    until(lambda: not alive(other), what="it ends with the one that started it")
