"""The API's reference."""

from django.http import HttpRequest, HttpResponse


def page(request: HttpRequest) -> HttpResponse:
    """Placeholder."""
    return HttpResponse("docs")
