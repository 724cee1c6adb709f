"""Reading the table of who may use which way in."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

STAFF = ("bo.owner", "bo.manager", "bo.clerk", "bo.finance", "bo.service")
PLATFORM = ("admin", "operations", "finance", "arbitrator", "senior", "first_line")
MEMBERS = ("ann", "eve", *STAFF, "cy.owner", *PLATFORM)
EVERYBODY = ("stranger", "guest", *MEMBERS)
WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{role: (role,) for role in EVERYBODY},
        "everybody": EVERYBODY,
        "buyers": ("guest", *MEMBERS),
        "members": MEMBERS,
        "staff": STAFF,
        "platform": PLATFORM,
        "nobody": (),
    }
)


@dataclass(frozen=True)
class Row:
    """One line: a way in, how it is used, whose things are in the address, and who may.

    Attributes:
        whose: ``ann``, ``bo`` …; ``bo@cy`` puts Bo's things behind the address of Cy's desk; ``-`` for none.
    """

    name: str
    method: str
    whose: str
    may: frozenset[str]

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.whose}"


def table(path: Path) -> list[Row]:
    """The rows of a file; ``#`` begins a comment.

    Raises:
        ValueError: a line is not understood.
    """
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].split()
        if not text:
            continue
        name, method, whose, *who = text
        may: set[str] = set()
        for word in who:
            removed = word.startswith("-")
            roles = WORDS[word.removeprefix("-")]
            may = may - set(roles) if removed else may | set(roles)
        rows.append(Row(name, method, whose, frozenset(may)))
    return rows


ADDRESS = {"name": "安", "phone": "13800138000", "province": "浙江省", "city": "杭州市", "line": "文三路 1 号"}
PRODUCT = {"title": "茶", "category": "home", "variants": [{"sku": "NEW-1", "price": 100}]}
ROOM = {"name": "双床房", "rooms": 1, "price": 100, "rates": [{"name": "含早", "notice": [{"hours": 0, "bp": 0}]}]}
DISH = {"title": "面", "category": "home", "sizes": [{"price": 2800}]}
BODIES: Mapping[str, object] = MappingProxyType(
    {
        "create_question": {"text": "可以冷泡吗？"},
        "create_attempt": {"gateway": "sandbox", "method": "page"},
        "create_review": {"goods": 5, "service": 5, "delivery": 5},
        "create_follow_up": {"text": "用了一周，还是不错"},
        "add_address": ADDRESS,
        "change_address": ADDRESS,
        "add_key": {"name": "k", "scopes": ["trades.see"]},
        "create_parcel": {"carrier": "sf", "tracking": "SF9999999999999"},
        "create_parcels": {"rows": [{"number": "26111100000000017", "carrier": "sf", "tracking": "SF9999999999998"}]},
        "create_product": PRODUCT,
        "replace_product": PRODUCT,
        "set_product_state": {"state": "off"},
        "change_stock": {"variant_id": 0, "change": 1, "because": "盘点"},
        "put_invoice": {"kind": "personal", "title": "安"},
        "reverse_desk_invoice": {"because": "抬头错误"},
        "create_reply": {"text": "谢谢"},
        "create_answer": {"text": "可以"},
        "mail": {"contact": "13800138000"},
        "revoke": {"because": "拒付"},
        "set_plan": {"source": "pool", "edition": "专业版"},
        "set_departure_terms": {"real_name": True, "cancellation": []},
        "create_departures": {
            "origin": "上海",
            "destination": "杭州",
            "zone_from": "Asia/Shanghai",
            "zone_to": "Asia/Shanghai",
            "first": "2026-12-01",
            "leaves": "08:00",
            "arrives": "12:00",
            "cabins": [{"variant_id": 1, "seats": 2}],
        },
        "set_departure_cabin": {"seats": 12},
        "cancel_desk_departure": {"because": "storm"},
        "set_visit_service": {"place": "home", "lengths": [{"id": 1, "quarters": 4}]},
        "add_worker": {"name": "小美", "week": []},
        "replace_worker": {"name": "小美", "week": []},
        "replace_special_day": {"day": "2026-11-20", "windows": []},
        "create_absence": {"first": "2026-11-20", "last": "2026-11-20"},
        "set_kitchen": {"capacity": 10},
        "set_kitchen_pause": {"minutes": 0},
        "replace_opening_hours": {"week": []},
        "replace_areas": {"areas": []},
        "replace_delivery_zones": {"zones": []},
        "arrange_desk_menu": {"sections": []},
        "create_dish": DISH,
        "replace_dish": DISH,
        "set_dish_sold_out": {"sold_out": True},
        "set_stay_house": {"place": "杭州", "address": "北山街 1 号"},
        "create_stay_room": ROOM,
        "replace_stay_room": ROOM,
        "paint_stay_nights": {"first": "2026-11-20", "last": "2026-11-20", "closed": True},
        "add_codes": {"codes": ["AAAA-1111"]},
        "reschedule": {"choice": {}},
        "reject": {"because": "closed"},
        "call_off": {"because": "closed"},
        "advance": {"event": "start"},
        "enter_code": {"code": "123456789012"},
    }
)
"""Bodies of API operations that look at the body before they look at who asks; others are sent an empty one."""
