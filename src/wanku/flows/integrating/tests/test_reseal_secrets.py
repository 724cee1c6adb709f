"""After a change of the installation's secret everything still opens, and soon without the former one."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from tests.cast import NOW, Shop
from wanku.audit.models import Act
from wanku.flows.integrating.reseal_secrets import SEALED, reseal_secrets
from wanku.flows.integrating.set_channel import set_channel
from wanku.kernel.secrets import Unsealable, seal
from wanku.kinds.issue import codes as licence_codes
from wanku.kinds.issue.models import Licence, Source
from wanku.kinds.issue.tests.selling import plan_of
from wanku.payments.accounts import accounts_of, forget
from wanku.payments.models import ChannelAccount
from wanku.people.models import Person
from wanku.settlement.bank_accounts import PURPOSE
from wanku.settlement.models import BankAccount

SECRETS = [f"secret-number-{number}-of-the-installation-and-long-enough" for number in range(3)]


def change(settings: Any, *known: str) -> None:
    """Run with these secrets, the current one first."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = known[0], list(known[1:])
    forget()


@pytest.fixture
def sealed(settings: Any, toll: str, ann: Person, bo: Shop) -> list[str]:
    """Something of each kind under the first secret; gives Ann's recovery codes."""
    change(settings, SECRETS[0])
    set_channel(toll, public={"app_id": "2021"}, secret={"word": "open-sesame"}, actor=None, now=NOW)
    TOTP.activate(ann, "JBSWY3DPEHPK3PXP")
    Authenticator.objects.create(user=ann, type=Authenticator.Type.WEBAUTHN, data={"name": "key"})
    BankAccount.objects.create(
        merchant_id=bo.merchant.pk, sealed=seal(PURPOSE, "{}"), tail="1234", at=NOW, usable_from=NOW
    )
    plan_of(bo.merchant, source=Source.POOL, stock=1)
    codes = RecoveryCodes.activate(ann)
    codes.validate_code(codes.generate_codes()[0])
    return list(codes.generate_codes())


def test_former_secrets_can_be_forgotten(settings: Any, toll: str, ann: Person, sealed: list[str]) -> None:
    change(settings, SECRETS[1], SECRETS[0])
    assert accounts_of(toll)[0].secret["word"] == "open-sesame"
    counts = reseal_secrets(now=NOW)
    assert counts == {"channel_accounts": 1, "second_factors": 2, "bank_accounts": 1, "licences": 1}
    assert list(counts) == [name for name, _ in SEALED]
    change(settings, SECRETS[1])
    assert accounts_of(toll)[0].secret["word"] == "open-sesame"
    licence = Licence.objects.get()
    assert bytes(licence.digest) == licence_codes.digests(licence_codes.opened(licence.sealed))[0]
    codes = RecoveryCodes.activate(ann)
    assert codes.generate_codes() == sealed
    assert codes.get_unused_codes() == sealed[1:], "which are used is kept"
    totp = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert "JBSWY3DPEHPK3PXP" not in str(totp.data)
    assert totp.wrap().validate_code("000000") in (True, False), "it opens"
    assert Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).data == {"name": "key"}
    act = Act.objects.get(verb="reseal_secrets")
    assert (act.actor_id, act.facts) == (None, counts)


def test_all_of_it_or_nothing(settings: Any, toll: str, sealed: list[str]) -> None:
    change(settings, SECRETS[2], SECRETS[0])
    BankAccount.objects.update(sealed="from elsewhere")
    before = (ChannelAccount.objects.get().sealed, [row.data for row in Authenticator.objects.order_by("pk")])
    with pytest.raises(Unsealable):
        reseal_secrets(now=NOW)
    assert before == (ChannelAccount.objects.get().sealed, [row.data for row in Authenticator.objects.order_by("pk")])
    assert not Act.objects.filter(verb="reseal_secrets").exists()


def test_a_channel_whose_secrets_are_lost_is_not_set_up(settings: Any, toll: str, sealed: list[str]) -> None:
    """A pay page still opens: the others are offered."""
    change(settings, SECRETS[2])
    assert list(accounts_of(toll)) == []
    set_channel(toll, public={"app_id": "2021"}, secret={"word": "open-sesame"}, actor=None, now=NOW)
    assert len(accounts_of(toll)) == 1
