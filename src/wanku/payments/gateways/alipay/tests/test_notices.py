"""Notices: what the bank signs is believed, and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import pytest

from tests.banks import Banks
from tests.cast import NOW
from wanku.payments.accounts import accounts_of, add_account, forget
from wanku.payments.channel import ChannelResult, ChannelState, NoticeRefused, Opened, RefundResult, RefundState
from wanku.payments.gateways.alipay.gateway import AlipayGateway
from wanku.payments.gateways.alipay.tests.conftest import AMOUNT, NUMBER, refund_call
from wanku.payments.models import ChannelAccount
from wanku.sandbox.banks import keys
from wanku.sandbox.banks.alipay.words import signature, signed_text
from wanku.sandbox.banks.books import Notice

Open = Callable[..., Opened]


@pytest.fixture
def paid(banks: Banks, opened: Open) -> Notice:
    """The notice of a payment, not delivered yet."""
    opened()
    banks.pay(NUMBER, deliver=False)
    return banks.notices(NUMBER)[0]


def resigned(banks: Banks, body: bytes, key: str = "alipay", **changes: str | None) -> bytes:
    """The notice with other fields, truly signed."""
    told = {name: value for name, value in parse_qsl(body.decode()) if name not in ("sign", "sign_type")}
    for name, value in changes.items():
        told.pop(name, None)
        if value is not None:
            told[name] = value
    sign = signature(keys.key_pair(banks.books, key), signed_text(told))
    return urlencode({**told, "sign": sign, "sign_type": "RSA2"}).encode()


def test_a_payment(banks: Banks, alipay: AlipayGateway, paid: Notice) -> None:
    headers, body = banks.signed(paid)
    said = alipay.parse_notice(headers, body, NOW)
    assert isinstance(said, ChannelResult)
    assert (said.gateway, said.number, said.state, said.amount, said.currency) == (
        "alipay",
        NUMBER,
        ChannelState.CAPTURED,
        AMOUNT,
        "CNY",
    )
    assert (said.event_id, said.channel_ref) == (paid.event_id, banks.payment(NUMBER).ref)
    later = alipay.parse_notice(*banks.signed(paid, NOW + timedelta(hours=24)), NOW + timedelta(hours=24))
    assert later == said, "the same notice, told again"


def test_every_byte_counts(banks: Banks, alipay: AlipayGateway, paid: Notice) -> None:
    """A notice with one byte changed is refused, or says the very same in another spelling of its form."""
    headers, body = banks.signed(paid)
    true = alipay.parse_notice(headers, body, NOW)
    told = sorted(parse_qsl(body.decode(), keep_blank_values=True))
    respelt = 0
    for at, byte in enumerate(body):
        for other in {byte ^ 1, byte ^ 32, ord("0"), ord("&"), 255} - {byte}:
            altered = body[:at] + bytes([other]) + body[at + 1 :]
            try:
                said = alipay.parse_notice(headers, altered, NOW)
            except NoticeRefused:
                continue
            assert said == true
            assert sorted(parse_qsl(altered.decode(), keep_blank_values=True)) == told
            respelt += 1
    assert respelt <= body.count(b"%") * 2, "%3A and %3a"
    for piece in (b"", body[:-1], body[1:], body + b"&", body + b"=", body + b"&a=b", body + b"&trade_no=1"):
        with pytest.raises(NoticeRefused):
            alipay.parse_notice(headers, piece, NOW)


def test_forged_and_foreign_ones(banks: Banks, alipay: AlipayGateway, paid: Notice) -> None:
    headers, body = banks.signed(paid)
    account = accounts_of("alipay")[0]
    refused: dict[str, bytes] = {
        "a stranger's key": banks.signed(paid, fault="forged")[1],
        "another application": resigned(banks, body, app_id="2021000000000000"),
        "another seller": resigned(banks, body, seller_id="2088000000000000"),
        "no seller": resigned(banks, body, seller_id=None),
        "no time": resigned(banks, body, notify_time=None),
        "no amount": resigned(banks, body, total_amount=None),
        "not an amount": resigned(banks, body, total_amount="1e2"),
        "thirds of a fen": resigned(banks, body, total_amount="88.055"),
        "no status": resigned(banks, body, trade_status=None),
        "no id": resigned(banks, body, notify_id=None),
        "signed by the shop's own key": resigned(banks, body, "alipay:app"),
        "another kind of signature": body.replace(b"sign_type=RSA2", b"sign_type=RSA"),
        "no kind of signature": body.replace(b"&sign_type=RSA2", b""),
        "binary": b"\xff\x00",
        "many fields": b"&".join(b"f%d=1" % n for n in range(500)),
    }
    for why, altered in refused.items():
        with pytest.raises(NoticeRefused):
            raise AssertionError(f"{why}: {alipay.parse_notice(headers, altered, NOW)}")
    assert account.public["app_id"] in body.decode()
    assert isinstance(alipay.parse_notice(headers, resigned(banks, body), NOW), ChannelResult), "the control"


def test_a_signature_has_one_spelling(banks: Banks, alipay: AlipayGateway, paid: Notice) -> None:
    headers, body = banks.signed(paid)
    told = dict(parse_qsl(body.decode()))
    sign = told["sign"]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spare = sign[:-3] + letters[letters.index(sign[-3]) ^ 1] + "=="
    for other in (spare, f"{sign}\n", f"{sign[:9]}!{sign[9:]}", f" {sign}", sign.rstrip("="), sign + "="):
        with pytest.raises(NoticeRefused):
            alipay.parse_notice(headers, urlencode({**told, "sign": other}).encode(), NOW)


def test_the_window(banks: Banks, alipay: AlipayGateway, paid: Notice) -> None:
    headers, body = banks.signed(paid)
    for after in (timedelta(hours=26), timedelta(minutes=-5)):
        assert alipay.parse_notice(headers, body, NOW + after)
    for after in (timedelta(hours=26, seconds=1), timedelta(minutes=-5, seconds=-1)):
        with pytest.raises(NoticeRefused, match="window"):
            alipay.parse_notice(headers, body, NOW + after)


def test_refunds_are_told_apart_from_payments(banks: Banks, alipay: AlipayGateway, opened: Open) -> None:
    opened()
    banks.pay(NUMBER)
    alipay.refund(refund_call("R1", 5_000))
    alipay.refund(refund_call("R2", 3_805))
    for number in ("R1", "R2"):
        notice = banks.notices(number)[0]
        said = alipay.parse_notice(*banks.signed(notice), NOW)
        assert isinstance(said, RefundResult)
        assert (said.gateway, said.number, said.state, said.amount) == ("alipay", number, RefundState.SUCCEEDED, None)
        assert said.event_id == notice.event_id
    assert b"TRADE_CLOSED" in banks.signed(banks.notices("R2")[0])[1]


def test_what_there_is_nothing_to_do_about(banks: Banks, alipay: AlipayGateway, paid: Notice) -> None:
    headers, body = banks.signed(paid)
    assert alipay.parse_notice(headers, resigned(banks, body, trade_status="WAIT_BUYER_PAY"), NOW) is None
    closed = alipay.parse_notice(headers, resigned(banks, body, trade_status="TRADE_CLOSED"), NOW)
    assert isinstance(closed, ChannelResult)
    assert (closed.state, closed.amount) == (ChannelState.CLOSED, None)
    final = resigned(banks, body, trade_status="TRADE_FINISHED", out_biz_no="R1", gmt_refund="2026-11-11 10:00:00.000")
    said = alipay.parse_notice(headers, final, NOW)
    assert isinstance(said, ChannelResult)
    assert said.state == ChannelState.CAPTURED


def test_a_former_account_proves_notices_until_it_is_ended(banks: Banks, alipay: AlipayGateway, paid: Notice) -> None:
    headers, body = banks.signed(paid)
    former = ChannelAccount.objects.get(gateway="alipay")
    stranger = keys.key_pair(banks.books, "alipay:stranger")
    add_account(
        "alipay", public={**former.public, "alipay_public_key": keys.public_pem(stranger)},
        secret={"app_private_key": keys.private_pem(stranger)}, set_by=None, now=NOW,
    )  # fmt: skip
    assert alipay.parse_notice(headers, body, NOW)
    assert alipay.parse_notice(headers, resigned(banks, body, "alipay:stranger"), NOW), "the new one's key as well"
    former.until = NOW + timedelta(minutes=1)
    former.save()
    forget()
    assert alipay.parse_notice(headers, body, NOW)
    with pytest.raises(NoticeRefused):
        alipay.parse_notice(headers, body, NOW + timedelta(minutes=1))


def test_the_ladder_and_the_word(banks: Banks, opened: Open) -> None:
    """An unheard notice comes back by the ladder, the same each time, and at last no more."""
    opened()
    banks.pay(NUMBER, deliver=False)
    banks.deaf = True
    tries = [banks.deliver()]
    for seconds in (240, 600, 600, 3600, 7200, 21600, 54000):
        assert banks.deliver(after=seconds - 1) == 0
        tries.append(banks.deliver(after=1))
    assert tries == [1] * 8
    notice = banks.notices(NUMBER)[0]
    assert (notice.tries, notice.next_at, banks.unheard()) == (8, None, 1)
    heard = banks.banks["alipay"].heard
    assert heard(200, b"success")
    for status, word in ((200, b"SUCCESS"), (200, b"success\n"), (200, b'"success"'), (204, b""), (500, b"success")):
        assert not heard(status, word)
