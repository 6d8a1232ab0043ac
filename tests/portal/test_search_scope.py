"""Nobody finds what she may not see, by none of its words, not in a count and not in a snippet; and every hit opens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from common import clock
from common.models import DocumentIssue
from common.viewer import Duty, Viewer
from portal.finding.index import rebuild, refresh
from portal.models import SearchEntry
from portal.search import KINDS, Hit, every_hit, search_for, suggestions
from regions.models import AgreementArticle, ConferenceMeeting, Vision
from subsidies.models import Application, ApplicationProject, InternalNote, Opinion, Payment
from subsidies.services import drafts, reviews
from subsidies.services.reviews import ItemInput
from tests.factories.regions import AgreementFactory, RegionFactory, VisionFactory
from tests.factories.subsidies import CallFactory, Scene
from tests.viewers import client_for, saved, viewer

from .world import World
from .world_people import FAR_BUREAU, FAR_TOWN

EVERYBODY = tuple(Duty)


def hits(person: Viewer, text: str) -> list[tuple[str, Hit]]:
    return [(group.kind, hit) for group, hit in every_hit(person, text)]


def kinds(person: Viewer, text: str) -> set[str]:
    """The kinds that find something; page, list under the box and counts have to agree on it."""
    groups = search_for(person, text)
    assert {group.kind for group, _ in suggestions(person, text)} <= {group.kind for group in groups}
    for group in groups:
        assert group.total == sum(kind == group.kind for kind, _ in hits(person, text))
    return {group.kind for group in groups}


def finders(text: str, kind: str, *, outside: bool = False) -> set[str]:
    """The duties that find a thing of the kind; `outside` asks those of another town, bureau and association."""
    elsewhere = {"municipality": FAR_TOWN, "bureau": FAR_BUREAU} if outside else {}
    return {duty.value for duty in EVERYBODY if kind in kinds(viewer(duty, **elsewhere), text)}


def test_a_draft_is_found_by_its_towns_and_the_auditor_by_any_of_its_words(db: None):
    scene = Scene()
    draft = scene.application("draft")
    cost = draft.costs.first()
    for text in ("専門の研修を単独で", draft.number, "令和8年度 基幹的な", f"{cost.amount_yen:,}円", "作成中"):
        assert finders(text, "application") == {"MP", "MA", "AU"}, text
        assert finders(text, "application", outside=True) == {"AU"}, text


def test_a_submitted_application_is_found_by_those_whose_page_it_is(db: None):
    scene = Scene()
    scene.application("submitted")
    everywhere = {"HS", "HM", "SD", "AC", "AU"}
    assert finders("基幹的な行政サービス", "application") == {"MP", "MA", "BS", "BM", *everywhere}
    assert finders("基幹的な行政サービス", "application", outside=True) == everywhere


def test_what_the_towns_correct_stays_theirs_until_it_is_submitted_again(db: None):
    scene = Scene()
    application = scene.application("bureau_review")
    reviews.send_back_to_town(
        application_id=application.pk,
        viewer=scene.reviewer(),
        due_on=clock.today() + timedelta(days=7),
        items=[ItemInput("basic", "目的を詳しく記入してください。")],
    )
    Application.objects.filter(pk=application.pk).update(purpose="まだ出していない書きかけの文")
    assert finders("書きかけの文", "application") == {"MP", "MA"}
    assert finders("書きかけの文", "application", outside=True) == set()
    found = finders("専門の研修を単独で", "application")
    assert found == {"BS", "BM", "HS", "HM", "SD", "AC", "AU"}, "the offices find what was submitted, the towns do not"


def test_a_field_officer_finds_her_application_by_number_and_name_alone(db: None):
    scene = Scene()
    application = scene.application("submitted")
    officer = saved(viewer(Duty.MF))
    assert hits(officer, application.number) == []
    ApplicationProject.objects.get(application=application).assignees.add(officer.user_id)
    assert kinds(officer, application.number) == {"application"}
    assert "application" not in kinds(officer, "基幹的な行政サービス")
    assert all(not hit.around for _, hit in hits(officer, application.number))


def test_what_is_said_inside_the_offices_never_reaches_a_town(db: None):
    scene = Scene()
    application = scene.application("bureau_review")
    staff = saved(scene.reviewer())
    about = {"application": application, "by_id": staff.user_id, "who": "審査担当", "office_key": staff.office.key}
    InternalNote.objects.create(**about, text="単価の根拠があやしい", at=application.state_since)
    Opinion.objects.create(**about, text="残額からみて採択は慎重に", at=application.state_since)
    for text in ("単価の根拠", "残額からみて"):
        assert finders(text, "note") == {"BS", "BM", "HS", "HM", "SD", "AU"}
        for duty in (Duty.MP, Duty.MA, Duty.MF, Duty.OB, Duty.AD, Duty.AC):
            assert hits(viewer(duty), text) == []
        assert finders(text, "note", outside=True) == {"HS", "HM", "SD", "AU"}


def test_papers_stay_with_their_case_and_those_for_the_offices_in_the_offices(db: None):
    scene = Scene()
    application = scene.application("granted")
    assert finders("交付決定通知書", "document") == {"MP", "MA", "BS", "BM", "HS", "HM", "SD", "AC", "AU"}
    assert finders("交付決定通知書", "document", outside=True) == {"HS", "HM", "SD", "AC", "AU"}
    inside = DocumentIssue.objects.filter(subject_id=str(application.pk), internal=True)
    for paper in inside:
        assert not any(hit.note.startswith(paper.title) for _, hit in hits(scene.planner(), paper.title))


def test_claims_are_found_by_their_numbers_in_the_offices(db: None):
    scene = Scene()
    application = scene.application("granted")
    Payment.objects.create(
        application=application,
        number=1,
        kind="advance",
        amount_yen=4_321_000,
        document_no="長企第77号",
        creditor_no="00123456",
        claimed_on=application.state_since.date(),
        claimed_by_id=saved(scene.approver()).user_id,
    )
    for text in ("00123456", "長企第77号", "4,321千円"):
        assert finders(text, "payment") == {"BS", "BM", "HS", "HM", "AC", "AU"}, text
    assert "payment" not in finders("00123456", "payment", outside=True) - {"HS", "HM", "AC", "AU"}


def test_an_idea_of_a_region_and_its_papers_stay_with_members_and_offices(db: None):
    scene = Scene()
    idea = RegionFactory(members=scene.members[:2], lead_bureau=scene.bureau, name="ひそかな連携地域", state="idea")
    VisionFactory(region=idea, title="ひそかなビジョン", state="draft", adopted_on=None, future_image="静かな湖畔")
    agreement = AgreementFactory(region=idea, title="ひそかな協定", state="draft", in_force_on=None, signed_on=None)
    AgreementArticle.objects.update_or_create(agreement=agreement, key="purpose", defaults={"text": "秘めた目的"})
    inside = {"MP", "MA", "MF", "HS", "HM", "SD", "AU"}
    assert finders("ひそかな連携", "region") == {*inside, "BS", "BM", "AD"}
    assert finders("静かな湖畔", "vision") == inside
    assert finders("秘めた目的", "agreement") == inside
    for text in ("ひそかな連携", "静かな湖畔", "秘めた目的"):
        for outsider in (
            viewer(Duty.OB),
            viewer(Duty.MP, municipality=FAR_TOWN),
            viewer(Duty.MA, municipality=FAR_TOWN),
            viewer(Duty.BS, bureau=FAR_BUREAU),
            viewer(Duty.BM, bureau=FAR_BUREAU),
        ):
            assert hits(outsider, text) == [], (outsider.name, text)


def test_minutes_are_found_once_they_are_confirmed(db: None):
    scene = Scene()
    meeting = ConferenceMeeting.objects.get()
    meeting.items.create(number=1, title="来年度の進め方", minutes="名寄の例を聞いた")
    assert "meeting" in kinds(scene.planner(), "来年度の進め方")
    assert "meeting" not in kinds(scene.planner(), "名寄の例")
    ConferenceMeeting.objects.update(state="confirmed", confirmed_on=meeting.held_on)
    assert "meeting" in kinds(scene.planner(), "名寄の例")


def test_nobody_without_a_post_finds_anything(db: None):
    Scene().application("granted")
    refresh()
    assert SearchEntry.objects.exists()
    assert search_for(Viewer(), "長沼") == []


def test_every_hit_opens_for_the_person_who_found_it_and_whatever_she_may_open_is_found(db: None):
    world = World().told()
    names = {
        "application": world.case.number,
        "region": world.scene.region.name,
        "project": world.scene.project.name,
        "vision": Vision.objects.filter(state="adopted").first().title,
        "municipality": world.scene.members[0].name,
    }
    pages: dict[str, set[str]] = {}
    for duty in EVERYBODY:
        for elsewhere in ({}, {"municipality": FAR_TOWN, "bureau": FAR_BUREAU}):
            person = viewer(duty, **elsewhere)
            client = client_for(person)
            seen = {
                (group.kind, hit.url)
                for text in (*names.values(), "会議", "募集", "の")
                for group in search_for(person, text, each=2)
                for hit in group.hits
            }
            for _, url in sorted(seen):
                answer = client.get(url, follow=True)  # what was erased leads on to its line in the register of that
                assert answer.status_code == 200, (duty, elsewhere, url)
            for kind, url in seen:
                pages.setdefault(kind, set()).add(url)
            for kind in names:
                known = {url for one, url in seen if one == kind}
                url = KINDS[kind].url(_key(world, kind), None)
                if kind != "vision" and (url in known or client.get(url).status_code == 200):
                    assert url in known, (duty, elsewhere, kind)
    assert set(pages) >= {"application", "document", "region", "project", "vision", "municipality", "call", "meeting"}


def _key(world: World, kind: str) -> str:
    keys = {
        "application": world.case.pk,
        "region": world.scene.region.pk,
        "project": world.scene.project.pk,
        "vision": 0,
        "municipality": world.scene.members[0].pk,
    }
    return str(keys[kind])


def test_what_is_saved_is_found_at_once(db: None):
    scene = Scene()
    draft = scene.application("draft")
    assert "application" not in kinds(scene.planner(), "氷下漁")
    drafts.save_basic(
        application_id=draft.pk, viewer=scene.planner(), revision=None, values={"plan": "氷下漁の体験を広げる。"}
    )
    assert "application" in kinds(scene.planner(), "氷下漁")


def test_what_is_written_past_the_services_is_found_too_and_what_is_gone_is_not(db: None):
    scene = Scene()
    draft = scene.application("draft")
    refresh()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE subsidies_application SET title = 'うみどりの調査' WHERE id = %s", [draft.pk])
    assert "application" in kinds(scene.planner(), "ウミドリ")
    draft.costs.all().delete()
    ApplicationProject.objects.filter(application=draft).delete()
    refresh()
    assert not SearchEntry.objects.get(kind="application", key=str(draft.pk)).text.count("委託料")
    scene.region.names.all().delete()
    InternalNote.objects.all().delete()
    draft.parts.all().delete()
    assert refresh() > 0
    assert refresh() == 0, "nothing changed since"


@pytest.mark.either_database
def test_the_index_is_the_same_however_often_it_is_read(db: None):
    Scene().application("granted")
    refresh()

    def content() -> list[tuple[str, ...]]:
        columns = ("kind", "key", "layer", "title", "note", "name", "text", "amounts", "shown")
        return sorted(SearchEntry.objects.values_list(*columns))

    before = content()
    assert before
    rebuild()
    assert content() == before
    assert rebuild() == rebuild()
    assert content() == before


def test_more_than_are_counted_is_said_and_only_what_is_visible_is_counted(db: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("portal.finding.places.MOST", 3)
    monkeypatch.setattr("portal.search.MOST", 3)
    scene = Scene()
    for until in ("draft", "submitted", "submitted", "submitted", "submitted"):
        scene.call = CallFactory(ruleset=scene.call.ruleset, budgets={"sorachi": 20_000_000})
        scene.application(until)
    (found,) = (group for group in search_for(scene.staff(), "基幹的な行政サービス") if group.kind == "application")
    assert (found.total, found.capped, len(list(found.every()))) == (3, True, 4)
    newest = Application.objects.visible_to(scene.staff()).order_by("-pk")[:3]
    assert {hit.note.partition("　")[0] for hit in found.hits} == {row.number for row in newest}
    page = client_for(scene.staff()).get("/search/", {"q": "基幹的な行政サービス", "kind": "application"})
    assert "3件以上" in page.content.decode()
