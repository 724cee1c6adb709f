"""Routes for looking: home, lists, products, shops."""

from django.urls import URLPattern, URLResolver, re_path

from wanku.storefront.pages.picture import picture

browse_urls: list[URLPattern | URLResolver] = [
    # The address that `wanku.files.models.Picture.path` makes; the two digits spread the files over folders.
    re_path(r"^media/p/[0-9a-f]{2}/(?P<key>[0-9a-f]{32})-(?P<width>[0-9]{1,4})\.webp$", picture, name="picture"),
]
