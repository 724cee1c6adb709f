"""Accounts at payment channels: which is in use, a new one, and the end of a former one."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanku.access.can import Permission
from wanku.flows.integrating.end_channel import end_channel
from wanku.flows.integrating.set_channel import set_channel
from wanku.flows.integrating.switch_channel import switch_channel
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.payments.fields import BASE_URL, LENGTH_MAX, AccountField
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read import channels as read
from wanku.ui.channels import channel_text
from wanku.ui.request import Request
from wanku.ui.words import refusal_text


@require_safe
@page(Permission.CHANNELS_EDIT)
def listing(request: Request) -> HttpResponse:
    """Every channel with its accounts."""
    return _listing(request)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.CHANNELS_EDIT)
def edit(request: Request, channel: str) -> HttpResponse:
    """The first account at a channel, or one that follows another."""
    found = next(iter(read.channels(channel)), None)
    if found is None:
        raise Refusal(NOT_FOUND)
    if request.method != "POST":
        return _edit(request, found)
    fields = _fields(found)
    public = {f.name: request.POST.get(f.name, "") for f in fields if not f.secret}
    secret = {f.name: request.POST.get(f.name, "") for f in fields if f.secret}
    because = request.POST.get("because", "")
    return act(
        request,
        lambda: set_channel(
            found.name, public=public, secret=secret, because=because, actor=request.actor, now=request.now
        ),
        done=_("The account is in use from now on."),
        back=reverse("platform_desk:channels"),
        again=lambda problem: _edit(request, found, problem),
    )


@require_POST
@page(Permission.CHANNELS_EDIT)
def end(request: Request, account_id: int) -> HttpResponse:
    """A former account proves nothing any more."""
    because = request.POST.get("because", "")
    return act(
        request,
        lambda: end_channel(account_id, because=because, actor=request.actor, now=request.now),
        done=_("The account has ended: what the channel signs for it is no longer believed."),
        back=reverse("platform_desk:channels"),
        again=lambda problem: _listing(request, problem, account_id),
    )


@require_POST
@page(Permission.CHANNELS_EDIT)
def switch(request: Request, channel: str) -> HttpResponse:
    """Buyers are offered the channel, or no longer."""
    on, because = request.POST.get("on") == "1", request.POST.get("because", "")
    return act(
        request,
        lambda: switch_channel(channel, on=on, because=because, actor=request.actor, now=request.now),
        done=_("Buyers are offered this channel again.")
        if on
        else _("Buyers are no longer offered this channel. What is open still settles, and refunds go back by it."),
        back=reverse("platform_desk:channels"),
        again=lambda problem: _listing(request, problem, switched=channel),
    )


def _listing(request: Request, problem: Refusal | None = None, about: int = 0, switched: str = "") -> HttpResponse:
    rows = [{"channel": channel, "name": channel_text(channel.name)} for channel in read.channels()]
    return show(request, "channels.html", {"rows": rows, "about": about, "switched": switched}, problem=problem)


def _fields(channel: read.Channel) -> list[AccountField]:
    return [*channel.fields, *([BASE_URL] if settings.SANDBOX else [])]


def _edit(request: Request, channel: read.Channel, problem: Refusal | None = None) -> HttpResponse:
    """What was typed stays in the form, except secrets; without it, what is in use is where to start from."""
    before = channel.accounts[0].row.public if channel.accounts else {}
    wrong = {refusal.field: refusal_text(refusal) for refusal in problem.every() if refusal.field} if problem else {}
    start = {field.name: before.get(field.name, "") for field in _fields(channel)}
    fields: list[dict[str, Any]] = [
        {
            "field": field,
            "type": "textarea" if field.long else "password" if field.secret else "text",
            "value": "" if field.secret else request.POST.get(field.name, start[field.name]),
            "error": wrong.get(field.name, ""),
        }
        for field in _fields(channel)
    ]
    context = {
        "channel": channel,
        "name": channel_text(channel.name),
        "fields": fields,
        "errors": wrong,
        "longest": LENGTH_MAX,
        "notify_url": f"{settings.PUBLIC_URL}/hooks/payments/{channel.name}",
    }
    return show(request, "channel.html", context, problem=problem)
