"""Routes of this door."""

from django.urls import URLPattern, URLResolver, path

from wanku.platform_desk.pages import (
    audit,
    categories,
    clocks,
    ledger,
    merchants,
    orders,
    overview,
    people,
    refunds,
    reviews,
    rules,
    staff,
)

app_name = "platform_desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.show_overview, name="overview"),
    path("merchants/", merchants.listing, name="merchants"),
    path("merchants/<int:merchant_id>/", merchants.detail, name="merchant"),
    path("merchants/<int:merchant_id>/approve/", merchants.approve, name="approve"),
    path("merchants/<int:merchant_id>/decline/", merchants.decline, name="decline"),
    path("merchants/<int:merchant_id>/standing/", merchants.standing, name="standing"),
    path("orders/", orders.listing, name="orders"),
    path("trades/<uuid:trade_id>/", orders.trade, name="trade"),
    path("clocks/", clocks.show_clocks, name="clocks"),
    path("ledger/", ledger.entries, name="ledger"),
    path("ledger/accounts/", ledger.accounts, name="accounts"),
    path("ledger/proof/", ledger.proof, name="proof"),
    path("people/", people.listing, name="people"),
    path("people/<int:person_id>/", people.detail, name="person"),
    path("people/<int:person_id>/reveal/", people.reveal, name="reveal"),
    path("people/<int:person_id>/disable/", people.disable, name="disable"),
    path("people/<int:person_id>/enable/", people.enable, name="enable"),
    path("people/<int:person_id>/sign-out/", people.sign_out, name="sign_out"),
    path("people/<int:person_id>/roles/", people.roles, name="roles"),
    path("staff/", staff.listing, name="staff"),
    path("categories/", categories.listing, name="categories"),
    path("categories/new/", categories.add, name="category_new"),
    path("categories/<int:category_id>/", categories.edit, name="category"),
    path("rules/", rules.listing, name="rules"),
    path("rules/<str:name>/", rules.detail, name="rule"),
    path("refunds/", refunds.listing, name="refunds"),
    path("refunds/<uuid:refund_id>/retry/", refunds.retry, name="retry_refund"),
    path("reviews/", reviews.listing, name="reviews"),
    path("reviews/<int:review_id>/hide/", reviews.hide, name="hide_review"),
    path("reviews/<int:review_id>/restore/", reviews.restore, name="restore_review"),
    path("audit/", audit.listing, name="audit"),
    path("audit/export.csv", audit.export, name="audit_export"),
]
