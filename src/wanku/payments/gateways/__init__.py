"""The channels of this installation: one folder each, one line here."""

from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.payments.accounts import is_off
from wanku.payments.channel import Gateway, Method, Place
from wanku.payments.gateways.alipay.gateway import AlipayGateway
from wanku.payments.gateways.sandbox.gateway import SandboxGateway
from wanku.payments.gateways.stripe.gateway import StripeGateway
from wanku.payments.gateways.transfer.gateway import TransferGateway
from wanku.payments.gateways.wechat.gateway import WechatGateway

NO_METHOD = Code("no_such_method", gettext_noop("This way to pay is not offered. Please choose another."), 422)

GATEWAYS: dict[str, Gateway] = {
    gateway.name: gateway
    for gateway in (
        WechatGateway(),
        AlipayGateway(),
        StripeGateway(),
        SandboxGateway(),
        TransferGateway(),
    )
}
"""In the order to show; the first that fits is chosen for the buyer, so what takes days comes last."""


def available(*, currency: str = "CNY", place: Place | None = None) -> list[tuple[str, str, Method]]:
    """``(gateway, code, method)`` of every way to pay that is set up and not taken off, in the order to show.

    Args:
        place: where the buyer is; None for all.
    """
    return [
        (name, code, method)
        for name, gateway in GATEWAYS.items()
        if not is_off(name)
        for code, method in gateway.methods().items()
        if currency in method.currencies and (place is None or place in method.places)
    ]


def arrival(name: str, method: str) -> str:
    """When a refund of such a payment shows up, an English msgid; also for ways that are not offered any more."""
    gateway = GATEWAYS.get(name)
    known = gateway.methods().get(method) if gateway is not None else None
    return (known or Method("")).arrival


def gateway_for(name: str, method: str, *, currency: str = "CNY") -> Gateway:
    """The channel for a choice on the pay page.

    Raises:
        Refusal: ``no_such_method``.
    """
    if not any((g, m) == (name, method) for g, m, _ in available(currency=currency)):
        raise Refusal(NO_METHOD, field="method")
    return GATEWAYS[name]
