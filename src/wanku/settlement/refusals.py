"""What is refused about settlements, payouts and bank accounts."""

from wanku.kernel.refusal import Code, gettext_noop

STANDING_HOLDS_MONEY = Code(
    "standing_holds_money", gettext_noop("The standing of this shop (%(state)s) does not allow paying it out.")
)
NO_BANK_ACCOUNT = Code("no_bank_account", gettext_noop("This shop has not entered a bank account yet."))
ACCOUNT_COOLING = Code(
    "account_cooling", gettext_noop("The bank account was changed lately; nothing is paid out to it before %(until)s.")
)
TOO_LITTLE = Code(
    "too_little",
    gettext_noop("Only %(amount)s is available, less than the smallest payout (%(least)s)."),
)
SAME_PERSON = Code(
    "same_person", gettext_noop("A payout needs two people: somebody else than who made it must approve it."), 403
)
NO_BANK = Code("no_bank", gettext_noop("No bank that could carry payouts is set up here."))
NOTHING_TO_SETTLE = Code("nothing_to_settle", gettext_noop("There is nothing new to settle for this shop."))
PROVE_YOURSELF = Code(
    "prove_yourself", gettext_noop("Please confirm that it is you before you change where money goes."), 403
)
BAD_ACCOUNT_NUMBER = Code(
    "bad_account_number", gettext_noop("This account number is not right; please check every digit."), 422
)
BAD_HOLDER = Code("bad_holder", gettext_noop("An account of a company must be in its registered name: %(name)s."), 422)
