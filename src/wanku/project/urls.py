"""Root URLs: one include per door."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from wanku.project.health import alive, ready
from wanku.project.metrics import metrics

handler400 = "wanku.ui.errors.bad_request"
handler403 = "wanku.ui.errors.forbidden"
handler404 = "wanku.ui.errors.not_found"
handler500 = "wanku.ui.errors.failed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("wanku.storefront.urls")),
    path("account/", include("allauth.urls")),
    path("desk/", include("wanku.merchant_desk.urls")),
    path("platform/", include("wanku.platform_desk.urls")),
    path("api/", include("wanku.api.urls")),
    path("hooks/", include("wanku.hooks.urls")),
    path("", include("wanku.ui.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz", alive, name="healthz"),
    path("readyz", ready, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
if settings.SANDBOX:
    urlpatterns.append(path("sandbox/", include("wanku.sandbox.urls")))
