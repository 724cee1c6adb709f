"""Rules in force, and how to tell what is ours from what is not."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from wanku.audit import rules as audited
from wanku.flows.talking.check_number import check_number
from wanku.kernel.refusal import Refusal
from wanku.storefront.read.frame import tree_of
from wanku.storefront.read.terms import return_words
from wanku.storefront.read.verify import NUMBER, SHOWN_MAX, judge
from wanku.ui.request import Request, caller_address


@require_safe
def rules(request: Request) -> HttpResponse:
    """Deadlines as they are set now, with what happens in silence, and the return terms of each category."""
    seconds = {name: timedelta(seconds=value) for name, value in audited.current().items()}
    clocks = [
        (
            pgettext("step", "Paying"),
            _("You"),
            seconds["pay_goods"],
            _("The order is cancelled and the goods go back on sale."),
        ),
        (
            pgettext("step", "Shipping"),
            _("The shop"),
            seconds["ship"],
            _("The order is marked late, and you may urge the shop or cancel for a full refund."),
        ),
        (
            _("Confirming receipt"),
            _("You"),
            seconds["receipt_goods"],
            _("Counted from shipping; receipt is taken as confirmed and the shop is paid."),
        ),
        (
            _("Extending receipt"),
            _("You, once per order"),
            seconds["receipt_extension"],
            _("So much longer you have to confirm."),
        ),
        (
            pgettext("step", "Reviewing"),
            _("You"),
            seconds["review_window"],
            _("Nothing is written in your name."),
        ),
        (
            _("Issuing an invoice"),
            _("The shop"),
            seconds["invoice_issue"],
            _("The shop is reminded daily, and the platform may issue it."),
        ),
        (
            _("Answering a question"),
            _("The shop"),
            seconds["answer_question"],
            _("The question is listed as unanswered and the shop is reminded."),
        ),
    ]
    tree = tree_of(request)
    returns = [
        (
            " / ".join(c.name for c in tree.trail(category)),
            return_words({"rule": category.return_rule, "days": category.return_days}),
        )
        for category in tree.all
        if not tree.children(category)
    ]
    context = {"clocks": clocks, "returns": returns, "always": return_words({"rule": "no_reason", "days": 7})}
    return render(request, "storefront/rules.html", context)


@require_safe
def verify(request: Request) -> HttpResponse:
    """How to check a page or a message, with a check that tells of numbers only whether we gave them out."""
    typed = (request.GET.get("about") or request.GET.get("number") or "")[:SHOWN_MAX].strip()
    judged = judge(typed) if typed else None
    known: str | None = None
    problem: Refusal | None = None
    if judged is not None and judged.kind == NUMBER:
        try:
            known = check_number(typed, source=caller_address(request), now=request.now)
        except Refusal as no:
            problem = no
    context = {
        "host": urlsplit(settings.PUBLIC_URL).netloc,
        "is_secure": settings.SECURE,
        "sender": settings.DEFAULT_FROM_EMAIL,
        "typed": typed,
        "judged": judged,
        "known": known,
        "problem": problem,
    }
    return render(request, "storefront/verify.html", context, status=problem.code.status if problem else 200)
