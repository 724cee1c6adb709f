"""Names and documents: what is checked, and what others see."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanku.kinds.seat.tests.world import CARDS, party
from wanku.kinds.seat.travellers import (
    Asked,
    Traveller,
    Travellers,
    birth_of,
    check_travellers,
    check_typed,
    mask_number,
    masked,
    resident_birth,
)

ON = date(2026, 12, 11)
REAL = Asked(real_name=True, on=ON)


def faults(people: list[dict[str, str]], *, seats: int | None = None, asked: Asked = REAL) -> list[str | None]:
    """Fields that are refused."""
    found = Travellers.model_validate({"travellers": people})
    return [no.field for no in check_travellers(found.travellers, len(people) if seats is None else seats, asked)]


def test_cards_with_the_right_check_character_are_taken() -> None:
    assert faults(party(*CARDS)) == []


def test_cards_of_people_from_hong_kong_macao_and_taiwan_too() -> None:
    assert resident_birth("810000199501010015") == date(1995, 1, 1)


@given(at=st.integers(0, 17), digit=st.sampled_from("0123456789X"))
def test_any_single_wrong_character_is_found(at: int, digit: str) -> None:
    good = CARDS[0]
    wrong = good[:at] + digit + good[at + 1 :]
    assert (resident_birth(wrong) is not None) == (wrong == good)


@given(at=st.integers(0, 16))
def test_swapped_neighbours_are_found(at: int) -> None:
    good = CARDS[0]
    wrong = good[:at] + good[at + 1] + good[at] + good[at + 2 :]
    assert (resident_birth(wrong) is not None) == (wrong == good)


@given(text=st.text(max_size=20))
def test_strange_texts_are_no_cards(text: str) -> None:
    assert resident_birth(text) is None


def test_a_day_that_never_was_is_no_birthday() -> None:
    assert resident_birth("110101199002300130") is None


@pytest.mark.parametrize(
    ("person", "field"),
    [
        ({"name": "王", "number": CARDS[0]}, "name"),
        ({"name": "王小明"}, "number"),
        ({"name": "王小明", "number": CARDS[0][:-1] + "5"}, "number"),
        ({"name": "王小明", "number": CARDS[0], "birth_date": "1990-03-08"}, "birth_date"),
        ({"name": "Ann Lee", "document": "passport", "number": "E1", "birth_date": "1990-03-07"}, "number"),
        ({"name": "Ann Lee", "document": "passport", "number": "E12345678"}, "birth_date"),
        ({"name": "Ann Lee", "document": "passport", "number": "E12345678", "birth_date": "2027-01-01"}, "birth_date"),
        ({"name": "Ann Lee", "document": "passport", "number": "E12345678", "birth_date": "1880-01-01"}, "birth_date"),
        ({"name": "陈大文", "document": "home_return", "number": "K12345678", "birth_date": "1990-03-07"}, "number"),
        ({"name": "林怡君", "document": "taiwan", "number": "1234567", "birth_date": "1990-03-07"}, "number"),
    ],
)
def test_what_is_wrong_is_named(person: dict[str, str], field: str) -> None:
    assert faults([person]) == [f"details.travellers.0.{field}"]


@pytest.mark.parametrize(
    "person",
    [
        {"name": "王小明", "number": "110101 19900307 0134"},
        {"name": "Ann Lee", "document": "passport", "number": "e-12345678", "birth_date": "1990-03-07"},
        {"name": "陈大文", "document": "home_return", "number": "H12345678", "birth_date": "1990-03-07"},
        {"name": "陈大文", "document": "home_return", "number": "M1234567801", "birth_date": "1990-03-07"},
        {"name": "林怡君", "document": "taiwan", "number": "12345678", "birth_date": "1990-03-07"},
    ],
    ids=["card", "passport", "home return", "home return, old", "taiwan"],
)
def test_what_is_right_is_taken(person: dict[str, str]) -> None:
    assert faults([person]) == []


def test_one_traveller_for_each_seat_and_each_with_their_own_document() -> None:
    assert faults(party(CARDS[0]), seats=2) == ["details.travellers"]
    assert faults(party(*CARDS), seats=2) == ["details.travellers"]
    assert faults(party(CARDS[0], CARDS[0])) == ["details.travellers.1.number"]


def test_names_are_enough_where_no_documents_are_asked_for() -> None:
    assert faults([{"name": "王小明"}, {"name": "李"}], asked=Asked(real_name=False, on=None)) == [
        "details.travellers.1.name"
    ]


def test_the_birthday_is_in_the_card() -> None:
    assert birth_of(Traveller(name="王小明", number=CARDS[0])) == date(1990, 3, 7)
    assert birth_of(Traveller(name="Ann Lee", document="passport", number="E12345678")) is None


def test_others_see_neither_name_nor_number() -> None:
    [fact] = masked(
        {"travellers": [{"name": "王小明", "document": "resident", "number": CARDS[0], "birth_date": None}]}
    )
    assert "王小明" not in fact.value and CARDS[0] not in fact.value and "1990" not in fact.value
    assert fact.value.startswith("王***明") and fact.value.endswith("****0134")
    assert mask_number("1234") == "****"
    assert masked({}) == []


def test_while_typing_only_what_is_filled_in_is_judged() -> None:
    assert check_typed({"name": "", "document": "resident", "number": ""}, real_name=True) == []
    [no] = check_typed({"name": "", "document": "resident", "number": "1234"}, real_name=True)
    assert no.field == "details.travellers.0.number"
    assert check_typed({"name": "王小明", "document": "resident", "number": CARDS[0]}, real_name=True) == []
    passport = {"name": "Ann", "document": "passport", "number": "E12345678", "birth_date": ""}
    assert check_typed(passport, real_name=True) == []
    assert len(check_typed({**passport, "birth_date": "soon"}, real_name=True)) == 1
    assert len(check_typed({**passport, "document": "library card"}, real_name=True)) == 1
