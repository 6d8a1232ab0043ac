"""代理入力: a bureau types drafts in a municipality's name only under a delegation in force, and never decides for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from common import audit, clock
from common.errors import Refused
from common.models import AuditEvent, Notice
from common.viewer import Duty, Viewer
from regions.models import Kpi
from subsidies.models import Application, CorrectionItem, Delegation
from subsidies.services import (
    consents,
    corrections,
    delegations,
    drafts,
    fieldwork,
    preconsultations,
    reviews,
    submissions,
)
from tests.factories.municipalities import BureauFactory
from tests.factories.regions import RegionFactory
from tests.factories.subsidies import CallFactory, DelegationFactory, Scene
from tests.viewers import client_for, saved, viewer

from .wizard import address, post

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.DEMO_DATE = "2026-11-21"


@pytest.fixture
def scene() -> Scene:
    return Scene()


def sees(person: Viewer, application: Application) -> bool:
    return Application.objects.visible_to(person).filter(pk=application.pk).exists()


def granted(scene: Scene, **more: Any) -> Delegation:
    given = {"from_on": clock.today(), "to_on": clock.today() + 30 * DAY, "reason": "担当者が一人のため"} | more
    return delegations.grant(viewer=scene.approver(), **given)


class TestWhoSeesADraft:
    def test_nobody_in_the_bureau_without_a_delegation(self, scene: Scene):
        draft = scene.application()
        assert not sees(scene.reviewer(), draft)
        client = client_for(scene.reviewer())
        assert client.get(address(draft, "costs")).status_code == 404
        assert client.get(reverse("subsidies:application_detail", args=[draft.pk])).status_code == 404

    def test_the_staff_while_it_holds_and_not_the_decider(self, scene: Scene):
        draft = scene.application()
        DelegationFactory()
        assert sees(scene.reviewer(), draft)
        assert not sees(scene.head(), draft)
        assert not sees(scene.staff(), draft)

    @pytest.mark.parametrize(
        ("first", "last", "seen"),
        [(-5, -1, False), (-5, 0, True), (0, 0, True), (0, 5, True), (1, 5, False)],
        ids=["ended yesterday", "last day", "one day", "first day", "begins tomorrow"],
    )
    def test_the_first_and_the_last_day_count(self, scene: Scene, first: int, last: int, seen: bool):
        draft = scene.application()
        today = clock.today()
        DelegationFactory(from_on=today + first * DAY, to_on=today + last * DAY)
        assert sees(scene.reviewer(), draft) is seen
        assert client_for(scene.reviewer()).get(address(draft, "basic")).status_code == (200 if seen else 404)

    def test_another_bureau_has_no_part_in_it(self, scene: Scene):
        draft = scene.application()
        DelegationFactory()
        BureauFactory(code="kamikawa", name="上川総合振興局")
        assert not sees(saved(viewer(Duty.BS, bureau="kamikawa")), draft)

    def test_a_withdrawn_one_ends_at_once(self, scene: Scene):
        draft = scene.application()
        given = granted(scene)
        assert sees(scene.reviewer(), draft)
        delegations.withdraw(viewer=scene.approver(), delegation_id=given.pk)
        assert not sees(scene.reviewer(), draft)
        assert client_for(scene.reviewer()).get(address(draft, "costs")).status_code == 404

    def test_another_members_delegation_does_not_open_the_leads_draft(self, scene: Scene):
        draft = scene.application()
        DelegationFactory(municipality=scene.members[1])
        assert not sees(scene.reviewer(), draft)

    def test_its_scope_is_one_region_or_one_application(self, scene: Scene):
        draft = scene.application()
        one = DelegationFactory(application=draft)
        assert sees(scene.reviewer(), draft)
        scene.call = CallFactory(ruleset=scene.call.ruleset)
        other = scene.application()
        assert not sees(scene.reviewer(), other)
        one.application, one.region = None, scene.region
        one.save()
        assert sees(scene.reviewer(), draft)
        assert sees(scene.reviewer(), other)
        one.region = RegionFactory(members=scene.members, lead_bureau=scene.bureau)
        one.save()
        assert not sees(scene.reviewer(), draft)


class TestTyping:
    def test_the_bureau_begins_an_application_for_the_lead(self, scene: Scene):
        given = granted(scene)
        draft = drafts.start(call_id=scene.call.pk, region_code=scene.region.pk, viewer=scene.reviewer())
        assert draft.lead_id == "014281"
        event = audit.timeline(draft, internal=False).get(action="application.start")
        assert scene.reviewer().name in event.who
        assert event.title == "新規作成（長沼町の委任（令和8年11月21日から令和8年12月21日まで）による代理入力）"
        assert event.after["delegation"] == given.pk
        told = Notice.objects.filter(office_key="municipality:014281", subject_id=str(draft.pk))
        assert "代理入力を始めました" in told.get().title

    def test_a_delegation_for_one_application_begins_no_other(self, scene: Scene):
        DelegationFactory(application=scene.application())
        other = CallFactory(ruleset=scene.call.ruleset)
        with pytest.raises(PermissionDenied, match="委任"):
            drafts.start(call_id=other.pk, region_code=scene.region.pk, viewer=scene.reviewer())

    def test_without_one_it_begins_nothing(self, scene: Scene):
        with pytest.raises(PermissionDenied, match="委任"):
            drafts.start(call_id=scene.call.pk, region_code=scene.region.pk, viewer=scene.reviewer())
        assert (
            client_for(scene.reviewer()).get(reverse("subsidies:apply_start", args=[scene.call.pk])).status_code == 403
        )

    def test_the_bureau_begins_it_on_the_page(self, scene: Scene):
        granted(scene)
        client = client_for(scene.reviewer())
        page = client.get(reverse("subsidies:apply_start", args=[scene.call.pk]))
        assert "代表市町村の委任により" in page.content.decode()
        answer = client.post(reverse("subsidies:apply_start", args=[scene.call.pk]), {"region": scene.region.pk})
        draft = Application.objects.get()
        assert answer["Location"] == address(draft, "basic")

    @pytest.mark.parametrize("step", ["basic", "members", "projects", "costs", "kpi", "confirm"])
    def test_every_step_says_in_whose_name_it_is_typed(self, scene: Scene, step: str):
        draft = scene.application()
        granted(scene)
        page = client_for(scene.reviewer()).get(address(draft, step)).content.decode()
        assert "長沼町の委任により代理入力中" in page
        own = client_for(scene.planner()).get(address(draft, step)).content.decode()
        assert "代理入力中" not in own

    def test_what_is_typed_is_kept_with_typist_and_delegation(self, scene: Scene):
        draft = scene.application()
        given = granted(scene)
        answer = post(client_for(scene.reviewer()), draft, "basic", purpose="振興局が代わりに書いた目的。")
        assert answer.status_code == 302
        draft.refresh_from_db()
        assert draft.purpose == "振興局が代わりに書いた目的。"
        event = audit.timeline(draft, internal=False).filter(action="application.edit").first()
        assert event is not None
        assert event.office_key == "bureau:sorachi"
        assert event.after["delegation"] == given.pk
        assert "長沼町の委任" in event.title
        read = client_for(scene.planner("014273")).get(reverse("subsidies:application_detail", args=[draft.pk]))
        assert event.title in read.content.decode()

    def test_new_initiatives_and_kpis_name_it_in_the_regions_history(self, scene: Scene):
        draft = scene.application()
        granted(scene)
        kpi = Kpi.objects.get()
        form = {f"kpi{scene.project.pk}__0__name": "修了者数"}
        post(client_for(scene.reviewer()), draft, "kpi", **form)
        kpi.refresh_from_db()
        told = AuditEvent.objects.filter(action="kpi.set").latest("id")
        assert "長沼町の委任" in told.title
        new = fieldwork.ProjectDraft(name="共同の採用説明会", from_fy=2026, main_field="staff")
        fieldwork.add_initiative(application_id=draft.pk, viewer=scene.reviewer(), draft=new)
        assert "長沼町の委任" in AuditEvent.objects.filter(action="project.add").latest("id").title

    def test_a_consultation_is_asked_for_in_the_towns_name(self, scene: Scene):
        draft = scene.application()
        granted(scene)
        preconsultations.ask(application_id=draft.pk, viewer=scene.reviewer(), points="対象経費について")
        event = audit.timeline(draft, internal=False).get(action="application.ask_consultation")
        assert "長沼町の委任" in event.title

    def test_the_delegating_town_stays_the_lead(self, scene: Scene):
        draft = scene.application()
        granted(scene)
        codes = [town.code for town in scene.members]
        for chosen, lead in ((codes, codes[1]), (codes[1:], codes[1])):
            with pytest.raises(Refused, match="委任した市町村を代表から変えられません"):
                drafts.save_members(
                    application_id=draft.pk, viewer=scene.reviewer(), revision=None, codes=chosen, lead=lead
                )

    def test_the_end_of_the_typing_is_told_to_the_town(self, scene: Scene):
        draft = scene.application()
        granted(scene)
        url = reverse("subsidies:delegation_typed", args=[draft.pk])
        assert client_for(scene.reviewer()).post(url, {"note": "経費を確かめてください。"}).status_code == 302
        told = Notice.objects.get(office_key="municipality:014281", title__startswith="代理入力が終わりました")
        assert told.body == "経費を確かめてください。"
        assert client_for(scene.planner()).post(url).status_code == 403

    def test_the_draft_stands_in_the_reviewers_queue(self, scene: Scene):
        draft = scene.application()
        granted(scene)
        page = client_for(scene.reviewer()).get(reverse("portal:worklist")).content.decode()
        assert "代理入力" in page
        assert reverse("subsidies:draft_resume", args=[draft.pk]) in page


class TestWhatNoDelegationAllows:
    """同意・提出・取下げ, the planner's statement and corrections stay with the towns."""

    def test_asking_for_consent_and_the_statement(self, scene: Scene):
        draft = scene.application()
        granted(scene)
        with pytest.raises(PermissionDenied):
            consents.ask(application_id=draft.pk, viewer=scene.reviewer())
        with pytest.raises(PermissionDenied):
            drafts.save_basic(
                application_id=draft.pk, viewer=scene.reviewer(), revision=None, values={"declared": True}
            )
        answer = client_for(scene.reviewer()).post(address(draft, "confirm"), {"declared": "on"})
        assert answer.status_code == 403
        draft.refresh_from_db()
        assert draft.state == "draft"

    def test_consenting_and_submitting(self, scene: Scene):
        asked = scene.application("consent")
        granted(scene)
        assert sees(scene.reviewer(), asked)
        with pytest.raises(PermissionDenied):
            consents.agree(application_id=asked.pk, viewer=scene.reviewer())
        for town in scene.members:
            consents.agree(application_id=asked.pk, viewer=scene.approver(town.code))
        for act in (submissions.submit, submissions.withdraw):
            with pytest.raises(PermissionDenied):
                act(application_id=asked.pk, viewer=scene.reviewer())
        assert client_for(scene.reviewer()).get(address(asked, "basic")).status_code == 302

    def test_typing_after_the_submission(self, scene: Scene):
        case = scene.application("bureau_review")
        granted(scene)
        assert client_for(scene.reviewer()).get(address(case, "costs")).status_code == 403
        reviews.send_back_to_town(
            application_id=case.pk,
            viewer=scene.reviewer(),
            items=[reviews.ItemInput("costs", "積算の内訳を記入してください。")],
            due_on=clock.today() + 7 * DAY,
        )
        with pytest.raises(PermissionDenied):
            drafts.save_basic(application_id=case.pk, viewer=scene.reviewer(), revision=None, values={"title": "別"})
        with pytest.raises(PermissionDenied):
            corrections.answer_items(
                application_id=case.pk, viewer=scene.reviewer(), answers={CorrectionItem.objects.get().pk: "記入した。"}
            )


