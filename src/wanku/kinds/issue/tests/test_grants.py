"""Codes for paid lines, and what becomes of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, Shop
from wanku.inventory import take
from wanku.kinds.issue import codes
from wanku.kinds.issue.grants import PoolEmpty
from wanku.kinds.issue.kind import IssueKind
from wanku.kinds.issue.models import FREE, ISSUED, REVOKED, Grant, Licence, LicencePlan, Source
from wanku.kinds.issue.tests.selling import booked, plan_of, sell, supply
from wanku.kinds.kind import Booked

KIND = IssueKind()
LATER = NOW + timedelta(days=100)


def licences(line: Booked) -> list[Licence]:
    return list(Licence.objects.filter(grants__line_id=line.line_id).order_by("pk"))


def give_back(plan: LicencePlan, line: Booked, *, quantity: int | None = None) -> None:
    """What the engine does for a line that is paid back."""
    pieces = line.quantity if quantity is None else quantity
    take.free_sold({supply(plan).pk: pieces})
    KIND.freed([replace(line, quantity=pieces)], because="refunded", now=LATER)


def agree(plan: LicencePlan) -> bool:
    """Whether pool and counter say the same."""
    row = supply(plan)
    return row.free + row.held == Licence.objects.filter(plan=plan, state=FREE).count()


def test_a_line_gets_as_many_distinct_codes_as_it_has_pieces_the_oldest_first(bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=5)
    first = list(Licence.objects.filter(plan=plan).order_by("pk").values_list("pk", flat=True))
    line = sell(plan, 3)
    got = licences(line)
    assert [each.pk for each in got] == first[:3]
    assert {(each.state, each.line_id, each.edition) for each in got} == {(ISSUED, line.line_id, "专业版")}
    assert len({codes.opened(each.sealed) for each in got}) == 3
    assert agree(plan)


def test_paying_twice_issues_once(bo: Shop) -> None:
    plan = plan_of(bo.merchant)
    line = sell(plan, 2)
    KIND.paid([line], now=NOW)
    assert len(licences(line)) == 2 == Licence.objects.count()


def test_codes_of_ours_come_to_be_when_they_are_paid(bo: Shop) -> None:
    plan = plan_of(bo.merchant, term_days=None)
    assert not Licence.objects.exists()
    line = sell(plan, 2)
    texts = [codes.opened(each.sealed) for each in licences(line)]
    assert len(set(texts)) == 2 and all(codes.is_ours(text) for text in texts)
    for each, text in zip(licences(line), texts, strict=True):
        assert text not in each.sealed and bytes(each.digest) == codes.digests(text)[0]
        assert each.expires_at is None and each.term_days is None


def test_a_pool_that_disagrees_with_its_counter_issues_nothing(bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=2)
    Licence.objects.filter(plan=plan)[0].delete()
    with pytest.raises(PoolEmpty), transaction.atomic():
        KIND.paid([booked(plan, 2)], now=NOW)
    assert not Grant.objects.exists() and not Licence.objects.exclude(state=FREE).exists()


def test_an_unseen_code_of_a_pool_goes_back_into_it(bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=2)
    line = sell(plan)
    give_back(plan, line)
    assert Licence.objects.filter(plan=plan, state=FREE, line_id=None).count() == 2 == supply(plan).free
    assert agree(plan)
    assert len(licences(sell(plan, 2))) == 2


@pytest.mark.parametrize("seen", [{"shown_at": NOW}, {"activated_at": NOW}])
def test_a_code_that_was_seen_or_activated_is_revoked_and_leaves_the_pool(bo: Shop, seen: dict[str, object]) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=2)
    line = sell(plan)
    Licence.objects.filter(line_id=line.line_id).update(**seen)
    give_back(plan, line)
    (licence,) = licences(line)
    assert (licence.state, licence.revoked_at, licence.revoked_because) == (REVOKED, LATER, "refunded")
    row = supply(plan)
    assert (row.free, row.put_in, row.sold) == (1, 1, 0) and agree(plan)


def test_of_some_pieces_those_go_that_nobody_used(bo: Shop) -> None:
    plan = plan_of(bo.merchant)
    line = sell(plan, 3)
    used, seen, fresh = licences(line)
    Licence.objects.filter(pk=used.pk).update(activated_at=NOW, shown_at=NOW)
    Licence.objects.filter(pk=seen.pk).update(shown_at=NOW)
    give_back(plan, line, quantity=2)
    states = {each.pk: each.state for each in licences(line)}
    assert states == {used.pk: ISSUED, seen.pk: REVOKED, fresh.pk: REVOKED}
    assert supply(plan).free == 9
    give_back(plan, line, quantity=1)
    assert {each.state for each in licences(line)} == {REVOKED}


def test_what_was_never_paid_has_nothing_to_give_back(bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=2)
    KIND.freed([booked(plan)], because="expired", now=NOW)
    assert agree(plan) and supply(plan).free == 2


def test_a_renewal_adds_its_term_to_what_is_left(bo: Shop) -> None:
    plan = plan_of(bo.merchant)
    (licence,) = licences(sell(plan))
    Licence.objects.update(activated_at=NOW, expires_at=NOW + timedelta(days=365))
    line = sell(plan, renews=str(licence.pk), now=LATER)
    assert Licence.objects.count() == 1
    licence.refresh_from_db()
    assert licence.expires_at == NOW + timedelta(days=730) and licence.term_days == 730
    give_back(plan, line)
    licence.refresh_from_db()
    assert (licence.state, licence.expires_at) == (ISSUED, NOW + timedelta(days=365))


def test_a_renewal_after_the_end_begins_now_and_before_the_start_waits_for_it(bo: Shop) -> None:
    plan = plan_of(bo.merchant, term_days=30)
    late, early = (licences(sell(plan))[0] for _ in range(2))
    Licence.objects.filter(pk=late.pk).update(activated_at=NOW, expires_at=NOW + timedelta(days=30))
    sell(plan, renews=str(late.pk), now=LATER)
    sell(plan, renews=str(early.pk), now=LATER)
    late.refresh_from_db()
    early.refresh_from_db()
    assert late.expires_at == LATER + timedelta(days=30)
    assert early.expires_at is None and early.term_days == 60


def test_an_upgrade_gives_the_edition_of_the_new_plan_and_takes_it_back_when_refunded(bo: Shop) -> None:
    plan = plan_of(bo.merchant)
    team = LicencePlan.objects.create(
        variant=plan.variant.product.variants.create(merchant=bo.merchant, sku="T", price=99900),
        merchant=bo.merchant,
        source=Source.SIGNED,
        edition="团队版",
        term_days=None,
        seats=10,
        machines=20,
    )
    from wanku.inventory.models import Supply

    Supply.objects.create(merchant=bo.merchant, key=f"sku:{team.pk}", free=3, put_in=3)
    (licence,) = licences(sell(plan))
    Licence.objects.update(activated_at=NOW, expires_at=NOW + timedelta(days=365))
    line = sell(team, renews=str(licence.pk), now=LATER)
    licence.refresh_from_db()
    assert (licence.edition, licence.seats, licence.machines, licence.expires_at) == ("团队版", 10, 20, None)
    give_back(team, line)
    licence.refresh_from_db()
    assert (licence.edition, licence.seats, licence.machines) == ("专业版", 1, 2)
    assert licence.expires_at == NOW + timedelta(days=365)


@pytest.mark.parametrize("what", ["revoked", "unknown", "other_product"])
def test_a_renewal_of_what_cannot_be_extended_gives_a_code_of_its_own(bo: Shop, what: str) -> None:
    plan = plan_of(bo.merchant)
    (licence,) = licences(sell(plan_of(bo.merchant) if what == "other_product" else plan))
    if what == "revoked":
        Licence.objects.update(state=REVOKED)
    renews = "01990000-0000-7000-8000-000000000001" if what == "unknown" else str(licence.pk)
    (new,) = licences(sell(plan, renews=renews))
    assert new.pk != licence.pk and new.state == ISSUED


def test_a_refunded_purchase_leaves_what_its_renewal_paid(bo: Shop) -> None:
    plan = plan_of(bo.merchant)
    first = sell(plan)
    (licence,) = licences(first)
    Licence.objects.update(activated_at=NOW, expires_at=NOW + timedelta(days=365))
    sell(plan, renews=str(licence.pk))
    give_back(plan, first)
    licence.refresh_from_db()
    assert (licence.state, licence.expires_at) == (ISSUED, NOW + timedelta(days=365))


def test_the_database_refuses_a_code_twice_and_a_seen_one_in_the_pool(bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=2)
    one, two = Licence.objects.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        Licence.objects.filter(pk=one.pk).update(digest=two.digest)
    with pytest.raises(IntegrityError), transaction.atomic():
        Licence.objects.filter(pk=one.pk).update(shown_at=NOW)
    assert agree(plan)


def test_plans_are_read_in_one_statement_and_their_change_is_a_change_of_the_shop(bo: Shop) -> None:
    from wanku.catalog.versions import versions_of_variants

    plans = [plan_of(bo.merchant) for _ in range(3)]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        facts = KIND.load([plan.pk for plan in plans])
    assert len(asked) == 1 and facts[plans[0].pk].edition == "专业版"
    before = versions_of_variants([plans[0].pk])
    LicencePlan.objects.filter(pk=plans[0].pk).update(edition="旗舰版")
    assert versions_of_variants([plans[0].pk]) != before


def test_the_product_page_knows_plans_what_is_left_and_the_licence_to_extend(bo: Shop) -> None:
    plan = plan_of(bo.merchant, stock=7)
    (licence,) = licences(sell(plan))
    asked = {"choice.renews": str(licence.pk), "variant": str(plan.pk)}
    shown = KIND.show(plan.variant.product_id, asked, now=NOW)
    ((option,),) = [group["options"] for group in shown["editions"]]
    assert (option["id"], option["left"], option["chosen"], option["price"]) == (plan.pk, 6, True, 19900)
    assert shown["renews"].pk == licence.pk
    assert KIND.show(plan.variant.product_id, {"choice.renews": "x"}, now=NOW)["renews"] is None
