"""Root URLs: one include per door."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("wanku.storefront.urls")),
    path("account/", include("allauth.urls")),
    path("desk/", include("wanku.merchant_desk.urls")),
    path("platform/", include("wanku.platform_desk.urls")),
    path("api/", include("wanku.api.urls")),
    path("hooks/", include("wanku.hooks.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
if settings.SANDBOX:
    urlpatterns.append(path("sandbox/", include("wanku.sandbox.urls")))
