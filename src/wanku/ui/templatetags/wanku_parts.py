"""The parts of a page as tags, built in. Each renders ``ui/parts/<name>.html``, whose head lists its variables."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField, Form
from django.template.context import Context
from django.utils.safestring import SafeString

from wanku.kernel.money import Money
from wanku.ui import words
from wanku.ui.labels import TURNS, Label, label
from wanku.ui.templatetags.wanku import as_money, context_now, own_now

register = template.Library()
TINTS = 8


def draw(context: Context, name: str, /, **variables: Any) -> SafeString:
    """Render one part inside the page that asks for it: it knows the request, but none of the page's variables."""
    if context.template is None:
        raise TypeError("a part is drawn while a template renders")
    found = context.template.engine.get_template(f"ui/parts/{name}.html")
    token = context.get("csrf_token")
    return found.render(context.new({"csrf_token": token, **variables}))


@register.simple_tag(takes_context=True)
def price(
    context: Context,
    amount: Any,
    currency: str = "CNY",
    *,
    was: Any = None,
    size: str = "md",
    starting: bool = False,
) -> SafeString:
    """A price to look at: small sign and decimals; ``was`` struck through; ``starting`` adds “from”."""
    found = as_money(amount, currency)
    before = as_money(was, currency)
    sign, symbol, whole, decimals = words.money_parts(found) if found else ("", "", "", "")
    shown = before if found and before and before.amount > found.amount else None
    return draw(
        context,
        "price",
        sign=sign,
        symbol=symbol,
        whole=whole,
        decimals=decimals,
        size=size,
        was=words.money_text(shown) if shown else "",
        starting=starting,
    )


@register.simple_tag(takes_context=True)
def quantity(  # noqa: PLR0913 - a tag's variables, by name
    context: Context,
    name: str = "quantity",
    value: int = 1,
    *,
    min: int = 1,  # noqa: A002 - the attribute's own name
    max: int | None = None,  # noqa: A002
    step: int = 1,
    size: str = "md",
    label: str = "",
    submit: bool = False,
    disabled: bool = False,
    id: str = "",  # noqa: A002
) -> SafeString:
    """A number with − and +; without script the number field alone. With ``id`` the focus survives a swap."""
    variables = {"name": name, "value": value, "min": min, "max": max, "step": step, "size": size}
    return draw(context, "quantity", **variables, label=label, submit=submit, disabled=disabled, id=id)


@register.simple_tag(takes_context=True)
def stepbar(context: Context, steps: Sequence[Mapping[str, Any]], label: str = "") -> SafeString:
    """Steps in a row: each ``{"label", "state": done|now|todo|stopped, "at": datetime or None}``."""
    return draw(context, "stepbar", steps=steps, label=label, now=context_now(context))


@register.simple_tag(takes_context=True)
def clock(
    context: Context,
    due: datetime | None,
    *,
    turn: str = "",
    mine: bool = False,
    what: str = "",
    outcome: str = "",
    line: bool = False,
) -> SafeString:
    """A deadline: whose turn (buyer, merchant, platform, gateway, carrier), what to do, until when, what silence means.

    ``mine`` when the reader is the one to act; ``line`` for one short line in tables and cards.
    """
    now = context_now(context)
    due = due or None
    variables = {
        "due": due,
        "now": now,
        "now_text": own_now(context, now),
        "left": words.left_text(due, now) if due else "",
        "since": words.exact_text(due, now) if due else "",
        "over": bool(due and due <= now),
        "soon": bool(due and 0 < (due - now).total_seconds() < 3600),
        "turn": TURNS.get(turn, ""),
        "mine": mine,
        "what": what,
        "outcome": outcome,
    }
    return draw(context, "clock_line" if line else "clock", **variables)


@register.simple_tag(takes_context=True)
def timeline(context: Context, items: Iterable[Mapping[str, Any]]) -> SafeString:
    """What happened, newest first: each ``{"label", "at", "actor", "note", "url"}``; only the first two are needed."""
    return draw(context, "timeline", items=list(items), now=context_now(context))


@register.simple_tag(takes_context=True)
def state(context: Context, noun: str, value: str, *, plain: bool = False) -> SafeString:
    """A state's badge in the words of the trade, from `wanku.ui.labels`."""
    return draw(context, "badge", label=label(noun, value), plain=plain)


@register.simple_tag(takes_context=True)
def badge(context: Context, text: str, tone: str = "", icon: str = "", *, plain: bool = False) -> SafeString:
    """A badge with a text of one's own; ``tone`` is empty, success, warning or error."""
    return draw(context, "badge", label=Label(text, tone, icon), plain=plain)


