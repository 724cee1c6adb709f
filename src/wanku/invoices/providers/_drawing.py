"""How a receipt looks: half an A4 page, like the invoices that people in China know, with its typeface inside.

Documents are in Chinese whatever the reader's language is, as the rules on invoices ask; what must not be misread (that
this is no invoice of a tax bureau) stands in English too.
"""

import io
import threading
from collections.abc import Sequence
from typing import Any, Final
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A5, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer, Table, TableStyle

from wanku.invoices.capitals import capitals
from wanku.invoices.provider import Party, ProviderDown, Sheet
from wanku.invoices.rules import SheetLine
from wanku.kernel.ids import spaced
from wanku.kernel.money import Money, exponent, major

FONT: Final = "WankuSans"
WIDTH, HEIGHT = landscape(A5)
EDGE: Final = 10 * mm
HEAD: Final = 30 * mm
FOOT: Final = 19 * mm
INNER: Final = WIDTH - 2 * EDGE
INK, QUIET, RULE, RED = HexColor("#2b2622"), HexColor("#756c64"), HexColor("#b08d6e"), HexColor("#b3261e")
ZONE: Final = ZoneInfo("Asia/Shanghai")
SYMBOLS: Final = {"CNY": "¥"}
NOT_TAX: Final = "本凭证由平台自带的开票服务开具，是电子收据，不是税务机关监制的发票，不能用于抵扣税款。"
NOT_TAX_EN: Final = "An electronic receipt by the platform's built-in service; NOT an invoice of a tax bureau."
_registering = threading.Lock()


def draw(sheet: Sheet) -> bytes:
    """The document of a sheet, with its typeface embedded; the same sheet gives the same bytes.

    Raises:
        ProviderDown: the typeface was not built with the front end.
    """
    _register()
    out = io.BytesIO()
    kind = "红字电子收据" if sheet.is_red else "电子收据"
    document = BaseDocTemplate(
        out,
        pagesize=(WIDTH, HEIGHT),
        title=f"{kind} {spaced(sheet.number)}",
        author=sheet.seller.name,
        subject=f"{sheet.order_number}",
        creator="Wanku",
        lang="zh-CN",
        invariant=1,
        initialFontName=FONT,
    )
    frame = Frame(EDGE, FOOT, INNER, HEIGHT - HEAD - FOOT, 0, 0, 0, 0)

    def decorate(canvas: Canvas, doc: Any) -> None:
        _head(canvas, sheet, kind, doc.page)
        _foot(canvas, sheet)

    document.addPageTemplates([PageTemplate(frames=[frame], onPage=decorate)])
    document.build(
        [_parties(sheet), _goods(sheet), _sum(sheet), Spacer(1, 2 * mm), _remark(sheet)],
    )
    return out.getvalue()


def _register() -> None:
    with _registering:
        if FONT in pdfmetrics.getRegisteredFontNames():
            return
        path = settings.BUILT / "fonts" / "NotoSansSC-Regular.ttf"
        try:
            pdfmetrics.registerFont(TTFont(FONT, str(path)))
        except (TTFError, OSError) as missing:
            raise ProviderDown(f"the typeface is not at {path}") from missing


def _style(size: float, color: Any = INK, align: int = 0) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}{color}{align}",
        fontName=FONT,
        fontSize=size,
        leading=size * 1.35,
        textColor=color,
        alignment=align,
        wordWrap="CJK",
    )


def _text(words: str, size: float = 8, color: Any = INK, align: int = 0) -> Paragraph:
    return Paragraph(escape(words), _style(size, color, align))


def _money(amount: int, currency: str, *, symbol: bool = False) -> str:
    shown = f"{major(Money(amount, currency)):,.{exponent(currency)}f}"
    if not symbol:
        return shown
    sign = "-" if amount < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, currency + ' ')}{shown.removeprefix('-')}"


def _head(canvas: Canvas, sheet: Sheet, kind: str, page: int) -> None:
    _qr(canvas, sheet.verify_url, EDGE, HEIGHT - EDGE - 18 * mm, 18 * mm)
    middle = WIDTH / 2
    color = RED if sheet.is_red else INK
    canvas.setFillColor(color)
    canvas.setFont(FONT, 17)
    canvas.drawCentredString(middle, HEIGHT - EDGE - 7 * mm, kind)
    canvas.setStrokeColor(RULE if not sheet.is_red else RED)
    canvas.setLineWidth(0.8)
    for gap in (9.6, 10.6):
        canvas.line(middle - 26 * mm, HEIGHT - EDGE - gap * mm, middle + 26 * mm, HEIGHT - EDGE - gap * mm)
    canvas.setFillColor(RED)
    canvas.setFont(FONT, 7)
    canvas.drawCentredString(middle, HEIGHT - EDGE - 14.4 * mm, "非税务发票 · NOT A TAX INVOICE")
    day = sheet.dated.astimezone(ZONE)
    facts = [("号码", spaced(sheet.number)), ("开具日期", f"{day:%Y年%m月%d日}")]
    if sheet.original_number:
        facts.append(("对应蓝字", spaced(sheet.original_number)))
    if page > 1:
        facts.append(("页", str(page)))
    for index, (label, value) in enumerate(facts):
        top = HEIGHT - EDGE - (4.5 + 4.6 * index) * mm
        canvas.setFillColor(QUIET)
        canvas.setFont(FONT, 7)
        canvas.drawString(WIDTH - EDGE - 47 * mm, top, label)
        canvas.setFillColor(INK)
        canvas.setFont(FONT, 8)
        canvas.drawRightString(WIDTH - EDGE, top, value)


