"""The daily bill: a zip of CSV files in GBK, of which one lists every payment and refund (业务明细)."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Final

import httpx

from wanku.payments.channel import BillRow, ChannelDown
from wanku.payments.gateways.alipay.said import fen, moment

TIMEOUT_SECONDS: Final = 30.0
ZIP_MAX: Final = 64 * 1024 * 1024
TEXT_MAX: Final = 512 * 1024 * 1024
KINDS: Final = {"交易": "payment", "退款": "refund"}
FIRST_COLUMN: Final = "支付宝交易号"


def download(url: str) -> bytes:
    """The zip behind an address of Alipay, which lives for seconds.

    Raises:
        ChannelDown: it could not be had.
    """
    raw = bytearray()
    try:
        with httpx.stream("GET", url, timeout=TIMEOUT_SECONDS) as answer:
            answer.raise_for_status()
            for chunk in answer.iter_bytes():
                raw += chunk
                if len(raw) > ZIP_MAX:
                    raise ChannelDown("the bill is too large")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ChannelDown(str(error)) from error
    return bytes(raw)


def rows_of(raw: bytes) -> Iterator[BillRow]:
    """The lines of the list.

    Raises:
        ChannelDown: it is not understood, as a whole or in one line: half a bill would make differences.
    """
    try:
        yield from _read(_list(raw))
    except (zipfile.BadZipFile, KeyError, ValueError, csv.Error, RuntimeError, NotImplementedError) as error:
        raise ChannelDown(f"the bill is not understood: {error!r}") from error


def _list(raw: bytes) -> str:
    """The file with the list; beside it lies a summary."""
    with zipfile.ZipFile(io.BytesIO(raw)) as pack:
        for entry in pack.infolist():
            if entry.file_size > TEXT_MAX:
                raise ValueError("a file of the bill is too large")
            text = pack.read(entry).decode("gb18030")
            if any(line.startswith(FIRST_COLUMN) for line in text.splitlines()[:8]):
                return text
    raise ValueError("there is no list in it")


def _read(text: str) -> Iterator[BillRow]:
    """Lines that begin with ``#`` frame the list; numbers end in a tab, so that spreadsheets keep their digits."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    for raw in csv.DictReader(lines):
        row = {str(name).strip(): str(value or "").strip() for name, value in raw.items()}
        yield _row(row)


def _row(row: Mapping[str, str]) -> BillRow:
    kind = KINDS[row["业务类型"]]
    return BillRow(
        kind=kind,
        number=row["商户订单号" if kind == "payment" else "退款批次号/请求号"],
        channel_ref=row[FIRST_COLUMN],
        amount=abs(fen(row["订单金额（元）"])),
        # What Alipay takes is written with a minus, what it gives back without.
        fee=-fen(row["服务费（元）"] or "0"),
        currency="CNY",
        at=moment(row["完成时间"]),
    )
