"""How the demo's goods are written down."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Goods:
    """One product; prices in yuan.

    Attributes:
        icon: name in the icon set, drawn on a tinted ground; further icons become further pictures.
        prices: one, or one per value of ``option``.
        option: ``(name, values)`` or none.
        extras: ``(name, yuan)``.
    """

    slug: str
    category: str
    title: str
    subtitle: str
    icon: str
    prices: tuple[float, ...]
    text: str
    option: tuple[str, tuple[str, ...]] | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    extras: tuple[tuple[str, float], ...] = ()
    more_icons: tuple[str, ...] = ()
    was: float | None = None
    weight_g: int = 500
    stock: int = 60
    ship_within_hours: int = 48
    brand: str = ""


@dataclass(frozen=True, slots=True)
class ShopData:
    """One merchant.

    Attributes:
        free_from: yuan from which shipping is free, or none.
        fees: yuan for the first and each further piece.
    """

    slug: str
    name: str
    legal_name: str
    credit_code: str
    owner: str
    phone: str
    icon: str
    hue: int
    about: str
    notice: str
    ships_from: str
    goods: tuple[Goods, ...]
    free_from: float | None = 99
    fees: tuple[float, float] = (8, 2)
