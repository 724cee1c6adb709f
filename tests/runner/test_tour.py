"""`wanku tour` against a served demo shop: every step is seen, and one that is broken is told and counts."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.market import ROOT, Market

pytestmark = [pytest.mark.server, pytest.mark.slow]


def tour(url: str, *words: str, columns: int = 120) -> subprocess.CompletedProcess[str]:
    """Run it as a user would."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("WANKU_", "DATABASE"))}
    return subprocess.run(
        [sys.executable, "-P", "-m", "wanku", "tour", "--url", url, *words],
        env={**environ, "COLUMNS": str(columns)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


TAKE = """UPDATE merchants_staff SET role = 'finance' WHERE role = 'owner'
AND merchant_id = (SELECT id FROM merchants_merchant WHERE slug = 'shanjian') RETURNING id"""
GIVE = "UPDATE merchants_staff SET role = 'owner' WHERE id = %s"


@contextmanager
def bo_may_not_ship(market: Market) -> Iterator[None]:
    """The owner of the tea shop is only its accountant for a while."""
    with psycopg.connect(market.environ["DATABASE_URL"], autocommit=True) as connection:
        (seat,) = connection.execute(TAKE).fetchall()
        try:
            yield
        finally:
            connection.execute(GIVE, seat)


def test_every_step_is_seen(market: Market) -> None:
    done = tour(market.url, "--lang", "en")
    assert done.returncode == 0, done.stdout + done.stderr
    for seen in (
        "refused (insufficient_funds)",
        "both orders are paid",
        "one trade",
        "in the timeline: expire",
        "in the timeline: late",
        "in the timeline: receive",
        "What the ledger says of this trade",
        "Every entry sums to zero",
        "All 40 steps were seen",
        "the same person was refused",
        "compares the bill of stripe with the ledger",
        "All 22 steps were seen",
    ):
        assert seen in done.stdout, seen


def test_it_speaks_chinese(market: Market) -> None:
    done = tour(market.url, "--lang", "zh", "--part", "main")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "28 步全部看到" in done.stdout
    assert "待结算" in done.stdout


def test_a_broken_step_is_told_and_counts(market: Market) -> None:
    with bo_may_not_ship(market):
        done = tour(market.url, "--lang", "en", "--part", "main")
    assert done.returncode == 1
    assert "✗ 14" in done.stdout
    assert "expected: " in done.stdout
    assert "came: " in done.stdout
    assert "Step 14 was not seen" in done.stdout


def test_no_server_is_told() -> None:
    done = tour("http://127.0.0.1:9", "--lang", "en", "--part", "main")
    assert done.returncode == 1
    assert "✗  1" in done.stdout
