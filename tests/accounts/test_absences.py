"""Days away and deputies: who stands in, for how long, in whose name, and what stays apart all the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts import services
from accounts.models import Absence, Post, User
from accounts.recipients import recipients_of
from accounts.services import AbsenceDraft, HandoverDraft, Move
from accounts.viewers import viewers_of
from common import audit, clock, notices
from common.errors import Refused
from common.models import AuditEvent, DocumentIssue
from common.viewer import Absentee, Duty, OfficeKind, Viewer, packed, unpacked
from subsidies import worklist
from subsidies.services import approvals
from tests.factories.subsidies import Scene
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer

TODAY = date(2026, 11, 21)
FIRST, LAST = date(2026, 11, 24), date(2026, 11, 27)


@pytest.fixture(autouse=True)
def _today(settings) -> None:
    settings.DEMO_DATE = TODAY.isoformat()


@pytest.fixture
def bureau(db: None) -> dict[str, Viewer]:
    """空知: a head who goes away, two reviewers."""
    return {
        "head": saved(viewer(Duty.BM, name="局長")),
        "reviewer": saved(viewer(Duty.BS, name="係長")),
        "colleague": saved(viewer(Duty.BS, name="主事")),
    }


def draft(person: Viewer, deputy: Viewer | None, first: date = FIRST, last: date = LAST, **more) -> AbsenceDraft:
    office = Post.objects.filter(user=person.user_id).values_list("office", flat=True)[0]
    values = {"user_id": person.person, "office_id": office, "reason": "trip"} | more
    return AbsenceDraft(first_day=first, last_day=last, deputy_id=deputy.user_id if deputy else None, **values)


def away(person: Viewer, deputy: Viewer | None, by: Viewer | None = None, **more) -> Absence:
    return services.enter_absence(draft(person, deputy, **more), viewer=by or person)


def worn_on(person: Viewer, day: date) -> list[Viewer]:
    with clock.standing_at(clock.at(day)):
        return viewers_of(User.objects.get(pk=person.user_id))


def as_deputy(person: Viewer, day: date = FIRST) -> Viewer:
    (found,) = [one for one in worn_on(person, day) if one.deputy_for]
    return found


def test_the_deputy_bears_the_duties_on_those_days_and_not_a_day_longer(bureau):
    away(bureau["head"], bureau["reviewer"])
    for day, many in ((FIRST - timedelta(days=1), 1), (FIRST, 2), (LAST, 2), (LAST + timedelta(days=1), 1)):
        assert len(worn_on(bureau["reviewer"], day)) == many
    deputy = as_deputy(bureau["reviewer"])
    assert (deputy.duties, deputy.user_id) == ({Duty.BM}, bureau["reviewer"].user_id)
    assert deputy.label == "空知総合振興局 係長（局長の代理）"
    assert worn_on(bureau["reviewer"], FIRST)[0].duties == {Duty.BS}, "her own post comes first"
    assert worn_on(bureau["colleague"], FIRST)[0].deputy_for is None
    assert unpacked(packed(deputy)) == deputy


def test_the_office_reads_it_and_the_deputy_hears_of_what_waits_by_mail(bureau, settings):
    for key in bureau:
        User.objects.filter(pk=bureau[key].user_id).update(email=f"{key}@example.lg.jp")
    away(bureau["head"], bureau["reviewer"])
    (told,) = notices.for_viewer(bureau["colleague"])
    assert told.title == "不在：局長さん（令和8年11月24日から令和8年11月27日まで、代理：係長さん）"
    with clock.standing_at(clock.at(FIRST)):
        heard = [one.address for one in recipients_of("bureau:sorachi", [Duty.BM])]
    assert heard == ["head@example.lg.jp", "reviewer@example.lg.jp"]
    assert [one.address for one in recipients_of("bureau:sorachi", [Duty.BM])] == ["head@example.lg.jp"]
    assert mail.outbox == []


class TestRefused:
    def test_each_reason_has_its_sentence(self, bureau):
        auditor_elsewhere = saved(viewer(Duty.AU))
        for changes, said in (
            ({"first": LAST, "last": FIRST}, "最初の日以後"),
            ({"first": date(2026, 11, 1), "last": date(2026, 11, 20)}, "過ぎた日"),
            ({"last": date(2028, 1, 1)}, "1年を超える"),
            ({"deputy": bureau["head"]}, "ほかの利用者"),
            ({"deputy": auditor_elsewhere}, "役割を持っていません"),
        ):
            deputy = changes.pop("deputy", bureau["reviewer"])
            with pytest.raises(Refused, match=said):
                away(bureau["head"], deputy, **changes)
        assert not Absence.objects.exists()

    def test_nobody_stands_in_who_is_away_herself_and_nobody_is_away_twice(self, bureau):
        away(bureau["colleague"], None)
        with pytest.raises(Refused, match="も、その期間に不在"):
            away(bureau["head"], bureau["colleague"])
        with pytest.raises(Refused, match="すでに登録"):
            away(bureau["colleague"], bureau["reviewer"], first=LAST, last=LAST)

    def test_an_auditor_or_administrator_never_bears_a_business_duty(self, db):
        head, auditor, staff = (saved(viewer(duty)) for duty in (Duty.HM, Duty.AU, Duty.HS))
        with pytest.raises(Refused, match="業務の代理になれません"):
            away(head, auditor)
        with pytest.raises(Refused, match="同じ役割の人に限ります"):
            away(auditor, staff)
        assert away(head, staff).pk

    def test_staff_enter_their_own_and_only_who_answers_for_the_office_enters_that_of_others(self, bureau):
        with pytest.raises(PermissionDenied):
            away(bureau["head"], None, by=bureau["reviewer"])
        with pytest.raises(PermissionDenied):
            away(bureau["head"], None, by=saved(viewer(Duty.BM, bureau="nemuro")))
        assert away(bureau["reviewer"], bureau["colleague"], by=bureau["head"]).entered_who.endswith("局長")

    def test_a_deputy_does_not_pass_on_what_she_bears(self, bureau):
        away(bureau["head"], bureau["reviewer"])
        with pytest.raises(PermissionDenied):
            services.enter_absence(draft(bureau["head"], bureau["colleague"]), viewer=bureau["reviewer"])

    def test_the_database_knows_no_deputy_of_oneself_and_no_end_before_the_start(self, bureau):
        absence = away(bureau["head"], bureau["reviewer"])
        for values in ({"deputy": bureau["head"].user_id}, {"last_day": FIRST - timedelta(days=1)}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Absence.objects.filter(pk=absence.pk).update(**values)


class TestDeciding:
    """代決."""

    @pytest.fixture
    def scene(self, bureau) -> Scene:
        return Scene()

    def test_the_deputy_decides_and_every_record_says_so(self, scene: Scene, bureau):
        case = scene.application("approval")
        away(bureau["head"], bureau["colleague"], first=TODAY, last=TODAY)
        deputy = as_deputy(bureau["colleague"], TODAY)
        assert case.pk in {item.pk for item in worklist.items_for(deputy)}
        approvals.decide(application_id=case.pk, viewer=deputy)
        step = case.routes.get().steps.get(kind="decide")
        assert (step.acting, step.who) == (True, "空知総合振興局 主事（局長の代理）")
        event = AuditEvent.objects.get(action="application.grant", subject_id=str(case.pk))
        assert event.who == "空知総合振興局 主事（局長の代理）"
        assert event.after["deputy_for"] == bureau["head"].user_id
        assert audit.first_broken() is None
        paper = DocumentIssue.objects.filter(kind="D-05", subject_id=str(case.pk)).latest("pk")
        assert [box["acting"] for box in paper.snapshot["boxes"]].count(True) == 1

    def test_whoever_drafted_does_not_decide_as_a_deputy_either(self, scene: Scene, bureau):
        case = scene.application("approval")
        drafter = case.routes.get().drafted_by_id
        office = Post.objects.get(user=bureau["head"].user_id).office
        Post.objects.get_or_create(user_id=drafter, office=office, duty="BS", valid_from=date(2020, 4, 1))
        away(bureau["head"], viewer(Duty.BS, user_id=drafter), first=TODAY, last=TODAY)
        deputy = as_deputy(viewer(Duty.BS, user_id=drafter), TODAY)
        with pytest.raises(Refused, match="起案"):
            approvals.decide(application_id=case.pk, viewer=deputy)

    def test_what_the_absent_person_drafted_her_deputy_does_not_decide(self, scene: Scene, bureau):
        case = scene.application("approval")
        drafter = case.routes.get().drafted_by_id
        deputy = viewer(Duty.BM, user_id=bureau["colleague"].user_id)
        stands_in = Viewer(**(vars(deputy) | {"deputy_for": Absentee(drafter, "起案者")}))
        with pytest.raises(Refused, match="起案"):
            approvals.decide(application_id=case.pk, viewer=stands_in)


def test_what_the_deputy_did_is_listed_once_the_person_is_back(bureau):
    scene = Scene()
    case = scene.application("approval")
    absence = away(bureau["head"], bureau["colleague"], first=TODAY, last=TODAY)
    approvals.decide(application_id=case.pk, viewer=as_deputy(bureau["colleague"], TODAY))
    with clock.standing_at(clock.at(TODAY + timedelta(days=3))):
        back = client_for(bureau["head"])
        assert f'<a href="/absences/{absence.pk}/">確かめてください</a>' in back.get("/").content.decode()
        assert "交付決定" in back.get(f"/absences/{absence.pk}/").content.decode()
        assert "確かめてください</a>" not in back.get("/").content.decode()


def test_the_start_page_offers_the_deputy_to_change_over(bureau):
    away(bureau["head"], bureau["reviewer"], first=TODAY, last=TODAY)
    client = client_for(bureau["reviewer"])
    page = client.get("/").content.decode()
    assert "局長さんの代理に切り替える" in page
    key = as_deputy(bureau["reviewer"], TODAY).post_key
    assert client.post("/post/", {"office": key}).status_code == 302
    assert "（局長さんの代理）" in client.get("/").content.decode()
    assert client_for(bureau["colleague"]).post("/post/", {"office": key}).status_code == 404


def test_coming_back_early_ends_the_deputys_part_at_once(bureau):
    absence = away(bureau["head"], bureau["reviewer"], first=TODAY, last=LAST)
    later = away(bureau["colleague"], None)
    services.end_absence(absence.pk, viewer=bureau["head"])
    services.end_absence(later.pk, viewer=bureau["colleague"])
    assert len(worn_on(bureau["reviewer"], TODAY)) == 1
    later.refresh_from_db()
    assert later.ended_at is not None
    with pytest.raises(Refused, match="もう終わっています"):
        services.end_absence(later.pk, viewer=bureau["colleague"])
    with pytest.raises(PermissionDenied):
        services.end_absence(away(bureau["head"], None).pk, viewer=bureau["reviewer"])


def test_the_hand_over_in_april_ends_the_deputys_part_without_a_second_act(bureau):
    day = TODAY + timedelta(days=1)
    away(bureau["head"], bureau["reviewer"], first=TODAY, last=LAST)
    post = Post.objects.get(user=bureau["head"].user_id, valid_to=None)
    move = Move(post.pk, bureau["colleague"].user_id)
    handover = services.prepare_handover(
        HandoverDraft(OfficeKind.BUREAU, "sorachi", day, (move,)), viewer=bureau["head"]
    )
    services.confirm_handover(handover.pk, viewer=bureau["head"])
    assert len(worn_on(bureau["reviewer"], TODAY)) == 2
    assert len(worn_on(bureau["reviewer"], day)) == 1
    assert {duty for one in worn_on(bureau["colleague"], day) for duty in one.duties} == {Duty.BS, Duty.BM}


def test_the_form_names_what_is_wrong_and_keeps_what_was_typed(bureau):
    client = client_for(bureau["reviewer"])
    office = Post.objects.get(user=bureau["reviewer"].user_id).office_id
    who = f"{office}:{bureau['reviewer'].user_id}"
    typed = {"who": who, "first_day": "R8.11.27", "last_day": "R8.11.24", "reason": "leave", "deputy": ""}
    answer = client.post("/absences/new/", typed)
    assert answer.status_code == 422
    assert "最後の日は最初の日以後にしてください。" in answer.content.decode()
    assert 'value="R8.11.27"' in answer.content.decode()
    assert client.post("/absences/new/", typed | {"last_day": "R8.11.28"}).status_code == 302
    others = f"{office}:{bureau['head'].user_id}"
    assert client.post("/absences/new/", typed | {"who": others}).status_code == 422


def test_the_list_asks_as_often_for_many_rows(bureau):
    away(bureau["reviewer"], bureau["colleague"])

    def grow() -> None:
        for number in range(15):
            day = LAST + timedelta(days=number + 1)
            away(bureau["head"], bureau["reviewer"], first=day, last=day)

    assert_same_queries(client_for(bureau["head"]), "/absences/", grow)
