"""Routes of this door."""

from django.urls import URLPattern, URLResolver

app_name = "merchant_desk"
urlpatterns: list[URLPattern | URLResolver] = []
