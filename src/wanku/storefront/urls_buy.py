"""Routes for buying: cart, checkout, orders, the reader's own things.

By their first word: a request is held against these few and then against those of one, not against all.
"""

from django.urls import URLPattern, URLResolver, include, path

from wanku.storefront.pages import (
    booking,
    cart,
    checkout,
    inbox,
    invoice,
    licences,
    me,
    order,
    orders,
    pay,
    reviewing,
    track,
)

order_urls: list[URLPattern | URLResolver] = [
    path("", orders.orders, name="orders"),
    path("<slug:number>/", order.order, name="order"),
    path("<slug:number>/live/", order.order_live, name="order_live"),
    path("<slug:number>/edit/", order.order_edit, name="order_edit"),
    path("<slug:number>/withdraw/", order.order_withdraw, name="order_withdraw"),
    path("<slug:number>/confirm/", order.order_confirm, name="order_confirm"),
    path("<slug:number>/extend/", order.order_extend, name="order_extend"),
    path("<slug:number>/urge/", order.order_urge, name="order_urge"),
    path("<slug:number>/cancel/", booking.order_cancel, name="order_cancel"),
    path("<slug:number>/done/", booking.order_done, name="order_done"),
    path("<slug:number>/move/", booking.order_move, name="order_move"),
    path("<slug:number>/calendar.ics", booking.order_calendar, name="order_calendar"),
    path("<slug:number>/again/", order.order_again_page, name="order_again"),
    path("<slug:number>/licences/", licences.order_licences, name="order_licences"),
    path("<slug:number>/licences/back/", licences.order_licences_back, name="order_licences_back"),
    path("<slug:number>/licences/mail/", licences.order_licences_mail, name="order_licences_mail"),
    path("<slug:number>/invoice/", invoice.order_invoice, name="order_invoice"),
    path("<slug:number>/invoice/cancel/", invoice.invoice_cancel, name="invoice_cancel"),
    path("<slug:number>/invoices/<slug:invoice>.pdf", invoice.invoice_document, name="invoice_document"),
    path("<slug:number>/review/<uuid:line>/", reviewing.review, name="review"),
    path("<slug:number>/review/<uuid:line>/more/", reviewing.follow_up, name="follow_up"),
]
pay_urls: list[URLPattern | URLResolver] = [
    path("<slug:number>/", pay.pay, name="pay"),
    path("<slug:number>/open/", pay.pay_open, name="pay_open"),
    path("<slug:number>/who/", pay.pay_who, name="pay_who"),
    path("<slug:number>/result/", pay.pay_result, name="pay_result"),
    path("<slug:number>/status/", pay.pay_status, name="pay_status"),
    path("<slug:number>/ask/", pay.pay_ask, name="pay_ask"),
    path("<slug:number>/cancel/", order.trade_cancel, name="trade_cancel"),
]
checkout_urls: list[URLPattern | URLResolver] = [
    path("", checkout.checkout, name="checkout"),
    path("sum/", checkout.checkout_sum, name="checkout_sum"),
]
cart_urls: list[URLPattern | URLResolver] = [
    path("", cart.cart, name="cart"),
    path("add/", cart.cart_add, name="cart_add"),
    path("change/", cart.cart_change, name="cart_change"),
]
message_urls: list[URLPattern | URLResolver] = [
    path("", inbox.inbox, name="messages"),
    path("read/", inbox.inbox_read, name="messages_read"),
    path("channels/", inbox.inbox_channels, name="messages_channels"),
]
me_urls: list[URLPattern | URLResolver] = [
    path("", me.me, name="me"),
    path("profile/", me.profile, name="profile"),
    path("invoices/", invoice.invoices, name="invoices"),
    path("licences/", licences.licences, name="licences"),
    path("titles/new/", invoice.title_new, name="title_new"),
    path("titles/<int:key>/drop/", invoice.title_drop, name="title_drop"),
    path("titles/<int:key>/usual/", invoice.title_usual, name="title_usual"),
    path("addresses/", me.addresses, name="addresses"),
    path("addresses/new/", me.address, name="address_new"),
    path("addresses/<int:key>/", me.address, name="address"),
    path("addresses/<int:key>/drop/", me.address_drop, name="address_drop"),
    path("addresses/<int:key>/usual/", me.address_usual, name="address_usual"),
]
buy_urls: list[URLPattern | URLResolver] = [
    path("orders/", include(order_urls)),
    path("pay/", include(pay_urls)),
    path("checkout/", include(checkout_urls)),
    path("cart/", include(cart_urls)),
    path("buy/", cart.buy_now, name="buy_now"),
    path("invoice/", invoice.invoice_check, name="invoice_check"),
    path("track/", track.track, name="track"),
    path("claim/", track.claim, name="claim"),
    path("messages/", include(message_urls)),
    path("me/", include(me_urls)),
]
