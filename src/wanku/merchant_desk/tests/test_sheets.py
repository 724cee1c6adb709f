"""Departures, people and menus as tables at the desk: template, preview, taking over."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from tests.cast import Shop, category_of, product_of
from tests.kitchen import LUNCH, kitchen_of
from wanku.catalog.models import Category
from wanku.flows.offering.save_dish import save_dish
from wanku.kinds.meal.models import Dish
from wanku.kinds.meal.rules import DishData
from wanku.kinds.seat.models import Departure
from wanku.kinds.seat.tests.world import seat_product
from wanku.kinds.visit.models import Worker

pytestmark = pytest.mark.django_db
PLACES = {"departures": "departures/table/", "people": "visits/people/table/", "menu": "menu/table/"}
each = pytest.mark.parametrize("name", PLACES)


def file(text: str | bytes, name: str = "a.csv") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())}


@pytest.fixture
def _offers(bo: Shop) -> None:
    """What the examples of the templates speak of."""
    for skus in (("CA929-ECO", "CA929-BUS"), ("WALK-GROUP", "WALK-SOLO")):
        for variant, sku in zip(seat_product(bo, slug=skus[0].lower()).variants.all(), skus, strict=True):
            variant.sku = sku
            variant.save()
    service = product_of(bo.merchant, kind="visit", prices=(100, 200), slug="cleaning")
    for variant, sku in zip(service.variants.all(), ("CLEAN-2H", "CLEAN-4H"), strict=True):
        variant.sku = sku
        variant.save()
    kitchen_of(bo.merchant)
    Category.objects.create(slug="meals", path="meals", names={"zh-hans": "餐饮"})


@pytest.mark.usefixtures("_offers")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
@each
def test_a_template_is_itself_a_good_table(owner: Client, name: str, form: str) -> None:
    answer = owner.get(f"/desk/bo/tables/{name}.{form}")
    assert answer.status_code == 200 and f"wanku-{name}-template.{form}" in answer["Content-Disposition"]
    looked = owner.post(f"/desk/bo/{PLACES[name]}", file(answer.content, f"a.{form}"))
    assert looked.status_code == 200
    assert (looked.context["outcome"].faults, looked.context["outcome"].ignored) == ((), ())
    assert looked.context["changes"] == {"departures": 2, "people": 2, "menu": 3}[name]
    counts = [model.objects.count() for model in (Departure, Worker, Dish)]
    assert counts == [0, 0, 0]
    done = owner.post(f"/desk/bo/{PLACES[name]}", {"table": looked.context["table"]}, follow=True)
    assert done.status_code == 200 and done.redirect_chain
    made = max(model.objects.count() for model in (Departure, Worker, Dish))
    assert made == looked.context["changes"]


@each
def test_a_workbook_explains_its_columns(owner: Client, bo: Shop, name: str) -> None:
    book = load_workbook(BytesIO(owner.get(f"/desk/bo/tables/{name}.xlsx").content))
    columns = [row[0].value for row in book["columns"].iter_rows(min_row=2)]
    assert columns == [cell.value for cell in book[name][1]]


def test_faults_are_shown_by_row_and_column_and_nothing_can_be_taken_over(owner: Client, bo: Shop) -> None:
    answer = owner.post("/desk/bo/visits/people/table/", file("姓名,周一\n李娜,nine\n=1+1,9:00-18:00"))
    page = answer.content.decode()
    assert "<code>周一</code>" in page and "Take it over" not in page
    assert answer.context["wrong"] == 1
    sent = owner.post("/desk/bo/visits/people/table/", {"table": "姓名,周一\n李娜,nine"})
    assert (sent.status_code, Worker.objects.count()) == (422, 0)
    assert "<code>周一</code>" in sent.content.decode()


def test_what_stands_in_a_cell_is_no_markup(owner: Client, bo: Shop) -> None:
    page = owner.post("/desk/bo/visits/people/table/", file("name,skills\n<b>x</b>,<i>y</i>\n")).content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in page and "<i>y" not in page


def test_files_that_are_none(owner: Client, bo: Shop) -> None:
    address = "/desk/bo/visits/people/table/"
    assert owner.post(address, {}).status_code == 422
    for content, status in ((b"", 422), (b"\x00\x01", 422), (b"monday\n9:00-12:00", 422), (b"x" * 2_100_000, 413)):
        assert owner.post(address, file(content)).status_code == status
    assert owner.post("/desk/bo/menu/table/", file("dish,price\n汤,8")).status_code == 409
    assert owner.post(address, {"table": "monday\n9:00-12:00"}).status_code == 422
    assert Worker.objects.count() == 0


def test_a_small_file_that_says_too_much(owner: Client, bo: Shop) -> None:
    kitchen_of(bo.merchant)
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (["dish", "price", "description"], *([f"汤{n}", "8", "面" * 10_000] for n in range(40))):
        page.append(row)
    out = BytesIO()
    book.save(out)
    answer = owner.post("/desk/bo/menu/table/", file(out.getvalue(), "a.xlsx"))
    assert (answer.status_code, "file" in answer.context["errors"]) == (413, True)
    assert Dish.objects.count() == 0


def test_a_table_of_nothing_new_has_nothing_to_take_over(owner: Client, bo: Shop) -> None:
    kitchen_of(bo.merchant)
    answer = owner.post("/desk/bo/visits/people/table/", file("name\n李娜"))
    owner.post("/desk/bo/visits/people/table/", {"table": answer.context["table"]})
    again = owner.post("/desk/bo/visits/people/table/", file("name\n李娜"))
    assert (again.context["same"], again.context["table"]) == (1, "")


def test_excel_dates(owner: Client, bo: Shop) -> None:
    seat_product(bo).variants.filter(position=0).update(sku="ECO")
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["sku", "starts", "ends", "origin", "destination", "seats"])
    page.append(["ECO", datetime(2027, 4, 3, 8, 5), datetime(2027, 4, 3, 12), "上海", "杭州", 20])  # noqa: DTZ001
    out = BytesIO()
    book.save(out)
    answer = owner.post("/desk/bo/departures/table/", file(out.getvalue(), "a.xlsx"))
    assert answer.context["outcome"].faults == ()
    owner.post("/desk/bo/departures/table/", {"table": answer.context["table"]})
    assert Departure.objects.get().starts_at.minute == 5


@each
def test_only_who_may_edit_products(seat: Callable[[str], Client], other: Client, bo: Shop, name: str) -> None:
    for browser, status in ((seat("clerk"), 403), (other, 404)):
        for address in (f"/desk/bo/{PLACES[name]}", f"/desk/bo/tables/{name}.csv"):
            assert browser.get(address).status_code == status
        assert browser.post(f"/desk/bo/{PLACES[name]}", {"table": "name\nA"}).status_code == status
    assert Worker.objects.count() == 0


def test_links_from_the_pages_of_the_kinds(
    owner: Client, seat: Callable[[str], Client], bo: Shop, django_assert_max_num_queries: Any
) -> None:
    kitchen_of(bo.merchant)
    category = category_of()
    data = DishData("汤", category.pk, (("", 800),))
    save_dish(bo.merchant.pk, data, actor=bo.actor, now=LUNCH)
    for place, target in (("departures/", "departures"), ("visits/people/", "people"), ("menu/", "menu")):
        assert f"/desk/bo/{PLACES[target]}" in owner.get(f"/desk/bo/{place}").content.decode()
    assert PLACES["departures"] not in seat("clerk").get("/desk/bo/departures/").content.decode()
    for place in PLACES.values():
        with django_assert_max_num_queries(14):
            assert owner.get(f"/desk/bo/{place}").status_code == 200
