"""Initiatives and their KPIs."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from common.errors import Refused
from common.viewer import Duty
from regions import services
from regions.models import Kpi, Project
from tests.factories.regions import KpiFactory, ProjectFactory

DRAFT = services.ProjectDraft(name="新規採用職員研修", from_fy=2026, main_field="disaster", participants=("014273",))
KPI = services.KpiDraft(
    name="参加した職員",
    unit="人",
    baseline=Decimal(0),
    baseline_fy=2025,
    target=Decimal(180),
    qualifier="at_least",
    target_fy=2030,
    yearly={2026: Decimal(36), 2027: Decimal(72)},
)


def test_an_initiative_gets_the_regions_next_code_and_its_first_name(world):
    first = services.add_project(world.region.pk, DRAFT, viewer=world.planner())
    second = services.add_project(world.region.pk, replace(DRAFT, name="共同研修"), viewer=world.planner())
    assert [first.code, second.code] == [f"{world.region.pk}-01", f"{world.region.pk}-02"]
    assert list(first.fields.values_list("name", flat=True)) == ["防災"]
    assert list(first.participants.all()) == [world.yuni]
    assert first.names.get().from_fy == 2026


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "名称を入力"),
        ({"main_field": "nothing"}, "分野"),
        ({"to_fy": 2025}, "終了年度が開始年度より前"),
        ({"participants": ("014290",)}, "参加市町村は構成市町村から"),
        ({"secretariat": "014290"}, "事務局市町村は構成市町村から"),
    ],
)
def test_an_initiative_that_cannot_be_is_refused_whole(world, change, sentence):
    with pytest.raises(Refused, match=sentence):
        services.add_project(world.region.pk, replace(DRAFT, **change), viewer=world.planner())
    assert not Project.objects.exists()


def test_the_name_changes_from_a_year_on_and_only_that_way(world):
    project = services.add_project(world.region.pk, replace(DRAFT, from_fy=2021), viewer=world.planner())
    with pytest.raises(Refused, match="名称を変更する"):
        services.update_project(project.pk, replace(DRAFT, name="別名"), viewer=world.planner())
    with pytest.raises(Refused, match="開始年度より後"):
        services.rename_project(project.pk, name="別名", from_fy=2021, viewer=world.planner())
    services.rename_project(project.pk, name="後志17町村新規採用職員研修", from_fy=2023, viewer=world.planner())
    project.refresh_from_db()
    assert project.name == "後志17町村新規採用職員研修"
    assert list(project.names.values_list("from_fy", flat=True)) == [2021, 2023]
    services.rename_project(project.pk, name="来年の名称", from_fy=2027, viewer=world.planner())
    project.refresh_from_db()
    assert project.name == "後志17町村新規採用職員研修"


def test_an_initiative_runs_on_by_itself_without_an_end(world):
    project = ProjectFactory(region=world.region)
    closed = {"state": "self_running", "to_fy": 2026, "viewer": world.planner()}
    with pytest.raises(Refused, match="理由"):
        services.close_project(project.pk, reason="", **closed)
    with pytest.raises(Refused, match="いずれか"):
        services.close_project(project.pk, reason="x", **(closed | {"state": "running"}))
    with pytest.raises(Refused, match="開始年度より前"):
        services.close_project(project.pk, reason="x", **(closed | {"to_fy": 2021}))
    assert services.close_project(project.pk, reason="自主財源で継続", **closed).to_fy is None
    assert services.close_project(project.pk, reason="終了", **(closed | {"state": "ended"})).to_fy == 2026


def test_bureau_headquarters_and_field_officers_do_not_edit_initiatives(world, viewer):
    for person in (world.reviewer(), world.staff(), viewer(Duty.MF, municipality="014281")):
        with pytest.raises(PermissionDenied):
            services.add_project(world.region.pk, DRAFT, viewer=person)


def test_a_kpi_keeps_its_path_and_a_second_writing_replaces_it(world):
    project = ProjectFactory(region=world.region)
    kpi = services.set_kpi(project.pk, KPI, viewer=world.planner())
    assert (kpi.number, kpi.baseline_is_new) == (1, False)
    again = services.set_kpi(project.pk, replace(KPI, yearly={2026: Decimal(40)}), number=1, viewer=world.planner())
    assert again.pk == kpi.pk
    assert list(again.targets.values_list("fiscal_year", "value")) == [(2026, Decimal(40))]
    assert services.set_kpi(project.pk, KPI, viewer=world.planner()).number == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "指標名"),
        ({"unit": " "}, "単位"),
        ({"target": None}, "目標値を入力"),
        ({"baseline_fy": None}, "基準値の年度"),
        ({"target_fy": None}, "目標年度を入力"),
        ({"target_fy": 2025}, "基準年度より後"),
    ],
)
def test_a_kpi_that_cannot_be_measured_is_refused(world, change, sentence):
    project = ProjectFactory(region=world.region)
    with pytest.raises(Refused, match=sentence):
        services.set_kpi(project.pk, replace(KPI, **change), viewer=world.planner())
    assert not Kpi.objects.exists()


def test_a_new_kpi_has_no_baseline_and_one_for_all_no_number(world):
    project = ProjectFactory(region=world.region)
    new = services.set_kpi(
        project.pk,
        replace(KPI, baseline=None, baseline_fy=None, target=None, qualifier="all"),
        viewer=world.planner(),
    )
    assert (new.baseline_is_new, new.baseline, new.target) == (True, None, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Kpi.objects.filter(pk=new.pk).update(baseline=Decimal(1))


def test_an_actual_needs_evidence_and_a_year_that_has_begun(world):
    kpi = KpiFactory(project__region=world.region)
    given = {"fiscal_year": 2026, "value": Decimal(142), "evidence": "参加者名簿", "viewer": world.planner()}
    with pytest.raises(Refused, match="まだ始まっていない"):
        services.record_actual(kpi.pk, **(given | {"fiscal_year": 2027}))
    with pytest.raises(Refused, match="根拠"):
        services.record_actual(kpi.pk, **(given | {"evidence": ""}))
    services.record_actual(kpi.pk, **given)
    services.record_actual(kpi.pk, **(given | {"value": Decimal(150)}))
    assert kpi.actuals.get().value == 150
