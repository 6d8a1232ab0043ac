"""What waits for whom, and how a state reads to each side."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from common.viewer import Duty
from subsidies.models import Application, ApprovalStep, CorrectionRound
from subsidies.services import approvals, consents, drafts, reviews, submissions
from subsidies.services.reviews import ItemInput
from subsidies.state_badges import Badge, badge
from subsidies.states import State
from subsidies.worklist import count_for, done_lately, items_for, place_of, waiting_on_others
from tests.factories.subsidies import Scene
from tests.queries import queries_of
from tests.viewers import saved, viewer

from .test_application_list import copies

pytestmark = pytest.mark.django_db


def errands(scene: Scene) -> dict[str, list[str]]:
    """The words each person of the scene reads in the queue."""
    people = {
        "MP": scene.planner(),
        "MA": scene.approver(),
        "other MA": scene.approver("014273"),
        "BS": scene.reviewer(),
        "BM": scene.head(),
        "HS": scene.staff(),
        "HM": scene.decider(),
    }
    found = {name: [item.label for item in items_for(person)] for name, person in people.items()}
    return {name: labels for name, labels in found.items() if labels}


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("draft", {"MP": ["作成中"]}),
        ("preconsult", {"BS": ["要協議"]}),
        ("consent", {"MA": ["要同意"], "other MA": ["要同意"]}),
        ("ready", {"MA": ["要提出"]}),
        ("submitted", {"BS": ["要受付"]}),
        ("bureau_review", {"BS": ["審査中"]}),
        ("hq_review", {"HS": ["要審査"]}),
        ("approval", {"BM": ["要決裁"]}),
        ("granted", {}),
    ],
)
def test_each_state_waits_for_the_duty_whose_turn_it_is(until: str, expected: dict[str, list[str]]):
    scene = Scene()
    scene.application(until)
    assert errands(scene) == expected


def test_a_bureau_review_passes_from_staff_to_decider_with_the_opinion():
    scene = Scene()
    one = scene.application("bureau_review")
    reviews.write_opinion(application_id=one.pk, viewer=scene.reviewer(), text="採択が適当", priority="normal")
    assert errands(scene) == {"BS": ["審査中"], "BM": ["要進達"]}  # judgements are still open
    Application.objects.filter(pk=one.pk).update(judge_count=0, fail_count=0)
    assert errands(scene) == {"BM": ["要進達"]}
    Application.objects.filter(pk=one.pk).update(fail_count=1)
    assert "BS" in errands(scene)
    reviews.write_opinion(application_id=one.pk, viewer=scene.reviewer(), text="不適当", priority="against")
    assert errands(scene) == {"BM": ["要進達"]}


def test_after_headquarters_answered_the_authority_drafts():
    scene = Scene()
    one = scene.application("hq_review")
    reviews.write_opinion(application_id=one.pk, viewer=scene.staff(), text="支障ない。")
    Application.objects.filter(pk=one.pk).update(judge_count=0)
    assert errands(scene) == {"BS": ["要起案"]}


def test_a_departments_opinion_is_not_the_answer_of_headquarters():
    scene = Scene()
    one = scene.application("hq_review")
    department = saved(viewer(Duty.SD, section="情報政策課"))
    reviews.write_opinion(application_id=one.pk, viewer=department, text="意見なし。")
    assert errands(scene) == {"HS": ["要審査"]}


def test_a_return_waits_for_answers_then_for_the_approver_then_for_the_bureau_again():
    scene = Scene()
    one = scene.application("bureau_review")
    current = reviews.send_back_to_town(
        application_id=one.pk,
        viewer=scene.reviewer(),
        items=[ItemInput("costs", "見積書を付けてください。")],
        due_on=clock.today() + timedelta(days=10),
    )
    assert errands(scene) == {"MP": ["要補正"]}
    item = current.items.get()
    reviews.answer_item(application_id=one.pk, viewer=scene.planner(), item_id=item.pk, answer="付けました。")
    assert errands(scene) == {"MA": ["要再提出"]}
    by = {"application_id": one.pk, "viewer": scene.planner(), "revision": None}
    drafts.save_basic(**by, values={"end_on": one.end_on + timedelta(days=1)})
    consents.ask_again(application_id=one.pk, viewer=scene.planner())
    assert errands(scene) == {"MA": ["要同意"], "other MA": ["要同意"]}
    row = Application.objects.with_own_consent(scene.approver("014273")).get(pk=one.pk)
    assert badge(row, scene.approver("014273")) == Badge("要同意", "ours")
    for town in scene.members:
        consents.agree(application_id=one.pk, viewer=scene.approver(town.code))
    assert errands(scene) == {"MA": ["要再提出"]}
    submissions.resubmit(application_id=one.pk, viewer=scene.approver())
    assert errands(scene) == {"BS": ["再提出"]}
    assert items_for(scene.reviewer())[0].subtitle == "交付申請（1年目、補正1回目）"


def test_an_overdue_correction_waits_for_the_bureaus_decider_seven_days_after_the_reminder():
    scene = Scene()
    one = scene.application("bureau_review")
    reviews.send_back_to_town(
        application_id=one.pk,
        viewer=scene.reviewer(),
        items=[ItemInput("costs", "直してください。")],
        due_on=clock.today(),
    )
    today = clock.today()
    rounds = CorrectionRound.objects.filter(application=one)
    rounds.update(due_on=today - timedelta(days=9), reminded_on=today - timedelta(days=6))
    assert "BM" not in errands(scene)
    rounds.update(reminded_on=today - timedelta(days=7))
    assert errands(scene)["BM"] == ["要失効確認"]


def test_a_concurring_department_waits_only_until_it_has_agreed():
    scene = Scene()
    one = scene.application("approval")
    department = saved(viewer(Duty.SD, section="情報政策課"))
    elsewhere = saved(viewer(Duty.SD, section="医療課"))
    ApprovalStep.objects.create(
        route=one.routes.get(),
        order=9,
        kind="concur",
        office_key="prefecture:01/情報政策課",
        duty="SD",
        label="情報政策課",
    )
    assert [item.label for item in items_for(department)] == ["要合議"]
    assert items_for(elsewhere) == []
    approvals.concur(application_id=one.pk, viewer=department)
    assert items_for(department) == []


@pytest.mark.parametrize("duty", [Duty.AU, Duty.AD, Duty.OB, Duty.MF, Duty.AC])
def test_duties_without_errands_read_an_empty_queue(duty: Duty):
    Scene().application("bureau_review")
    person = saved(viewer(duty))
    assert items_for(person) == []
    assert count_for(person) == 0


def test_the_queue_stands_by_due_date_and_knows_the_next_case():
    scene = Scene()
    one = scene.application("bureau_review")
    late, last = copies(one, 2)
    Application.objects.filter(pk=late.pk).update(due_on=clock.today() - timedelta(days=1))
    Application.objects.filter(pk=last.pk).update(due_on=clock.today() + timedelta(days=90))
    person = scene.reviewer()
    items = items_for(person)
    assert [item.pk for item in items] == [late.pk, one.pk, last.pk]
    assert [(item.shape, item.label) for item in items[:2]] == [("late", "期限超過"), ("ours", "審査中")]
    assert count_for(person) == 3
    assert (place_of(one.pk, person).line, place_of(one.pk, person).total) == (2, 3)
    assert place_of(one.pk, person).next_url == f"/applications/{last.pk}/review/"
    assert place_of(last.pk, person).next_url == f"/applications/{late.pk}/review/"
    assert place_of(999, person).line is None


def test_a_town_reads_no_counts_of_findings():
    scene = Scene()
    one = scene.application("submitted")
    Application.objects.filter(pk=one.pk).update(state=State.RETURNED)
    assert [(item.ng, item.judge) for item in items_for(scene.approver())] == [(None, None)]
    Application.objects.filter(pk=one.pk).update(state=State.SUBMITTED)
    assert items_for(scene.reviewer())[0].judge is not None


def test_the_queue_asks_as_often_for_many_rows_as_for_two():
    scene = Scene()
    one = scene.application("bureau_review")
    person = scene.reviewer()
    copies(one, 1)
    few = len(queries_of(lambda: items_for(person)))
    copies(one, 60)
    assert len(queries_of(lambda: items_for(person))) == few <= 4


def test_what_waits_for_others_and_what_was_done():
    scene = Scene()
    one = scene.application("bureau_review")
    mine = waiting_on_others(scene.planner())
    assert [(item.label, item.shape, item.url) for item in mine] == [("審査中", "them", f"/applications/{one.pk}/")]
    assert waiting_on_others(scene.reviewer()) == []
    done = done_lately(scene.reviewer())
    assert [item.label for item in done] == ["受付", "事前協議"]
    assert done[0].who == "テスト 振興局 審査担当"
    assert done_lately(saved(viewer(Duty.BS, bureau="nemuro"))) == []


def test_the_word_changes_with_the_reader():
    scene = Scene()
    one = scene.application("bureau_review")
    stranger = viewer(Duty.BM, bureau="nemuro")
    readings = {
        "town": badge(one, scene.planner()),
        "bureau": badge(one, scene.reviewer()),
        "hq": badge(one, scene.staff()),
        "other bureau": badge(one, stranger),
    }
    assert readings == {
        "town": Badge("審査中", "them"),
        "bureau": Badge("要審査", "ours"),
        "hq": Badge("振興局審査中", "them"),
        "other bureau": Badge("振興局審査中", "them"),
    }
    one.state = State.APPROVAL
    assert badge(one, scene.head()) == Badge("要決裁", "ours")
    assert badge(one, scene.head(), authority="hq") == Badge("決裁中", "them")
    assert badge(one, scene.decider(), authority="hq") == Badge("要決裁", "ours")
    assert badge(one, scene.planner()) == Badge("審査中", "them")  # the circulation inside is not theirs to know
    one.state, one.due_on = State.RETURNED, clock.today() - timedelta(days=1)
    assert badge(one, scene.planner()) == Badge("補正期限超過", "late")
    assert badge(one, scene.planner("014273")) == Badge("補正中", "them")
    one.state = State.WITHDRAWN
    assert badge(one, scene.planner()) == Badge("取下げ", "end")


@pytest.mark.parametrize("state", State)
def test_every_state_reads_as_something_to_every_side(state: State):
    one = Application(state=state, lead_id="014281", lead_bureau_id="sorachi")
    sides = (Duty.MP, Duty.BS, Duty.HS, Duty.AU)
    for person in (*(viewer(duty) for duty in sides), viewer(Duty.MP, municipality="014273")):
        found = badge(one, person)
        assert found.label
        assert found.shape in ("ours", "them", "done", "late", "end")
