"""Licences for programs."""

from typing import Any

import pytest

from tests.cast import Shop
from wanku.access.actor import Actor
from wanku.api.tests.caller import Api, assert_problem
from wanku.flows.licensing.tests.bought_licences import bought, code_of, licences_of, plan_of
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import Licence, Machine, Showing, Source
from wanku.kinds.issue.tests.selling import supply

pytestmark = pytest.mark.django_db


def device(code: str, machine: str = "mac-1", shop: str = "bo") -> dict[str, Any]:
    """What a program sends."""
    return {"shop": shop, "code": code, "machine": machine}


def test_a_program_activates_asks_and_sets_free_without_an_account(anybody: Api, ann_actor: Actor, bo: Shop) -> None:
    licence, code = code_of(ann_actor, bo.merchant, machines=1)
    told = anybody.post("/licences/activate", {**device(code), "label": "书房"}).json()
    assert (told["id"], told["edition"], told["machines"]) == (str(licence.pk), "专业版", 1)
    assert told["expires_at"] and told["signed"].count(".") == 2
    assert anybody.post("/licences/validate", device(code)).json()["id"] == str(licence.pk)
    assert_problem(anybody.post("/licences/activate", device(code, "mac-2")), 409, "machines_full")
    assert anybody.post("/licences/deactivate", device(code)).status_code == 204
    assert_problem(anybody.post("/licences/validate", device(code)), 409, "not_active_here")
    (key,) = anybody.get("/shops/bo/licence-keys").json()["keys"]
    assert (key["kty"], key["crv"], key["alg"]) == ("OKP", "Ed25519", "EdDSA")


