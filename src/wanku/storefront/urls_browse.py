"""Routes for looking: home, lists, products, shops."""

from django.urls import URLPattern, URLResolver, path, re_path

from wanku.storefront.pages import compare, home, journeys, listing, menu, product, room, stays, trust
from wanku.storefront.pages.picture import picture

browse_urls: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("categories", home.categories, name="categories"),
    path("c/<path:path>/", listing.category_list, name="list"),
    path("search", listing.search_list, name="search"),
    path("journeys", journeys.journeys, name="journeys"),
    path("journeys/traveller", journeys.check_traveller, name="check_traveller"),
    path("suggest", listing.suggest, name="suggest"),
    path("stays", stays.stays, name="stays"),
    path("s/<slug:slug>/", listing.shop, name="shop"),
    path("s/<slug:slug>/menu/", menu.menu, name="menu"),
    path("s/<slug:slug>/menu/<int:dish_id>/", menu.dish, name="menu_dish"),
    path("s/<slug:slug>/menu/add/", menu.menu_add, name="menu_add"),
    path("s/<slug:slug>/menu/change/", menu.menu_change, name="menu_change"),
    path("t/<str:token>/", menu.table, name="table"),
    path("p/<slug:merchant>/<str:slug>/", product.product, name="product"),
    path("p/<slug:merchant>/<str:slug>/ask", product.ask, name="ask"),
    path("p/<slug:merchant>/<str:slug>/room/", room.room, name="room"),
    path("p/<slug:merchant>/<str:slug>/room/live/", room.room_live, name="room_live"),
    path("p/<slug:merchant>/<str:slug>/room/join/", room.room_join, name="room_join"),
    path("p/<slug:merchant>/<str:slug>/room/leave/", room.room_leave, name="room_leave"),
    path("compare", compare.compare, name="compare"),
    path("compare/add", compare.compare_add, name="compare_add"),
    path("compare/remove", compare.compare_remove, name="compare_remove"),
    path("rules", trust.rules, name="rules"),
    path("verify", trust.verify, name="verify"),
    # The address that `wanku.files.models.Picture.path` makes; the two digits spread the files over folders.
    re_path(r"^media/p/[0-9a-f]{2}/(?P<key>[0-9a-f]{32})-(?P<width>[0-9]{1,4})\.webp$", picture, name="picture"),
]
