"""The least page that the same server can answer: a bare Django view, no middleware, no database."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def hello(request: HttpRequest) -> HttpResponse:
    """Hello."""
    return HttpResponse(b"hello", content_type="text/plain")


urlpatterns = [path("", hello)]
