"""Names and tax numbers as buyers type them."""

import pytest

from wanku.invoices.titles import Kind, Wanted
from wanku.kernel.refusal import Refusal

GOOD = "91350100M000100Y43"


def fields(wanted: Wanted) -> dict[str | None, str]:
    """What is refused, by field."""
    with pytest.raises(Refusal) as refused:
        wanted.checked()
    return {each.field: each.code.name for each in refused.value.every()}


def test_a_company_is_kept_in_its_stored_form() -> None:
    wanted = Wanted(Kind.COMPANY, "  玩酷  科技 ", " 9135 0100 m000100y43 ", " a@example.com ").checked()
    assert wanted == Wanted("company", "玩酷 科技", GOOD, "a@example.com")


def test_a_person_has_no_tax_number() -> None:
    assert Wanted(Kind.PERSONAL, "安小姐", "not a number").checked() == Wanted("personal", "安小姐")


@pytest.mark.parametrize(
    "number", ["", "91350100M000100Y44", "91350100M000100Y4", "9135O100M000100Y43", "110101199003074530"]
)
def test_the_check_character_must_match(number: str) -> None:
    """GB 32100-2015; a person's identity number is not one either."""
    assert fields(Wanted(Kind.COMPANY, "玩酷", number)) == {"tax_number": "bad_tax_number"}


def test_every_wrong_field_is_named_at_once() -> None:
    assert fields(Wanted("firm", "", "", "nobody")) == {"kind": "bad_value", "title": "bad_value", "email": "bad_value"}
    assert fields(Wanted(Kind.PERSONAL, "长" * 101)) == {"title": "bad_value"}
