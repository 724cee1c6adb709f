"""Routes of this door."""

from django.urls import URLPattern, URLResolver, path

from wanku.hooks.payments import payment_notice

app_name = "hooks"
urlpatterns: list[URLPattern | URLResolver] = [
    path("payments/<slug:gateway>", payment_notice, name="payment_notice"),
]
