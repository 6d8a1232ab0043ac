"""Cost lines and KPI plan as forms: out with lists and locked cells, filled offline, and back through the engine."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common.errors import Conflict, Refused
from common.models import AuditEvent, SheetImport
from common.sheets import importing
from common.viewer import Duty, Viewer
from regions.models import Kpi
from subsidies.models import Application, CostLine
from subsidies.services import drafts
from tests.factories.subsidies import Scene
from tests.offline_forms import Sheet, filled, findings, sheets
from tests.viewers import client_for, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def taken(application: Application, step: str, who: Viewer) -> bytes:
    answer = client_for(who).get(reverse("subsidies:draft_form", args=[application.pk, step]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def sent(kind: str, application: Application, who: Viewer, content: bytes) -> SheetImport:
    upload = SimpleUploadedFile("経費.xlsx", content)
    run = importing.start(upload, kind=kind, viewer=who, parameters={"application": application.pk})
    return importing.check(run, who)


def test_the_cost_form_holds_the_lines_the_lists_and_the_way_back(scene: Scene):
    application = scene.application()
    book = sheets(taken(application, "costs", scene.planner()))
    assert list(book) == ["経費明細", "書き方", "選択肢"]
    head, first = book["経費明細"][:2]
    assert head[:5] == ["行番号＊", "取組コード＊", "負担市町村コード＊", "節＊", "内容＊"]
    project = f"{scene.project.code}　新規採用職員の合同研修"
    assert first[:5] == [1, project, "014281　長沼町", "委託料", "研修の企画運営"]
    assert first[8:] == [6_000_000, 6_000_000, "ソフト", "なし"]
    lists = {column[0]: [cell for cell in column[1:] if cell] for column in zip(*book["選択肢"], strict=True)}
    assert lists["取組"] == ["（共通）", project]
    assert lists["構成市町村"] == ["（共同）", "014273　由仁町", "014281　長沼町", "014290　栗山町"]
    assert lists["節"] == CostLine.Category.labels
    assert any(application.number in row[0] for row in book["書き方"])
    assert AuditEvent.objects.filter(action="application.form").count() == 1


def test_only_what_is_to_be_filled_in_is_open_and_lists_are_offered(scene: Scene):
    form = zipfile.ZipFile(io.BytesIO(taken(scene.application(), "costs", scene.planner())))
    page = form.read("xl/worksheets/sheet1.xml").decode()
    styles = form.read("xl/styles.xml").decode()
    cells = dict(re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', page))
    formats = [part.split("<xf ")[0] for part in styles.split("<cellXfs")[1].split("<xf ")[1:]]
    opened = {place for place, style in cells.items() if 'locked="0"' in formats[int(style)]}
    assert "<sheetProtection" in page
    assert "password" not in page
    assert {"B2", "E2", "I2", "B3", "I3", "L102"} <= opened
    assert not {"A1", "E1", "A2", "A3", "A102"} & opened
    lists = re.findall(
        r'<dataValidation type="list".*?sqref="([A-Z]+\d+:[A-Z]+\d+)".*?<formula1>(.*?)</formula1>', page
    )
    assert ("B2:B102", "選択肢!$A$2:$A$3") in lists
    assert ("D2:D102", f"選択肢!$C$2:$C${len(CostLine.Category.labels) + 1}") in lists
    assert 'showErrorMessage="1"' in page


def test_the_form_as_it_came_changes_nothing(scene: Scene):
    application, who = scene.application(), scene.planner()
    CostLine.objects.update(description="〜研修―の企画", quantity=Decimal("2.50"), unit_price_yen=2_400_000)
    run = sent("I-11", application, who, taken(application, "costs", who))
    assert (run.new, run.changed, run.same, run.error) == (0, 0, 1, 0)
    run = sent("F-01", application, who, taken(application, "kpi", who))
    assert (run.new, run.changed, run.same, run.error) == (0, 0, 1, 0)


def test_lines_filled_in_offline_stand_in_the_application_and_can_be_taken_back(scene: Scene):
    application, who = scene.application(), scene.planner()
    before = application.revision

    def change(rows: Sheet) -> None:
        rows[1][4] = "研修の企画と運営"
        rows.append([2, "（共通）", "由仁町", "旅費", "講師の旅費", "３", "人", "１２，０００", "36,000円", "", "", ""])

    run = sent("I-11", application, who, filled(taken(application, "costs", who), change))
    assert (run.new, run.changed, run.same, run.error) == (1, 1, 0, 0), findings(run, who)
    importing.confirm(run, viewer=who)
    first, second = application.costs.order_by("number")
    assert (first.description, first.amount_yen, first.project) == ("研修の企画と運営", 6_000_000, scene.project)
    assert (second.category, second.member_id, second.project_id) == ("travel", "014273", None)
    assert (second.quantity, second.unit_price_yen, second.amount_yen, second.eligible_yen) == (
        3,
        12_000,
        36_000,
        36_000,
    )
    application.refresh_from_db()
    assert application.revision == before + 1
    assert AuditEvent.objects.filter(title="経費明細をExcelから取込").count() == 1
    again = sent("I-11", application, who, taken(application, "costs", who))
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    importing.undo(SheetImport.objects.get(pk=run.pk), who)
    (line,) = application.costs.all()
    assert line.description == "研修の企画運営"


@pytest.mark.parametrize("written", ["014273", 14273, 1427, "01427", "由仁町", "014273 由仁町", "０１４２７３　由仁町"])
def test_a_municipality_is_read_by_its_code_in_every_shape_or_by_its_name(scene: Scene, written: Any):
    application, who = scene.application(), scene.planner()

    def change(rows: Sheet) -> None:
        rows[1][2] = written

    run = sent("I-11", application, who, filled(taken(application, "costs", who), change))
    importing.confirm(run, viewer=who)
    assert application.costs.get().member_id == "014273"


@pytest.mark.parametrize(
    ("at", "value", "text"),
    [
        (0, 4, "行番号＊は、登録済みの最後の番号に続けて2から順に付けてください。"),
        (1, "Z-9 どこかの取組", "「Z-9 どこかの取組」は選べません。選べるのは（共通）、"),
        (2, "札幌市", "「札幌市」は選べません。選べるのは（共同）、014273　由仁町、"),
        (3, "食糧費", "「食糧費」は選べません。"),
        (4, "", "「内容＊」が未入力です。"),
        (4, "あ" * 201, "201字です。200字以内で入力してください。"),
        (5, "三つ", "数値ではありません（「三つ」）。"),
        (8, "", "「金額（円）＊」が未入力です。"),
        (8, -1, "0以上の整数（円）で入力してください。"),
        (8, 35_000, "数量×単価（36,000円）と一致しません。"),
        (9, 36_001, "対象額は金額（36,000円）以下にしてください。"),
        (10, "中間", "「中間」は選べません。選べるのはハード、ソフト"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column_and_nothing_is_written(scene: Scene, at: int, value: Any, text: str):
    application, who = scene.application(), scene.planner()
    line = [2, "（共通）", "（共同）", "旅費", "講師の旅費", 3, "人", 12_000, 36_000, 36_000, "ソフト", "なし"]
    line[at] = value
    run = sent("I-11", application, who, filled(taken(application, "costs", who), lambda rows: rows.append(line)))
    assert run.error == 1
    found = findings(run, who)
    assert {row for row, _ in found} == {3}
    assert any(told.startswith(f"3行目：{text}") for _, told in found), found
    with pytest.raises(Refused):
        importing.confirm(run, viewer=who)
    assert application.costs.count() == 1


def test_a_line_that_somebody_saved_meanwhile_is_not_overwritten(scene: Scene):
    application, who = scene.application(), scene.planner()

    def change(rows: Sheet) -> None:
        rows[1][4] = "家で書いた内容"

    run = sent("I-11", application, who, filled(taken(application, "costs", who), change))
    drafts.merge_costs(
        application_id=application.pk, viewer=scene.planner("014273"), lines={1: {"description": "由仁町が直した"}}
    )
    with pytest.raises(Conflict, match="2行目"):
        importing.confirm(run, viewer=who)
    assert application.costs.get().description == "由仁町が直した"


def test_a_submitted_application_takes_no_form(scene: Scene):
    application, who = scene.application("submitted"), scene.planner()
    answer = client_for(who).get(reverse("subsidies:draft_form", args=[application.pk, "costs"]))
    assert answer.status_code == 302
    upload = SimpleUploadedFile("経費.csv", "行番号,取組コード,負担市町村コード,節,内容,金額\n".encode())
    run = importing.start(upload, kind="I-11", viewer=who, parameters={"application": application.pk})
    with pytest.raises(Refused, match=f"確定済みのデータのため変更できません（申請 {application.number}）"):
        importing.check(run, who)


def test_an_import_stays_readable_after_the_application_was_submitted_and_then_cannot_be_undone(scene: Scene):
    application, who = scene.application(), scene.planner()
    run = sent(
        "I-11", application, who, filled(taken(application, "costs", who), lambda rows: rows[1].__setitem__(4, "改"))
    )
    importing.confirm(run, viewer=who)
    for step in ("_preconsult", "_consulted", "_consent", "_ready", "_submitted"):
        getattr(scene, step)(application)
    for reader in (who, scene.approver(), viewer(Duty.AU)):
        page = client_for(reader).get(reverse("portal:import_detail", args=[run.pk]))
        assert page.status_code == 200
        assert "研修の企画運営" in page.content.decode()
    with pytest.raises(Refused, match="書き換えられません"):
        importing.undo(SheetImport.objects.get(pk=run.pk), who)
    assert application.costs.get().description == "改"


def test_whoever_may_not_write_the_application_brings_nothing_in(scene: Scene):
    application = scene.application()
    content = taken(application, "costs", scene.planner())
    for stranger in (viewer(Duty.MP, municipality="012238"), scene.field_officer()):
        with pytest.raises((Application.DoesNotExist, PermissionDenied)):
            sent("I-11", application, stranger, content)
    assert not SheetImport.objects.exists()


def test_an_import_into_a_draft_is_known_to_its_town_and_to_auditors_alone(scene: Scene):
    application, who = scene.application(), scene.planner()
    run = sent("I-11", application, who, taken(application, "costs", who))
    seeing = [who, scene.approver(), viewer(Duty.AU)]
    blind = [viewer(Duty.HS), viewer(Duty.AD), scene.reviewer(), scene.planner("014273")]
    assert [run in SheetImport.objects.visible_to(person) for person in seeing + blind] == [True] * 3 + [False] * 4


def test_kpis_come_back_with_their_path_and_a_new_one_gets_the_next_number(scene: Scene):
    application, who = scene.application(), scene.planner()
    project = f"{scene.project.code}　新規採用職員の合同研修"

    def change(rows: Sheet) -> None:
        head = rows[0]
        rows[1][head.index("令和8年度の計画値")] = 45
        row: list[Any] = [""] * len(head)
        row[:12] = [project, 2, "空き家の数", "戸", "アウトカム", "減らす", "新規", "", "▲3,639", "以下", "R11", "調査"]
        rows.append(row)

    run = sent("F-01", application, who, filled(taken(application, "kpi", who), change))
    assert (run.new, run.changed, run.same, run.error) == (1, 1, 0, 0), findings(run, who)
    importing.confirm(run, viewer=who)
    first, second = Kpi.objects.filter(project=scene.project).order_by("number")
    assert {target.fiscal_year: target.value for target in first.targets.all()} == {
        2026: 45,
        2027: 80,
        2028: 120,
        2029: 160,
    }
    assert (first.target, first.qualifier) == (150, "at_least")
    assert (second.number, second.baseline_is_new, second.target, second.target_fy) == (2, True, -3639, 2029)
    again = sent("F-01", application, who, taken(application, "kpi", who))
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    importing.undo(SheetImport.objects.get(pk=run.pk), who)
    (kpi,) = Kpi.objects.filter(project=scene.project)
    assert kpi.targets.get(fiscal_year=2026).value == 40


@pytest.mark.parametrize(
    ("heading", "value", "text"),
    [
        ("KPI番号＊", 5, "KPI番号＊は、登録済みの最後の番号に続けて2から順に付けてください。"),
        ("基準年度", "", "基準値の年度を入力してください。"),
        ("目標値", "", "目標値を入力してください（条件が「全数」のときを除く）。"),
        ("目標年度＊", "R6", "目標年度は基準年度より後にしてください。"),
        ("目標年度＊", "来年", "年度として読み取れません（例：令和6年度、R6、2024）。"),
        ("基準値＊", "多い", "数値ではありません（「多い」）。"),
        ("令和9年度の計画値", "たくさん", "数値ではありません（「たくさん」）。"),
    ],
)
def test_a_wrong_kpi_is_named_by_row_and_column(scene: Scene, heading: str, value: Any, text: str):
    application, who = scene.application(), scene.planner()

    def change(rows: Sheet) -> None:
        head = rows[0]
        row: list[Any] = [""] * len(head)
        row[:12] = [
            scene.project.code,
            2,
            "空き家の数",
            "戸",
            "アウトカム",
            "減らす",
            100,
            "R7",
            50,
            "以下",
            "R11",
            "調査",
        ]
        row[head.index(heading)] = value
        rows.append(row)

    run = sent("F-01", application, who, filled(taken(application, "kpi", who), change))
    assert run.error == 1
    assert (3, f"3行目：{text}") in findings(run, who)
