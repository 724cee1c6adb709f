"""The API's reference as a page: read by people without any script, made from the same document as clients are."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from wanku.access.scopes import MERCHANT_SCOPES, PERSON_SCOPES
from wanku.api.labels import GROUPS, described
from wanku.api.read.reference import Reference, codes, reference
from wanku.api.v1 import build


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Operations by kind, shapes with their units, codes of problems, and how to begin."""
    return render(
        request,
        "api/docs.html",
        {
            "reference": _reference(),
            "groups": [(group, GROUPS.get(group.name, group.name)) for group in _reference().groups],
            "codes": [(code, gettext(code.text)) for code in codes()],
            "person_scopes": described(PERSON_SCOPES),
            "merchant_scopes": described(MERCHANT_SCOPES),
            "base": f"{settings.PUBLIC_URL}/api/v1",
        },
    )


@lru_cache(maxsize=1)
def _reference() -> Reference:
    return reference(build().get_openapi_schema(path_prefix="/api/v1/"))
