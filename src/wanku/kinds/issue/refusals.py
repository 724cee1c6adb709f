"""The noes of licences."""

from wanku.kernel.refusal import Code, gettext_noop

LICENCE_UNKNOWN = Code("licence_unknown", gettext_noop("This shop has issued no such code. Please check it."), 404)
LICENCE_REVOKED = Code("licence_revoked", gettext_noop("This licence was revoked."), 409)
LICENCE_EXPIRED = Code("licence_expired", gettext_noop("This licence ended on %(at)s. It can be renewed."), 409)
MACHINES_FULL = Code(
    "machines_full",
    gettext_noop("This licence is active on %(most)s devices already. Deactivate one of them first."),
    409,
)
NOT_ACTIVE_HERE = Code("not_active_here", gettext_noop("This licence is not active on this device."), 409)
LICENCE_USED = Code(
    "licence_used",
    gettext_noop("The licence ending in %(tail)s was activated, so this order cannot be given back any more."),
    409,
)
LICENCE_SEEN = Code(
    "licence_seen",
    gettext_noop("The code ending in %(tail)s was looked at, so this order cannot be given back any more."),
    409,
)
RETURN_OVER = Code("return_over", gettext_noop("This order could be given back until %(at)s."), 409)
PROVE_AGAIN = Code("prove_again", gettext_noop("These codes were shown before. Please show again that it is you."), 403)
DIGITS_WRONG = Code(
    "digits_wrong", gettext_noop("These digits are not the latest ones that we mailed, or they are too old."), 422
)
CONTACT_WRONG = Code("contact_wrong", gettext_noop("This is not the phone or e-mail of this order."), 422)
NO_CODE_COLUMN = Code(
    "no_code_column", gettext_noop("The first row must have a heading “code”, or the file only one column."), 422
)
CODE_LENGTH = Code(
    "code_length", gettext_noop("A code has %(least)s to %(most)s letters or digits; here are %(length)s."), 422
)
CODE_TWICE = Code("code_twice", gettext_noop("The code ending in %(tail)s is already in row %(other)s."), 422)
CODE_KNOWN = Code("code_known", gettext_noop("Your shop has the code ending in %(tail)s already."), 422)
NOT_A_POOL = Code("not_a_pool", gettext_noop("Codes of this plan are made here when they are paid."), 409)
SOURCE_FIXED = Code(
    "source_fixed", gettext_noop("There are codes of this plan already, so where they come from stays."), 409
)
