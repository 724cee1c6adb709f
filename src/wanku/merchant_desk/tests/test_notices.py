"""The desk's own messages: who reads them, how they become read, and where they lead."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Shop
from wanku.notices.models import Notice
from wanku.notices.tell import Message, Recipient, tell
from wanku.ui.inbox import PER_PAGE

PAGE, READ = "/desk/bo/notices/", "/desk/bo/notices/read/"
QUERIES = 9


def told(shop: Shop, count: int = 1, cause: str = "test") -> list[int]:
    """Notices to a desk, each of its own product; their keys, newest first."""
    reader = f"merchant:{shop.merchant.pk}"
    tell(
        [
            Message(
                f"{cause}:{n}",
                "question_asked",
                Recipient(reader),
                {"title": f"<b>茶</b> {n}", "question": "可以冷泡吗？"},
                link=f"/desk/{shop.merchant.slug}/questions/",
            )
            for n in range(count)
        ],
        now=NOW,
    )
    return list(Notice.objects.filter(reader=reader).order_by("-pk").values_list("pk", flat=True))


def test_a_list_with_what_is_unread(owner: Client, bo: Shop, cy: Shop) -> None:
    assert b"No messages yet" in owner.get(PAGE).content
    told(bo, 2)
    told(cy, 1, "cy")
    page = owner.get(PAGE)
    text = page.content.decode()
    assert (len(page.context["items"]), page.context["unread_count"]) == (2, 2)
    assert "A question about “&lt;b&gt;茶&lt;/b&gt; 1”" in text
    assert text.count("Unread") == 2
    bell = next(item for item in page.context["nav"][0]["items"] if item["url"] == PAGE)
    assert (bell["count"], bell["current"]) == (2, True)


def test_a_click_reads_one_and_leads_to_the_thing(owner: Client, bo: Shop, seat: Callable[[str], Client]) -> None:
    new, old = told(bo, 2)
    gone = owner.post(READ, {"notice": new})
    assert (gone.status_code, gone["Location"]) == (303, "/desk/bo/questions/")
    assert list(Notice.objects.filter(read_at=None).values_list("pk", flat=True)) == [old]
    assert Notice.objects.get(pk=new).read_at is not None
    # One list for the whole desk.
    clerk = seat("clerk")
    assert clerk.get(PAGE).context["unread_count"] == 1
    assert clerk.post(READ)["Location"] == PAGE
    assert not Notice.objects.filter(read_at=None).exists()
    assert b"Mark all as read" not in owner.get(PAGE).content


@pytest.mark.parametrize("typed", ["x", "-1", "9" * 30, "٣", "1; --"])
def test_strange_keys_read_nothing(owner: Client, bo: Shop, typed: str) -> None:
    told(bo)
    assert owner.post(READ, {"notice": typed})["Location"] == PAGE
    assert Notice.objects.filter(read_at=None).count() == 1


def test_others_see_and_touch_nothing(stranger: Client, other: Client, owner: Client, bo: Shop, cy: Shop) -> None:
    mine = told(bo)[0]
    assert stranger.get(PAGE).status_code == stranger.post(READ).status_code == 302
    assert other.get(PAGE).status_code == other.post(READ).status_code == 404
    # With the own desk's address and another's key.
    assert other.post("/desk/cy/notices/read/", {"notice": mine})["Location"] == "/desk/cy/notices/"
    assert owner.get(READ).status_code == 405
    assert Notice.objects.filter(read_at=None).count() == 1


@pytest.mark.parametrize("count", [1, PER_PAGE + 5])
def test_queries_and_pages(
    owner: Client, bo: Shop, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    told(bo, count)
    owner.get(PAGE)
    # Session, person, seats, roles, shop, what waits; then count, rows, unread.
    with django_assert_num_queries(QUERIES):
        page = owner.get(PAGE)
    assert len(page.context["items"]) == min(count, PER_PAGE)
    assert len(owner.get(PAGE + "?page=2").context["items"]) == (5 if count > PER_PAGE else 1)
