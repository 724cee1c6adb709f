"""Accounts: what is checked, and that nothing of them lies open."""

import pytest
from django.test import override_settings

from tests.cast import NOW, Shop
from wanku.kernel.refusal import Refusal
from wanku.kernel.secrets import Unsealable
from wanku.settlement.bank_accounts import (
    CARD,
    COMPANY,
    Destination,
    current_account,
    keep_account,
    masked,
    opened,
    reseal_all,
)
from wanku.settlement.models import BankAccount

LEGAL = "Bo 茶行有限公司（厦门）"
CARD_TO = Destination(CARD, "安小姐", "中国银行", "6222021001116245702")
COMPANY_TO = Destination(COMPANY, LEGAL, "招商银行 厦门分行", "592901234567890")


def refused(to: Destination) -> tuple[str, str | None]:
    """Code and field."""
    with pytest.raises(Refusal) as refusal:
        to.checked(LEGAL)
    return refusal.value.code.name, refusal.value.field


def test_cleaned_and_taken() -> None:
    typed = Destination(CARD, " 安 小姐 ", "中国\u200b银行", "6222 0210-0111 6245702")
    assert typed.checked(LEGAL) == Destination(CARD, "安 小姐", "中国银行", "6222021001116245702")
    assert Destination(COMPANY, "Bo茶行有限公司(厦门)", "招商银行", "12345678").checked(LEGAL).number == "12345678"


@pytest.mark.parametrize(
    ("to", "code", "field"),
    [
        (Destination("piggy", "安小姐", "中国银行", "6222021001116245702"), "bad_value", "kind"),
        (Destination(CARD, "", "中国银行", "6222021001116245702"), "bad_value", "holder"),
        (Destination(CARD, "安" * 121, "中国银行", "6222021001116245702"), "bad_value", "holder"),
        (Destination(CARD, "安小姐", " ", "6222021001116245702"), "bad_value", "bank"),
        (Destination(CARD, "安小姐", "中国银行", "6222021001116245703"), "bad_account_number", "number"),
        (Destination(CARD, "安小姐", "中国银行", "6222021001116247502"), "bad_account_number", "number"),
        (Destination(CARD, "安小姐", "中国银行", "59290123456789"), "bad_account_number", "number"),
        (
            Destination(CARD, "安小姐", "中国银行", "６２２２０２１００１１１６２４５７０２"),
            "bad_account_number",
            "number",
        ),
        (Destination(COMPANY, "别家有限公司", "招商银行", "592901234567890"), "bad_holder", "holder"),
        (Destination(COMPANY, LEGAL, "招商银行", "1234567"), "bad_account_number", "number"),
        (Destination(COMPANY, LEGAL, "招商银行", "12345678a"), "bad_account_number", "number"),
    ],
)
def test_what_is_wrong_is_named(to: Destination, code: str, field: str) -> None:
    assert refused(to) == (code, field)


def test_a_company_number_has_no_luhn_digit() -> None:
    assert COMPANY_TO.checked(LEGAL) == COMPANY_TO


@pytest.mark.django_db
def test_sealed_and_shown_by_its_end(bo: Shop) -> None:
    row = keep_account(bo.merchant.pk, CARD_TO, set_by=None, usable_from=NOW, now=NOW)
    stored = BankAccount.objects.values().get()
    assert not any(text in str(stored) for text in ("安小姐", "中国银行", CARD_TO.number))
    assert opened(row) == CARD_TO
    shown = masked(row)
    assert (shown.holder, shown.bank, shown.number) == ("安***姐", "中国银行", "**** 5702")
    assert CARD_TO.number not in f"{CARD_TO!r} {row!r} {shown!r}"


@pytest.mark.django_db
def test_the_newest_counts(bo: Shop, cy: Shop) -> None:
    assert current_account(bo.merchant.pk) is None
    keep_account(bo.merchant.pk, CARD_TO, set_by=None, usable_from=NOW, now=NOW)
    second = keep_account(bo.merchant.pk, COMPANY_TO, set_by=None, usable_from=NOW, now=NOW)
    keep_account(cy.merchant.pk, CARD_TO, set_by=None, usable_from=NOW, now=NOW)
    assert current_account(bo.merchant.pk) == second


@pytest.mark.django_db
def test_resealed_under_a_new_secret(bo: Shop, settings: object) -> None:
    row = keep_account(bo.merchant.pk, CARD_TO, set_by=None, usable_from=NOW, now=NOW)
    old = str(getattr(settings, "SECRET_KEY"))  # noqa: B009 - pytest-django's own wrapper
    with override_settings(SECRET_KEY="n" * 60, SECRET_KEY_FALLBACKS=[old]):
        assert reseal_all() == 1
    with override_settings(SECRET_KEY="n" * 60, SECRET_KEY_FALLBACKS=[]):
        assert opened(BankAccount.objects.get(pk=row.pk)) == CARD_TO
    with pytest.raises(Unsealable):
        opened(BankAccount.objects.get(pk=row.pk))
