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
    from django.db import connection

    from wanku.merchants.models import Merchant
    from wanku.runner.demo import history, houses, journeys, kitchens, people, shops, software, visits

    if Merchant.objects.exists():
        return False
    with connection.cursor() as cursor:
        # Nobody waits for a demo to be durable; this holds for the loading connection only.
        cursor.execute("SET synchronous_commit = off")
    operator = people.operators()
    people.bank_account(operator)
    buyers = people.buyers()
    categories = shops.open_categories(operator)
    opened = shops.open_shops(categories, operator)
    history.live_through(opened, buyers, trades)
    kitchens.open_kitchens(categories, operator)
    houses.open_houses(categories, operator)
    journeys.open_journeys(categories, operator, buyers)
    visits.open_services(categories, operator, buyers)
    software.open_software(categories, operator, buyers)
    shops.apply_and_wait()
    return True
