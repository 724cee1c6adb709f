"""Routes for buying: cart, checkout, orders, the reader's own things."""

from django.urls import URLPattern, URLResolver

buy_urls: list[URLPattern | URLResolver] = []
