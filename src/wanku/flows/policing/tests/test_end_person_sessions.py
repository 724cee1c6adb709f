"""Someone is signed out everywhere."""

import pytest
from django.test import Client

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.flows.policing.end_person_sessions import end_person_sessions
from wanku.kernel.refusal import Refusal
from wanku.people.models import Person


def test_ends_every_browser_and_no_one_elses(ann: Person, di: Person, di_actor: Actor) -> None:
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(ann)
        browser.get("/account/email/")  # the first page of a session enters it in the list
    other = Client()
    other.force_login(di)
    other.get("/account/email/")

    assert end_person_sessions(ann.pk, because="手机丢了", actor=di_actor, now=NOW) == 2

    assert [browser.get("/account/email/").status_code for browser in browsers] == [302, 302]
    assert other.get("/account/email/").status_code == 200
    assert Act.objects.get().facts == {"sessions_ended": 2}


def test_refused(ann: Person, di_actor: Actor) -> None:
    with pytest.raises(Refusal, match="not_found"):
        end_person_sessions(9999, because="a ghost", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="bad_value"):
        end_person_sessions(ann.pk, because="", actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="not_allowed"):
        end_person_sessions(
            ann.pk, because="a prank", actor=Actor(person_id=3, platform=frozenset({"senior"})), now=NOW
        )
    assert not Act.objects.exists()