class TestGiving:
    def test_the_approver_gives_it_to_the_bureau_over_the_town(self, scene: Scene):
        given = granted(scene, region_code=scene.region.pk)
        assert given.bureau_id == "sorachi"
        assert given.region_id == scene.region.pk
        event = AuditEvent.objects.get(action="delegation.grant")
        assert event.reason == "担当者が一人のため"
        assert Notice.objects.filter(office_key="bureau:sorachi", duties="BS").exists()

    @pytest.mark.parametrize("duty", [duty for duty in Duty if duty != Duty.MA])
    def test_nobody_else_gives_or_ends_one(self, scene: Scene, duty: Duty):
        person = saved(viewer(duty))
        with pytest.raises(PermissionDenied):
            delegations.grant(viewer=person, from_on=clock.today(), to_on=clock.today(), reason="理由")
        standing = DelegationFactory()
        with pytest.raises((PermissionDenied, Delegation.DoesNotExist)):
            delegations.withdraw(viewer=person, delegation_id=standing.pk)

    def test_another_towns_approver_does_not_know_it(self, scene: Scene):
        standing = DelegationFactory()
        with pytest.raises(Delegation.DoesNotExist):
            delegations.withdraw(viewer=scene.approver("014273"), delegation_id=standing.pk)

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"from_on": date(2026, 11, 20)}, "開始日は本日以後"),
            ({"to_on": date(2026, 11, 20)}, "終了日は開始日以後"),
            ({"reason": "　"}, "理由を入力"),
        ],
    )
    def test_what_is_wrong_is_said(self, scene: Scene, more: dict[str, Any], sentence: str):
        with pytest.raises(Refused, match=sentence):
            granted(scene, **more)
        assert not Delegation.objects.exists()

    def test_one_day_is_enough(self, scene: Scene):
        assert granted(scene, to_on=clock.today()).period == "令和8年11月21日から令和8年11月21日まで"

    def test_only_what_the_town_leads_and_has_not_submitted(self, scene: Scene):
        case = scene.application("submitted")
        with pytest.raises(Refused, match="提出済み"):
            granted(scene, application_id=case.pk)
        with pytest.raises(Refused, match="代表は由仁町ではない"):
            delegations.grant(
                viewer=scene.approver("014273"),
                from_on=clock.today(),
                to_on=clock.today(),
                reason="理由",
                region_code=scene.region.pk,
            )

    def test_the_same_scope_twice_at_a_time(self, scene: Scene):
        granted(scene)
        with pytest.raises(Refused, match="すでにあります"):
            granted(scene, from_on=clock.today() + 30 * DAY, to_on=clock.today() + 40 * DAY)
        granted(scene, from_on=clock.today() + 31 * DAY, to_on=clock.today() + 40 * DAY)

    def test_an_ended_one_is_not_ended_again(self, scene: Scene):
        given = granted(scene)
        delegations.withdraw(viewer=scene.approver(), delegation_id=given.pk)
        with pytest.raises(Refused, match="すでに終わって"):
            delegations.withdraw(viewer=scene.approver(), delegation_id=given.pk)

    def test_the_pages_give_and_end_it(self, scene: Scene):
        client = client_for(scene.approver())
        new = reverse("subsidies:delegation_new")
        assert "空知総合振興局" in client.get(new).content.decode()
        typed = {"scope": "all", "from_on": "R8.11.21", "to_on": "令和9年3月31日", "reason": "人手不足"}
        refused = client.post(new, typed)
        assert refused.status_code == 422
        assert "チェックを付けてください" in refused.content.decode()
        assert client.post(new, typed | {"confirmed": "on"}).status_code == 302
        given = Delegation.objects.get()
        listed = client.get(reverse("subsidies:delegation_list")).content.decode()
        assert "長沼町が代表のすべての申請" in listed
        end = reverse("subsidies:delegation_withdraw", args=[given.pk])
        assert "すぐに" in client.get(end).content.decode()
        client.post(end)
        given.refresh_from_db()
        assert given.withdrawn_by_id == scene.approver().user_id


class TestTheRow:
    @pytest.mark.parametrize(
        "broken",
        [
            {"from_on": date(2026, 11, 22), "to_on": date(2026, 11, 21)},
            {"reason": ""},
            {"withdrawn_who": "長沼町"},
        ],
    )
    def test_keeps_its_promises(self, broken: dict[str, Any]):
        with pytest.raises(IntegrityError), transaction.atomic():
            DelegationFactory(**broken)

    def test_names_moment_and_person_of_its_end_together(self):
        row = DelegationFactory()
        for name, value in (("withdrawn_at", clock.now()), ("withdrawn_by", row.granted_by), ("withdrawn_who", "誰か")):
            with pytest.raises(IntegrityError), transaction.atomic():
                Delegation.objects.filter(pk=row.pk).update(**{name: value})

    def test_names_a_region_or_an_application_not_both(self, scene: Scene):
        with pytest.raises(IntegrityError), transaction.atomic():
            DelegationFactory(application=scene.application(), region=scene.region)