def test_no_oracle(anybody: Api, ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    plan_of(bo.merchant, source=Source.POOL, stock=1)
    in_pool = codes.opened(Licence.objects.get().sealed)
    _, code = code_of(ann_actor, bo.merchant)
    sent = [device(in_pool), device(code, shop="cy"), device(codes.new_code()), device(code, shop="nobody")]
    answers = [anybody.post(f"/licences/{verb}", each) for each in sent for verb in ("activate", "validate")]
    bodies = [{**answer.json(), "instance": ""} for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    assert_problem(answers[0], 404, "licence_unknown")
    assert not Machine.objects.exists()


def test_one_code_is_not_asked_about_without_end(anybody: Api, ann_actor: Actor, bo: Shop, settings: Any) -> None:
    settings.RATE_LIMITS = True
    _, code = code_of(ann_actor, bo.merchant)
    answers = [anybody.post("/licences/validate", device(code)).status_code for _ in range(25)]
    assert set(answers[:20]) == {409} and answers[-1] == 429


def test_a_buyer_sees_the_codes_once(ann_api: Api, guest_api: Api, bo_api: Api, ann_actor: Actor, bo: Shop) -> None:
    order = bought(ann_actor, plan_of(bo.merchant), 2)
    path = f"/orders/{order.number}/licences"
    listed = ann_api.get(path).json()["items"]
    assert [each["state"] for each in listed] == ["issued"] * 2 and "code" not in listed[0]
    shown = ann_api.post(f"{path}/show", {}).json()["items"]
    assert [each["code"] for each in shown] == [codes.opened(each.sealed) for each in licences_of(order)]
    assert_problem(ann_api.post(f"{path}/show", {}), 403, "prove_again")
    for other in (guest_api, bo_api):
        assert other.post(f"{path}/show", {}).status_code in (403, 404)
        assert other.get(path).status_code in (403, 404)
    assert Showing.objects.count() == 2


def test_a_guest_gets_digits_by_mail(guest_api: Api, guest_actor: Actor, bo: Shop) -> None:
    from wanku.notices.models import Notice

    order = bought(guest_actor, plan_of(bo.merchant))
    path = f"/orders/{order.number}/licences"
    first = guest_api.post(f"{path}/show", {}).json()["items"]
    assert guest_api.post(f"{path}/mail", {"contact": "13800138000"}).json() == {"mailed": True}
    digits = Notice.objects.get(kind="licence_digits").facts["digits"]
    again = guest_api.post(f"{path}/show", {"contact": "13800138000", "digits": digits}).json()["items"]
    assert [each["code"] for each in again] == [each["code"] for each in first]


def test_a_shop_sets_plans_fills_pools_and_revokes(bo_api: Api, anybody: Api, ann_actor: Actor, bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=0)
    path = f"/merchants/bo/products/{plan.variant.product_id}/plans"
    body = {"source": "pool", "edition": "旗舰版", "seats": 3}
    assert bo_api("PUT", f"{path}/{plan.pk}", body).json()["term_days"] is None
    added = bo_api.post(f"{path}/{plan.pk}/codes", {"codes": ["AAAA-1111", "=BBBB-2222", "aaaa1111"]}).json()
    assert added["added"] == 2 and [(f["index"], f["code"]) for f in added["faults"]] == [(2, "code_twice")]
    assert (supply(plan).free, supply(plan).put_in) == (2, 2)
    plan.refresh_from_db()
    order = bought(ann_actor, plan)
    (told,) = bo_api.get(path).json()
    assert (told["edition"], told["free"], told["sold"], told["revoked"]) == ("旗舰版", 1, 1, 0)
    (licence,) = bo_api.get("/merchants/bo/licences?ends=1111").json()["items"]
    assert licence["order_id"] == str(order.pk) and "code" not in licence
    assert bo_api.get("/merchants/bo/licences?ends=9999").json()["items"] == []
    assert len(bo_api.get("/merchants/bo/licences").json()["items"]) == 1
    gone = bo_api.post(f"/merchants/bo/licences/{licence['id']}/revoke", {"because": "拒付"}).json()
    assert gone["state"] == "revoked"
    assert_problem(anybody.post("/licences/activate", device("AAAA-1111")), 409, "licence_revoked")


def test_another_shop_keeps_out(bo: Shop, cy: Shop, bo_api: Api, ann_actor: Actor) -> None:
    licence, _ = code_of(ann_actor, cy.merchant)
    product_id, variant_id = licence.product_id, licence.plan_id
    path = f"/merchants/bo/products/{product_id}/plans"
    body = {"source": "signed", "edition": "x"}
    answers = [
        bo_api.get(path),
        bo_api("PUT", f"{path}/{variant_id}", body),
        bo_api.post(f"{path}/{variant_id}/codes", {"codes": ["AAAA-1111"]}),
        bo_api.post(f"/merchants/bo/licences/{licence.pk}/revoke", {"because": "why"}),
        bo_api.post("/merchants/bo/licences/x/revoke", {"because": "why"}),
    ]
    assert {answer.status_code for answer in answers} == {404}
    licence.refresh_from_db()
    assert licence.state == "issued"


def test_all_of_ones_own(
    ann_api: Api, guest_api: Api, bo_api: Api, ann_actor: Actor, guest_actor: Actor, bo: Shop
) -> None:
    plan = plan_of(bo.merchant)
    orders = [bought(ann_actor, plan), bought(ann_actor, plan), bought(guest_actor, plan_of(bo.merchant))]
    first = ann_api.get("/licences?limit=1").json()
    rest = ann_api.get(f"/licences?cursor={first['next_cursor']}").json()
    listed = [*first["items"], *rest["items"]]
    assert {each["order"] for each in listed} == {order.number for order in orders[:2]} and rest["next_cursor"] is None
    assert all(each["renewable"] and each["used"] == 0 and "code" not in each for each in listed)
    assert (listed[0]["shop"], listed[0]["title"]) == ("bo", "墨客笔记")
    assert [each["order"] for each in guest_api.get("/licences").json()["items"]] == [orders[2].number]
    assert_problem(bo_api.get("/licences"), 403, "not_allowed")
