"""Routes for looking: home, lists, products, shops."""

from django.urls import URLPattern, URLResolver

browse_urls: list[URLPattern | URLResolver] = []
