"""What must hold of licences at any moment."""

from typing import Final

from wanku.kernel.invariant import Invariant
from wanku.kernel.refusal import gettext_noop

POOLS: Final = "SELECT count(*) FROM issue_licenceplan WHERE source = 'pool'"
# Codes leave the pool when they are paid, so those that unpaid orders hold still lie in it.
POOLS_AND_COUNTERS: Final = """
SELECT p.variant_id AS variant, coalesce(c.codes, 0) AS codes, coalesce(s.free, 0) AS free,
       coalesce(s.held, 0) AS held
FROM issue_licenceplan p
LEFT JOIN inventory_supply s ON s.key = 'sku:' || p.variant_id
LEFT JOIN (SELECT plan_id, count(*) AS codes FROM issue_licence WHERE state = 'free' GROUP BY plan_id) c
    ON c.plan_id = p.variant_id
WHERE p.source = 'pool' AND coalesce(c.codes, 0) <> coalesce(s.free + s.held, 0)
"""
PROOFS: Final = (
    Invariant(
        "I5",
        gettext_noop("A pool holds exactly as many codes as are free or in unpaid orders."),
        POOLS,
        POOLS_AND_COUNTERS,
    ),
)
