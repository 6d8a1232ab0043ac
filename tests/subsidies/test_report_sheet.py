"""The costs of a performance report as a form (F-02): out with the plan's lines, filled in offline, back, taken back."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common.errors import Refused
from common.models import AuditEvent, SheetImport
from common.sheets import importing
from common.viewer import Viewer
from subsidies.models import Application, CostLine, ReportCost
from subsidies.services import completion
from tests.factories.subsidies import Scene
from tests.offline_forms import Sheet, filled, findings, sheets
from tests.viewers import client_for

pytestmark = pytest.mark.django_db
NUMBER, DESCRIPTION, PLANNED, ACTUAL, ELIGIBLE, NOTE, EVIDENCE = 0, 3, 4, 5, 6, 7, 8


@pytest.fixture
def scene() -> Scene:
    return Scene()


def taken(application: Application, who: Viewer) -> bytes:
    answer = client_for(who).get(reverse("subsidies:report_form", args=[application.pk]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def sent(application: Application, who: Viewer, content: bytes) -> SheetImport:
    upload = SimpleUploadedFile("実績.xlsx" if content[:2] == b"PK" else "実績.csv", content)
    run = importing.start(upload, kind="F-02", viewer=who, parameters={"application": application.pk})
    return importing.check(run, who)


def line(application: Application) -> tuple[int | None, int | None, str, str]:
    row = ReportCost.objects.get(report__application=application)
    return row.actual_yen, row.eligible_yen, row.note, row.evidence


def test_the_form_shows_the_plan_and_asks_only_for_what_was_spent(scene: Scene):
    one = scene.application("report_due")
    book = sheets(taken(one, scene.planner()))
    head, first = book["実績報告の経費"][:2]
    assert head == [
        "行番号＊", "取組", "節", "内容", "計画額（円）", "実績額（円）", "うち対象額（円）", "差の理由", "証拠書類の番号",
    ]  # fmt: skip
    assert first == [1, "新規採用職員の合同研修", "委託料", "研修の企画運営", 6_000_000, "", "", "", ""]
    assert AuditEvent.objects.filter(action="report.form", subject_id=str(one.pk)).count() == 1


def test_what_was_filled_in_offline_stands_in_the_report_and_can_be_taken_back(scene: Scene):
    one, who = scene.application("report_due"), scene.planner()

    def spent(rows: Sheet) -> None:
        rows[1][ACTUAL], rows[1][NOTE], rows[1][EVIDENCE] = "5,900,000円", "講師の都合により1回減", "領1"

    run = sent(one, who, filled(taken(one, who), spent))
    assert (run.new, run.changed, run.same, run.error) == (0, 1, 0, 0)
    importing.confirm(run, viewer=who)
    assert line(one) == (5_900_000, 5_900_000, "講師の都合により1回減", "領1")
    again = sent(one, who, taken(one, who))
    assert (again.changed, again.same) == (0, 1)
    importing.undo(run, viewer=who)
    assert line(one) == (None, None, "", "")


def test_a_sheet_without_a_column_leaves_it_as_it_stands(scene: Scene):
    one, who = scene.application("report_due"), scene.planner()
    completion.save_lines(
        application_id=one.pk, costs={1: completion.CostInput(6_000_000, 5_000_000, "", "領1")}, revision=1, viewer=who
    )
    run = sent(one, who, "行番号,実績額（円）\n1,5500000\n".encode())
    importing.confirm(run, viewer=who)
    assert line(one) == (5_500_000, 5_000_000, "", "領1")
    assert findings(sent(one, who, "行番号,実績額（円）\n1,4000000\n".encode()), who) == [
        (2, "2行目：対象額は実績額（4,000,000円）以下にしてください。")
    ]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({ACTUAL: 5, ELIGIBLE: 6}, "2行目：対象額は実績額（5円）以下にしてください。"),
        ({ELIGIBLE: 6}, "2行目：実績額が空欄です。対象額がある行には、実績額を入力してください。"),
        ({ACTUAL: -5}, "2行目：0以上の整数（円）で入力してください。"),
        ({NUMBER: 9}, "2行目：計画の行番号「9」は登録されていません。"),
        (
            {DESCRIPTION: "会場費", ACTUAL: 5},
            "2行目：1行目の経費は「研修の企画運営」です。行番号と内容を確かめてください。",
        ),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_written(scene: Scene, cells: dict[int, object], told: str):
    one, who = scene.application("report_due"), scene.planner()

    def wrong(rows: Sheet) -> None:
        for place, value in cells.items():
            rows[1][place] = value

    run = sent(one, who, filled(taken(one, who), wrong))
    assert findings(run, who) == [(2, told)]
    with pytest.raises(Refused):
        importing.confirm(run, viewer=who)
    assert line(one) == (None, None, "", "")


def test_a_field_officer_takes_out_and_brings_back_her_own_lines_only(scene: Scene):
    one, officer = scene.application("report_due"), scene.field_officer()
    with pytest.raises(Application.DoesNotExist):
        sent(one, officer, "行番号,実績額（円）\n1,5\n".encode())
    one.items.get().assignees.add(officer.user_id)
    run = sent(one, officer, filled(taken(one, officer), lambda rows: rows[1].__setitem__(ACTUAL, 6_000_000)))
    importing.confirm(run, viewer=officer)
    assert line(one)[0] == 6_000_000
    CostLine.objects.filter(application=one).update(project=None)
    one.items.get().assignees.add(officer.user_id)
    answer = client_for(officer).get(reverse("subsidies:report_form", args=[one.pk]))
    assert answer.status_code == 403


def test_a_submitted_report_takes_no_sheet(scene: Scene):
    one, who = scene.application("report_due"), scene.planner()
    form = taken(one, who)
    scene.report(one)
    completion.submit(application_id=one.pk, viewer=scene.approver())
    assert client_for(who).get(reverse("subsidies:report_form", args=[one.pk])).status_code == 302
    run = importing.start(
        SimpleUploadedFile("実績.xlsx", form), kind="F-02", viewer=who, parameters={"application": one.pk}
    )
    with pytest.raises(Refused, match=f"確定済みのデータのため変更できません（実績報告 {one.number}）"):
        importing.check(run, who)
