"""Products at the desk: the editor with and without options, stock in place, many at once."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from tests.cast import NOW, Shop, category_of, product_of, supply_of, variant_of
from wanku.catalog.models import Product
from wanku.files.models import Picture
from wanku.inventory.models import Supply
from wanku.merchant_desk.read.queues import queues
from wanku.merchant_desk.read.today import low_stock


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def fields(**more: Any) -> dict[str, Any]:
    return {
        "title": "龙井",
        "category": str(category_of().pk),
        "ship_within_hours": "48",
        "arrives_min": "2",
        "arrives_max": "5",
        "rows": "1",
        "v0-on": "1",
        "v0-sku": "T-1",
        "v0-price": "128",
        "v0-stock": "7",
        "v0-was": "0",
        "v0-low_at": "3",
        "parameters": "产地=杭州",
        "add_ons": "礼盒=15",
        **more,
    }


def png() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (300, 300), "green").save(out, "PNG")
    return SimpleUploadedFile("a.png", out.getvalue(), "image/png")


def test_a_simple_product_and_on_sale(owner: Client) -> None:
    done = owner.post("/desk/bo/products/new/", fields(then="list", uploads=[png()]))
    product = Product.objects.get()
    assert (done.status_code, done["Location"]) == (303, f"/desk/bo/products/{product.pk}/")
    assert (product.state, product.price_min, product.parameters) == (
        "on_sale",
        12800,
        [{"name": "产地", "value": "杭州"}],
    )
    assert (supply_of(variant_of(product)).free, supply_of(variant_of(product)).low_at) == (7, 3)
    assert product.pictures.get().picture_id == Picture.objects.get().pk

    # Saving the form as it is shown changes nothing but the time.
    form = owner.get(done["Location"]).context["form"]
    assert form.rows[0].cells["stock"] == form.rows[0].cells["was"] == "7"


def test_the_kind_is_chosen_once(owner: Client) -> None:
    owner.post("/desk/bo/products/new/", fields(kind="seat", **{"v0-stock": ""}))
    product = Product.objects.get()
    assert product.kind == "seat"
    owner.post(f"/desk/bo/products/{product.pk}/", fields(kind="ship", **{"v0-was": "7"}))
    product.refresh_from_db()
    assert product.kind == "seat"
    refused = owner.post("/desk/bo/products/new/", fields(kind="nothing", **{"v0-sku": "T-2"}))
    assert refused.status_code == 422 and Product.objects.count() == 1


def test_a_kind_that_is_planned_has_no_stock(owner: Client, bo: Shop) -> None:
    refused = owner.post("/desk/bo/products/new/", fields(kind="stay"))
    assert refused.status_code == 409 and not Product.objects.exists()
    done = owner.post("/desk/bo/products/new/", fields(kind="stay", **{"v0-stock": ""}))
    product = Product.objects.get()
    assert not Supply.objects.exists()
    page = owner.get(done["Location"]).content.decode()
    assert "v0-price" in page and "v0-stock" not in page and "v0-low_at" not in page
    product.state = "on_sale"
    product.save()
    # As a product has one that was goods before it was set up as something else.
    Supply.objects.create(merchant=bo.merchant, key=variant_of(product).supply_key, low_at=5)
    [row] = owner.get("/desk/bo/products/").context["rows"]
    assert not row.has_stock and not row.is_low
    assert not owner.get("/desk/bo/products/low/").context["page"].object_list
    assert not low_stock(bo.merchant.pk) and queues(bo.merchant.pk, NOW).low == 0


def test_a_limit_for_each_person_and_a_queue(owner: Client) -> None:
    done = owner.post("/desk/bo/products/new/", fields(limit_per_person="2", waiting_room="1"))
    product = Product.objects.get()
    assert (product.limit_per_person, product.waiting_room) == (2, True)
    texts = owner.get(done["Location"]).context["form"].texts
    assert (texts["limit_per_person"], texts["waiting_room"]) == ("2", "1")
    owner.post(done["Location"], fields())
    product.refresh_from_db()
    assert (product.limit_per_person, product.waiting_room) == (None, False)
    wrong = owner.post(done["Location"], fields(limit_per_person="0"))
    assert "limit_per_person" in wrong.context["errors"]
    product.refresh_from_db()
    assert product.limit_per_person is None


def test_options_make_a_grid_without_script(owner: Client) -> None:
    typed = fields(
        **{"option-0-name": "颜色", "option-0-values": "红，蓝", "option-1-name": "码", "option-1-values": "S,L"}
    )
    page = owner.post("/desk/bo/products/new/", {**typed, "step": "grid"})
    assert page.status_code == 200
    rows = page.context["form"].rows
    assert [row.values for row in rows] == [("红", "S"), ("红", "L"), ("蓝", "S"), ("蓝", "L")]
    assert [row.cells["sku"] for row in rows] == ["T-1", "T-2", "T-3", "T-4"]
    assert not Product.objects.exists()
    # Sent without looking at the grid: it is shown first, and nothing is written.
    assert owner.post("/desk/bo/products/new/", typed).status_code == 422
    assert not Product.objects.exists()
    for at, row in enumerate(rows):
        typed |= {
            f"v{at}-sku": row.cells["sku"],
            f"v{at}-price": "10",
            f"v{at}-value": list(row.values),
            f"v{at}-was": "0",
        }
        typed[f"v{at}-on"] = "" if at == 3 else "1"
    assert owner.post("/desk/bo/products/new/", {**typed, "rows": "4"}).status_code == 303
    product = Product.objects.get()
    assert [v.values for v in product.variants.filter(is_active=True)] == [["红", "S"], ["红", "L"], ["蓝", "S"]]
    form = owner.get(f"/desk/bo/products/{product.pk}/").context["form"]
    assert [row.on for row in form.rows] == [True, True, True, False]


def test_errors_keep_what_was_typed_and_name_the_field(owner: Client) -> None:
    page = owner.post(
        "/desk/bo/products/new/",
        fields(title=" ", arrives_max="x", **{"v0-price": "12.345", "parameters": "no pair", "return_days": "3"}),
    )
    assert page.status_code == 422
    assert page.context["errors"].keys() >= {"title", "arrives_max", "row.0.price", "parameters", "return_days"}
    assert b'value="12.345"' in page.content
    assert page.context["grid"][0]["problems"]
    assert not Product.objects.exists()


def test_hostile_forms_are_only_wrong(owner: Client) -> None:
    for more in (
        {"category": "99999999999999999999"},
        {"rows": "-5"},
        {"rows": "1e9"},
        {"v0-stock": "9" * 15},
        {"v0-weight_g": "-1"},
        {"v0-price": "NaN"},
        {"option-0-name": "a", "option-0-values": ",".join(str(i) for i in range(500))},
        {"shots": "3", "p0-key": "nonsense", "p1-source": "javascript:x"},
        {"ship_within_hours": "99999"},
        {"title": "\u202e" * 30},
    ):
        assert owner.post("/desk/bo/products/new/", fields(**more)).status_code in (409, 422), more
    assert not Product.objects.exists()


def test_foreign_pictures_are_refused(owner: Client, cy: Shop) -> None:
    from tests.cast import NOW

    foreign = Picture.objects.create(
        owner=f"merchant:{cy.merchant.pk}", sha256=b"", width=1, height=1, bytes=1, created_at=NOW
    )
    page = owner.post("/desk/bo/products/new/", fields(**{"shots": "1", "p0-key": str(foreign.pk)}))
    assert page.status_code == 404
    assert not Product.objects.exists()


def test_what_is_no_picture_is_named_and_the_rest_stays(owner: Client) -> None:
    junk = SimpleUploadedFile("a.png", b"<svg onload=x>", "image/png")
    page = owner.post("/desk/bo/products/new/", fields(uploads=[junk, png()]))
    assert page.status_code == 422
    assert "pictures" in page.context["errors"]
    assert len(page.context["form"].pictures) == 1


def test_stock_in_place_counts_the_difference(owner: Client, other: Client, bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant, stock=10))
    page = f"/desk/bo/products/stock/{variant.pk}/"
    Supply.objects.update(free=8, sold=2)
    fragment = owner.post(page, {"stock": "15", "was": "10", "low_at": "4"}, HTTP_HX_REQUEST="true")
    assert fragment.status_code == 200
    assert b"<html" not in fragment.content
    assert (supply_of(variant).free, supply_of(variant).low_at) == (13, 4)
    assert owner.post(page, {"stock": "15", "was": "13"}).status_code == 303
    for bad in ({"stock": "x", "was": "1"}, {"stock": "-1", "was": "1"}, {}, {"stock": "0", "was": "20"}):
        assert owner.post(page, bad, HTTP_HX_REQUEST="true").status_code in (409, 422)
    assert supply_of(variant).free == 15
    assert other.post(page.replace("/bo/", "/cy/"), {"stock": "1", "was": "0"}).status_code == 404


def test_many_products(owner: Client, bo: Shop, cy: Shop) -> None:
    mine = [product_of(bo.merchant, state="draft"), product_of(bo.merchant, state="draft")]
    foreign = product_of(cy.merchant)
    send = {"verb": "list", "chosen": [p.pk for p in (*mine, foreign)], "back": "https://evil.example/"}
    assert owner.post("/desk/bo/products/many/", send)["Location"] == "/desk/bo/products/"
    owner.post("/desk/bo/products/many/", {"verb": "remove", "chosen": [foreign.pk, "x", mine[0].pk]})
    states = dict(Product.objects.values_list("pk", "state"))
    assert [states[p.pk] for p in (*mine, foreign)] == ["removed", "on_sale", "on_sale"]
    assert owner.get(f"/desk/bo/products/{mine[0].pk}/").status_code == 404


def test_the_list_and_low_stock(owner: Client, bo: Shop) -> None:
    low = product_of(bo.merchant, "茶叶", stock=2)
    product_of(bo.merchant, "杯子", stock=50)
    assert [row.product for row in owner.get("/desk/bo/products/?q=茶").context["rows"]] == [low]
    assert [row.product for row in owner.get("/desk/bo/products/?q=sku-1-1").context["rows"]] == [low]
    assert [row.variant.product for row in owner.get("/desk/bo/products/low/").context["page"]] == [low]
