"""Who works at the platform, and what each role may do."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from wanku.access.can import PLATFORM_MAY, Permission
from wanku.access.models import PlatformRole
from wanku.platform_desk import words
from wanku.platform_desk.desk import page, show
from wanku.platform_desk.read.people import staff
from wanku.ui.request import Request


@require_safe
@page(Permission.PEOPLE_SEE)
def listing(request: Request) -> HttpResponse:
    """Everybody with a platform role, and the table of what roles may do."""
    permissions = [p for p in Permission if p in PLATFORM_MAY[PlatformRole.ADMIN]]
    table = [(words.PERMISSIONS[p], [p in PLATFORM_MAY[role] for role in PlatformRole]) for p in permissions]
    return show(request, "staff.html", {"people": staff(), "roles": PlatformRole.labels, "table": table})
