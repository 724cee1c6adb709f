"""Reconciliation at the desk: bills, lines, cases, what is carried out, a bill as a file, and who may not."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.billed import NEXT_MORNING, TODAY, Billed, pay_there
from tests.bought import placed
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.access.models import PlatformSeat
from wanku.audit import rules
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.ledger.models import Entry
from wanku.payments.channel import BillRow
from wanku.payments.models import Attempt
from wanku.people.models import Person
from wanku.platform_desk.tests.test_pages import FRAME, text_of
from wanku.reconciliation.models import Bill, FinanceCase

Count = Callable[[int], AbstractContextManager[object]]
SignIn = Callable[..., Client]
HEAD = "kind,number,amount,at\n"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[object]:
    """The morning after."""
    with time_machine.travel(NEXT_MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def attempt(channel: Billed, ann_actor: Actor, bo: Shop) -> Attempt:
    """A payment of today that both know; beside it, ¥500.00 that only the channel knows."""
    paid = pay_there(channel, placed(ann_actor, (product_of(bo.merchant), 1)))
    channel.rows.append(BillRow("payment", "stranger", "R-STRANGER", 50_000, 0, "CNY", NOW))
    reconcile_day("sandbox", TODAY, now=NEXT_MORNING)
    return paid


@pytest.fixture
def case(attempt: Attempt) -> FinanceCase:
    """The case of the stranger's money."""
    return FinanceCase.objects.get()


def test_the_list(desk: Client, attempt: Attempt, django_assert_num_queries: Count) -> None:
    with django_assert_num_queries(FRAME + 5):
        page = text_of(desk, "/platform/reconciliation/")
    for figure in ("¥598.41", "¥98.41", "¥500.00"):
        assert figure in page
    assert "stranger" not in page
    assert "¥598.41" in text_of(desk, "/platform/reconciliation/?channel=sandbox")


def test_a_bill(desk: Client, attempt: Attempt, django_assert_num_queries: Count) -> None:
    url = f"/platform/reconciliation/{Bill.objects.get().pk}/"
    with django_assert_num_queries(FRAME + 6):
        page = text_of(desk, url)
    assert attempt.number in page and "R-STRANGER" in page
    differing = text_of(desk, f"{url}?lines=differs")
    assert attempt.number not in differing and "R-STRANGER" in differing
    assert "R-STRANGER" not in text_of(desk, f"{url}?lines=matched")
    assert "R-STRANGER" not in text_of(desk, f"{url}?q={attempt.number}")
    assert "R-STRANGER" in text_of(desk, f"{url}?lines=nonsense&page=-1")


def test_fetching_again(desk: Client, channel: Billed, attempt: Attempt) -> None:
    bill = Bill.objects.get()
    url = f"/platform/reconciliation/{bill.pk}/"
    channel.forget("stranger")
    assert desk.post(f"{url}fetch/").status_code == 303
    assert FinanceCase.objects.get().state == "resolved"
    channel.down = True
    assert desk.post(f"{url}fetch/").status_code == 503


def test_the_queue_and_a_case(desk: Client, case: FinanceCase, django_assert_num_queries: Count) -> None:
    with django_assert_num_queries(FRAME + 3):
        page = text_of(desk, "/platform/reconciliation/cases/")
    assert f"/platform/reconciliation/cases/{case.pk}/" in page
    with django_assert_num_queries(FRAME + 6):
        page = text_of(desk, f"/platform/reconciliation/cases/{case.pk}/")
    assert 'value="write_off"' in page and 'value="book_missing_capture"' not in page
    assert str(case.pk) not in text_of(desk, "/platform/reconciliation/cases/?state=resolved")


def test_resolving(desk: Client, case: FinanceCase) -> None:
    url = f"/platform/reconciliation/cases/{case.pk}/"
    refused = desk.post(f"{url}resolve/", {"resolution": "explained", "because": ""})
    assert refused.status_code == 422
    assert 'value="explained" required checked' in refused.content.decode()
    assert desk.post(f"{url}resolve/", {"resolution": "fly", "because": "好的"}).status_code == 422
    case.refresh_from_db()
    assert case.state == "open"
    assert desk.post(f"{url}take/").status_code == 303
    done = desk.post(f"{url}resolve/", {"resolution": "explained", "because": "渠道测试交易"})
    assert (done.status_code, done["Location"]) == (303, url)
    page = text_of(desk, url)
    assert "渠道测试交易" in page and 'name="resolution"' not in page
    assert desk.post(f"{url}resolve/", {"resolution": "explained", "because": "再来"}).status_code == 409


def test_a_write_off_by_two(desk: Client, seated: SignIn, case: FinanceCase) -> None:
    url = f"/platform/reconciliation/cases/{case.pk}/"
    desk.post(f"{url}resolve/", {"resolution": "write_off", "because": "来源不明"})
    assert 'value="approve"' not in text_of(desk, url), "who proposed it does not decide on it"
    own = desk.post(f"{url}decide/", {"decision": "approve", "because": "同意"})
    assert own.status_code == 409
    assert not Entry.objects.filter(reason="write_off").exists()
    second = seated("finance")
    assert 'value="approve"' in text_of(second, url)
    assert second.post(f"{url}decide/", {"decision": "approve", "because": "同意"}).status_code == 303
    assert Entry.objects.filter(reason="write_off").count() == 1


