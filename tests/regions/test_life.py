"""The life of a region: every step of the table with its guards, what goes on after it, what others say."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from common import audit, clock, notices
from common.errors import Conflict, Refused
from regions import services
from regions.models import Project, Region, RegionLink
from regions.services import Posts
from regions.workflow import STEPS, Side, Step, steps_from
from tests.factories.regions import NationalZoneFactory, ProjectFactory, RegionFactory
from tests.factories.subsidies import Scene

from .conftest import ended

TODAY = date(2026, 11, 21)


def states(region: Region) -> list[tuple[str, date]]:
    return list(region.states.values_list("state", "since"))


def step(world, which: Step, **more):
    given = {"on": TODAY, "reason": "担当者の不足", "viewer": world.approver()} | more
    return services.change_state(world.region.pk, step=which, **given)


def test_each_state_leads_on_only_as_the_table_says():
    possible = {state: steps_from(state, Side.LEAD) for state in Region.State.values}
    assert possible == {
        "idea": [Step.PAUSE, Step.END],
        "formed": [Step.PAUSE, Step.END, Step.GO_NATIONAL],
        "supported": [Step.PAUSE, Step.END, Step.GO_NATIONAL],
        "self_running": [Step.PAUSE, Step.END, Step.GO_NATIONAL],
        "paused": [Step.RESUME, Step.END, Step.GO_NATIONAL],
        "ended": [],
        "national": [],
    }
    assert all(rule.needs_reason for rule in STEPS.values() if rule.side == Side.LEAD)


def test_only_the_lead_or_the_lead_bureaus_head_takes_a_step_with_a_reason(world):
    for person in (world.planner(), world.reviewer(), world.staff(), world.decider()):
        with pytest.raises(PermissionDenied):
            step(world, Step.PAUSE, viewer=person)
    with pytest.raises(PermissionDenied, match="代表市町村（長沼町）"):
        step(world, Step.PAUSE, viewer=world.approver(world.yuni))
    with pytest.raises(PermissionDenied, match="協定や交付の決定"):
        step(world, Step.SUPPORT)
    with pytest.raises(Refused, match="理由"):
        step(world, Step.PAUSE, reason=" ")
    assert step(world, Step.PAUSE, viewer=world.head()).state == "paused"


def test_a_paused_region_goes_on_where_it_stopped_and_each_state_keeps_its_day(world):
    services.end_support(world.region.pk, viewer=world.head(), on=date(2025, 4, 1))
    step(world, Step.PAUSE, on=date(2026, 6, 1))
    with pytest.raises(Refused, match="「休止」の地域には「休止」"):
        step(world, Step.PAUSE)
    with pytest.raises(Refused, match="開始日（令和8年6月1日）以後"):
        step(world, Step.RESUME, on=date(2026, 5, 31))
    assert step(world, Step.RESUME, on=date(2026, 6, 1)).state == "self_running"
    world.region.refresh_from_db()
    assert states(world.region) == [
        ("formed", date(2022, 4, 1)),
        ("self_running", date(2025, 4, 1)),
        ("paused", date(2026, 6, 1)),
        ("self_running", date(2026, 6, 1)),
    ]


def test_a_region_rests_and_goes_on_twice_on_one_day(world):
    for _ in range(2):
        step(world, Step.PAUSE)
        assert step(world, Step.RESUME).state == "formed"
    assert [state for state, _ in states(world.region)] == ["formed", "paused", "formed", "paused", "formed"]


def test_nothing_is_paused_ahead(world):
    with pytest.raises(Refused, match="将来の日"):
        step(world, Step.PAUSE, on=date(2026, 11, 22))


def test_support_begins_and_ends_but_does_not_revive_a_closed_region(world):
    head = world.head()
    assert services.begin_support(world.region.pk, viewer=head).state == "supported"
    assert services.begin_support(world.region.pk, viewer=head).state == "supported"
    assert services.end_support(world.region.pk, on=clock.today(), viewer=head).state == "self_running"
    step(world, Step.GO_NATIONAL)
    assert services.begin_support(world.region.pk, viewer=head).state == "national"
    titles = [event.title for event in audit.timeline(world.region, internal=False)]
    assert titles == ["国制度への移行", "支援の終了", "支援の開始"]


def test_an_agreement_in_force_forms_the_idea_from_its_day(world):
    draft = services.RegionDraft(
        name="南空知消防連携地域", members=("014281", "014290"), lead="014281", start=date(2026, 11, 1)
    )
    region = services.propose_region(draft, viewer=world.planner())
    agreement = services.create_agreement(
        region.pk, services.AgreementDraft(title="協定", framework=True), viewer=world.planner()
    )
    services.start_consent(agreement.pk, viewer=world.planner())
    for town in (world.naganuma, world.kuriyama):
        services.record_consent(
            agreement.pk, viewer=world.approver(town), agreed_on=date(2026, 11, 10), document_no="第1号"
        )
    assert states(region) == [("idea", date(2026, 11, 1)), ("formed", date(2026, 11, 10))]


def test_a_region_with_a_running_grant_cannot_end(db):
    scene = Scene()
    application = scene.application("bureau_review")
    region = application.region
    approver = scene.approver(region.lead_id)
    with pytest.raises(Refused, match=f"申請{application.number}（振興局審査中）"):
        services.change_state(region.pk, step=Step.END, on=TODAY, reason="目的を達成", viewer=approver)
    assert Region.objects.get(pk=region.pk).state == region.state


def test_every_member_reads_that_the_region_paused(world):
    step(world, Step.PAUSE)
    told = notices.for_viewer(world.planner(world.yuni)).get()
    assert told.title == f"{world.region.name}：休止（令和8年11月21日から）"


def test_the_bureaus_head_says_at_once_which_zone_takes_over(world):
    zone = NationalZoneFactory(hubs=[world.kuriyama], prefecture=world.region.prefecture)
    with pytest.raises(PermissionDenied):
        step(world, Step.GO_NATIONAL, zone=zone.pk)
    world.region.refresh_from_db()
    assert world.region.state == "formed"
    step(world, Step.GO_NATIONAL, zone=zone.pk, viewer=world.head())
    assert RegionLink.objects.get().successor_zone == zone


def test_links_lead_forward_in_time_and_once(world):
    later = RegionFactory(members=[world.naganuma, world.kuriyama], lead_bureau=world.sorachi)
    link = services.link_successor(world.region.pk, viewer=world.staff(), successor=later.pk, continued=False)
    assert not link.continued
    for given, sentence in [
        ({}, "どちらか1つ"),
        ({"zone": "X", "successor": later.pk}, "どちらか1つ"),
        ({"zone": "X"}, "圏域コード「X」"),
        ({"successor": "X"}, "地域コード「X」"),
        ({"successor": world.region.pk}, "より前の地域"),
        ({"successor": later.pk}, "既に後継"),
    ]:
        with pytest.raises(Refused, match=sentence):
            services.link_successor(world.region.pk, viewer=world.staff(), **given)
    with pytest.raises(Refused, match="より前の地域"):
        services.link_successor(later.pk, viewer=world.staff(), successor=world.region.pk)
    for person in (world.planner(), world.reviewer(), world.decider()):
        with pytest.raises(PermissionDenied):
            services.link_successor(world.region.pk, viewer=person, successor=later.pk)
    with pytest.raises(PermissionDenied, match="主管振興局か本庁"):
        services.link_successor(world.region.pk, viewer=world.head(world.nemuro), successor=later.pk)
    with pytest.raises(Refused, match="理由"):
        services.unlink(link.pk, viewer=world.head(), reason="")
    services.unlink(link.pk, viewer=world.head(), reason="誤り")
    assert not RegionLink.objects.exists()


def test_a_concurring_bureau_comments_and_the_lead_side_reads_it(world):
    region = RegionFactory(members=[world.naganuma, world.betsukai], lead_bureau=world.sorachi)
    services.comment_region(region.pk, text="運行時刻を調整してほしい。", viewer=world.reviewer(world.nemuro))
    assert region.comments.get().office_key == "bureau:nemuro"
    for reader in (world.planner(), world.reviewer()):
        assert notices.for_viewer(reader).count() == 1
    for person in (world.planner(), world.decider()):
        with pytest.raises(PermissionDenied):
            services.comment_region(region.pk, text="意見", viewer=person)
    with pytest.raises(PermissionDenied, match="管内に含む振興局"):
        services.comment_region(world.region.pk, text="意見", viewer=world.reviewer(world.nemuro))
    with pytest.raises(Refused, match="意見を入力"):
        services.comment_region(region.pk, text=" ", viewer=world.staff())


def test_the_type_names_a_member_as_hub(world):
    planner = world.planner()
    region = services.set_type(world.region.pk, hub="014273", viewer=planner, revision=1)
    assert (region.type, region.hub, region.revision) == ("hub", world.yuni, 2)
    with pytest.raises(Refused, match="構成市町村から"):
        services.set_type(world.region.pk, hub="014290", viewer=planner)
    with pytest.raises(Refused, match="前と同じ"):
        services.set_type(world.region.pk, hub="014273", viewer=planner)
    with pytest.raises(Conflict):
        services.set_type(world.region.pk, hub="", viewer=planner, revision=1)
    ended(services.set_type(world.region.pk, hub="", viewer=planner, revision=2))
    with pytest.raises(Refused, match="「終了」"):
        services.set_type(world.region.pk, hub="014273", viewer=planner)


def test_posts_are_shared_in_one_step_among_those_who_take_part(world):
    one, two = ProjectFactory(region=world.region), ProjectFactory(region=world.region)
    over = ProjectFactory(region=world.region, state=Project.State.ENDED)
    two.participants.set([world.yuni])
    planner = world.planner(world.yuni)
    with pytest.raises(Refused) as refused:
        services.share_posts(
            world.region.pk, chosen={one.pk: Posts("014281", "014290"), two.pk: Posts("", "014281")}, viewer=planner
        )
    assert len(refused.value.problems) == 2
    chosen = {one.pk: Posts("014281", "014273"), two.pk: Posts("", "014273"), over.pk: Posts("014281", "014281")}
    assert services.share_posts(world.region.pk, chosen=chosen, viewer=planner, revision=1) == [one, two]
    one.refresh_from_db()
    over.refresh_from_db()
    assert (one.lead, one.secretariat, over.secretariat) == (world.naganuma, world.yuni, None)
    assert services.share_posts(world.region.pk, chosen=chosen, viewer=planner, revision=2) == []
    with pytest.raises(Conflict):
        services.share_posts(world.region.pk, chosen={}, viewer=planner, revision=1)
    with pytest.raises(PermissionDenied):
        services.share_posts(world.region.pk, chosen=chosen, viewer=world.planner(world.betsukai))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_end_and_pause_at_once_only_the_first_succeeds(world):
    answers: list[str] = []
    start = threading.Barrier(2)

    def take(which: Step, person) -> None:
        try:
            start.wait(10)
            services.change_state(world.region.pk, step=which, on=TODAY, reason="同時", viewer=person)
            answers.append(which)
        except Refused:
            answers.append("refused")
        finally:
            connection.close()

    people = (world.approver(), world.head())
    threads = [threading.Thread(target=take, args=pair) for pair in zip((Step.END, Step.END), people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers) == ["end", "refused"]
    assert world.region.states.filter(state="ended").count() == 1
