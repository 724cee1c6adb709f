"""After the measurements: nothing may have been lost, invented or sold twice.

``python -m bench.proof`` reads request keys of acknowledged orders, one a line, and prints what holds as JSON; it runs
in the environment of the installation that it looks at.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import django

from bench.place import ROOT, Place

UNSTORED = """
SELECT count(*) FROM unnest(%s::text[]) AS k(key)
WHERE NOT EXISTS (SELECT FROM orders_trade t WHERE t.request_key = k.key)
"""


@dataclass(frozen=True, slots=True)
class Fact:
    """What one invariant came to in one database."""

    database: str
    code: str
    says: str
    checked: int
    wrong: int


def prove(place: Place, keys: Sequence[str]) -> list[Fact]:
    """I1 to I5 from scratch, and I6 for the orders that were acknowledged.

    Raises:
        RuntimeError: proving itself failed.
    """
    done = subprocess.run(
        [sys.executable, "-P", "-m", "bench.proof"],
        cwd=ROOT,
        env={**place.environ, "PYTHONPATH": str(ROOT)},
        input="\n".join(keys),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"proving {place.database} failed:\n{done.stderr[-3000:]}")
    return [Fact(place.database, *row) for row in json.loads(done.stdout)]


def main() -> None:
    """Prove this installation."""
    keys = sys.stdin.read().split()
    django.setup()
    from django.db import connection

    from wanku.flows.proving.prove_books import prove_books

    rows = [(check.code, check.says, check.checked, check.wrong) for check in prove_books()]
    with connection.cursor() as cursor:
        cursor.execute(UNSTORED, [keys])
        rows.append(("I6", "Every order that was acknowledged is stored.", len(keys), int(cursor.fetchone()[0])))
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
