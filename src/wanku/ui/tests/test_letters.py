"""Notices in words: every kind, in every language, with every fact that it names."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from tests.cast import NOW
from wanku.kernel.refusal import Refusal
from wanku.notices.models import Notice
from wanku.notices.texts import WORDINGS
from wanku.orders.refusals import NOT_TO_SHIP
from wanku.ui.letters import letter, shown
from wanku.ui.words import refusal_text

LANGUAGES = ("zh-hans", "zh-hant", "en")
FACTS: dict[str, Any] = {
    "trade": "261111-00000-00000-0",
    "order": "261111-00000-00000-1",
    "shop": "Bo & <b>茶行</b>",
    "amount": {"money": [123400, "CNY"]},
    "due": {"at": NOW.isoformat()},
    "ship_by": {"at": NOW.isoformat()},
    "at": {"at": NOW.isoformat()},
    "edition": "专业版 · 一年",
    "until": {"at": NOW.isoformat()},
    "carrier": "sf",
    "tracking": "SF1234567890123",
    "pieces": 2,
    "reminder": 3,
    "count": 1,
    "title": "白瓷茶壶",
    "goods": 5,
    "question": "能用洗碗机吗？",
    "answer": "可以。\n请放上层。",
    "left": 3,
    "digits": "123456",
    "code": "123456",
    "minutes": 10,
    "label": "红 / 大",
    "sku": "SKU-1",
    "because": "执照不清楚",
    "note": "壶盖有裂纹",
    "reference": "STMT-20261111-7",
    "invoice": "261111-00000-00000-2",
    "issue_by": {"at": NOW.isoformat()},
    "failure": "税号不存在",
    "number": "261111-00000-00000-3",
    "tail": "6789",
    "gateway": "wechat",
    "day": "2026-11-10",
    "cases": 2,
    "booked": {
        "titles": ["空调清洗", "滤芯"],
        "from": NOW.isoformat(),
        "to": (NOW + timedelta(hours=2)).isoformat(),
        "zone": "Asia/Shanghai",
    },
    "fee": {"money": [5000, "CNY"]},
}


def notice(kind: str, **fields: Any) -> Notice:
    """Not stored."""
    values = {"kind": kind, "facts": FACTS, "link": "/orders/261111/", "reader": "person:7", "language": "en", **fields}
    return Notice(**values)


@pytest.mark.parametrize("kind", WORDINGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_in_every_language(kind: str, language: str) -> None:
    with translation.override(language):
        view = shown(notice(kind))
    text = "\n".join((view.title, *view.lines, view.action))
    assert "…" not in text
    assert "%(" not in text
    chinese = bool(re.search(r"[\u4e00-\u9fff]", view.action))
    assert chinese is (language != "en"), text


def test_facts_are_worded_for_the_reader() -> None:
    with translation.override("zh-hans"):
        view = shown(notice("parcel_shipped"))
        assert view.lines == ("顺丰速运，运单号 SF1234567890123，本包裹共 2 件。",)
        assert "¥1,234.00" in shown(notice("trade_placed")).lines[0]
        assert "11月11日 10:00" in shown(notice("order_overdue")).lines[0]


def test_bills_and_cases_name_channel_and_day_in_the_readers_words() -> None:
    said = {
        "zh-hans": ("微信支付", "2026年11月10日"),
        "zh-hant": ("微信支付", "2026年11月10日"),
        "en": ("WeChat Pay", "10 Nov 2026"),
    }
    for language, facts in said.items():
        with translation.override(language):
            for kind in ("bill_late", "bill_differs", "case_open", "write_off_proposed"):
                view = shown(notice(kind))
                text = "\n".join((view.title, *view.lines))
                assert all(fact in text for fact in facts), text
                assert "wechat" not in text and "2026-11-10" not in text
            assert shown(notice("case_open", facts={**FACTS, "number": ""})).lines[-1].endswith("—")


def test_an_old_notice_never_breaks_its_list() -> None:
    assert shown(notice("gone_kind")).title == "gone kind"
    assert "…" in shown(notice("order_overdue", facts={})).title


def test_a_letter_is_in_the_readers_language_and_safe(settings: Any) -> None:
    settings.PUBLIC_URL = "https://wanku.example"
    with translation.override("zh-hans"):
        written = letter(notice("parcel_shipped", language="en"))
    assert written.subject == "Bo & <b>茶行</b> has shipped your order 261111-00000-00000-1"
    assert "SF Express, tracking number SF1234567890123" in written.text
    for body in (written.text, written.html):
        assert "https://wanku.example/orders/261111/" in body
        assert "never ask for a password" in body
        assert "switch these e-mails off" in body
    assert "<b>茶行" not in written.html
    assert "Bo &amp; &lt;b&gt;茶行" in written.html
    assert '<html lang="en">' in written.html
    assert "style=" not in written.html


def test_guests_have_nothing_to_switch_off() -> None:
    written = letter(notice("trade_paid", reader="guest:1", language="zh-hant"))
    assert '<html lang="zh-Hant">' in written.html
    with translation.override("zh-hant"):
        hint = translation.gettext("You can switch these e-mails off on the page of your messages.")
    assert hint not in written.text


def test_a_state_in_a_refusal_is_the_word_of_the_trade() -> None:
    refusal = Refusal(NOT_TO_SHIP, state="completed")
    with translation.override("zh-hans"):
        assert refusal_text(refusal) == "没有可发货的商品：订单当前为“已完成”。"
    with translation.override("en"):
        assert "“Completed”" in refusal_text(refusal)