@register.simple_tag(takes_context=True)
def picture(  # noqa: PLR0913 - a tag's variables, by name
    context: Context,
    source: Any,
    alt: str = "",
    *,
    ratio: str = "square",
    seed: Any = None,
    sizes: str = "(min-width: 1024px) 240px, 50vw",
    eager: bool = False,
    contain: bool = False,
    icon: str = "image",
    css: str = "",
) -> SafeString:
    """A picture on its tinted ground.

    Args:
        source: an address, a stored picture (with ``widths`` and ``path(width)``), or nothing for the placeholder.
        ratio: square, wide (4:3), tall (3:4), banner (21:9) or free.
        seed: what chooses the tint, e.g. the product's id; else the source.
        eager: load at once (the one large picture of a page); others load when they come near.
    """
    url, srcset = source_set(source)
    return draw(
        context,
        "picture",
        url=url,
        srcset=srcset,
        sizes=sizes,
        alt=alt,
        ratio=ratio,
        tint=crc32(str(seed if seed is not None else url or alt).encode()) % TINTS,
        eager=eager,
        contain=contain,
        icon=icon,
        css=css,
    )


def source_set(source: Any) -> tuple[str, str]:
    """Address and ``srcset`` of what `picture` accepts."""
    if not source:
        return "", ""
    if isinstance(source, str):
        return source, ""
    widths = sorted(source.widths)
    if not widths:
        return "", ""
    addresses = [(f"{settings.MEDIA_URL}{source.path(width)}", width) for width in widths]
    return addresses[len(addresses) // 2][0], ", ".join(f"{url} {width}w" for url, width in addresses)


@register.simple_tag(takes_context=True)
def empty(
    context: Context, title: str, text: str = "", *, icon: str = "inbox", url: str = "", action: str = ""
) -> SafeString:
    """What to show for nothing: says what would be here and what to do."""
    return draw(context, "empty", title=title, text=text, icon=icon, url=url, action=action)


@register.simple_tag(takes_context=True)
def money_table(
    context: Context,
    rows: Iterable[Mapping[str, Any]],
    total: Any = None,
    currency: str = "CNY",
    *,
    total_label: str = "",
) -> SafeString:
    """What a total is made of: rows ``{"label", "amount" (Money, minor units or text), "note"}``."""
    shown = [{**row, "text": amount_text(row.get("amount"), currency)} for row in rows]
    return draw(context, "money_table", rows=shown, total=as_money(total, currency), total_label=total_label)


def amount_text(amount: Any, currency: str) -> str:
    """Money as text; a text (“free”) stays as it is."""
    if isinstance(amount, (Money, int)):
        found = as_money(amount, currency)
        return words.money_text(found) if found is not None else ""
    return str(amount or "")


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page[Any], *, parameter: str = "page", target: str = "") -> SafeString:
    """Page numbers of a Django `Page`, keeping the other parameters; ``target`` lets htmx swap that element."""
    request = getattr(context, "request", None)
    query = request.GET.copy() if request is not None else None
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [(n, page_query(query, parameter, n) if isinstance(n, int) else "") for n in numbers]
    near = {
        "previous": page_query(query, parameter, page.number - 1) if page.has_previous() else "",
        "next": page_query(query, parameter, page.number + 1) if page.has_next() else "",
    }
    return draw(context, "pagination", page=page, links=links, target=target, **near)


def page_query(query: Any, parameter: str, number: int) -> str:
    """``?q=tea&page=3``."""
    if query is None:
        return f"?{parameter}={number}"
    query[parameter] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def tabs(context: Context, items: Iterable[Mapping[str, Any]], label: str = "") -> SafeString:
    """Links as tabs: each ``{"label", "url", "current", "count", "alert"}``."""
    return draw(context, "tabs", items=list(items), label=label)


@register.simple_tag(takes_context=True)
def breadcrumb(context: Context, items: Iterable[tuple[str, str]]) -> SafeString:
    """Where one is: ``[(label, url)…]``; the last one without url."""
    return draw(context, "breadcrumb", items=list(items))


@register.simple_tag(takes_context=True)
def stars(context: Context, value: float | None, count: int | None = None, *, size: int = 14) -> SafeString:
    """A rating from 0 to 5 with its number, and how many gave it."""
    # The filled layer is clipped by its own width: an attribute, since the content policy refuses inline styles.
    width = round(max(0.0, min(5.0, value or 0.0)) * 24)
    return draw(context, "stars", value=value, width=width, count=count, size=size, across=size * 5)


