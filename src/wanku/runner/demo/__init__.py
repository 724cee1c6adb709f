"""Demo data that one likes to look at: shops, goods with pictures, people, and a quarter of a year of trade."""

from wanku.runner.demo._sign_ins import SIGN_INS

__all__ = ["SIGN_INS", "load"]
TRADES = 120


def load(trades: int = TRADES) -> bool:
    """Fill an empty database, once.

    Returns:
        whether it was loaded now; False when there are merchants already.
    """
    # Django's models exist only after it is set up, and the sign-ins are wanted before.
    from wanku.merchants.models import Merchant
    from wanku.runner.demo import history, other_kinds, people, shops

    if Merchant.objects.exists():
        return False
    other_kinds.quick_commits()
    operator = people.operators()
    people.bank_account(operator)
    buyers = people.buyers()
    categories = shops.open_categories(operator)
    with other_kinds.opened_meanwhile(categories, operator, buyers):
        opened = shops.open_shops(categories, operator)
        history.live_through(opened, buyers, trades)
    shops.apply_and_wait()
    return True
