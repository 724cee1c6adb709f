"""What merchants and their staff are refused."""

from wanku.kernel.refusal import Code, gettext_noop

NAME_TAKEN = Code("name_taken", gettext_noop("Another shop already has this name; please choose a different one."))
SLUG_TAKEN = Code("slug_taken", gettext_noop("Another shop already has this address; please choose a different one."))
BAD_CREDIT_CODE = Code(
    "bad_credit_code",
    gettext_noop(
        "This is no unified social credit code: it has 18 digits and capital letters, and the last one is a check "
        "character."
    ),
    422,
)
BAD_PHONE = Code(
    "bad_phone", gettext_noop("This is no phone number that can be reached; for example 138 0013 8000."), 422
)
INVITATION_OVER = Code(
    "invitation_over",
    gettext_noop("This invitation is no longer valid: it was used, withdrawn, or is older than its time."),
    410,
)
INVITATION_ON_ITS_WAY = Code(
    "invitation_on_its_way",
    gettext_noop("This invitation is just being sent, or was sent a moment ago; please wait ten minutes."),
)
ALREADY_STAFF = Code("already_staff", gettext_noop("This person already has a seat at this desk."))
ALREADY_INVITED = Code("already_invited", gettext_noop("This address already has an open invitation."))
LAST_OWNER = Code("last_owner", gettext_noop("A shop needs an owner: first make somebody else an owner."))
STANDING_FORBIDS = Code(
    "standing_forbids", gettext_noop("The standing of this shop (%(state)s) does not allow it to offer products."), 403
)
