"""Routes of the API and of the pages for those who use it."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from wanku.api import v1
from wanku.api.door import door, guarded, nowhere
from wanku.api.pages import docs, keys

_operations, _application, _namespace = v1.build().urls
urlpatterns: list[URLPattern | URLResolver] = [
    path("docs", docs.page, name="api-docs"),
    path("keys/", keys.page, name="api-keys"),
    path("keys/<int:key_id>/revoke", keys.revoke, name="api-key-revoke"),
    path("v1/", include((guarded(_operations), _application), namespace=_namespace)),
    re_path(r"^v1(?:/(?P<path>.*))?$", door(nowhere), name="api-nowhere"),
]
