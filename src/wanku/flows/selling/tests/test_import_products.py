"""Taking over tables: nothing before it is asked for, everything once, the same again changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import NOW, Shop, category_of, product_of, supply_of
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.catalog.models import ImportFile, Product, Variant
from wanku.flows.selling.export_products import export_products
from wanku.flows.selling.import_products import import_products
from wanku.flows.selling.preview_import import preview_import
from wanku.flows.selling.receive_import import receive_import
from wanku.inventory.models import StockLog, Supply
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db
TABLE = (
    "handle,title,category,state,option1_name,option1_value,sku,price,stock,parameters,add_ons,pictures\n"
    "tea,龙井,home,on_sale,规格,100g,T-1,128.00,40,产地=杭州,礼盒=5,https://a.example/1.jpg 茶叶\n"
    "tea,,,,规格,200g,T-2,228.00,7,,,\n"
    "cup,杯子,家居,,,,C-1,12.50,3,,,\n"
    "bad,,home,,,,B-1,1,1,,,\n"
    "lost,Lost,nowhere,,,,L-1,1,1,,,\n"
)


def take(shop: Shop, text: str | bytes, **more: object) -> ImportFile:
    data = text.encode() if isinstance(text, str) else text
    options: dict[str, object] = {"name": "t.csv", "fallback_id": None, "actor": shop.actor, "now": NOW, **more}
    return receive_import(shop.merchant.pk, data, **options)  # type: ignore[arg-type]


def carry_out(shop: Shop, file: ImportFile, limit: int = 100) -> dict[str, int]:
    while file.done_at is None:
        file = import_products(file.pk, actor=shop.actor, now=NOW, limit=limit)
    counts: dict[str, int] = file.outcome
    return counts


def test_preview_writes_nothing_and_says_what_would_happen(bo: Shop) -> None:
    category_of()
    _, plan = preview_import(take(bo, TABLE).pk, actor=bo.actor, now=NOW)
    assert (plan.count("create"), plan.count("update"), plan.count("same"), plan.skipped) == (2, 0, 0, 2)
    assert [(f.row, f.column, f.handle) for f in plan.faults] == [(5, "title", "bad"), (6, "category", "lost")]
    assert not Product.objects.exists()
    assert not Supply.objects.exists()


def test_good_rows_are_written_and_the_same_again_changes_nothing(bo: Shop) -> None:
    category_of()
    counts = carry_out(bo, take(bo, TABLE))
    assert {k: counts[k] for k in ("created", "updated", "same", "skipped")} == {
        "created": 2,
        "updated": 0,
        "same": 0,
        "skipped": 2,
    }
    tea = Product.objects.get(slug="tea")
    assert (tea.state, tea.price_min, tea.price_max) == ("on_sale", 12800, 22800)
    assert tea.options == [{"name": "规格", "values": ["100g", "200g"]}]
    assert [(p.picture_id, p.source, p.alt) for p in tea.pictures.all()] == [(None, "https://a.example/1.jpg", "茶叶")]
    first = tea.variants.get(sku="T-1")
    assert (supply_of(first).free, supply_of(first).put_in) == (40, 40)
    assert Product.objects.get(slug="cup").state == "draft"
    logs, ids = StockLog.objects.count(), set(Variant.objects.values_list("pk", flat=True))

    again = carry_out(bo, take(bo, TABLE))
    assert (again["created"], again["updated"], again["same"]) == (0, 0, 2)
    assert StockLog.objects.count() == logs
    assert set(Variant.objects.values_list("pk", flat=True)) == ids
    assert Act.objects.filter(verb="import_products").count() == 2


def test_an_update_keeps_ids_and_leaves_unmentioned_variants(bo: Shop) -> None:
    category_of()
    carry_out(bo, take(bo, TABLE))
    ids = dict(Variant.objects.values_list("sku", "pk"))
    counts = carry_out(bo, take(bo, "handle,title,sku,price,stock\ntea,龙井,T-2,200,9\n"))
    assert counts["updated"] == 1
    tea = Product.objects.get(slug="tea")
    active = {v.sku: (v.pk, v.price) for v in tea.variants.filter(is_active=True)}
    assert active == {"T-1": (ids["T-1"], 12800), "T-2": (ids["T-2"], 20000)}
    assert supply_of(tea.variants.get(sku="T-2")).free == 9
    assert tea.parameters == [{"name": "产地", "value": "杭州"}]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_and_import_is_the_identity(bo: Shop, form: str) -> None:
    category_of()
    carry_out(bo, take(bo, TABLE))
    product_of(bo.merchant, "=cmd|' /C calc'!A0", prices=(100, 200), add_ons=[("a=b", 0)], description="'-x\ny")
    before = list(Product.objects.order_by("pk").values())
    data = export_products(bo.merchant.pk, form=form, actor=bo.actor, now=NOW)
    assert b"\n=" not in data
    counts = carry_out(bo, take(bo, data))
    assert (counts["created"], counts["updated"], counts["same"], counts["skipped"]) == (0, 0, 3, 0)
    assert list(Product.objects.order_by("pk").values()) == before


def test_a_limit_for_each_person_and_a_queue(bo: Shop) -> None:
    product_of(bo.merchant, slug="cup", limit_per_person=3, waiting_room=True)
    table = export_products(bo.merchant.pk, form="csv", actor=bo.actor, now=NOW).decode("utf-8-sig")
    counts = carry_out(bo, take(bo, table))
    assert (counts["updated"], counts["same"]) == (0, 1)
    title, sku = Product.objects.values_list("title", "variants__sku").get()
    carry_out(bo, take(bo, f"handle,title,sku,price,每人限购,排队购买\ncup,{title},{sku},99,1,否\n"))
    assert Product.objects.values_list("limit_per_person", "waiting_room").get() == (1, False)


def test_an_export_recreates_the_shop_elsewhere(bo: Shop, cy: Shop) -> None:
    category_of()
    carry_out(bo, take(bo, TABLE))
    data = export_products(bo.merchant.pk, form="xlsx", actor=bo.actor, now=NOW)
    assert carry_out(cy, take(cy, data))["created"] == 2
    assert export_products(cy.merchant.pk, form="csv", actor=cy.actor, now=NOW) == export_products(
        bo.merchant.pk, form="csv", actor=bo.actor, now=NOW
    )


def test_it_goes_on_where_it_stopped(bo: Shop) -> None:
    category_of()
    rows = "".join(f"p{i},P {i},home,P-{i},1\n" for i in range(5))
    file = take(bo, "handle,title,category,sku,price\n" + rows)
    file = import_products(file.pk, actor=bo.actor, now=NOW, limit=2)
    assert (file.outcome["next"], file.outcome["created"], file.done_at) == (2, 2, None)
    assert carry_out(bo, file, limit=2)["created"] == 5
    assert not bytes(ImportFile.objects.get().content)
    done = import_products(file.pk, actor=bo.actor, now=NOW)
    assert done.outcome["created"] == 5


def test_a_fallback_category_for_what_is_unknown(bo: Shop) -> None:
    home = category_of()
    counts = carry_out(bo, take(bo, TABLE, fallback_id=home.pk))
    assert counts["created"] == 3
    assert Product.objects.get(slug="lost").category == home


def test_foreign_skus_and_unkind_terms_are_faults(bo: Shop) -> None:
    category_of()
    product_of(bo.merchant, "Pot")
    _, plan = preview_import(
        take(
            bo,
            "handle,title,category,sku,price,return_rule,return_days\n"
            "x,X,home,SKU-1-1,1,,\ny,Y,home,Y-1,1,never,\nz,Z,home,Z-1,1,,3\nw,W,home,a/b,1,,\n",
        ).pk,
        actor=bo.actor,
        now=NOW,
    )
    assert [(f.row, f.column, f.refusal.code.name) for f in plan.faults] == [
        (2, "sku", "sku_elsewhere"),
        (3, "return_rule", "less_kind"),
        (4, "return_days", "bad_value"),
        (5, "sku", "bad_value"),
    ]


def test_a_suspended_shop_imports_drafts_only(bo: Shop) -> None:
    category_of()
    type(bo.merchant).objects.filter(pk=bo.merchant.pk).update(state="suspended")
    _, plan = preview_import(take(bo, TABLE).pk, actor=bo.actor, now=NOW)
    assert ("state", "standing_forbids") in [(f.column, f.refusal.code.name) for f in plan.faults]
    assert plan.count("create") == 1


def test_strangers_and_clerks(bo: Shop, cy: Shop, other_actor: Actor) -> None:
    category_of()
    file = take(bo, TABLE)
    for actor in (cy.actor, other_actor):
        for flow in (preview_import, import_products):
            with pytest.raises(Refusal) as caught:
                flow(file.pk, actor=actor, now=NOW)
            assert caught.value.code.name == "not_found"
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    calls: list[Callable[[], object]] = [
        lambda: preview_import(file.pk, actor=clerk, now=NOW),
        lambda: import_products(file.pk, actor=clerk, now=NOW),
        lambda: export_products(bo.merchant.pk, form="csv", actor=clerk, now=NOW),
        lambda: take(replace(bo, actor=clerk), TABLE),
    ]
    for call in calls:
        with pytest.raises(Refusal) as caught:
            call()
        assert caught.value.code.name == "not_allowed"
    assert not Product.objects.exists()


def test_old_files_are_forgotten(bo: Shop) -> None:
    category_of()
    old = take(bo, TABLE)
    take(bo, TABLE, now=NOW + timedelta(days=2))
    assert not ImportFile.objects.filter(pk=old.pk).exists()
    assert timezone.is_aware(ImportFile.objects.get().received_at)


def test_what_is_planned_has_no_stock_in_a_table(bo: Shop) -> None:
    stay = product_of(bo.merchant, "湖畔小院", kind="stay")
    Supply.objects.all().delete()
    table = export_products(bo.merchant.pk, form="csv", actor=bo.actor, now=NOW)
    counts = carry_out(bo, take(bo, table))
    assert (counts["updated"], counts["same"]) == (0, 1)
    carry_out(bo, take(bo, f"handle,title,sku,price,stock\n{stay.slug},小院,SKU-1-1,99,5\n"))
    stay.refresh_from_db()
    assert (stay.title, stay.kind) == ("小院", "stay")
    assert not Supply.objects.exists()