@register.simple_tag(takes_context=True)
def stars_input(context: Context, name: str, value: int | str | None = None, *, legend: str = "") -> SafeString:
    """Five radio buttons that look like stars; plain buttons for keyboard and screen reader."""
    chosen = int(value) if value not in (None, "") and str(value).isdigit() else 0
    return draw(context, "stars_input", name=name, chosen=chosen, legend=legend, marks=range(5, 0, -1))


@register.simple_tag(takes_context=True)
def progress(context: Context, value: int | None = None, max: int = 100, label: str = "") -> SafeString:  # noqa: A002
    """How far long work has come; ``value`` None when that is not known."""
    share = 0 if value is None or not max else round(100 * value / max)
    return draw(context, "progress", value=value, max=max, label=label, share=share)


@register.simple_tag(takes_context=True)
def copy(context: Context, text: str, *, label: str = "", show: bool = True) -> SafeString:
    """A number or code with a button that copies it."""
    return draw(context, "copy", text=text, label=label, show=show)


@register.simple_tag(takes_context=True)
def stat(
    context: Context, label: str, value: Any, *, url: str = "", note: str = "", tone: str = "", icon: str = ""
) -> SafeString:
    """One figure of a desk's first page, a link to the list behind it."""
    return draw(context, "stat", label=label, value=value, url=url, note=note, tone=tone, icon=icon)


@register.simple_tag(takes_context=True)
def product_card(context: Context, item: Any, *, eager: bool = False) -> SafeString:
    """A product in a grid; see ``ui/parts/product_card.html`` for the attributes or keys of ``item``."""
    return draw(context, "product_card", item=item, eager=eager)


@register.simple_tag(takes_context=True)
def gallery(context: Context, pictures: Sequence[Any], alt: str = "", *, seed: Any = None) -> SafeString:
    """Pictures of a product: swipe on a phone, small ones to choose from on a desktop."""
    return draw(context, "gallery", pictures=pictures, alt=alt, seed=seed)


@register.simple_tag(takes_context=True)
def live_dot(context: Context) -> SafeString:
    """Says whether a part that keeps itself fresh is connected; inside an ``x-data="live"``."""
    return draw(context, "live_dot")


@register.simple_tag(takes_context=True)
def fields(context: Context, form: Form) -> SafeString:
    """A whole Django form: what is wrong with it, hidden fields, then every field."""
    return draw(context, "fields", form=form)


@register.simple_tag(takes_context=True)
def field(
    context: Context,
    bound: BoundField,
    *,
    label: str = "",
    help: str = "",  # noqa: A002 - the attribute's own name
    placeholder: str = "",
    css: str = "",
) -> SafeString:
    """One field of a Django form with label, help and error; what was typed stays."""
    kind = getattr(bound.field.widget, "input_type", "textarea" if bound.widget_type == "textarea" else "select")
    attributes: dict[str, str | bool] = {"class": WIDGET_CLASSES.get(kind, "input")}
    if placeholder:
        attributes["placeholder"] = placeholder
    many = bound.widget_type in ("radioselect", "checkboxselectmultiple")
    return draw(
        context,
        "field",
        bound=bound,
        widget="" if many else bound.as_widget(attrs=attributes),
        many=many,
        box=kind == "checkbox" and not many,
        label=label or bound.label,
        help=help or bound.help_text,
        css=css,
    )


WIDGET_CLASSES = {
    "checkbox": "checkbox checkbox-sm",
    "radio": "radio radio-sm",
    "select": "select",
    "textarea": "textarea",
    "file": "file-input",
    "hidden": "",
}


@register.simple_tag(takes_context=True)
def plain_field(
    context: Context,
    name: str,
    label: str = "",
    value: Any = "",
    *,
    type: str = "text",  # noqa: A002
    error: str = "",
    **more: Any,
) -> SafeString:
    """A field without a Django form.

    Other variables: ``help``, ``required``, ``placeholder``, ``autocomplete``, ``inputmode``, ``maxlength``, ``min``,
    ``max``, ``step``, ``rows`` (textarea), ``options`` (select: list of (value, label)), ``id``, ``css``,
    ``hide_label``, ``prefix``.
    """
    shown = {**more, "id": more.get("id") or f"f-{name}"}
    return draw(context, "plain_field", name=name, label=label, value=value, type=type, error=error, **shown)
