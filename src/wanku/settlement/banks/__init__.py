"""The banks of this installation: one folder each, one line here."""

from wanku.settlement.bank import Bank
from wanku.settlement.banks.sandbox.payouts import SandboxBank

BANKS: dict[str, Bank] = {bank.name: bank for bank in (SandboxBank(),)}


def ready_bank() -> Bank | None:
    """The first that is set up, or none."""
    return next((bank for bank in BANKS.values() if bank.is_ready()), None)
