"""What our own provider draws: the text, the typeface inside, and that it is honest."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.test import override_settings
from reportlab.pdfbase import pdfmetrics

from wanku.invoices.provider import Party, ProviderDown, Sheet
from wanku.invoices.providers import _drawing
from wanku.invoices.providers.pdf import PdfProvider
from wanku.invoices.rules import Part, reversed_lines, sheet_lines

LINES = sheet_lines([Part("白瓷茶壶 <礼盒> & 杯", "月白", 2, 19_800), Part("运费", "", None, 1_200)], 21_000, 1300)
SHEET = Sheet(
    number="26112148291734655",
    dated=datetime(2026, 11, 20, 17, tzinfo=UTC),
    seller=Party("Bo 茶行有限公司", "91350100M000100Y43"),
    buyer=Party("龘田囍（杭州）有限公司", "91350100M000100Y43"),
    currency="CNY",
    lines=LINES,
    order_number="26111000000000017",
    code="A1B2C3D4E5F60718293A",
    verify_url="https://shop.example.com/invoice/?number=26112148291734655&code=A1B2C3D4E5F60718293A",
)
BUILT = (Path(_drawing.__file__).parents[2] / "ui/dist/fonts/NotoSansSC-Regular.ttf").exists()
pytestmark = pytest.mark.skipif(not BUILT, reason="the front end is not built")


def pages(document: bytes) -> list[Any]:
    """As a reader's program sees them."""
    return list(pypdf.PdfReader(io.BytesIO(document)).pages)


def text(document: bytes) -> str:
    """All its words, without white space."""
    return "".join("".join(page.extract_text().split()) for page in pages(document))


def test_everything_stands_on_it() -> None:
    words = text(PdfProvider().issue(SHEET).document)
    for wanted in (
        "电子收据",
        "261121-48291-73465-5",
        # The day in China, not in UTC.
        "2026年11月21日",
        "Bo茶行有限公司",
        "龘田囍（杭州）有限公司",
        "91350100M000100Y43",
        "白瓷茶壶<礼盒>&杯",
        "87.61",
        "175.22",
        "22.78",
        "运费",
        "10.62",
        "1.38",
        "¥185.84",
        "¥24.16",
        "贰佰壹拾圆整",
        "¥210.00",
        "A1B2C3D4E5F60718293A",
        "261110-00000-00001-7",
    ):
        assert wanted in words, wanted
    assert "红字" not in words


def test_it_says_that_it_is_no_tax_invoice() -> None:
    words = text(PdfProvider().issue(SHEET).document)
    assert "NOTATAXINVOICE" in words and "不是税务机关监制的发票" in words and not PdfProvider.is_tax


def test_a_red_letter_is_negative_and_names_its_original() -> None:
    red = replace(SHEET, lines=reversed_lines(LINES), original_number="26110100000000011", remark="红字冲销")
    words = text(PdfProvider().reverse(red).document)
    assert "红字电子收据" in words and "261101-00000-00001-1" in words and "红字冲销" in words
    assert "-¥210.00" in words and "负贰佰壹拾圆整" in words and "-22.78" in words


def test_the_typeface_is_inside_and_only_what_is_used_of_it() -> None:
    document = PdfProvider().issue(SHEET).document
    fonts = {}
    for page in pages(document):
        for font in page["/Resources"]["/Font"].values():
            told = font.get_object()
            descriptor = told.get("/FontDescriptor")
            fonts[str(told["/BaseFont"])] = descriptor is not None and "/FontFile2" in descriptor.get_object()
    assert fonts and all(fonts.values()), fonts
    assert len(document) < 150_000


def test_many_lines_go_on_further_pages_with_the_head_again() -> None:
    many = pages(PdfProvider().issue(replace(SHEET, lines=LINES * 20)).document)
    assert len(many) > 2
    assert all("校验码" in page.extract_text() and "项目名称" in page.extract_text() for page in many[:-1])


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert PdfProvider().issue(SHEET).document == PdfProvider().issue(SHEET).document


def test_without_the_typeface_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pdfmetrics, "getRegisteredFontNames", list)
    with override_settings(BUILT=tmp_path), pytest.raises(ProviderDown, match="typeface"):
        PdfProvider().issue(SHEET)
