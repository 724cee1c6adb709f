"""The daily bill of a shop: a zip with the list (业务明细) and its summary (业务明细(汇总)), CSV in GBK."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from wanku.sandbox.banks.alipay.words import BEIJING, written, yuan
from wanku.sandbox.banks.books import Books, Payment, Refund

COLUMNS: Final = (
    "支付宝交易号", "商户订单号", "业务类型", "商品名称", "创建时间", "完成时间", "门店编号", "门店名称", "操作员",
    "终端号", "对方账户", "订单金额（元）", "商家实收（元）", "支付宝红包（元）", "集分宝（元）", "支付宝优惠（元）",
    "商家优惠（元）", "券核销金额（元）", "券名称", "商家红包消费金额（元）", "卡消费金额（元）", "退款批次号/请求号",
    "服务费（元）", "分润（元）", "备注",
)  # fmt: skip
TOTALS: Final = (
    "门店编号", "门店名称", "交易订单总笔数", "退款订单总笔数", "订单金额（元）", "商家实收（元）", "支付宝优惠（元）",
    "商家优惠（元）", "卡消费金额（元）", "服务费（元）", "分润（元）", "实收净额（元）",
)  # fmt: skip
DASHES: Final = 41 * "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One line; amounts in fen as the shop sees them: in is plus, out is minus."""

    payment: Payment
    at: datetime
    amount: int
    fee: int
    request: str = ""


def bill_of(books: Books, channel: str, begin: datetime, now: datetime) -> bytes | None:
    """The zip of the day that begins then in Beijing; None if nothing happened on it."""
    end = begin + timedelta(days=1)
    rows = [
        Row(payment, payment.paid_at, payment.amount, -payment.fee)
        for payment in books.all(Payment, channel=channel, state="paid", paid_at__gte=begin, paid_at__lt=end)
        if payment.paid_at
    ]
    for refund in books.all(Refund, channel=channel, state="done", done_at__gte=begin, done_at__lt=end):
        payment = books.one(Payment, channel=channel, number=refund.payment_number)
        if payment is not None:
            rows.append(Row(payment, refund.done_at or refund.at, -refund.amount, refund.fee, refund.number))
    if not rows:
        return None
    rows.sort(key=lambda row: row.at)
    account = rows[0].payment.account
    name = f"{account}0156_{begin.astimezone(BEIJING):%Y%m%d}_业务明细"
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(f"{name}(汇总).csv", _summary(rows, account, begin, now).encode("gbk", "replace"))
        pack.writestr(f"{name}.csv", _list(rows, account, begin, now).encode("gbk", "replace"))
    return box.getvalue()


def _list(rows: Sequence[Row], account: str, begin: datetime, now: datetime) -> str:
    paid = [row for row in rows if not row.request]
    back = [row for row in rows if row.request]
    lines = [
        *_head("支付宝业务明细查询", account, begin),
        f"#{DASHES}业务明细列表{DASHES[1:]}",
        ",".join(COLUMNS),
        *map(_line, rows),
        f"#{DASHES}业务明细列表结束{DASHES[5:]}",
        f"#交易合计：{len(paid)}笔，商家实收共{yuan(sum(row.amount for row in paid))}元，商家优惠共0.00元",
        f"#退款合计：{len(back)}笔，商家实收退款共{yuan(sum(row.amount for row in back))}元，商家优惠退款共0.00元",
        f"#导出时间：[{_day(now)}]",
    ]
    return "\r\n".join(lines) + "\r\n"


def _summary(rows: Sequence[Row], account: str, begin: datetime, now: datetime) -> str:
    back = sum(1 for row in rows if row.request)
    amount, fee = yuan(sum(row.amount for row in rows)), sum(row.fee for row in rows)
    net = yuan(sum(row.amount for row in rows) + fee)
    total = [
        "合计",
        "",
        str(len(rows) - back),
        str(back),
        amount,
        amount,
        "0.00",
        "0.00",
        "0.00",
        yuan(fee),
        "0.00",
        net,
    ]
    lines = [
        *_head("支付宝业务汇总查询", account, begin),
        f"#{DASHES}业务汇总列表{DASHES[1:]}",
        ",".join(TOTALS),
        ",".join(total),
        f"#{DASHES[1:]}业务汇总列表结束{DASHES[4:]}",
        f"#导出时间：[{_day(now)}]",
    ]
    return "\r\n".join(lines) + "\r\n"


def _head(title: str, account: str, begin: datetime) -> list[str]:
    span = f"#起始日期：[{_day(begin)}]   终止日期：[{_day(begin + timedelta(days=1))}]"
    return [f"#{title}", f"#账号：[{account}0156]", span]


def _line(row: Row) -> str:
    payment, amount = row.payment, yuan(row.amount)
    subject = str(payment.facts["subject"]).replace(",", " ").replace('"', " ")
    values = [
        f"{payment.ref}\t", f"{payment.number}\t", "退款" if row.request else "交易", subject,
        written(payment.opened_at), written(row.at), "", "", "", "", "*安(shi***@sandbox.com)", amount, amount, "0.00",
        "0.00", "0.00", "0.00", "0.00", "", "0.00", "0.00", f"{row.request}\t" if row.request else "", yuan(row.fee),
        "0.00", "",
    ]  # fmt: skip
    return ",".join(values)


def _day(at: datetime) -> str:
    return at.astimezone(BEIJING).strftime("%Y年%m月%d日 %H:%M:%S")
