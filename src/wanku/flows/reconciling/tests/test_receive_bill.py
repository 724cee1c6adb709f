"""A bill as a file: taken in whole, or refused with every faulty row named."""

from datetime import timedelta

import pytest

from tests.billed import NEXT_MORNING, TODAY, Billed
from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.audit.models import Act, Move
from wanku.flows.reconciling import receive_bill as module
from wanku.flows.reconciling.receive_bill import receive_bill
from wanku.flows.reconciling.tests.conftest import Pay
from wanku.kernel.refusal import Refusal
from wanku.reconciliation.models import Bill, BillLine, FinanceCase

HEAD = "类型,商户单号,渠道单号,金额,手续费,币种,时间\n"


def receive(text: str | bytes, actor: Actor, **words: object) -> Bill:
    """Hand in today's bill."""
    content = text if isinstance(text, bytes) else text.encode()
    given = {"day": TODAY, "gateway": "sandbox", "because": "银行网银导出", **words}
    pk = receive_bill(given["gateway"], given["day"], content, actor=actor, because=given["because"], now=NEXT_MORNING)  # type: ignore[arg-type]
    return Bill.objects.get(pk=pk)


def test_taken_in_booked_and_compared(channel: Billed, pay: Pay, di_actor: Actor) -> None:
    first, second = pay(), pay()
    text = HEAD + f'支付,{first.number},R1,99.00,0.59,CNY,2026-11-11 10:00:00\n退款,no,R2,"1,000.00",,,2026/11/11\n'
    text += f"payment,{second.number},,¥99,0.59,,2026-11-11T10:00:01\n"
    bill = receive(text.encode("gb18030"), di_actor)
    assert (bill.state, bill.source, bill.rows, bill.matched) == ("matched", "file", 3, 2)
    line = BillLine.objects.get(number=first.number)
    assert (line.at, line.amount, line.fee) == (NOW, 9900, 59)
    assert FinanceCase.objects.get().theirs == 100_000
    assert Act.objects.get().verb == "receive_bill"
    assert Move.objects.get(subject_type="bill", event="fetch").actor == "platform"


def test_every_faulty_row_is_named_and_nothing_is_taken_in(channel: Billed, pay: Pay, di_actor: Actor) -> None:
    text = HEAD + f"支付,{pay().number},R1,99.00,0.59,CNY,2026-11-11 10:00:00\n"
    text += "礼物,1,,1,0,CNY,2026-11-11\n支付,,,1,0,CNY,2026-11-11\n支付,3,,0.001,x,CN,2026-11-12\n"
    with pytest.raises(Refusal) as no:
        receive(text, di_actor)
    assert [(fault.facts["row"], fault.facts["column"]) for fault in no.value.every()] == [
        (3, "kind"), (4, "number"), (5, "amount"), (5, "fee"), (5, "currency"), (5, "at"),
    ]  # fmt: skip
    assert not Bill.objects.exists() and not Act.objects.exists()


def test_bounded(channel: Billed, di_actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    row = "支付,1,,1,0,CNY,2026-11-11\n"
    monkeypatch.setattr(module, "ROWS_MAX", 3)
    with pytest.raises(Refusal) as no:
        receive(HEAD + row * 4, di_actor)
    assert no.value.code.name == "too_many_rows"
    monkeypatch.setattr(module, "BYTES_MAX", 100)
    with pytest.raises(Refusal) as no:
        receive(HEAD + row * 3, di_actor)
    assert no.value.code.name == "file_too_big"
    monkeypatch.undo()
    with pytest.raises(Refusal) as no:
        receive(HEAD + "x,,,,,,\n" * 5_000, di_actor)
    assert len(no.value.every()) <= 106
    assert not Bill.objects.exists()


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        ("类型,金额\n支付,1\n", {}, "bad_value"),
        ("", {}, "file_empty"),
        (HEAD, {}, "file_empty"),
        (HEAD + "支付,1,,1,0,CNY,2026-11-11\n", {"because": ""}, "bad_value"),
        (HEAD + "支付,1,,1,0,CNY,2026-11-11\n", {"gateway": "nobody"}, "not_found"),
        (HEAD + "支付,1,,1,0,CNY,2026-11-12\n", {"day": TODAY + timedelta(days=1)}, "bad_value"),
    ],
)
def test_refusals(channel: Billed, di_actor: Actor, text: str, words: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal) as no:
        receive(text, di_actor, **words)
    assert no.value.code.name == code
    assert not Bill.objects.exists()


def test_strangers(channel: Billed, ann_actor: Actor) -> None:
    for actor, code in ((ann_actor, "not_allowed"), (Actor(), "sign_in")):
        with pytest.raises(Refusal) as no:
            receive(HEAD + "支付,1,,1,0,CNY,2026-11-11\n", actor)
        assert no.value.code.name == code
    assert not Bill.objects.exists()
