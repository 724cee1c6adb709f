"""Serving stored pictures."""

import uuid

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from wanku.files.models import Picture
from wanku.files.queries import nearest_width
from wanku.fulfilment.queries import is_shown_proof
from wanku.ui.actor import buyer_of
from wanku.ui.request import Request

# The name of a picture never gets other content, so a browser need not ask again.
FOREVER = "public, max-age=31536000, immutable"
READER_ONLY = "private, no-store"


@require_safe
def picture(request: Request, key: str, width: str) -> HttpResponseBase:
    """One rendition as WebP: public ones to everybody, private ones to whoever `visible_to` allows.

    A width that is not stored is answered with the nearest, so that addresses can be made without a query.
    """
    found = Picture.objects.filter(pk=uuid.UUID(key)).first()
    if found is None:
        raise Http404
    if not found.is_public and not _may_see(request, found):
        raise Http404
    stored = nearest_width(found, int(width))
    if stored is None:
        raise Http404
    try:
        content = default_storage.open(found.path(stored))
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(content, content_type="image/webp", filename=f"{found.pk.hex}-{stored}.webp")
    response["Cache-Control"] = FOREVER if found.is_public else READER_ONLY
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _may_see(request: Request, private: Picture) -> bool:
    """Its owner, and the buyer to whom it was given as proof."""
    if Picture.objects.visible_to(request.actor).filter(pk=private.pk).exists():
        return True
    return is_shown_proof(private.pk, buyer_of(request))
