"""Licences on the throw-away instance: issued when paid, activated by a program, given back. Django must be set up."""

import base64
import json
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wanku.catalog.models import Category, Variant
from wanku.catalog.rules import OptionData, ProductData, VariantData
from wanku.flows.offering.import_codes import import_codes
from wanku.flows.offering.receive_codes import receive_codes
from wanku.flows.offering.set_licence_plan import PlanData, set_licence_plan
from wanku.flows.selling.list_product import list_product
from wanku.flows.selling.restock_variant import restock_variant
from wanku.flows.selling.save_product import save_product
from wanku.inventory.models import Supply
from wanku.kinds.issue.models import FREE, Licence
from wanku.runner.tour import cast, market
from wanku.runner.tour.caller import Caller
from wanku.runner.tour.kinds import Scene
from wanku.runner.tour.speech import pgettext as _p

POOL, SIGNED = "PASS-30", "NOTES-365"
CODES: Final = ("WXYZ-1111-AAAA", "WXYZ-2222-BBBB")


def licences(scene: Scene) -> None:
    """Codes from a pool, a code of our own on a device, and one that is given back.

    Raises:
        Stopped: a step was not seen.
    """
    scene.script.chapter(_p("tour", "A licence: codes as stock, issued in the moment of the payment"))
    pool, signed = _set_up(scene)
    _last_codes(scene, pool)
    _on_a_device(scene, signed)
    _given_back(scene, signed)


def _set_up(scene: Scene) -> tuple[int, int]:
    with scene.script.step(
        "shop", _p("tour", "imports two codes, and sells a program whose codes are made here")
    ) as step:
        desk, now = market.desk(), scene.start
        data = ProductData(
            kind="issue",
            title="墨客笔记",
            category_id=Category.objects.values_list("pk", flat=True)[0],
            options=(OptionData("期限", ("30 天", "1 年")),),
            variants=(
                VariantData(sku=POOL, price=1_990, values=("30 天",)),
                VariantData(sku=SIGNED, price=12_800, values=("1 年",)),
            ),
        )
        product = save_product(desk.merchant_id or 0, data, product_id=None, stock={}, low_at={}, actor=desk, now=now)
        pool, signed = (Variant.objects.get(sku=sku).pk for sku in (POOL, SIGNED))
        for variant, source, days in ((pool, "pool", 30), (signed, "signed", 365)):
            set_licence_plan(product.pk, variant, PlanData(source, "专业版", days, 1, 2), actor=desk, now=now)
        table = "\n".join(["code", *CODES, CODES[0].lower()]).encode()
        file = receive_codes(product.pk, pool, table, name="codes.csv", actor=desk, now=now)
        told = import_codes(file.pk, actor=desk, now=now).outcome
        restock_variant(signed, 10, because="edit", actor=desk, now=now)
        list_product(product.pk, actor=desk, now=now)
        step.expect(told == {"added": 2, "skipped": 1}, "2 + 1", told)
        step.saw(_p("tour", "two codes in the pool, encrypted; the third row was a duplicate and is named"))
    return pool, signed


def _last_codes(scene: Scene, pool: int) -> None:
    with scene.script.step("guest", _p("tour", "buys both codes, pays, and sees them once")) as step:
        order = scene.order(scene.guest, [cast.wish(pool, 2)])["orders"][0]
        shown = scene.guest.post(f"/orders/{order['number']}/licences/show", {}, status=200)["items"]
        got = sorted(each["code"] for each in shown)
        step.expect(got == sorted(CODES), ", ".join(CODES), got)
        again = scene.guest.post(f"/orders/{order['number']}/licences/show", {}, status=403)
        step.expect(again["code"] == "prove_again", "prove_again", again["code"])
        step.saw(_p("tour", "two different codes; to see them again asks for proof"))
    with scene.script.step("guest", _p("tour", "wants a third one")) as step:
        told = scene.guest.post("/quotes", {"lines": [cast.wish(pool)]}, status=200)
        left = (Supply.objects.get(key=f"sku:{pool}").free, Licence.objects.filter(plan=pool, state=FREE).count())
        codes = [problem["code"] for problem in told["refusals"]]
        step.expect(codes == ["sold_out"] and left == (0, 0), "sold_out, 0", (codes, left))
        step.saw(_p("tour", "sold out is said before the payment; counter and pool agree"))


def _on_a_device(scene: Scene, signed: int) -> None:
    with scene.script.step(
        "guest", _p("tour", "as a program activates a member's code on a device, without an account")
    ) as step:
        code = _code(scene, scene.member, signed)[1]
        program = Caller(scene.place.url, scene.language)
        body = {"shop": market.SLUG, "code": code.lower(), "machine": "mac-1"}
        told = program.post("/licences/activate", body, status=200)
        keys = program.get(f"/shops/{market.SLUG}/licence-keys")["keys"]
        claims = _checked(told["signed"], keys)
        step.expect(claims["machine"] == "mac-1", "mac-1", claims["machine"])
        unknown = program.post("/licences/validate", {**body, "code": "NEVER-ISSUED"}, status=404)
        step.expect(unknown["code"] == "licence_unknown", "licence_unknown", unknown["code"])
        program.close()
        step.saw(_p("tour", "the term begins; the answer is signed and holds without a network"))


def _given_back(scene: Scene, signed: int) -> None:
    with scene.script.step("guest", _p("tour", "as a member gives back a licence that was never activated")) as step:
        order, code = _code(scene, scene.member, signed)
        scene.member.post(f"/orders/{order['number']}/licences/give-back", None, status=200)
        scene.paid_back(scene.member, order["number"], order["amount"])
        program = Caller(scene.place.url, scene.language)
        body = {"shop": market.SLUG, "code": code, "machine": "mac-9"}
        told = program.post("/licences/activate", body, status=409)
        program.close()
        step.expect(told["code"] == "licence_revoked", "licence_revoked", told["code"])
        step.saw(_p("tour", "everything is paid back, and the code is revoked"))


def _code(scene: Scene, buyer: Caller, variant: int) -> tuple[Any, str]:
    order = scene.order(buyer, [cast.wish(variant)])["orders"][0]
    (shown,) = buyer.post(f"/orders/{order['number']}/licences/show", {}, status=200)["items"]
    return order, shown["code"]


def _checked(signed: str, keys: list[dict[str, str]]) -> dict[str, Any]:
    """The claims, if the published key signed them; cryptography raises otherwise."""
    head, body, signature = signed.split(".")
    kid = json.loads(_plain(head))["kid"]
    key = next(key for key in keys if key["kid"] == kid)
    Ed25519PublicKey.from_public_bytes(_plain(key["x"])).verify(_plain(signature), f"{head}.{body}".encode())
    claims: dict[str, Any] = json.loads(_plain(body))
    return claims


def _plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
