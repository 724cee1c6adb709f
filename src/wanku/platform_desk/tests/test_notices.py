"""The platform's own messages: its staff reads them, nobody else."""

from collections.abc import Callable

from django.test import Client

from tests.cast import NOW
from wanku.notices.models import Notice
from wanku.notices.tell import PLATFORM_READER, Message, Recipient, tell
from wanku.people.models import Person
from wanku.platform_desk.tests.test_pages import FRAME, Count
from wanku.ui.inbox import PER_PAGE

PAGE, READ = "/platform/notices/", "/platform/notices/read/"


def told(count: int = 1) -> list[int]:
    """Notices of new applications; their keys, newest first."""
    tell(
        [
            Message(
                f"test:{n}",
                "application_new",
                Recipient(PLATFORM_READER),
                {"shop": f"店 {n}"},
                link="/platform/merchants/",
            )
            for n in range(count)
        ],
        now=NOW,
    )
    return list(Notice.objects.order_by("-pk").values_list("pk", flat=True))


def test_listed_and_read(desk: Client, seated: Callable[..., Client]) -> None:
    new, old = told(2)
    page = desk.get(PAGE)
    assert "店 1" in page.content.decode()
    bell = next(item for item in page.context["nav"][0]["items"] if item["url"] == PAGE)
    assert (page.context["unread_count"], bell["count"], bell["current"]) == (2, 2, True)
    gone = desk.post(READ, {"notice": new})
    assert (gone.status_code, gone["Location"]) == (303, "/platform/merchants/")
    assert list(Notice.objects.filter(read_at=None).values_list("pk", flat=True)) == [old]
    assert seated("first_line").post(READ)["Location"] == PAGE
    assert not Notice.objects.filter(read_at=None).exists()
    assert desk.get(PAGE).context["unread_count"] == 0


def test_only_for_platform_staff(client: Client, ann: Person) -> None:
    key = told()[0]
    assert client.get(PAGE).status_code == client.post(READ).status_code == 302
    client.force_login(ann)
    assert client.get(PAGE).status_code == client.post(READ, {"notice": key}).status_code == 403
    # The storefront's list of the same person does not lead there either.
    client.post("/messages/read/", {"notice": key})
    assert Notice.objects.filter(read_at=None).exists()


def test_queries_and_pages(desk: Client, django_assert_num_queries: Count) -> None:
    told(PER_PAGE + 5)
    with django_assert_num_queries(FRAME + 3):
        page = desk.get(PAGE)
    assert len(page.context["items"]) == PER_PAGE
    assert len(desk.get(PAGE + "?page=2").context["items"]) == 5