def test_leaving_it_as_it_is_by_two(desk: Client, seated: SignIn, case: FinanceCase) -> None:
    url = f"/platform/reconciliation/cases/{case.pk}/"
    assert "¥100.00" in text_of(desk, url), "the limit is named before anybody chooses"
    desk.post(f"{url}resolve/", {"resolution": "explained", "because": "渠道书面确认"})
    page = text_of(desk, url)
    assert 'value="approve"' not in page and 'name="resolution"' not in page
    second = seated("finance")
    assert second.post(f"{url}decide/", {"decision": "decline", "because": "请附上邮件"}).status_code == 303
    assert FinanceCase.objects.get().state == "open"
    desk.post(f"{url}resolve/", {"resolution": "explained", "because": "附上邮件"})
    assert second.post(f"{url}decide/", {"decision": "approve", "because": "同意"}).status_code == 303
    assert FinanceCase.objects.get().state == "resolved" and not Entry.objects.filter(reason="write_off").exists()


def test_small_sums_add_up_to_a_second_person(desk: Client, case: FinanceCase) -> None:
    FinanceCase.objects.update(ours=None, theirs=5_000)
    rules.change("close_alone_day", 60, set_by=None, because="测试", now=NOW)
    url = f"/platform/reconciliation/cases/{case.pk}/"
    assert "¥60.00" not in text_of(desk, url)
    di = Person.objects.get(email="di@example.com")
    done = {"state": "resolved", "resolution": "explained", "resolved_by": di.pk, "resolved_at": NEXT_MORNING}
    other = FinanceCase.objects.create(
        key="x", kind="amount", gateway="sandbox", day=case.day, subject="payment", currency="CNY",
        theirs=1_001, opened_at=NOW, **done,
    )  # fmt: skip
    page = text_of(desk, url)
    assert "¥60.00" in page and "¥10.01" in page
    other.delete()


def test_a_bill_as_a_file(desk: Client, attempt: Attempt) -> None:
    url = "/platform/reconciliation/file/"
    given = {"channel": "transfer", "day": "2026-11-11", "because": "银行网银导出"}

    def send(text: str, **changed: str) -> object:
        return desk.post(url, {**given, **changed, "file": SimpleUploadedFile("b.csv", text.encode())})

    text_of(desk, f"{url}?bill={Bill.objects.get().pk}")
    text_of(desk, f"{url}?bill=nonsense")
    faulty = send(HEAD + "payment,1,0,2026-11-11\npayment,2,5,2026-11-12\n")
    assert faulty.status_code == 422  # type: ignore[attr-defined]
    body = faulty.content.decode()  # type: ignore[attr-defined]
    assert body.count("<li>") >= 2 and ("2" in body and "3" in body)
    assert desk.post(url, given).status_code == 422
    assert send(HEAD, day="").status_code == 422  # type: ignore[attr-defined]
    assert not Bill.objects.filter(gateway="transfer").exists()
    taken = send(HEAD + "payment,1,5,2026-11-11\n")
    assert taken.status_code == 303  # type: ignore[attr-defined]
    assert Bill.objects.get(gateway="transfer").rows == 1


def test_the_finance_desk(desk: Client, attempt: Attempt) -> None:
    page = text_of(desk, "/platform/finance/")
    for place in ("refunds", "reconciliation", "ledger", "invoices", "transfers"):
        assert f'href="/platform/{place}/"' in page
    assert "¥598.41" in page


def test_nothing_there(desk: Client) -> None:
    for url in ("", "cases/", "cases/?state=resolved", "file/"):
        text_of(desk, f"/platform/reconciliation/{url}")
    text_of(desk, "/platform/finance/")
    nowhere = "00000000-0000-4000-8000-000000000000"
    for url in (f"{nowhere}/", f"cases/{nowhere}/"):
        assert desk.get(f"/platform/reconciliation/{url}").status_code == 404
    assert desk.post(f"/platform/reconciliation/cases/{nowhere}/take/").status_code == 404


def test_strangers(client: Client, seated: SignIn, case: FinanceCase, bo: Shop, ann: Person) -> None:
    bill, there = Bill.objects.get(), f"/platform/reconciliation/cases/{case.pk}/"
    browsers = [seated("operations"), seated("first_line"), Client()]
    for person in (ann, bo.owner):
        browsers.append(Client())
        browsers[-1].force_login(person)
    for browser in browsers:
        for url in ("", f"{bill.pk}/", "cases/", "file/"):
            assert browser.get(f"/platform/reconciliation/{url}").status_code in {302, 403}
        for url in ("resolve/", "decide/", "take/"):
            data = {"resolution": "explained", "decision": "approve", "because": "让我来"}
            assert browser.post(there + url, data).status_code in {302, 403}
    case.refresh_from_db()
    assert (case.state, case.owner_id) == ("open", None)
    assert PlatformSeat.objects.count() == 2 and case.due_at == NEXT_MORNING + timedelta(days=1)


def test_every_language(desk: Client, case: FinanceCase) -> None:
    for language in ("en", "zh-hans", "zh-hant"):
        desk.cookies["django_language"] = language
        for url in ("finance/", "reconciliation/", f"reconciliation/{Bill.objects.get().pk}/", "reconciliation/file/"):
            text_of(desk, f"/platform/{url}")
        text_of(desk, f"/platform/reconciliation/cases/{case.pk}/")
