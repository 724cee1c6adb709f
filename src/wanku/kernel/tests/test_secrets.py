"""Secrets at rest."""

from typing import Any

import pytest

from wanku.kernel.secrets import Unsealable, fingerprints, reseal, seal, unseal


def test_what_is_sealed_opens_for_its_purpose_alone() -> None:
    sealed = seal("channel", "秘密")
    assert "秘密" not in sealed
    assert unseal("channel", sealed) == "秘密"
    with pytest.raises(Unsealable):
        unseal("mfa", sealed)


def test_a_secret_is_replaced_without_losing_what_it_sealed(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "first", []
    old = seal("channel", "x")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second", ["first"]
    assert unseal("channel", old) == "x"
    new = reseal("channel", old)
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal("channel", new) == "x"
    with pytest.raises(Unsealable):
        unseal("channel", old)
    with pytest.raises(Unsealable):
        reseal("channel", old)


def test_a_fingerprint_belongs_to_its_purpose_and_secret_and_former_ones_are_found(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "first", []
    (old,) = fingerprints("licence", "ABC")
    assert fingerprints("licence", "ABC") == [old]
    assert fingerprints("other", "ABC") != [old] != fingerprints("licence", "ABD")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second", ["first"]
    new, former = fingerprints("licence", "ABC")
    assert former == old != new
