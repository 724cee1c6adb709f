"""``wanku ledger verify``: what it says, and its exit code."""

import argparse
import json
from typing import Any

import pytest

from tests.bank import Bank
from tests.sale import Sale, paid
from wanku.ledger.models import Balance
from wanku.runner.commands import ledger

pytestmark = pytest.mark.django_db


def verify(capsys: pytest.CaptureFixture[str], **options: Any) -> tuple[int, str]:
    """Exit code and what was printed."""
    code = ledger.run(argparse.Namespace(act="verify", **{"json": False, **options}))
    return code, capsys.readouterr().out


def test_sound_books(bank: Bank, sale: Sale, capsys: pytest.CaptureFixture[str]) -> None:
    paid(bank, sale)
    code, text = verify(capsys)
    assert code == 0 and "The books are sound." in text
    assert "Every entry sums to zero" in text and "✗" not in text


def test_what_is_wrong_is_named(bank: Bank, sale: Sale, capsys: pytest.CaptureFixture[str]) -> None:
    paid(bank, sale)
    Balance.objects.update(amount=7)
    code, text = verify(capsys)
    assert code == 1 and "1 of" in text and "cached 7, summed 19800" in text
    code, text = verify(capsys, json=True)
    assert code == 1
    assert [(row["code"], row["wrong"]) for row in json.loads(text) if row["wrong"]] == [("I2", 2)]