def _foot(canvas: Canvas, sheet: Sheet) -> None:
    canvas.setFont(FONT, 7)
    canvas.setFillColor(INK)
    code = " ".join(sheet.code[i : i + 4] for i in range(0, len(sheet.code), 4))
    canvas.drawString(EDGE, 13.5 * mm, f"校验码 {code}")
    canvas.drawRightString(WIDTH - EDGE, 13.5 * mm, "扫描左上角二维码，在本平台查验真伪")
    canvas.setFillColor(RED)
    canvas.drawString(EDGE, 9.3 * mm, NOT_TAX)
    canvas.setFillColor(QUIET)
    canvas.setFont(FONT, 6)
    canvas.drawString(EDGE, 6 * mm, NOT_TAX_EN)


def _qr(canvas: Canvas, text: str, left: float, bottom: float, size: float) -> None:
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    step = size / len(rows)
    canvas.setFillColor(INK)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                canvas.rect(left + x * step, bottom + size - (y + 1) * step, step, step, stroke=0, fill=1)


def _parties(sheet: Sheet) -> Table:
    columns = [6 * mm, INNER / 2 - 6 * mm] * 2
    cells = [
        [
            _text("购买方", 7, QUIET, TA_CENTER),
            _party(sheet.buyer),
            _text("销售方", 7, QUIET, TA_CENTER),
            _party(sheet.seller),
        ]
    ]
    return Table(cells, columns, style=_lines(("VALIGN", (0, 0), (-1, -1), "MIDDLE"), _pads(2)))


def _party(party: Party) -> list[Paragraph]:
    number = party.tax_number or "—"
    return [_text(f"名称：{party.name}"), _text(f"统一社会信用代码/纳税人识别号：{number}", 7)]


GOODS_HEAD: Final = ("项目名称", "规格型号", "数量", "单价", "金额", "税率", "税额")
GOODS_WIDTHS: Final = (0.33, 0.19, 0.07, 0.12, 0.12, 0.07, 0.10)


def _goods(sheet: Sheet) -> Table:
    head = [_text(word, 7, QUIET, TA_CENTER if i < 2 else TA_RIGHT) for i, word in enumerate(GOODS_HEAD)]
    rows = [head, *(_goods_row(line, sheet.currency) for line in sheet.lines)]
    net, tax = (
        _money(sheet.amount - sheet.tax, sheet.currency, symbol=True),
        _money(sheet.tax, sheet.currency, symbol=True),
    )
    right = TA_RIGHT
    rows.append(
        [_text("合计", 8, INK, TA_CENTER), "", "", "", _text(net, 8, INK, right), "", _text(tax, 8, INK, right)]
    )
    inner = [
        ("FONT", (0, 0), (-1, -1), FONT, 8),
        ("BOX", (0, 0), (-1, -1), 0.6, RULE),
        ("LINEAFTER", (0, 0), (-2, -1), 0.3, RULE),
        ("LINEBELOW", (0, 0), (-1, 0), 0.3, RULE),
        ("LINEABOVE", (0, -1), (-1, -1), 0.3, RULE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    widths = [part * INNER for part in GOODS_WIDTHS]
    return Table(rows, widths, repeatRows=1, style=TableStyle([*inner, *_pads(1.6)]))


def _goods_row(line: SheetLine, currency: str) -> Sequence[Paragraph]:
    quantity = "" if line.quantity is None else str(line.quantity)
    unit = "" if not line.quantity else _unit(line, currency)
    right = [quantity, unit, _money(line.net, currency), f"{line.tax_bp / 100:g}%", _money(line.tax, currency)]
    return [_text(line.title), _text(line.label, 7), *(_text(word, 8, INK, TA_RIGHT) for word in right)]


def _unit(line: SheetLine, currency: str) -> str:
    """The price of a piece without tax, with as many digits as tax invoices show for it."""
    shown = f"{major(Money(line.net, currency)) / (line.quantity or 1):,.6f}"
    least = len(shown) - 6 + exponent(currency)
    return shown[:least] + shown[least:].rstrip("0")


def _sum(sheet: Sheet) -> Table:
    words = capitals(sheet.amount) if sheet.currency == "CNY" else "—"
    cells = [
        [
            _text("价税合计（大写）", 7, QUIET, TA_CENTER),
            _text(words, 9),
            _text("（小写）", 7, QUIET, TA_CENTER),
            _text(_money(sheet.amount, sheet.currency, symbol=True), 10, RED if sheet.is_red else INK, TA_RIGHT),
        ]
    ]
    widths = [0.17 * INNER, 0.5 * INNER, 0.1 * INNER, 0.23 * INNER]
    return Table(cells, widths, style=_lines(("VALIGN", (0, 0), (-1, -1), "MIDDLE"), _pads(2)))


def _remark(sheet: Sheet) -> Paragraph:
    words = f"备注：订单号 {spaced(sheet.order_number)}"
    return _text(f"{words}；{sheet.remark}" if sheet.remark else words, 7, QUIET)


def _lines(*more: Any) -> TableStyle:
    flat: list[Any] = []
    for each in more:
        flat += each if isinstance(each, list) else [each]
    return TableStyle(
        [
            ("FONT", (0, 0), (-1, -1), FONT, 8),
            ("BOX", (0, 0), (-1, -1), 0.6, RULE),
            ("LINEAFTER", (0, 0), (-2, -1), 0.3, RULE),
            *flat,
        ]
    )


def _pads(size: float) -> list[Any]:
    return [
        (f"{side}PADDING", (0, 0), (-1, -1), size * mm * (0.6 if side in ("TOP", "BOTTOM") else 1))
        for side in ("TOP", "BOTTOM", "LEFT", "RIGHT")
    ]
