"""Routes of the buyer's side: looking, then buying."""

from django.urls import URLPattern, URLResolver

from wanku.storefront.urls_browse import browse_urls
from wanku.storefront.urls_buy import buy_urls

app_name = "storefront"
urlpatterns: list[URLPattern | URLResolver] = [*buy_urls, *browse_urls]
