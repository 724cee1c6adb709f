"""What is said when no way of a pick is to be had."""

from wanku.kernel.refusal import Code, Refusal
from wanku.kinds.pick import Otherwise, Part, Pick, Way
from wanku.pricing.ways import first_way, keys_of, said_instead

LATER = Refusal(Code("later", "later"))
GONE = Refusal(Code("gone", "gone"))
PICK = Pick(
    unit_price=100,
    parts=(Part("dish", 100),),
    ways=(Way({"noon": 2}, {}), Way({"one": 2}, {})),
    otherwise=(Otherwise({"two": 2}, LATER), Otherwise({}, GONE)),
)


def test_the_first_way_that_fits_is_taken() -> None:
    assert first_way(PICK, {"noon": 1, "one": 2}.__getitem__) == PICK.ways[1]
    assert first_way(PICK, {"noon": 1, "one": 1}.__getitem__) is None


def test_what_decides_the_words_is_locked_too() -> None:
    assert keys_of({0: PICK, 1: GONE}) == {"noon", "one", "two"}


def test_the_first_that_could_be_had_instead_is_said() -> None:
    assert said_instead(PICK, 0, {"two": 2}.__getitem__) is LATER
    assert said_instead(PICK, 0, {"two": 1}.__getitem__) is GONE
    assert said_instead(PICK, 1, {"two": 1}.__getitem__) is None, "some are left, so how many is said"
