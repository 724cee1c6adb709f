"""Codes on devices."""

import base64
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.flows.licensing.activate_licence import activate_licence
from wanku.flows.licensing.tests.bought_licences import code_of, plan_of
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import Licence, Machine, Source
from wanku.kinds.issue.signing import public_keys

pytestmark = pytest.mark.django_db


def opened(signed: str, merchant_id: int) -> dict[str, object]:
    """The claims, if one of the shop's published keys signed them."""
    head, body, signature = signed.split(".")

    def plain(text: str) -> bytes:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    kid = json.loads(plain(head))["kid"]
    (key,) = [key for key in public_keys(merchant_id) if key["kid"] == kid]
    Ed25519PublicKey.from_public_bytes(plain(key["x"])).verify(plain(signature), f"{head}.{body}".encode())
    claims: dict[str, object] = json.loads(plain(body))
    return claims


def test_the_term_begins_with_the_first_device_and_the_answer_is_signed(ann_actor: Actor, bo: Shop) -> None:
    _, code = code_of(ann_actor, bo.merchant, machines=2, term_days=365)
    licence, signed = activate_licence("bo", code.lower(), "mac-1", label=" 书房  电脑 ", now=NOW)
    assert (licence.activated_at, licence.expires_at) == (NOW, NOW + timedelta(days=365))
    claims = opened(signed, bo.merchant.pk)
    assert claims["machine"] == "mac-1" and claims["exp"] == int((NOW + timedelta(days=365)).timestamp())
    assert (claims["shop"], claims["edition"]) == ("bo", "专业版") and "code" not in claims
    machine = Machine.objects.get()
    assert machine.label == "书房 电脑" and b"mac-1" not in bytes(machine.digest)
    later, _ = activate_licence("bo", code, "mac-2", now=NOW + timedelta(days=9))
    assert later.expires_at == NOW + timedelta(days=365)


def test_the_same_device_again_takes_no_second_place(ann_actor: Actor, bo: Shop) -> None:
    _, code = code_of(ann_actor, bo.merchant, machines=1)
    for _ in range(2):
        activate_licence("bo", code, "mac-1", now=NOW)
    assert Machine.objects.count() == 1
    with pytest.raises(Refusal) as full:
        activate_licence("bo", code, "mac-2", now=NOW)
    assert (full.value.code.name, full.value.facts["most"]) == ("machines_full", 1)
    assert Machine.objects.count() == 1


def test_who_holds_no_issued_code_learns_nothing(ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    """A code in the pool, one of another shop and one that never was are the same nothing."""
    plan_of(bo.merchant, source=Source.POOL, stock=1)
    in_pool = codes.opened(Licence.objects.get().sealed)
    _, code = code_of(ann_actor, bo.merchant)
    answers = set()
    for shop, text in (("bo", in_pool), ("cy", code), ("bo", codes.new_code()), ("nobody", code), ("bo", "")):
        with pytest.raises(Refusal) as no:
            activate_licence(shop, text, "mac-1", now=NOW)
        answers.add((no.value.code.name, no.value.field, tuple(no.value.facts)))
    assert answers == {("licence_unknown", None, ())}
    assert not Machine.objects.exists()


def test_revoked_and_ended_licences_activate_nothing(ann_actor: Actor, bo: Shop) -> None:
    licence, code = code_of(ann_actor, bo.merchant, term_days=30)
    activate_licence("bo", code, "mac-1", now=NOW)
    with pytest.raises(Refusal) as ended:
        activate_licence("bo", code, "mac-2", now=NOW + timedelta(days=30))
    assert ended.value.code.name == "licence_expired"
    Licence.objects.filter(pk=licence.pk).update(state="revoked")
    with pytest.raises(Refusal) as revoked:
        activate_licence("bo", code, "mac-2", now=NOW)
    assert revoked.value.code.name == "licence_revoked"
    assert Machine.objects.count() == 1
