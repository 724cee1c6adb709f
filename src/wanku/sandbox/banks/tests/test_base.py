"""The base of the banks: books, faults, the ladder and the server, with a bank of one kind of payment."""

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from wanku.sandbox.banks import faults
from wanku.sandbox.banks.bank import Bank, ShopAccount, fresh
from wanku.sandbox.banks.books import Books, Fault, Notice, Payment
from wanku.sandbox.banks.deliver import Postman
from wanku.sandbox.banks.http import Answer, Asked, in_json
from wanku.sandbox.banks.keys import key_pair, secret
from wanku.sandbox.banks.serve import BankServer

START = datetime(2026, 11, 11, 2, 0, tzinfo=UTC)


class Toy(Bank):
    """A bank that echoes."""

    name = "toy"
    title = "Toy bank"
    ladder = (10, 100)
    time = START

    def handle(self, asked: Asked) -> Answer:
        """Say what was asked."""
        return in_json({"path": asked.path, "target": asked.target, "base": asked.base, "body": asked.body.decode()})

    def call_of(self, asked: Asked) -> str:
        """One call."""
        return "echo"

    def busy(self, asked: Asked) -> Answer:
        """Busy."""
        return in_json({"code": "BUSY"}, 500)

    def sign_notice(self, notice: Notice, now: datetime, fault: str = "") -> tuple[Mapping[str, str], bytes]:
        """Not signed at all."""
        return {"X-Fault": fault}, f"{notice.event_id} {notice.number}".encode()

    def heard(self, status: int, body: bytes) -> bool:
        """By status."""
        return status == 200

    def account(self, base: str) -> ShopAccount:
        """An account."""
        return ShopAccount({"base_url": base}, {"key": secret(self.books, "toy")})

    def tell_payment(self, payment: Payment, now: datetime) -> None:
        """Tell every outcome."""
        self.tell("payment", payment.number, "http://shop/notice", {"state": payment.state}, now)

    def scanned(self, text: str) -> Payment | None:
        """A code holds the number."""
        return self.payment(text.removeprefix("toy:"))

    def fee_of(self, amount: int) -> int:
        """A hundredth."""
        return amount // 100


@pytest.fixture
def toy() -> Iterator[Toy]:
    """The bank on books in memory, with a clock to set."""
    books = Books()
    bank = Toy(books, lambda: bank.time)
    yield bank
    books.close()


@pytest.fixture
def server(toy: Toy) -> Iterator[BankServer]:
    """The bank at a port."""
    server = BankServer([toy], toy.books)
    server.start()
    yield server
    server.stop()


def open_payment(toy: Toy, number: str = "N1", **facts: object) -> Payment:
    """A payment of a hundred yuan that waits."""
    return toy.books.add(
        Payment(
            channel="toy", number=number, ref=fresh("R"), token=fresh("T"), account="shop", amount=10_000,
            currency="CNY", opened_at=START, expires_at=START + timedelta(minutes=30),
            facts={"subject": "Tea <b>", "payee": "Bo", **facts},
        )
    )  # fmt: skip


