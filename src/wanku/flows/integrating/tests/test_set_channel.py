"""Setting the account of a payment channel."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.access.models import PlatformRole
from wanku.audit.models import Act
from wanku.flows.integrating.set_channel import set_channel
from wanku.kernel.refusal import Refusal
from wanku.payments.accounts import accounts_of
from wanku.payments.models import ChannelAccount

GOOD: dict[str, Any] = {"public": {"app_id": " 2021 "}, "secret": {"word": "open-sesame"}, "now": NOW}


def test_it_is_used_from_now_on_and_sealed(toll: str, di_actor: Actor) -> None:
    row = set_channel(toll, **GOOD, actor=di_actor, because="first account")
    account = accounts_of(toll)[0]
    assert (account.key, dict(account.public), dict(account.secret)) == (
        row.pk,
        {"app_id": "2021"},
        {"word": "open-sesame"},
    )
    assert "open-sesame" not in str(ChannelAccount.objects.values())
    act = Act.objects.get()
    assert (act.verb, act.actor_id, act.because) == ("set_channel", di_actor.person_id, "first account")
    assert act.facts == {"channel": toll, "replaces": None}


@pytest.mark.django_db
def test_the_same_again_changes_nothing_and_another_follows(toll: str) -> None:
    first = set_channel(toll, **GOOD, actor=None)
    assert set_channel(toll, **{**GOOD, "now": NOW + timedelta(days=1)}, actor=None).pk == first.pk
    later = {**GOOD, "secret": {"word": "other"}, "now": NOW + timedelta(days=1)}
    second = set_channel(toll, **later, actor=None)
    assert [account.key for account in accounts_of(toll)] == [second.pk, first.pk]
    assert all(account.proves(NOW + timedelta(days=2)) for account in accounts_of(toll))
    assert [act.facts["replaces"] for act in Act.objects.order_by("pk")] == [None, first.pk]


@pytest.mark.django_db
def test_every_problem_is_named_at_once(toll: str, settings: Any) -> None:
    settings.SANDBOX = False
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({}, {"app_id", "word"}),
        ({"public": {"app_id": "20x1"}, "secret": {"word": " "}}, {"app_id", "word"}),
        ({**GOOD, "public": {"app_id": "2021", "word": "in the open"}}, {"word"}),
        ({**GOOD, "public": {"app_id": "2021", "colour": "red"}}, {"colour"}),
        ({**GOOD, "public": {"app_id": "2021", "base_url": "https://bank.example"}}, {"base_url"}),
        ({**GOOD, "public": {"app_id": "2021", "note": "two words"}}, {"note"}),
        ({**GOOD, "secret": {"word": "w", "key": "not a key"}}, {"key"}),
        ({**GOOD, "secret": {"word": "w", "key": 8001 * "k"}}, {"key"}),
    ]
    for call, fields in cases:
        with pytest.raises(Refusal, match="bad_value") as refused:
            set_channel(toll, **{"public": {}, "secret": {}, "now": NOW, **call}, actor=None)
        assert {each.field for each in refused.value.every()} == fields
    assert not ChannelAccount.objects.exists()
    assert not Act.objects.exists()


@pytest.mark.django_db
def test_another_address_only_where_things_are_tried_out(toll: str, settings: Any) -> None:
    settings.SANDBOX = True
    for address in ("http://bank.example/", "ftp://127.0.0.1/", "bank"):
        with pytest.raises(Refusal, match="bad_value"):
            set_channel(toll, **{**GOOD, "public": {"app_id": "2021", "base_url": address}}, actor=None)
    for address in ("http://127.0.0.1:9000/toll", "https://bank.example/"):
        row = set_channel(toll, **{**GOOD, "public": {"app_id": "2021", "base_url": address}}, actor=None)
        assert row.public["base_url"] == address


@pytest.mark.django_db
def test_keys_are_read_as_they_are_given(toll: str) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain).decode()
    bare = "".join(pem.splitlines()[1:-1])
    kept = set()
    for text in (pem, f"\n{pem}\n", bare):
        set_channel(toll, **{**GOOD, "secret": {"word": "w", "key": text}}, actor=None)
        kept.add(accounts_of(toll)[0].secret["key"])
    assert len(kept) == 1
    assert kept.pop().startswith("-----BEGIN PRIVATE KEY-----")
    assert ChannelAccount.objects.count() == 1
    curve = ec.generate_private_key(ec.SECP256R1())
    for other, lock in ((curve, plain), (key, serialization.BestAvailableEncryption(b"password"))):
        text = other.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock).decode()
        with pytest.raises(Refusal, match="bad_value"):
            set_channel(toll, **{**GOOD, "secret": {"word": "w", "key": text}}, actor=None)
    assert ChannelAccount.objects.count() == 1


def test_those_who_may_not(toll: str, ann_actor: Actor, guest_actor: Actor, bo: Shop, di_actor: Actor) -> None:
    finance = Actor(person_id=ann_actor.person_id, platform=frozenset(PlatformRole) - {PlatformRole.ADMIN})
    others = ((guest_actor, "sign_in"), (ann_actor, "not_allowed"), (bo.actor, "not_allowed"), (finance, "not_allowed"))
    for actor, code in others:
        with pytest.raises(Refusal, match=code):
            set_channel(toll, **GOOD, actor=actor, because="a reason")
    with pytest.raises(Refusal, match="bad_value"):
        set_channel(toll, **GOOD, actor=di_actor)
    for name in ("sandbox", "nothing"):
        with pytest.raises(Refusal, match="not_found"):
            set_channel(name, **GOOD, actor=di_actor, because="a reason")
    assert not ChannelAccount.objects.exists()
    assert not Act.objects.exists()
