"""What is free, counted by the database."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from wanku.inventory.queries import free_by_key
from wanku.kernel.arrays import execute, literal
from wanku.kinds.stay.prices import supply_key

# A night without a counter is not on sale; a closed one neither, whatever its counter says.
FREE_ROOMS: Final = """
SELECT r.id, min(coalesce(s.free, 0))
FROM stay_roomtype r
JOIN stay_property h ON h.product_id = r.property_id
JOIN catalog_product p ON p.id = h.product_id
JOIN merchants_merchant m ON m.id = p.merchant_id
CROSS JOIN generate_series($1::date, $2::date - 1, interval '1 day') AS night(at)
LEFT JOIN inventory_supply s ON s.key = 'night:' || r.id || ':' || to_char(night.at, 'YYYY-MM-DD')
LEFT JOIN stay_night n ON n.room_id = r.id AND n.date = night.at::date
WHERE r.is_active AND r.most >= $3::int AND h.place_id = ANY($4::bigint[])
    AND p.state = 'on_sale' AND m.state = ANY($5::text[])
GROUP BY r.id
HAVING min(CASE WHEN n.closed THEN 0 ELSE coalesce(s.free, 0) END) >= $6::int
"""


def free_rooms(
    places: Collection[int], check_in: date, check_out: date, *, guests: int, rooms: int, states: Collection[str]
) -> dict[int, int]:
    """Room types in these destinations that are free for all nights, with how many: one statement.

    Args:
        guests: in each room.
        rooms: how many are wanted.
        states: of merchants that may sell.
    """
    wanted = [check_in, check_out, guests, literal(sorted(places), "bigint"), literal(sorted(states), "text"), rooms]
    rows = execute(FREE_ROOMS, wanted, prepared=False)
    return dict(rows)


def free_nights(rooms: Collection[int], nights: Collection[date]) -> Mapping[tuple[int, date], int]:
    """Free rooms by type and night; a night that is not open is missing. One statement."""
    keys = {supply_key(room, night): (room, night) for room in rooms for night in nights}
    return {keys[key]: free for key, free in free_by_key(keys).items()}
