"""Money, moments and refusals in three languages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from wanku.kernel.money import Money
from wanku.kernel.refusal import BAD_VALUE, NOT_ALLOWED, Code, Refusal
from wanku.ui import words

NOW = datetime(2026, 5, 3, 4, 5, 6, tzinfo=UTC)
LANGUAGES = ("zh-hans", "zh-hant", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(123400, "CNY"), "¥1,234.00"),
        (Money(-5, "CNY"), "-¥0.05"),
        (Money(0, "CNY"), "¥0.00"),
        (Money(10**12, "CNY"), "¥10,000,000,000.00"),
    ],
)
def test_money_reads_the_same_everywhere(language: str, money: Money, text: str) -> None:
    with translation.override(language):
        assert words.money_text(money) == text


def test_currencies_keep_their_own_digits() -> None:
    assert words.money_text(Money(1234, "JPY")).endswith("1,234")
    assert words.money_text(Money(1234, "KWD")).endswith("1.234")
    assert words.money_text(Money(123456, "USD")) == "US$1,234.56"


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh-hans", "5月3日 12:05"), ("zh-hant", "5月3日 12:05"), ("en", "3 May, 12:05")],
)
def test_a_moment_of_this_year_leaves_the_year_out(language: str, text: str) -> None:
    with translation.override(language):
        assert words.exact_text(NOW, NOW) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh-hans", "2026年5月3日 12:05"), ("zh-hant", "2026年5月3日 12:05"), ("en", "3 May 2026, 12:05")],
)
def test_a_moment_of_another_year_names_it(language: str, text: str) -> None:
    with translation.override(language):
        assert words.exact_text(NOW, NOW + timedelta(days=400)) == text


def test_a_moment_follows_the_readers_zone() -> None:
    with timezone.override("America/New_York"):
        assert words.exact_text(NOW, NOW) == "3 May, 00:05"
        assert words.full_text(NOW) == "2026-05-03 00:05:06 GMT-04:00"
        assert words.day_text(NOW - timedelta(hours=5)) == "2 May 2026"


@pytest.mark.parametrize(
    ("left", "english", "chinese"),
    [
        (timedelta(seconds=-20), "just now", "刚刚"),
        (timedelta(hours=-2), "2 hours ago", "2小时前"),
        (timedelta(days=3), "in 3 days", "3天后"),
    ],
)
def test_relative_time(left: timedelta, english: str, chinese: str) -> None:
    assert words.relative_text(NOW + left, NOW) == english
    with translation.override("zh-hans"):
        assert words.relative_text(NOW + left, NOW) == chinese


@pytest.mark.parametrize(
    ("left", "english", "chinese"),
    [
        (timedelta(days=1, hours=5, minutes=9), "1 day 5 hours", "1天5小时"),
        (timedelta(minutes=14, seconds=40), "14 minutes", "14分钟"),
        (timedelta(seconds=20), "1 minute", "1分钟"),
        (timedelta(0), "", ""),
        (timedelta(days=-1), "", ""),
    ],
)
def test_what_remains(left: timedelta, english: str, chinese: str) -> None:
    assert words.left_text(NOW + left, NOW) == english
    with translation.override("zh-hans"):
        assert words.left_text(NOW + left, NOW) == chinese


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(172_800, "2 days"), (864_000, "10 days"), (2_592_000, "30 days"), (900, "15 minutes"), (129_600, "36 hours")],
)
def test_durations(seconds: int, text: str) -> None:
    assert words.duration_text(seconds) == text


@pytest.mark.parametrize(("size", "text"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KB"), (3 * 1024**2, "3 MB")])
def test_sizes(size: int, text: str) -> None:
    assert words.bytes_text(size) == text


def test_a_refusal_formats_its_facts() -> None:
    code = Code("price_changed", "The total is now %(total)s; %(left)s left until %(at)s.", 409)
    refusal = Refusal(code, total=Money(1050, "CNY"), left=12000, at=datetime(2031, 1, 2, 3, 4, tzinfo=UTC))
    assert words.refusal_text(refusal) == "The total is now ¥10.50; 12,000 left until 2 Jan 2031, 11:04."


def test_a_refusal_is_translated_with_its_reason() -> None:
    with translation.override("zh-hans"):
        text = words.refusal_text(Refusal(NOT_ALLOWED, because="To the start page"))
    assert "回到首页" in text


def test_a_fact_that_someone_typed_is_never_translated() -> None:
    code = Code("taken", "%(name)s is taken.", 409)
    with translation.override("zh-hans"):
        assert "Cart" in words.refusal_text(Refusal(code, name="Cart"))


def test_a_refusal_that_lacks_a_fact_still_reads() -> None:
    assert words.refusal_text(Refusal(BAD_VALUE)) == "…"


def test_percent_signs_in_facts_do_no_harm() -> None:
    assert words.refusal_text(Refusal(BAD_VALUE, problem="100%(s) off %s")) == "100%(s) off %s"


def test_an_unknown_language_falls_back() -> None:
    with translation.override("fr"):
        assert words.html_language() == "zh-Hans"
