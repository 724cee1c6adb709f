"""``wanku ledger verify``: what it says, and its exit code."""

import argparse
import io
import json
import re
from typing import Any

import pytest
from rich.console import Console

from tests.bank import Bank
from tests.sale import Sale, paid
from wanku.ledger.models import Balance
from wanku.runner import console
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
    first = text.splitlines()[0].split()
    assert first[:2] == ["holds", "I1"] and first[3:6] == ["checked,", "0", "wrong"]
    assert "WRONG" not in text


def test_what_is_wrong_is_named(bank: Bank, sale: Sale, capsys: pytest.CaptureFixture[str]) -> None:
    paid(bank, sale)
    Balance.objects.update(amount=7)
    code, text = verify(capsys)
    assert code == 1 and "1 of" in text and "cached 7, summed 19800" in text
    assert [line.split()[:2] for line in text.splitlines() if line.startswith("WRONG")] == [["WRONG", "I2"]]
    code, text = verify(capsys, json=True)
    assert code == 1
    assert [(row["code"], row["wrong"]) for row in json.loads(text) if row["wrong"]] == [("I2", 2)]


def test_on_a_terminal_bars_run_to_their_end(
    bank: Bank, sale: Sale, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paid(bank, sale)
    shown = {}
    for name in ("out", "err"):
        shown[name] = io.StringIO()
        terminal = Console(file=shown[name], force_terminal=True, color_system=None, width=90, highlight=False)
        monkeypatch.setattr(console, name, terminal)
    assert verify(capsys)[0] == 0
    last = re.sub(r"\x1b\[[0-9?]*[a-zA-Z]", "", shown["err"].getvalue()).splitlines()[-3:]
    bars = [line.split() for line in last]
    assert [words[0] for words in bars] == ["Entries", "Postings", "Other"]
    assert all(words[-4] == words[-2] != "0" and words[-3] == "of" for words in bars)
    assert "✓" in shown["out"].getvalue() and "✗" not in shown["out"].getvalue()
