"""The bound of memory, and one maker at a time."""

import threading

from wanku.ui.kept.shelf import Shelf


def test_the_longest_unused_goes_first() -> None:
    shelf: Shelf[str] = Shelf(10)
    shelf.put("a", "A", 4)
    shelf.put("b", "B", 4)
    assert shelf.get("a") == "A"
    shelf.put("c", "C", 4)
    assert [shelf.get(key) for key in "abc"] == ["A", None, "C"]
    assert shelf.bytes_kept == 8


def test_what_is_replaced_counts_once_and_what_is_too_large_is_not_kept() -> None:
    shelf: Shelf[str] = Shelf(10)
    for _ in range(5):
        shelf.put("a", "A", 6)
    shelf.put("huge", "H", 11)
    assert (len(shelf), shelf.bytes_kept, shelf.get("huge")) == (1, 6, None)
    shelf.clear()
    assert (len(shelf), shelf.bytes_kept) == (0, 0)


def test_one_maker_of_a_key_at_a_time() -> None:
    shelf: Shelf[str] = Shelf(10)
    seen: list[bool] = []

    def impatient() -> None:
        with shelf.maker("a", wait=False) as mine:
            seen.append(mine)

    with shelf.maker("a") as mine, shelf.maker("b") as other:
        assert mine and other
        thread = threading.Thread(target=impatient)
        thread.start()
        thread.join()
    impatient()
    assert seen == [False, True]
    assert not shelf._makers, "rights are forgotten once nobody holds or waits for them"
