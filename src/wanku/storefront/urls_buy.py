"""Routes for buying: cart, checkout, orders, the reader's own things."""

from django.urls import URLPattern, URLResolver, path

from wanku.storefront.pages import cart, checkout, inbox, me, order, orders, pay, reviewing, track

buy_urls: list[URLPattern | URLResolver] = [
    path("cart/", cart.cart, name="cart"),
    path("cart/add/", cart.cart_add, name="cart_add"),
    path("cart/change/", cart.cart_change, name="cart_change"),
    path("buy/", cart.buy_now, name="buy_now"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("checkout/sum/", checkout.checkout_sum, name="checkout_sum"),
    path("pay/<slug:number>/", pay.pay, name="pay"),
    path("pay/<slug:number>/open/", pay.pay_open, name="pay_open"),
    path("pay/<slug:number>/result/", pay.pay_result, name="pay_result"),
    path("pay/<slug:number>/status/", pay.pay_status, name="pay_status"),
    path("pay/<slug:number>/ask/", pay.pay_ask, name="pay_ask"),
    path("pay/<slug:number>/cancel/", order.trade_cancel, name="trade_cancel"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<slug:number>/", order.order, name="order"),
    path("orders/<slug:number>/live/", order.order_live, name="order_live"),
    path("orders/<slug:number>/edit/", order.order_edit, name="order_edit"),
    path("orders/<slug:number>/withdraw/", order.order_withdraw, name="order_withdraw"),
    path("orders/<slug:number>/confirm/", order.order_confirm, name="order_confirm"),
    path("orders/<slug:number>/extend/", order.order_extend, name="order_extend"),
    path("orders/<slug:number>/urge/", order.order_urge, name="order_urge"),
    path("orders/<slug:number>/again/", order.order_again_page, name="order_again"),
    path("orders/<slug:number>/review/<uuid:line>/", reviewing.review, name="review"),
    path("orders/<slug:number>/review/<uuid:line>/more/", reviewing.follow_up, name="follow_up"),
    path("track/", track.track, name="track"),
    path("claim/", track.claim, name="claim"),
    path("messages/", inbox.inbox, name="messages"),
    path("messages/read/", inbox.inbox_read, name="messages_read"),
    path("messages/channels/", inbox.inbox_channels, name="messages_channels"),
    path("me/", me.me, name="me"),
    path("me/profile/", me.profile, name="profile"),
    path("me/addresses/", me.addresses, name="addresses"),
    path("me/addresses/new/", me.address, name="address_new"),
    path("me/addresses/<int:key>/", me.address, name="address"),
    path("me/addresses/<int:key>/drop/", me.address_drop, name="address_drop"),
    path("me/addresses/<int:key>/usual/", me.address_usual, name="address_usual"),
]
