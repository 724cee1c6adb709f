"""Parts that enclose other parts, built in: ``{% card title="…" %}…{% endcard %}``."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from wanku.ui.templatetags.wanku_parts import draw

register = template.Library()


@register.simple_block_tag(takes_context=True)
def card(
    context: Context, content: str, *, title: str = "", url: str = "", more: str = "", icon: str = "", css: str = ""
) -> SafeString:
    """A surface with an optional heading and a link to more."""
    return draw(context, "card", content=content, title=title, url=url, more=more, icon=icon, css=css)


@register.simple_block_tag(takes_context=True)
def alert(context: Context, content: str, tone: str = "", *, title: str = "", icon: str = "") -> SafeString:
    """A notice inside the page; ``tone`` is empty, success, warning or error."""
    return draw(context, "alert", content=content, tone=tone, title=title, icon=icon or ALERT_ICONS.get(tone, "info"))


ALERT_ICONS = {"success": "circle-check", "warning": "triangle-alert", "error": "circle-alert"}


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: str, id: str, title: str, *, css: str = "") -> SafeString:  # noqa: A002
    """A modal window; any ``<button command="show-modal" commandfor="{id}">`` opens it."""
    return draw(context, "dialog", content=content, id=id, title=title, css=css)


@register.simple_block_tag(takes_context=True)
def drawer(context: Context, content: str, id: str, title: str) -> SafeString:  # noqa: A002
    """A side sheet on a phone, an ordinary column from 1024 px up (filters). Opened like a dialog."""
    return draw(context, "drawer", content=content, id=id, title=title)


@register.simple_block_tag(takes_context=True)
def confirm(  # noqa: PLR0913 - a tag's variables, by name
    context: Context,
    content: str,
    id: str,  # noqa: A002
    action: str,
    *,
    title: str,
    yes: str,
    button: str = "",
    css: str = "btn btn-outline",
    hidden: Mapping[str, Any] | None = None,
    danger: bool = True,
) -> SafeString:
    """A button whose act needs a second look: the content says what follows, ``yes`` names it; posts to ``action``.

    Extra fields (a reason, say) may stand in the content; ``hidden`` holds fixed ones. Without script or dialogs
    the browser shows the content in place.
    """
    variables = {"id": id, "action": action, "title": title, "yes": yes, "button": button or yes, "css": css}
    return draw(context, "confirm", content=content, hidden=hidden or {}, danger=danger, **variables)


@register.simple_block_tag(takes_context=True)
def menu(context: Context, content: str, *, label: str, icon: str = "ellipsis", text: bool = False) -> SafeString:
    """A button that drops a list down: ``<li>`` items inside. ``text`` shows the label beside the icon."""
    return draw(context, "menu", content=content, label=label, icon=icon, text=text)


@register.simple_block_tag(takes_context=True)
def toolbar(context: Context, content: str, *, label: str = "") -> SafeString:
    """The row above a table: search, filters, acts."""
    return draw(context, "toolbar", content=content, label=label)


@register.simple_block_tag(takes_context=True)
def grid(context: Context, content: str, *, label: str, bulk: bool = False, stack: bool = True) -> SafeString:
    """A dense table: the content is ``<thead>`` and ``<tbody>``; ``bulk`` adds selection; ``stack`` makes cards of
    rows on a phone (each ``<td data-label="…">``).
    """
    return draw(context, "grid", content=content, label=label, bulk=bulk, stack=stack)


@register.simple_block_tag(takes_context=True)
def bulk_bar(context: Context, content: str) -> SafeString:
    """What can be done with the chosen rows; appears with the first choice. Buttons carry ``data-bulk-act``."""
    return draw(context, "bulk_bar", content=content)


@register.simple_tag(takes_context=True)
def bulk_all(context: Context) -> SafeString:
    """The box in a table's head that chooses all rows."""
    return draw(context, "bulk_all")


@register.simple_tag(takes_context=True)
def bulk_row(context: Context, value: Any, *, name: str = "chosen", label: str = "", form: str = "") -> SafeString:
    """The box of one row; ``form`` is the id of the form that it belongs to when the table is not inside it."""
    return draw(context, "bulk_row", value=value, name=name, label=label, form=form)
