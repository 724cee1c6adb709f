"""Plans, pools and licences at the desk."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import Shop, product_of, variant_of
from wanku.access.actor import Actor
from wanku.flows.licensing.tests.bought_licences import bought, licences_of, plan_of
from wanku.inventory.models import Supply
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import CodeFile, Licence, LicencePlan, Source
from wanku.kinds.issue.tests.selling import supply

pytestmark = pytest.mark.django_db
FORM = {"source": "signed", "edition": "专业版", "term_days": "365", "seats": "5", "machines": "2"}


def sheet(*texts: str) -> SimpleUploadedFile:
    """A file of codes."""
    return SimpleUploadedFile("codes.csv", "\n".join(["code", *texts]).encode(), "text/csv")


def test_a_variant_is_given_a_plan(owner: Client, bo: Shop) -> None:
    product = product_of(bo.merchant)
    variant = variant_of(product)
    address = f"/desk/bo/products/{product.pk}/licences/"
    assert "nobody can buy it" in owner.get(address).content.decode()
    wrong = owner.post(address, {**FORM, "variant": variant.pk, "seats": "many", "edition": "旗舰版"})
    assert wrong.status_code == 422 and 'value="旗舰版"' in wrong.content.decode()
    assert not LicencePlan.objects.exists()
    assert owner.post(address, {**FORM, "variant": variant.pk}).status_code == 303
    plan = LicencePlan.objects.get()
    assert (plan.edition, plan.term_days, plan.seats) == ("专业版", 365, 5)
    assert owner.post(address, {**FORM, "variant": variant.pk, "term_days": ""}).status_code == 303
    plan.refresh_from_db()
    assert plan.term_days is None
    assert f"/desk/bo/products/{product.pk}/licences/" in owner.get(f"/desk/bo/products/{product.pk}/").content.decode()


def test_a_file_is_looked_at_then_taken_over(owner: Client, bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=0)
    address = f"/desk/bo/products/{plan.variant.product_id}/licences/"
    assert owner.post(f"{address}codes/", {"variant": plan.pk}).status_code == 422
    told = owner.post(
        f"{address}codes/", {"variant": plan.pk, "file": sheet("AAAA-1111", "BBBB-2222", "aaaa1111", "x")}
    )
    preview = owner.get(told["Location"]).content.decode()
    assert "2 codes go into the pool" in preview and "AAAA-1111" not in preview
    assert "The code ending in 1111 is already in row 2." in preview
    assert not Licence.objects.exists()
    done = owner.post(told["Location"])
    assert (done.status_code, done["Location"]) == (303, address)
    assert supply(plan).free == 2 == Licence.objects.count()
    assert owner.get(told["Location"])["Location"] == address
    page = owner.get(address).content.decode()
    assert "2 added, 2 left out" in page and "AAAA" not in page


def test_the_threshold_of_a_pool(owner: Client, bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=3)
    address = f"/desk/bo/products/{plan.variant.product_id}/licences/low/"
    assert owner.post(address, {"variant": plan.pk, "low_at": "x"}).status_code == 422
    assert owner.post(address, {"variant": plan.pk, "low_at": "4"}).status_code == 303
    assert (supply(plan).low_at, supply(plan).low_since is not None) == (4, True)


def test_stock_of_a_pool_is_not_typed(owner: Client, bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=3)
    owner.post(f"/desk/bo/products/stock/{plan.pk}/", {"was": "3", "stock": "9"})
    assert supply(plan).free == 3


def test_licences_are_found_by_their_end_and_ended(owner: Client, bo: Shop, ann_actor: Actor) -> None:
    order = bought(ann_actor, plan_of(bo.merchant), 2)
    one, two = licences_of(order)
    page = owner.get(f"/desk/bo/licences/?q={one.tail.lower()}").content.decode()
    assert one.tail in page and order.number in page and codes.opened(one.sealed) not in page
    if one.tail != two.tail:
        assert two.tail not in page
    address = f"/desk/bo/licences/{one.pk}/revoke/"
    owner.post(address, {"because": " "})
    one.refresh_from_db()
    assert one.state == "issued"
    assert owner.post(address, {"because": "拒付"}).status_code == 303
    one.refresh_from_db()
    assert one.state == "revoked"
    ended = owner.get("/desk/bo/licences/?state=revoked").content.decode()
    assert one.tail in ended and "拒付" in ended


def test_others_keep_out(
    owner: Client, stranger: Client, seat: Callable[[str], Client], bo: Shop, cy: Shop, ann_actor: Actor
) -> None:
    theirs = plan_of(cy.merchant, source=Source.POOL, stock=2)
    mine = plan_of(bo.merchant, source=Source.POOL, stock=2)
    foreign = Licence.objects.filter(plan=theirs)[0]
    own = f"/desk/bo/products/{mine.variant.product_id}/licences/"
    for address, data in (
        (f"/desk/bo/products/{theirs.variant.product_id}/licences/", {**FORM, "variant": theirs.pk}),
        (f"/desk/bo/products/{theirs.variant.product_id}/licences/low/", {"variant": theirs.pk, "low_at": "1"}),
        (f"/desk/bo/products/{theirs.variant.product_id}/licences/codes/", {"variant": theirs.pk}),
        (f"/desk/bo/licences/{foreign.pk}/revoke/", {"because": "why"}),
    ):
        assert owner.post(address, data).status_code == 404
    clerk = seat("clerk")
    for address in (own, "/desk/bo/licences/"):
        assert clerk.get(address).status_code == 403
        assert stranger.get(address)["Location"].startswith("/account/login/")
    assert clerk.post(own, {**FORM, "variant": mine.pk}).status_code == 403
    assert set(Licence.objects.values_list("state", flat=True)) == {"free"}
    assert not CodeFile.objects.exists() and set(Supply.objects.values_list("low_at", flat=True)) == {5}
