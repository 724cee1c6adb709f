"""Routes of this door."""

from django.urls import URLPattern, URLResolver

app_name = "platform_desk"
urlpatterns: list[URLPattern | URLResolver] = []
