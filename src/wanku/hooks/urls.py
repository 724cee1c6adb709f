"""Routes of this door."""

from django.urls import URLPattern, URLResolver, path

from wanku.hooks.payments import payment_notice
from wanku.hooks.tracking import tracking_report

app_name = "hooks"
urlpatterns: list[URLPattern | URLResolver] = [
    path("payments/<slug:gateway>", payment_notice, name="payment_notice"),
    path("tracking/<slug:carrier>", tracking_report, name="tracking_report"),
]
