"""Who works at the platform, and what each role may do."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wanku.access.can import PLATFORM_MAY, Permission
from wanku.access.models import PlatformRole
from wanku.platform_desk.desk import page, show
from wanku.platform_desk.read.people import staff
from wanku.platform_desk.words import Text
from wanku.ui.request import Request

PERMISSIONS: Mapping[str, Text] = {
    "platform.see": _("Open the platform desk"),
    "merchants.see": _("See merchants"),
    "merchants.decide": _("Decide on merchants"),
    "all_orders.see": _("See all orders"),
    "ledger.see": _("See the ledger"),
    "people.see": _("See people"),
    "people.edit": _("Change accounts and roles"),
    "audit.see": _("See the audit trail"),
    "rules.see": _("See rules"),
    "rules.edit": _("Change rules"),
    "categories.edit": _("Edit categories"),
    "places.edit": _("Edit destinations"),
    "refunds.handle": _("Handle refunds"),
    "money.freeze": _("Freeze and thaw money"),
    "payouts.handle": _("Settle and pay out"),
    "channels.edit": _("Set up payment channels"),
    "reconciliation.handle": _("Reconcile channels"),
    "transfers.handle": _("Handle bank transfers"),
    "invoices.handle": _("Handle invoices"),
    "reviews.hide": _("Hide reviews"),
}
"""What a role may do, in words."""


@require_safe
@page(Permission.PEOPLE_SEE)
def listing(request: Request) -> HttpResponse:
    """Everybody with a platform role, and the table of what roles may do."""
    permissions = [p for p in Permission if p in PLATFORM_MAY[PlatformRole.ADMIN]]
    table = [(PERMISSIONS[p], [p in PLATFORM_MAY[role] for role in PlatformRole]) for p in permissions]
    return show(request, "staff.html", {"people": staff(), "roles": PlatformRole.labels, "table": table})
