"""The daily bill, written by the bank and read by the gateway."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import httpx
import pytest

from tests.banks import Banks
from tests.cast import NOW
from wanku.payments.accounts import accounts_of
from wanku.payments.channel import ChannelDown, NoBill, Opened
from wanku.payments.gateways.alipay import bill, client
from wanku.payments.gateways.alipay.gateway import AlipayGateway
from wanku.payments.gateways.alipay.tests.conftest import AMOUNT, NUMBER, refund_call

DAY = date(2026, 11, 11)
MORNING = timedelta(hours=23)
"""From ten in the morning to nine of the next."""


@pytest.fixture
def busy_day(banks: Banks, alipay: AlipayGateway, opened: Callable[..., Opened]) -> None:
    """Two payments and a refund in two parts, and on the next day one more payment."""
    opened()
    opened("2", "precreate", 1)
    opened("3")
    banks.pay(NUMBER)
    banks.pay("2")
    alipay.refund(refund_call("R1", 5_000))
    alipay.refund(refund_call("R2", 3_805))
    banks.now = NOW + timedelta(hours=14)
    opened("4")
    payment = banks.payment("4")
    payment.expires_at = None
    banks.books.put(payment)
    banks.pay("4")


@pytest.mark.usefixtures("busy_day")
def test_there_and_back(banks: Banks, alipay: AlipayGateway) -> None:
    banks.now = NOW + MORNING
    rows = list(alipay.bill(DAY))
    assert [(row.kind, row.number, row.amount, row.fee, row.currency) for row in rows] == [
        ("payment", NUMBER, AMOUNT, 53, "CNY"),
        ("payment", "2", 1, 0, "CNY"),
        ("refund", "R1", 5_000, -30, "CNY"),
        ("refund", "R2", 3_805, -23, "CNY"),
    ]
    assert {row.at for row in rows} == {NOW}
    assert rows[0].channel_ref == rows[2].channel_ref == banks.payment(NUMBER).ref
    banks.now += timedelta(days=1)
    assert [row.number for row in alipay.bill(date(2026, 11, 12))] == ["4"]


@pytest.mark.usefixtures("busy_day")
def test_too_early_and_quiet_days(banks: Banks, alipay: AlipayGateway) -> None:
    banks.now = NOW + MORNING - timedelta(seconds=1)
    for day in (DAY, date(2026, 11, 10), date(2027, 1, 1)):
        with pytest.raises(NoBill):
            alipay.bill(day)


@pytest.mark.usefixtures("busy_day")
def test_its_address_lives_for_seconds(banks: Banks, alipay: AlipayGateway) -> None:
    banks.now = NOW + MORNING
    sdk = client.client_of(accounts_of("alipay")[0])
    wish = {"bill_type": "trade", "bill_date": "2026-11-11"}
    url = sdk.server_api("alipay.data.dataservice.bill.downloadurl.query", wish)["bill_download_url"]
    with zipfile.ZipFile(io.BytesIO(httpx.get(url).content)) as pack:
        names = sorted(pack.namelist())
        assert [name.rpartition("_")[2] for name in names] == ["业务明细(汇总).csv", "业务明细.csv"]
        assert pack.read(names[1]).decode("gbk").startswith("#支付宝业务明细查询\r\n#账号：[2088")
    assert httpx.get(url.replace("2026-11-11", "2026-11-12")).status_code == 403
    banks.now += timedelta(seconds=31)
    assert httpx.get(url).status_code == 403
    with pytest.raises(ChannelDown):
        bill.download(url)


def test_half_a_bill_is_none() -> None:
    def packed(text: str) -> bytes:
        box = io.BytesIO()
        with zipfile.ZipFile(box, "w") as pack:
            pack.writestr("x.csv", text.encode("gbk"))
        return box.getvalue()

    head = "支付宝交易号,商户订单号,业务类型,完成时间,订单金额（元）,服务费（元）,退款批次号/请求号"
    good = "1\t,T1\t,交易,2026-11-11 10:00:00,88.05,-0.53,"
    assert [row.amount for row in bill.rows_of(packed(f"{head}\n{good}\n"))] == [8_805]
    assert [row.fee for row in bill.rows_of(packed(f"{head}\n{good.replace('-0.53', '')}\n"))] == [0]
    for wrong in (
        "1,T1,转账,2026-11-11 10:00:00,88.05,0.00,",
        good.replace("88.05", "88.055"),
        good.replace("10:", "25:"),
        "1,T1",
    ):
        with pytest.raises(ChannelDown):
            list(bill.rows_of(packed(f"{head}\n{good}\n{wrong}\n")))
    for raw in (b"", b"PK", packed("nothing"), packed(good)):
        with pytest.raises(ChannelDown):
            list(bill.rows_of(raw))
