"""I-09 取組・KPI and I-10 KPI実績 from a sheet, and the form of a region both ways."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from common.errors import Conflict, Refused
from common.models import AuditEvent
from common.sheets import importing
from common.viewer import Duty
from regions import services
from regions.models import Kpi, KpiActual
from regions.services import ActualEntry
from tests.factories.regions import KpiFactory, ProjectFactory, RegionFactory
from tests.viewers import client_for, saved, viewer

from ..kinds import book, brought_in, checked, counts, found, sentences

ACTUALS = ["地域コード", "取組コード", "KPI番号", "年度", "実績値", "根拠"]


@pytest.fixture
def kpi(world) -> Kpi:
    project = ProjectFactory(region=world.region, code="P-1", name="合同研修", from_fy=2022)
    return KpiFactory(project=project, number=1, baseline_fy=2021, data_source="参加者名簿")


class TestActuals:
    def test_values_of_every_shape_come_in_and_go_back(self, world, kpi):
        code = world.region.pk
        run = brought_in(
            "I-10",
            book(
                ACTUALS,
                [code, "P-1", 1, "R4", "１，０２０", "報告書"],
                [code, "P-1", "1", "令和5年度", "▲3,639", ""],
                [code, "Ｐ－１", 1.0, 2024, 12.5, "名簿"],
            ),
            world.planner(),
        )
        assert counts(run) == (3, 0, 0, 0)
        assert list(kpi.actuals.values_list("fiscal_year", "value", "evidence")) == [
            (2022, 1020, "報告書"),
            (2023, -3639, "参加者名簿"),
            (2024, Decimal("12.5"), "名簿"),
        ]
        assert AuditEvent.objects.filter(action="kpi.import", after__kpis=[kpi.pk]).count() == 1
        kpi.refresh_from_db()
        assert kpi.revision == 2
        importing.undo(run, world.planner())
        assert not KpiActual.objects.exists()

    def test_the_same_sheet_twice_changes_nothing_and_a_changed_value_can_be_taken_back(self, world, kpi):
        sheet = [world.region.pk, "P-1", 1, "R6", 40, "名簿"]
        brought_in("I-10", book(ACTUALS, sheet), world.planner())
        again = checked("I-10", book(ACTUALS, sheet), world.planner())
        assert counts(again) == (0, 0, 1, 0)
        run = brought_in("I-10", book(ACTUALS, [*sheet[:4], 44, ""]), world.planner())
        assert counts(run) == (0, 1, 0, 0)
        assert kpi.actuals.get().value == 44
        importing.undo(run, world.planner())
        row = kpi.actuals.get()
        assert (row.value, row.evidence) == (40, "名簿")

    def test_empty_years_of_the_form_are_left_alone_and_an_actual_is_not_emptied(self, world, kpi):
        planner = world.planner()
        services.record_actuals([ActualEntry(kpi.pk, 2024, Decimal(40))], viewer=planner)
        run = checked(
            "I-10",
            book(ACTUALS, [world.region.pk, "P-1", 1, "R4", "", ""], [world.region.pk, "P-1", 1, "R6", "", ""]),
            planner,
        )
        assert counts(run) == (0, 0, 1, 1)
        assert sentences(run, planner) == ["3行目：「実績値」が未入力です。"]

    @pytest.mark.parametrize(
        ("change", "place", "id"),
        [
            ({0: "ZZZ"}, "地域コード", "E-61"),
            ({1: "P-9"}, "取組コード", "E-61"),
            ({2: 9}, "KPI番号", "E-61"),
            ({3: "いつか"}, "年度", "E-12"),
            ({3: "R9"}, "年度", "E-64"),
            ({4: "多数"}, "実績値", "E-09"),
            ({3: ""}, "年度", "E-05"),
        ],
    )
    def test_each_fault_names_its_cell(self, world, kpi, change, place, id):
        row: list[Any] = [world.region.pk, "P-1", 1, "R6", 40, "名簿"]
        for at, value in change.items():
            row[at] = value
        run = checked("I-10", book(ACTUALS, row), world.planner())
        assert (2, place, id) in found(run, world.planner())

    def test_names_beside_the_codes_are_compared(self, world, kpi):
        head = [*ACTUALS, "取組名", "KPI名"]
        row = [world.region.pk, "P-1", 1, "R6", 40, "名簿"]
        run = checked("I-10", book(head, [*row, "合同研修", "別の指標"]), world.planner())
        assert sentences(run, world.planner()) == ["2行目：このKPI番号のKPIは「参加した職員」です。"]
        run = checked("I-10", book(head, [*row, "別の取組", "参加した職員"]), world.planner())
        assert sentences(run, world.planner()) == ["2行目：この取組コードの取組は「合同研修」です。"]

    def test_without_evidence_and_source_the_cell_is_named(self, world, kpi):
        Kpi.objects.update(data_source="")
        run = checked("I-10", book(ACTUALS[:5], [world.region.pk, "P-1", 1, "R6", 40]), world.planner())
        assert sentences(run, world.planner()) == ["2行目：「根拠」が未入力です。"]

    def test_a_cumulative_value_that_falls_is_only_pointed_out(self, world, kpi):
        Kpi.objects.update(cumulative=True)
        rows = [[world.region.pk, "P-1", 1, year, value, ""] for year, value in (("R5", 40), ("R6", 38))]
        run = checked("I-10", book(ACTUALS, *rows), world.planner())
        assert (run.new, run.warning) == (2, 1)
        assert sentences(run, world.planner()) == [
            "3行目：累計の指標ですが、前の年度の実績（40）より小さい値です。確認してください。"
        ]

    def test_a_messy_sheet_is_read(self, world, kpi):
        """Title, two-line heading, notes, a total at the end, full-width digits: as offices send them."""
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as made:
            page = made.add_worksheet("R6実績")
            rows = [
                ["令和6年度 KPI実績調べ"],
                ["担当：企画課"],
                [],
                ["連携地域コード", "取組番号", "指標番号", "実績年度", "実績", "実績の根拠"],
                [world.region.pk, "P-1", "１", "令和６年度", "４０ 人", "名簿　"],
                ["※年度末現在"],
            ]
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
        run = brought_in("I-10", SimpleUploadedFile("実績.xlsx", out.getvalue()), world.planner())
        assert counts(run)[:2] == (1, 0)
        assert kpi.actuals.get().value == 40

    def test_whose_rows_they_may_be(self, world, kpi):
        mine = [world.region.pk, "P-1", 1, "R6", 40, "名簿"]
        foreign = RegionFactory(members=[world.betsukai], lead_bureau=world.nemuro)
        KpiFactory(project__region=foreign, project__code="Q-1", number=1, data_source="名簿")
        other = [foreign.pk, "Q-1", 1, "R6", 40, "名簿"]
        for person in (world.planner(), world.reviewer()):
            run = checked("I-10", book(ACTUALS, mine, other), person)
            assert found(run, person) == [(3, "地域コード", "E-18")]
        run = brought_in("I-10", book(ACTUALS, mine, other), world.staff())
        assert counts(run) == (2, 0, 0, 0)
        for duty in (Duty.MA, Duty.MF, Duty.BM, Duty.AC, Duty.OB):
            with pytest.raises(PermissionDenied):
                checked("I-10", book(ACTUALS, mine), saved(viewer(duty)))

    def test_a_region_that_only_its_towns_know_does_not_show_in_a_sheet(self, world):
        idea = RegionFactory(members=[world.betsukai], lead_bureau=world.nemuro, state="idea")
        KpiFactory(project__region=idea, project__code="Q-1", number=1)
        run = checked("I-10", book(ACTUALS, [idea.pk, "Q-1", 1, "R6", 40, "名簿"]), world.planner())
        assert found(run, world.planner()) == [(2, "地域コード", "E-61")]

    def test_what_changed_since_the_dry_run_is_not_overwritten(self, world, kpi):
        planner = world.planner()
        run = checked("I-10", book(ACTUALS, [world.region.pk, "P-1", 1, "R6", 40, "名簿"]), planner)
        services.record_actuals([ActualEntry(kpi.pk, 2024, Decimal(50))], viewer=world.planner(world.yuni))
        with pytest.raises(Conflict):
            importing.confirm(run, viewer=planner)
        assert kpi.actuals.get().value == 50

    def test_an_import_under_a_file_of_evidence_is_not_taken_back(self, world, kpi):
        planner = world.planner()
        run = brought_in("I-10", book(ACTUALS, [world.region.pk, "P-1", 1, "R6", 40, "名簿"]), planner)
        upload = SimpleUploadedFile("名簿.pdf", b"%PDF-1.4\n%%EOF\n")
        services.attach_evidence(kpi.pk, fiscal_year=2024, upload=upload, viewer=planner)
        with pytest.raises(Refused, match="根拠のファイル"):
            importing.undo(run, planner)
        assert kpi.actuals.get().value == 40


def test_the_form_leaves_prefilled_and_comes_back(world, kpi):
    planner = world.planner()
    services.record_actuals([ActualEntry(kpi.pk, 2022, Decimal(30))], viewer=planner)
    answer = client_for(planner).get(f"/regions/{world.region.pk}/kpis/form.xlsx")
    content = b"".join(answer.streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0][:6] == ["地域コード＊", "取組コード＊", "KPI番号＊", "年度＊", "実績値＊", "根拠"]
    assert [row[3] for row in rows[1:]] == ["令和4年度", "令和5年度", "令和6年度", "令和7年度", "令和8年度"]
    assert rows[1][4:9] == [30, "参加者名簿", "合同研修", "参加した職員", "人"]
    untouched = checked("I-10", SimpleUploadedFile("様式.xlsx", content), planner)
    assert counts(untouched) == (0, 0, 5, 0)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        page = made.add_worksheet("KPI実績")
        rows[4][4:6] = [88, "令和7年度の名簿"]
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    run = brought_in("I-10", SimpleUploadedFile("様式.xlsx", out.getvalue()), planner)
    assert counts(run) == (1, 0, 4, 0)
    assert kpi.actuals.get(fiscal_year=2025).value == 88


PLANS = [
    "地域コード", "取組コード", "取組名", "分野", "開始年度", "終了年度", "KPI番号", "KPI名", "単位", "種別", "方向",
    "基準値", "基準年度", "目標値", "条件", "目標年度",
]  # fmt: skip
KPI_CELLS = ["参加した職員", "人", "アウトカム", "増やす", 0, "R5", "１８０", "以上", "令和8年度"]


class TestPlans:
    def first(self, world, *more: Any) -> list[Any]:
        return [world.region.pk, "P-1", "合同研修", "防災", "R6", "", 1, *(more or KPI_CELLS)]

    def test_an_initiative_with_its_kpis_comes_in_and_goes_back(self, world):
        second = [
            *self.first(world)[:6], 2, "転入者数－転出者数", "人", "アウトカム", "増やす", "▲3,639", "R6", "▲2,000", "", "R11",
        ]  # fmt: skip
        alone = [world.region.pk, "P-2", "情報交換会", "防災", 2024, "R7", "", *[""] * 9]
        run = brought_in("I-09", book(PLANS, self.first(world), second, alone), world.planner())
        assert counts(run) == (3, 0, 0, 0)
        project = world.region.projects.get(code="P-1")
        assert (project.name, project.main_field, project.from_fy) == ("合同研修", world.disaster, 2024)
        assert list(project.kpis.values_list("number", "baseline", "target", "qualifier", "target_fy")) == [
            (1, 0, 180, "at_least", 2026),
            (2, -3639, -2000, "", 2029),
        ]
        assert project.names.get().from_fy == 2024
        again = checked("I-09", book(PLANS, self.first(world), second, alone), world.planner())
        assert counts(again) == (0, 0, 3, 0)
        importing.undo(run, world.planner())
        assert not world.region.projects.exists()

    def test_a_kpi_for_an_initiative_that_stands_leaves_the_initiative_when_taken_back(self, world):
        project = ProjectFactory(region=world.region, code="P-1", name="合同研修", from_fy=2024)
        project.main_field = world.disaster
        project.save()
        project.fields.add(world.disaster)
        run = brought_in("I-09", book(PLANS, self.first(world)), world.planner())
        assert counts(run) == (1, 0, 0, 0)
        importing.undo(run, world.planner())
        assert not Kpi.objects.exists()
        assert world.region.projects.get() == project

    def test_a_changed_target_keeps_the_planned_years_and_can_be_taken_back(self, world):
        brought_in("I-09", book(PLANS, self.first(world)), world.planner())
        kpi = Kpi.objects.get()
        kpi.targets.create(fiscal_year=2025, value=100)
        changed = self.first(world, *KPI_CELLS[:6], 200, "以上", "R9")
        run = brought_in("I-09", book(PLANS, changed), world.planner())
        assert counts(run) == (0, 1, 0, 0)
        kpi.refresh_from_db()
        assert (kpi.target, kpi.target_fy, kpi.targets.get().value) == (200, 2027, 100)
        importing.undo(run, world.planner())
        kpi.refresh_from_db()
        assert (kpi.target, kpi.target_fy) == (180, 2026)

    def test_new_all_and_kept_baselines_and_targets_are_read(self, world):
        rows = [
            self.first(world, "満足度", "％", "アウトカム", "増やす", "新規", "", 80, "以上", "R8"),
            [
                *self.first(world)[:6],
                2,
                "参加市町村",
                "市町村",
                "アウトプット",
                "増やす",
                1,
                "R5",
                "",
                "全市町村",
                "R8",
            ],
            [*self.first(world)[:6], 3, "病院", "か所", "アウトカム", "維持する", 5, "R5", 5, "維持", "R8"],
            [*self.first(world)[:6], 4, "事故", "件", "アウトカム", "減らす", 3, "R5", 0, "以下", "R8"],
        ]
        brought_in("I-09", book(PLANS, *rows), world.planner())
        assert list(Kpi.objects.values_list("baseline_is_new", "baseline", "target", "qualifier", "direction")) == [
            (True, None, 80, "at_least", "up"),
            (False, 1, None, "all", "up"),
            (False, 5, 5, "keep", "keep"),
            (False, 3, 0, "at_most", "down"),
        ]

    @pytest.mark.parametrize(
        ("change", "place", "id"),
        [
            ({0: "ZZZ"}, "地域コード", "E-61"),
            ({3: "宇宙"}, "分野", "E-44"),
            ({3: ""}, "分野", "E-05"),
            ({5: "R5"}, "終了年度", "E-64"),
            ({6: ""}, "KPI番号", "E-05"),
            ({7: ""}, "KPI名", "E-05"),
            ({10: "上げる"}, "方向", "E-44"),
            ({11: "いくつか"}, "基準値", "E-09"),
            ({12: ""}, "基準年度", "E-75"),
            ({13: ""}, "目標値", "E-76"),
            ({13: -5}, "目標値", "E-64"),
            ({15: "R5"}, "目標年度", "E-77"),
        ],
    )
    def test_each_fault_names_its_cell(self, world, change, place, id):
        row = self.first(world)
        for at, value in change.items():
            row[at] = value
        run = checked("I-09", book(PLANS, row), world.planner())
        assert (2, place, id) in found(run, world.planner())

    def test_rows_of_one_initiative_agree_and_a_name_that_stands_stays(self, world):
        ProjectFactory(region=world.region, code="P-9", name="合同研修", from_fy=2024)
        other = [*self.first(world)[:2], "別の研修", *self.first(world)[3:6], 2, *KPI_CELLS]
        renamed = [world.region.pk, "P-9", "新しい名称", "防災", "R6", "", "", *[""] * 9]
        run = checked("I-09", book(PLANS, self.first(world), other, renamed), world.planner())
        assert sentences(run, world.planner()) == [
            "3行目：2行目の「合同研修」と異なります。同じものについての行では、同じ値にしてください。",
            "4行目：登録されている名称は「合同研修」です。名称は、画面で年度を指定して変えてください。",
        ]

    def test_a_region_that_ended_and_those_of_others_are_kept_out(self, world):
        foreign = RegionFactory(members=[world.betsukai], lead_bureau=world.nemuro)
        row = [foreign.pk, *self.first(world)[1:]]
        run = checked("I-09", book(PLANS, row), world.planner())
        assert found(run, world.planner()) == [(2, "地域コード", "E-18")]
        world.region.state = "ended"
        world.region.save()
        run = checked("I-09", book(PLANS, self.first(world)), world.planner())
        assert (2, "地域コード", "E-20") in found(run, world.planner())

    def test_a_kpi_with_actuals_is_not_taken_back(self, world):
        run = brought_in("I-09", book(PLANS, self.first(world)), world.planner())
        KpiActual.objects.create(kpi=Kpi.objects.get(), fiscal_year=2024, value=1)
        with pytest.raises(Refused, match="実績が記録されている"):
            importing.undo(run, world.planner())
        assert Kpi.objects.exists()
