"""The channels of this installation: one folder each, one line here."""

from django.conf import settings

from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.payments.channel import Gateway
from wanku.payments.gateways.sandbox.gateway import SandboxGateway

NO_METHOD = Code("no_such_method", gettext_noop("This way to pay is not offered. Please choose another."), 422)

GATEWAYS: dict[str, Gateway] = {gateway.name: gateway for gateway in (SandboxGateway(),)}


def available() -> list[tuple[str, str, str]]:
    """``(gateway, method, English label)`` of every way to pay that is switched on, in the order to show."""
    return [
        (name, method, label)
        for name, gateway in GATEWAYS.items()
        if name != "sandbox" or settings.SANDBOX
        for method, label in gateway.methods().items()
    ]


def gateway_for(name: str, method: str) -> Gateway:
    """The channel for a choice on the pay page.

    Raises:
        Refusal: ``no_such_method``.
    """
    if not any((g, m) == (name, method) for g, m, _ in available()):
        raise Refusal(NO_METHOD, field="method")
    return GATEWAYS[name]
