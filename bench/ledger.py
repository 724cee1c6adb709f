"""A shop with a million ledger entries: what its statement costs, and how long proving takes.

``python -m bench.ledger [ENTRIES]`` fills a throw-away database, first with a hundredth of the entries and then with
the rest, through every constraint and trigger (``bench/sql/ledger.sql``), and measures the same pages at both sizes.
Nothing here is a load: one reader, one page after another.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.place import ROOT, Place, place

SQL = Path(__file__).resolve().parent / "sql" / "ledger.sql"
DAYS = 100
PER_ORDER = 3
PART = 100
TIMES = 15


def main() -> int:
    """Fill, measure, print; 1 when the books do not hold."""
    parser = argparse.ArgumentParser(prog="python -m bench.ledger", description=__doc__)
    parser.add_argument("entries", nargs="?", type=int, default=1_000_000)
    options = parser.parse_args()
    with place() as here:
        os.environ.update(here.environ, PYTHONPATH=str(ROOT))
        import django

        django.setup()
        return _measure(here, options.entries)


def _measure(here: Place, entries: int) -> int:
    from bench.shop import fill
    from wanku.merchants.models import Merchant

    fill(datetime.now(UTC))
    merchant = Merchant.objects.order_by("pk")[0]
    columns, sound = [], True
    for share in (entries // PART, entries):
        seconds = _fill(merchant.pk, share)
        found = {"filling, s": seconds, "closing days, s": _closed(), **_pages(merchant)}
        proven, good = _proven(here)
        columns.append({"entries": _count(), **found, "wanku ledger verify, s": proven})
        sound = sound and good
    table = Table("", *(f"{column['entries']:,} entries" for column in columns), box=None)
    for name in columns[0]:
        table.add_row(name, *(f"{column[name]:,.3f}" if isinstance(column[name], float) else f"{column[name]:,}"
                              for column in columns))  # fmt: skip
    Console().print(table)
    return 0 if sound else 1


def _count() -> int:
    from wanku.ledger.models import Entry

    return Entry.objects.count()


def _fill(merchant_id: int, entries: int) -> float:
    """Bring the books to so many entries, spread over the last days up to yesterday; seconds."""
    from django.db import connection, transaction

    began, there = time.monotonic(), _count()
    each = max(1, (entries - there) // PER_ORDER // DAYS)
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    for number in range(DAYS):
        facts = {
            "merchant": merchant_id,
            "day": today - timedelta(days=DAYS - number),
            "first": there + number * each,
            "count": each,
        }
        with transaction.atomic(), connection.cursor() as cursor:
            for name, value in facts.items():
                cursor.execute("SELECT set_config(%s, %s, true)", [f"bench.{name}", str(value)])
            cursor.execute(SQL.read_text(encoding="utf-8"))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) ledger_entry, ledger_posting, ledger_balance")
    return time.monotonic() - began


def _closed() -> float:
    """Seconds to total all days anew."""
    from wanku.flows.settling.close_days import close_days
    from wanku.ledger.models import DayTotal

    DayTotal.objects.all().delete()
    began = time.monotonic()
    while close_days(now=datetime.now(UTC)):
        pass
    return time.monotonic() - began


def _pages(merchant: Any) -> dict[str, float | int]:
    """Median milliseconds of pages, their statements, and how quickly sheets are read."""
    from django.test import Client

    from wanku.catalog.sheets.stream import csv_parts
    from wanku.ledger.days import day_of
    from wanku.merchants.models import Staff, StaffRole
    from wanku.people.models import Person
    from wanku.ui.statements import Wanted, sheet_head, sheet_rows, statement

    client = Client(HTTP_HOST="127.0.0.1")
    owner = Person.objects.filter(email="ledger@example.com").first()
    if owner is None:
        owner = Person.objects.create_user(email="ledger@example.com", name="Bench")
        Staff.objects.create(merchant=merchant, person=owner, role=StaffRole.OWNER, since=datetime.now(UTC))
    client.force_login(owner)
    now = datetime.now(UTC)
    middle = day_of(now) - timedelta(days=DAYS // 2)
    base = f"/desk/{merchant.slug}/money/"
    deep = statement(merchant.pk, Wanted(last=middle), lambda each, sold, settlement: "").older
    found: dict[str, float | int] = {}
    for name, url in {
        "newest page, ms": base,
        "page deep inside, ms": f"{base}?before={deep}",
        "a day, ms": f"{base}?first={middle}&last={middle}",
        "days, ms": f"{base}days/",
    }.items():
        found[name] = _median(partial(client.get, url))
        found[f"its statements ({name.partition(',')[0]})"] = _statements(partial(client.get, url))
    desk = _desk()
    for name, url in {
        "desk, start of finance, ms": "finance/",
        "desk, accounts, ms": "ledger/accounts/",
        "desk, days of an account, ms": "ledger/accounts/platform:commission/",
        "desk, entries of an account, ms": f"ledger/?account=platform:commission&until={middle}",
    }.items():
        found[name] = _median(partial(desk.get, f"/platform/{url}"))
    began, lines = time.monotonic(), 0
    for part in csv_parts(sheet_head(), sheet_rows(merchant.pk, Wanted(), now)):
        lines += part.count(b"\n")
    found["rows of a sheet per second"] = round(lines / (time.monotonic() - began))
    return found


def _desk() -> Any:
    """A browser of somebody of finance."""
    from django.test import Client

    from wanku.access.models import PlatformRole, PlatformSeat
    from wanku.people.models import Person

    person, fresh = Person.objects.get_or_create(email="finance@example.com", defaults={"name": "Bench"})
    if fresh:
        PlatformSeat.objects.create(person=person, role=PlatformRole.FINANCE, since=datetime.now(UTC))
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person)
    return client


def _median(call: Callable[[], Any]) -> float:
    taken = []
    for _ in range(TIMES):
        began = time.monotonic()
        answer = call()
        taken.append((time.monotonic() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"the page answered {answer.status_code} {answer.headers}")
    return median(taken)


def _statements(call: Callable[[], Any]) -> int:
    from tests.statements import statements

    with statements() as sent:
        call()
    return len(sent)


def _proven(here: Place) -> tuple[float, bool]:
    """Seconds of the command, and whether the books hold."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "wanku", "ledger", "verify", "--json"],
        env=here.environ,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    taken = time.monotonic() - began
    wrong = [row for row in json.loads(done.stdout) if row["wrong"]]
    if wrong:
        print(json.dumps(wrong, ensure_ascii=False, indent=1), file=sys.stderr)
    return taken, not wrong


if __name__ == "__main__":
    sys.exit(main())
