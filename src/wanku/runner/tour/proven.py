"""The end of what happens on a throw-away instance: its books, proven and shown."""

from wanku.runner.tour.script import Script, money
from wanku.runner.tour.speech import pgettext as _p


def prove(script: Script, language: str) -> None:
    """The last step: every check from every row, then the whole ledger as a table."""
    from wanku.runner.tour import market

    with script.step("operator", _p("tour", "proves the books from every row")) as step:
        checks = market.proof(language)
        wrong = [f"{code} {says}" for code, says, _checked, wrong in checks if wrong]
        step.expect(not wrong, _p("tour", "no check that fails"), wrong)
        step.saw(_p("tour", "%s checks hold") % len(checks))
    script.table(
        _p("tour", "The whole ledger of the throw-away instance"),
        [
            (_p("tour", "when"), "left"),
            (_p("tour", "reason"), "left"),
            (_p("tour", "order"), "left"),
            (_p("tour", "account"), "left"),
            ("", "right"),
        ],
        [[*words, money(amount, currency)] for *words, amount, currency in market.entries()],
    )
    script.table(
        _p("tour", "Its proof"),
        [
            ("", "left"),
            (_p("tour", "what must hold"), "left"),
            (_p("tour", "looked at"), "right"),
            (_p("tour", "wrong"), "right"),
        ],
        [[code, says, str(checked), str(wrong)] for code, says, checked, wrong in checks],
    )