class Shop:
    """Hears notices, or does not."""

    def __init__(self) -> None:
        self.said = 200
        self.told: list[tuple[str, bytes]] = []

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Take one."""
        self.told.append((headers["X-Fault"], body))
        return self.said, b""


def test_rows_come_back_as_they_were(toy: Toy) -> None:
    added = open_payment(toy)
    assert toy.books.one(Payment, number="N1") == added and toy.books.one(Payment, number="N2") is None
    added.paid_at = START + timedelta(microseconds=1)
    toy.books.put(added)
    assert toy.books.all(Payment, paid_at__gt=START) == [added] and toy.books.all(Payment, paid_at__lte=START) == []


def test_what_is_held_together_fails_together(toy: Toy) -> None:
    open_payment(toy)
    with pytest.raises(sqlite3.IntegrityError), toy.books.held():
        _ = open_payment(toy, "N2"), open_payment(toy, "N1")
    assert [payment.number for payment in toy.books.all(Payment)] == ["N1"]
    open_payment(toy, "N2")


def test_a_second_of_a_number_is_refused(toy: Toy) -> None:
    open_payment(toy)
    with pytest.raises(sqlite3.IntegrityError):
        open_payment(toy)
    assert len(toy.books.all(Payment)) == 1


def test_books_in_a_file_outlive_the_process_and_keep_their_keys(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("banks") / "banks.sqlite3"
    first = Books(file)
    toy = Toy(first, lambda: START)
    open_payment(toy)
    key, word = key_pair(first, "toy").private_numbers(), secret(first, "toy")
    first.close()
    second = Books(file)
    assert key_pair(second, "toy").private_numbers() == key and secret(second, "toy") == word
    assert len(second.all(Payment)) == 1 and file.stat().st_mode & 0o077 == 0
    second.close()


def test_a_payment_is_decided_once(toy: Toy) -> None:
    payment = open_payment(toy)
    assert toy.pay(payment).state == "paid" and toy.refuse(payment).state == "paid"
    assert toy.pay(payment).fee == 100
    assert len(toy.books.all(Notice)) == 1


def test_an_expired_payment_cannot_be_paid(toy: Toy) -> None:
    payment = open_payment(toy)
    toy.time = START + timedelta(minutes=30)
    assert toy.pay(payment).state == "waiting" and toy.books.all(Notice) == []


def test_late_money_arrives_by_itself(toy: Toy) -> None:
    payment = open_payment(toy)
    faults.set_fault(toy.books, "toy", "pay", "late", seconds=60)
    assert toy.pay(payment).state == "paying"
    assert toy.settle_late(START + timedelta(seconds=59)) == 0 and toy.books.all(Notice) == []
    assert toy.settle_late(START + timedelta(seconds=60)) == 1 and len(toy.books.all(Notice)) == 1


def test_the_ladder(toy: Toy) -> None:
    toy.pay(open_payment(toy))
    shop = Shop()
    shop.said = 500
    postman = Postman([toy], toy.books, post=shop, speed=2)
    tried = [postman.deliver(START + timedelta(seconds=second)) for second in (0, 4, 5, 54, 55, 10_000)]
    assert tried == [1, 0, 1, 0, 1, 0] and len(shop.told) == 3 and len(set(shop.told)) == 1


def test_what_is_heard_is_not_told_again(toy: Toy) -> None:
    toy.pay(open_payment(toy))
    postman = Postman([toy], toy.books, post=Shop())
    assert [postman.deliver(START), postman.deliver(START + timedelta(days=1))] == [1, 0]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("duplicate", ["", ""]),
        ("forged", ["forged", ""]),
        ("wrong_amount", ["wrong_amount"]),
        ("never", []),
        ("out_of_order", []),
        ("altered", [""]),
    ],
)
def test_faults_of_notices(toy: Toy, kind: str, told: list[str]) -> None:
    toy.pay(open_payment(toy))
    faults.set_fault(toy.books, "toy", "notice", kind)
    shop = Shop()
    Postman([toy], toy.books, post=shop).deliver(START)
    assert [fault for fault, _ in shop.told] == told
    true = toy.sign_notice(toy.books.all(Notice)[0], START)[1]
    assert all((body == true) is (kind != "altered") for _, body in shop.told)


def test_a_notice_held_back_comes_after_the_next(toy: Toy) -> None:
    toy.pay(open_payment(toy))
    faults.set_fault(toy.books, "toy", "notice", "out_of_order", seconds=60, number="N1")
    toy.pay(open_payment(toy, "N2"))
    shop = Shop()
    postman = Postman([toy], toy.books, post=shop)
    postman.deliver(START)
    postman.deliver(START + timedelta(seconds=60))
    assert [body.split()[1] for _, body in shop.told] == [b"N2", b"N1"]


def test_a_fault_happens_as_often_as_asked(toy: Toy) -> None:
    faults.set_fault(toy.books, "toy", "echo", "error", times=2, number="N1")
    taken = [faults.take(toy.books, "toy", "echo", number) for number in ("N2", "N1", "N1", "N1")]
    assert [fault is not None for fault in taken] == [False, True, True, False]
    assert toy.books.all(Fault) == []
    with pytest.raises(faults.NoFault):
        faults.set_fault(toy.books, "toy", "echo", "duplicate")


def test_the_server_hands_on_what_was_sent(server: BankServer) -> None:
    said = httpx.post(f"{server.url}/toy/a%20b?x=%20y", content=b"hello").json()
    assert said == {"path": "/a%20b", "target": "/a%20b?x=%20y", "base": f"{server.url}/toy", "body": "hello"}
    assert httpx.get(f"{server.url}/other/").status_code == 404


def test_faults_of_calls_are_asked_for_over_http(server: BankServer) -> None:
    def ask(**wish: object) -> int:
        return httpx.post(f"{server.url}/faults", json={"channel": "toy", "call": "echo", **wish}).status_code

    assert ask(kind="error") == 201 and ask(kind="lost_answer") == 201 and ask(kind="altered") == 201
    assert ask(kind="none") == 400 and ask() == 400
    assert httpx.get(f"{server.url}/toy/x").status_code == 500
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{server.url}/toy/x")
    altered, plain = httpx.get(f"{server.url}/toy/x").content, httpx.get(f"{server.url}/toy/x").content
    assert sum(a != b for a, b in zip(altered, plain, strict=True)) == 1


def test_the_phone_takes_the_payers_choice(toy: Toy, server: BankServer) -> None:
    payment = open_payment(toy, return_url="https://shop.example/back")
    page = httpx.get(
        f"{server.url}/scan", params={"text": "toy:N1"}, follow_redirects=True, headers={"Accept-Language": "en"}
    )
    assert "¥100.00" in page.text and "Tea &lt;b&gt;" in page.text and "Pay now" in page.text
    paid = httpx.post(str(page.url), data={"choice": "pay", "fault": "never"})
    assert paid.status_code == 303 and paid.headers["Location"] == "https://shop.example/back"
    assert toy.books.one(Payment, id=payment.id).state == "paid"  # type: ignore[union-attr]
    assert [fault.kind for fault in toy.books.all(Fault)] == ["never"]
    assert "Pay now" not in httpx.get(str(page.url), headers={"Accept-Language": "en"}).text


def test_the_phone_has_its_style_from_the_banks_own_server(toy: Toy, server: BankServer) -> None:
    page = httpx.get(f"{server.url}/toy/pay/{open_payment(toy).token}").text
    assert '<link rel="stylesheet" href="/phone.css">' in page and 'data-bank="toy"' in page
    style = httpx.get(f"{server.url}/phone.css")
    assert style.headers["Content-Type"] == "text/css; charset=utf-8"
    assert style.text.count("{") == style.text.count("}")
    assert f'[data-bank="toy"] {{ --brand: {toy.colour}; }}' in style.text


def test_the_phone_knows_only_its_codes(server: BankServer) -> None:
    assert httpx.get(f"{server.url}/toy/pay/nothing").status_code == 404
    assert httpx.get(f"{server.url}/scan", params={"text": "toy:N9"}).status_code == 404
    assert httpx.get(f"{server.url}/scan").status_code == 200


def test_a_browser_is_sent_to_web_addresses_only(toy: Toy, server: BankServer) -> None:
    token = open_payment(toy, return_url="javascript:alert(1)").token
    answer = httpx.post(f"{server.url}/toy/pay/{token}", data={"choice": "refuse"})
    assert answer.status_code == 200 and "javascript" not in answer.text


def test_the_shop_is_told_its_accounts(server: BankServer) -> None:
    account = httpx.get(f"{server.url}/accounts").json()["toy"]
    assert account["public"] == {"base_url": f"{server.url}/toy"} and len(account["secret"]["key"]) == 32
